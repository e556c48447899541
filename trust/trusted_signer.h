// Who may sign, as a trust directory lists them: keys, and identities that certificates vouch for.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "crypto/ecdsa.h"
#include "schemas/kind.h"
#include "sigstore/identity_pattern.h"
#include "sigstore/signer_certificate.h"
#include "trust/windows.h"

namespace carnet::trust {

struct TrustedLog;
struct PlaceInLog {
  const TrustedLog* log;
  LeafIndex index;
};

// What is said of either.
struct TrustedSigner {
  std::string party;  // name of its owner
  std::string name;   // of the key or identity within the party; may be empty
  std::set<schemas::Kind> kinds;
  DateWindow dates;
  std::unordered_map<std::string, SizeWindow> sizes;  // by log origin; preferred to dates (R15)

  // Whether it was in force when a key signed a statement (R15): where trust gives tree sizes for
  // the log, its index lies in them. An end that they leave open is the dates': `created` lies in
  // those, and now is before their end, as a date alone cannot prove the past. Without a place in
  // a log nothing is decided where there are tree sizes. Errors: rejected, with the bounds.
  Result<> CheckInForce(const std::optional<PlaceInLog>& place, TimestampMs created,
                        TimestampMs now) const;
  // The same of a signature that somebody trusted saw at this time: that proves the past, so it is
  // the time that lies in the dates, and now does not count.
  Result<> CheckInForceAt(const std::optional<PlaceInLog>& place, TimestampMs verified) const;
};

struct TrustedKey : TrustedSigner {
  TrustedKey(crypto::P256PublicKey of, std::string of_party, std::string with_name,
             std::set<schemas::Kind> for_kinds, DateWindow in_force = {},
             std::unordered_map<std::string, SizeWindow> at_sizes = {})
      : TrustedSigner{std::move(of_party), std::move(with_name), std::move(for_kinds), in_force,
                      std::move(at_sizes)},
        key(std::move(of)) {}

  crypto::P256PublicKey key;

  SignerId signer() const { return SignerId(key.id()); }
};

// What a certificate must say beside the identity (sigstore/fulcio_extensions.h).
struct RequiredExtension {
  std::string name;
  sigstore::TextPattern value;
};

struct TrustedIdentity : TrustedSigner {
  TrustedIdentity(sigstore::IdentityPattern of, std::vector<RequiredExtension> with,
                  TrustedSigner listed, std::string issued_by = {})
      : TrustedSigner(std::move(listed)),
        identity(std::move(of)),
        extensions(std::move(with)),
        authority(std::move(issued_by)) {}

  sigstore::IdentityPattern identity;
  std::vector<RequiredExtension> extensions;  // all of them
  // Name of the certificate authority whose certificates of it count (sigstore::Authority::name):
  // an authority can write any issuer and subject. Empty: that of the only name there is.
  std::string authority;

  // An extension that is absent, or no text, is not the one that is wanted.
  bool Matches(const sigstore::SignerCertificate& certificate) const;
  // What it asks of a certificate: issuer, subject, extensions by name. Two entries with the same
  // are one identity that is listed twice.
  using Demands = std::tuple<sigstore::TextPattern, sigstore::TextPattern,
                             std::map<std::string, sigstore::TextPattern>>;
  Demands AllDemands() const;
  // "jane@example.org of https://accounts.example.org", whole however long it is: the end of an
  // expression may be what lets a stranger in. For people; two identities may give one text.
  std::string ToString() const;
};

}  // namespace carnet::trust
