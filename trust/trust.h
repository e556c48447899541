// Trust: whose keys and identities, for which kinds, until when; which logs and authorities. A
// value: load_trust.h reads it from a trust directory, tests build it. Refuses what R5 refuses,
// however it is built.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"
#include "merkle/checkpoint.h"
#include "sigstore/trusted_material.h"
#include "trust/trusted_signer.h"
#include "trust/windows.h"

namespace carnet::trust {

struct TrustedLogKey {
  merkle::NoteKey key;
  DateWindow dates;
  SizeWindow sizes;  // tree sizes at which the key is in force

  // Tree sizes decide where trust gives them.
  bool IsInForce(TreeSize size, TimestampMs now) const;      // R10: an open end is its dates', now
  bool MayHaveSigned(TreeSize size, TimestampMs now) const;  // R14: else also a retired key
};

struct TrustedLog {
  std::string origin;
  std::vector<TrustedLogKey> keys;       // one after the other (rotation)
  std::string operator_party;            // empty: not stated
  std::vector<merkle::Checkpoint> pins;  // checkpoints known from elsewhere

  const TrustedLogKey* KeyInForce(TreeSize size, TimestampMs now) const;  // null: none is
};

// What certificates are judged by: trusted_root.json as Sigstore has it, but for the logs.
struct CertificateTrust {
  std::vector<TrustedIdentity> identities;
  std::vector<sigstore::Authority> authorities;  // that issue certificates
  // Where there is any, a certificate needs a timestamp of one of them.
  std::vector<sigstore::LogKey> certificate_logs;
  std::vector<sigstore::Authority> timestamp_authorities;
};

class Trust {
 public:
  // Errors: malformed: a repeated key or log id, two logs of one origin, a log without a key, keys
  // of one log with overlapping validity or with tree sizes for only some, a pin of another origin,
  // two pins of one size with different roots, a key or identity without party or kinds, an
  // empty window, tree sizes with neither end, an identity that is listed twice, one of an
  // authority that is not there, or of none where there are several.
  static Result<Trust> Create(std::vector<TrustedKey> keys, std::vector<TrustedLog> logs,
                              std::string hub_default = {}, std::string chips = {},
                              CertificateTrust certificates = {});

  // Null: not listed. Of keys alone: that a statement names an identity proves nothing, as anybody
  // can make a certificate that does.
  const TrustedKey* FindSigner(const SignerId& id) const;
  // All that match, in the order of the files: more than one is for the caller to refuse.
  std::vector<const TrustedIdentity*> FindIdentities(
      const sigstore::SignerCertificate& certificate) const;
  const TrustedLog* FindLog(const LogId& id) const;  // null: unknown; any key of the log names it
  const std::vector<TrustedKey>& keys() const { return keys_; }
  const std::vector<TrustedLog>& logs() const { return logs_; }
  const CertificateTrust& certificates() const { return certificates_; }
  // The text of the directory's own policies/hub-default.toml, part of every policy that is judged
  // with this trust (R38); empty: it has none.
  const std::string& hub_default() const { return hub_default_; }
  // The text of the directory's own chips.csv, which adds to the chip catalogue and goes before it;
  // empty: it has none.
  const std::string& chips() const { return chips_; }

 private:
  Trust() = default;
  std::vector<TrustedKey> keys_;
  std::vector<TrustedLog> logs_;
  CertificateTrust certificates_;
  std::string hub_default_;
  std::string chips_;
  std::unordered_map<SignerId, size_t> signer_index_;
  std::unordered_map<LogId, size_t> log_index_;
};

}  // namespace carnet::trust
