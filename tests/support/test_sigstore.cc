#include "tests/support/test_sigstore.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "tests/support/reference_tree.h"

namespace carnet::test {
namespace {

constexpr char kRekor1[] = "rekor1.example.org";
constexpr char kRekor2[] = "rekor2.example.org";
constexpr uint64_t kShardStart = 1'000;  // Rekor v1's outer index is ahead of its shard's

Bytes Concat(std::initializer_list<ByteSpan> parts) {
  Bytes out;
  for (const ByteSpan part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

// C2SP signed-note: SHA-256(name || LF || 01 || the 32 bytes of the key), of an Ed25519 key.
Bytes NoteKeyId(const std::string& name, const TestKey& key) {
  const Bytes spki = key.Spki();
  const Bytes head = Concat({AsBytes(name), AsBytes(std::string_view("\n\x01", 2))});
  return TestSha256(Concat({head, ByteSpan(spki).last(32)}));
}

std::string DetailsOf(TestKeyKind kind) {
  switch (kind) {
    case TestKeyKind::kP384:
      return "PKIX_ECDSA_P384_SHA_384";
    case TestKeyKind::kP521:
      return "PKIX_ECDSA_P521_SHA_512";
    case TestKeyKind::kEd25519:
      return "PKIX_ED25519";
    case TestKeyKind::kRsa2048:
      return "PKIX_RSA_PKCS1V15_2048_SHA256";
    case TestKeyKind::kRsa3072:
      return "PKIX_RSA_PKCS1V15_3072_SHA256";
    case TestKeyKind::kP256:
      break;
  }
  return "PKIX_ECDSA_P256_SHA_256";
}

// Of the curve's strength, as Sigstore's clients sign with such keys.
TestHash HashFor(TestKeyKind kind) {
  if (kind == TestKeyKind::kP384) return TestHash::kSha384;
  return kind == TestKeyKind::kP521 ? TestHash::kSha512 : TestHash::kSha256;
}

std::string HashName(TestHash hash) {
  if (hash == TestHash::kSha384) return "SHA2_384";
  return hash == TestHash::kSha512 ? "SHA2_512" : "SHA2_256";
}

std::string Line(const std::string& name, ByteSpan key_id, const Bytes& signature) {
  return "\u2014 " + name + " " + TestBase64(Concat({key_id.first(4), signature})) + "\n";
}

std::string PemOf(const BundleParts& bundle, const TestKey& key) {
  const Bytes& leaf = bundle.chain.empty() ? bundle.certificate : bundle.chain.front();
  return leaf.empty() ? key.PublicPem() : CertificatePem(leaf);
}

std::string HexDigest(const std::string& text) {
  return fmt::format(R"({{"algorithm":"sha256","value":"{}"}})",
                     HexEncode(TestSha256(AsBytes(text))));
}

}  // namespace

TestAuthority MakeStamper(const TestAuthority& above) {
  const TestKey key = TestKey::Generate(TestKeyKind::kP256);
  return {key, MakeCertificate(
                   {.common_name = "stamper", .usages = {"timeStamping"}, .usages_critical = true},
                   key, &above)};
}

TestSigstore::TestSigstore()
    : authority(MakeAuthority({.common_name = "root"})),
      intermediate(MakeAuthority({.common_name = "intermediate"}, &authority)),
      stamp_root(MakeAuthority({.common_name = "stamp root"})),
      stamper(MakeStamper(stamp_root)),
      ct_key(TestKey::Generate(TestKeyKind::kP256)),
      rekor1_key(TestKey::Generate(TestKeyKind::kP256)),
      rekor2_key(TestKey::Generate(TestKeyKind::kEd25519)),
      key(TestKey::Generate(TestKeyKind::kP256)) {
  const Bytes rekor1 = rekor1_key.Spki(), rekor2 = rekor2_key.Spki(), ct = ct_key.Spki();
  root.logs = {
      {std::string("https://") + kRekor1, rekor1, "PKIX_ECDSA_P256_SHA_256", TestSha256(rekor1)},
      {std::string("https://") + kRekor2, rekor2, "PKIX_ED25519", NoteKeyId(kRekor2, rekor2_key)}};
  root.ct_logs = {{"https://ct.example.org", ct, "PKIX_ECDSA_P256_SHA_256", TestSha256(ct)}};
  root.certificate_authorities = {
      {"https://fulcio.example.org", {intermediate.certificate, authority.certificate}}};
  root.timestamp_authorities = {
      {"https://tsa.example.org", {stamper.certificate, stamp_root.certificate}}};
}

std::string TestSigstore::Statement(const std::string& type) {
  return fmt::format(
      R"({{"_type":"{}","subject":[{{"name":"artifact","digest":{{"sha256":"{}"}}}}],)"
      R"("predicateType":"{}","predicate":{{}}}})",
      type, HexEncode(TestSha256(AsBytes(kTestArtifact))), kTestPredicateType);
}

BundleParts TestSigstore::Sign(const SignPlan& plan) {
  BundleParts bundle;
  bundle.content = plan.content;
  key = TestKey::Generate(plan.key_kind);
  if (plan.signer == TestSigner::kCertificate) {
    CertificateSpec leaf{.not_before = TimestampMs(kSignedAt.value() - 300'000),
                         .not_after = TimestampMs(kSignedAt.value() + 300'000),
                         .names = {{TestNameForm::kEmail, kTestIdentity}},
                         .usages = {"codeSigning"},
                         .extensions = {FulcioIssuerV2(kTestIssuer)},
                         .logs = {{ct_key, kSignedAt}}};
    if (plan.leaf) plan.leaf(leaf);
    bundle.certificate = MakeCertificate(leaf, key, &intermediate);
  } else {
    bundle.hint = TestBase64(TestSha256(key.Spki()));
  }
  bundle.payload_type = plan.payload_type;
  bundle.payload = plan.statement.empty() ? Statement() : plan.statement;
  const std::string message = plan.content == TestContent::kMessage
                                  ? std::string(kTestArtifact)
                                  : TestPae(bundle.payload_type, bundle.payload);
  bundle.signature = key.Sign(AsBytes(message));
  const TestHash hash = HashFor(plan.key_kind);
  bundle.digest_algorithm = HashName(hash);
  bundle.digest = TestDigestOf(hash, AsBytes(kTestArtifact));
  if (plan.logged_v1) bundle.entries.push_back(Log(bundle, plan, true));
  if (plan.logged_v2) bundle.entries.push_back(Log(bundle, plan, false));
  if (plan.stamped) bundle.tokens.push_back(Stamp(bundle.signature));
  return bundle;
}

Bytes TestSigstore::Stamp(const Bytes& signature, TimestampMs at) const {
  return MakeTimestamp({.signer = stamper, .message = signature, .time = at});
}

Bytes TestSigstore::Promise(const EntryParts& entry) const {
  const std::string text = fmt::format(
      R"({{"body":"{}","integratedTime":{},"logID":"{}","logIndex":{}}})",
      TestBase64(AsBytes(entry.body)), entry.integrated_time, HexEncode(entry.log_id), entry.index);
  return rekor1_key.Sign(AsBytes(text));
}

std::string TestSigstore::SignCheckpoint(const std::string& text) const {
  return text + "\n" +
         Line(kRekor2, NoteKeyId(kRekor2, rekor2_key), rekor2_key.Sign(AsBytes(text)));
}

std::string TestSigstore::Body(const BundleParts& bundle, const SignPlan& plan,
                               TestEntry entry) const {
  const std::string signed_text = plan.content == TestContent::kMessage
                                      ? std::string(kTestArtifact)
                                      : TestPae(bundle.payload_type, bundle.payload);
  const std::string signature = TestBase64(bundle.signature);
  const std::string pem = TestBase64(AsBytes(PemOf(bundle, key)));
  const TestHash hash = HashFor(plan.key_kind);
  switch (entry) {
    case TestEntry::kHashedRekord001:
      return fmt::format(
          R"({{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{}}},)"
          R"("signature":{{"content":"{}","publicKey":{{"content":"{}"}}}}}}}})",
          HexDigest(signed_text), signature, pem);
    case TestEntry::kDsse001:
      return fmt::format(
          R"({{"apiVersion":"0.0.1","kind":"dsse","spec":{{"envelopeHash":{},"payloadHash":{},)"
          R"("signatures":[{{"signature":"{}","verifier":"{}"}}]}}}})",
          HexDigest("as the client spelt it"), HexDigest(bundle.payload), signature, pem);
    case TestEntry::kIntoto002:
      return fmt::format(
          R"({{"apiVersion":"0.0.2","kind":"intoto","spec":{{"content":{{"envelope":{{)"
          R"("payloadType":"{}","signatures":[{{"publicKey":"{}","sig":"{}"}}]}},"hash":{},)"
          R"("payloadHash":{}}}}}}})",
          bundle.payload_type, pem, TestBase64(AsBytes(signature)),
          HexDigest("as the client spelt it"), HexDigest(bundle.payload));
    case TestEntry::kHashedRekord002:
      break;
  }
  const Bytes spki = key.Spki();
  const std::string verifier =
      bundle.certificate.empty() && bundle.chain.empty()
          ? fmt::format(R"("publicKey":{{"rawBytes":"{}"}})", TestBase64(spki))
          : fmt::format(
                R"("x509Certificate":{{"rawBytes":"{}"}})",
                TestBase64(bundle.chain.empty() ? bundle.certificate : bundle.chain.front()));
  return fmt::format(
      R"({{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{{"hashedRekordV002":{{"data":{{)"
      R"("algorithm":"{}","digest":"{}"}},"signature":{{"content":"{}","verifier":{{)"
      R"("keyDetails":"{}",{}}}}}}}}}}})",
      HashName(hash), TestBase64(TestDigestOf(hash, AsBytes(signed_text))), signature,
      DetailsOf(plan.key_kind), verifier);
}

namespace {

struct ProvedBody {
  EntryParts entry;
  std::string checkpoint;  // without the origin and unsigned
};

// Third of five leaves, in a log whose other leaves are somebody else's.
ProvedBody Prove(const std::string& body) {
  EntryParts entry;
  entry.body = body;
  const ReferenceTree tree({"a", "b", body, "d", "e"});
  entry.proof_index = "2";
  entry.tree_size = "5";
  entry.root_hash = ToBytes(tree.Root(5).span());
  for (const NodeHash& hash : tree.Inclusion(2, 0, 5)) {
    entry.hashes.push_back(ToBytes(hash.span()));
  }
  std::string text = "\n5\n" + TestBase64(entry.root_hash) + "\n";
  return {std::move(entry), std::move(text)};
}

}  // namespace

EntryParts TestSigstore::Add(const std::string& body) const {
  auto [entry, text] = Prove(body);
  entry.kind = "hashedrekord";
  entry.version = "0.0.2";
  entry.index = "2";
  entry.log_id = NoteKeyId(kRekor2, rekor2_key);
  entry.checkpoint = SignCheckpoint(kRekor2 + text);
  return entry;
}

EntryParts TestSigstore::Log(const BundleParts& bundle, const SignPlan& plan, bool v1) const {
  const bool attestation = plan.content == TestContent::kAttestation;
  const TestEntry kind = v1 && plan.entry == TestEntry::kHashedRekord002
                             ? (attestation ? TestEntry::kDsse001 : TestEntry::kHashedRekord001)
                             : plan.entry;
  std::string body = Body(bundle, plan, kind);
  if (plan.body) plan.body(body);
  auto [entry, proved] = Prove(body);
  if (!v1) entry = Add(body);
  entry.kind = kind == TestEntry::kDsse001     ? "dsse"
               : kind == TestEntry::kIntoto002 ? "intoto"
                                               : "hashedrekord";
  entry.version =
      kind == TestEntry::kDsse001 || kind == TestEntry::kHashedRekord001 ? "0.0.1" : "0.0.2";
  if (!v1) return entry;
  const std::string text = std::string(kRekor1) + " - 1193050959916656506" + proved;
  entry.index = std::to_string(kShardStart + 2);
  entry.log_id = TestSha256(rekor1_key.Spki());
  entry.checkpoint = text + "\n" + Line(kRekor1, entry.log_id, rekor1_key.Sign(AsBytes(text)));
  entry.integrated_time = std::to_string(kSignedAt.value() / 1'000);
  entry.promise = Promise(entry);
  return entry;
}

}  // namespace carnet::test
