// A private Sigstore for tests: certificate authority, certificate-transparency log, time stamping
// authority, a Rekor v1 and a Rekor v2 log, all made by OpenSSL and by the specification's text;
// and bundles from it that are right but for what a test changes. Nothing of crypto/ or sigstore/
// below.
//
//   TestSigstore sigstore;
//   BundleParts bundle = sigstore.Sign({.content = TestContent::kAttestation});
//   bundle.entries[0].hashes.pop_back();
//   … ReadForeignBundle(bundle.Json()), ReadTrustedMaterial(sigstore.root.Json()) …
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/timestamp.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/pki_key.h"
#include "tests/support/pki_timestamp.h"

namespace carnet::test {

inline constexpr TimestampMs kSignedAt(1'760'000'000'000);  // 2025-10-09
inline constexpr char kTestArtifact[] = "the artifact\n";
inline constexpr char kTestIdentity[] = "jane@example.org";
inline constexpr char kTestIssuer[] = "https://accounts.example.org";
inline constexpr char kTestPredicateType[] = "https://example.org/predicate/v1";

enum class TestSigner { kCertificate, kKey };
enum class TestContent { kMessage, kAttestation };
// Which logs the signature is in, and as which kind of entry.
enum class TestEntry { kHashedRekord002, kHashedRekord001, kDsse001, kIntoto002 };

struct EntryParts {
  std::string index;
  Bytes log_id;
  std::string kind;
  std::string version;
  std::string integrated_time;  // empty: absent
  Bytes promise;                // empty: absent
  std::string proof_index;
  Bytes root_hash;
  std::string tree_size;
  std::vector<Bytes> hashes;
  std::string checkpoint;
  std::string body;
  bool has_proof = true;

  std::string Json() const;
};

struct BundleParts {
  std::string media_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
  std::string hint;          // with neither certificate
  Bytes certificate;         // version 0.3
  std::vector<Bytes> chain;  // versions 0.1 and 0.2
  std::vector<EntryParts> entries;
  std::vector<Bytes> tokens;
  TestContent content = TestContent::kMessage;
  std::string digest_algorithm = "SHA2_256";  // of a message
  Bytes digest;
  std::string payload_type = "application/vnd.in-toto+json";  // of an attestation
  std::string payload;
  Bytes signature;

  std::string Json() const;
};

struct LogParts {
  std::string base_url;
  Bytes key;  // SPKI
  std::string key_details;
  Bytes id;
  std::string start = "2020-01-01T00:00:00Z";
  std::string end = {};  // empty: absent
};

struct AuthorityParts {
  std::string uri;
  std::vector<Bytes> chain;
  std::string start = "2020-01-01T00:00:00Z";
  std::string end = {};
};

struct RootParts {
  std::vector<LogParts> logs;
  std::vector<LogParts> ct_logs;
  std::vector<AuthorityParts> certificate_authorities;
  std::vector<AuthorityParts> timestamp_authorities;

  std::string Json() const;
};

// What to sign, and what is wrong with it before it is signed, issued or logged.
struct SignPlan {
  TestSigner signer = TestSigner::kCertificate;
  TestContent content = TestContent::kMessage;
  TestKeyKind key_kind = TestKeyKind::kP256;
  TestEntry entry = TestEntry::kHashedRekord002;
  bool logged_v1 = false;  // with a promise of kSignedAt
  bool logged_v2 = true;
  bool stamped = true;         // by the time stamping authority, at kSignedAt
  std::string statement = {};  // instead of the usual one
  std::string payload_type = "application/vnd.in-toto+json";
  std::function<void(CertificateSpec&)> leaf = {};
  std::function<void(std::string&)> body = {};  // of the entry, before it is logged
};

class TestSigstore {
 public:
  TestSigstore();

  BundleParts Sign(const SignPlan& plan = {});

  // A time-stamp token over `signature`, as the authority makes it.
  Bytes Stamp(const Bytes& signature, TimestampMs at = kSignedAt) const;
  // The promise (SET) of the Rekor v1 log for the entry as it stands.
  Bytes Promise(const EntryParts& entry) const;
  // An entry of this body (hashedrekord 0.0.2) in the Rekor v2 log.
  EntryParts Add(const std::string& body) const;
  // A checkpoint of these three lines, signed by the Rekor v2 log.
  std::string SignCheckpoint(const std::string& text) const;

  RootParts root;  // trusts all of it
  // What signs; a test may sign again.
  TestAuthority authority;     // above the certificate authority
  TestAuthority intermediate;  // issues the leaves
  TestAuthority stamp_root;
  TestAuthority stamper;  // signs tokens
  TestKey ct_key;
  TestKey rekor1_key;  // P-256
  TestKey rekor2_key;  // Ed25519
  TestKey key;         // the managed key; of the last signature's kind

  // The statement that is signed, about the artifact.
  static std::string Statement(const std::string& type = "https://in-toto.io/Statement/v1");

 private:
  EntryParts Log(const BundleParts& bundle, const SignPlan& plan, bool v1) const;
  std::string Body(const BundleParts& bundle, const SignPlan& plan, TestEntry entry) const;
};

// A time stamping authority's signer, with a certificate of `above`.
TestAuthority MakeStamper(const TestAuthority& above);

// Helpers that tests use to spell things as Sigstore does.
std::string TestBase64(ByteSpan bytes);
Bytes TestSha256(ByteSpan bytes);
Bytes TestDigestOf(TestHash hash, ByteSpan bytes);
std::string TestPae(const std::string& type, const std::string& payload);

}  // namespace carnet::test
