// Statements of a World that are signed with a certificate for their key, and stamped: an authority
// that issues for addresses of mail, a log of certificates, a time stamping authority. By OpenSSL
// alone (pki_certificate.h). For one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/support/party_keys.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/pki_timestamp.h"
#include "trust/trust.h"

namespace carnet::test {

inline const std::string kJane = "jane@lab.example";
inline const std::string kAccounts = "https://accounts.example.org";

struct WorldPki {
  TestAuthority root;
  TestAuthority authority;  // below it; issues the leaves
  TestAuthority stamp_root;
  TestAuthority stamper;  // below it
  TestKey certificate_log;
};
// The same name gives the same: "trusted", or anything else for strangers.
const WorldPki& PkiNamed(const std::string& name);

// How a statement is certified, and what is wrong with that.
struct Certification {
  std::string identity = kJane;
  std::string issuer = kAccounts;
  std::string pki = "trusted";                           // that issues
  std::function<void(CertificateSpec&)> edit_leaf = {};  // before it is issued
  std::string stamp_pki = "trusted";                     // empty: no time stamp
  std::function<void(TimestampSpec&)> edit_stamp = {};   // before it is signed
};

// Valid from a minute before `created`, ms, for ten minutes; seen by the log.
Bytes LeafFor(ByteSpan spki, const Certification& how, uint64_t created);
// Two seconds after `created`.
Bytes StampFor(ByteSpan signature, const Certification& how, uint64_t created);

// "identity:" and the digest that S1 gives to an address of mail.
std::string IdText(const std::string& identity, const std::string& issuer = kAccounts);

// All of the PKI named "trusted", and no identity.
trust::CertificateTrust TrustInPki();
// That issues certificates in the PKI of that name.
sigstore::Authority AuthorityNamed(const std::string& uri, const std::string& pki);
// jane@lab.example of party lab, for what a lab signs.
trust::TrustedIdentity Jane();
trust::TrustedIdentity Identity(const std::string& party, sigstore::TextPattern subject,
                                std::set<schemas::Kind> kinds);

}  // namespace carnet::test
