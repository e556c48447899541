// Bundles of a private Sigstore that are wrong in exactly one way, signed and logged again where
// that takes it: each is refused for its own reason.
#include "tests/verifier/bundle/judged.h"

using namespace carnet;
using namespace carnet::test;
namespace ut = boost::unit_test;

namespace {

using Change = std::function<void(TestSigstore&, BundleParts&)>;

struct Flaw {
  const char* name;
  SignPlan plan;
  Change change;
  const char* refused;  // how the verdict begins
};
std::ostream& operator<<(std::ostream& out, const Flaw& flaw) { return out << flaw.name; }

constexpr auto kKey = TestSigner::kKey;
constexpr auto kAttestation = TestContent::kAttestation;
const SignPlan kV1{.logged_v1 = true, .logged_v2 = false, .stamped = false};
const SignPlan kV1Attestation{
    .content = kAttestation, .logged_v1 = true, .logged_v2 = false, .stamped = false};

SignPlan LeafPlan(std::function<void(CertificateSpec&)> leaf) { return {.leaf = std::move(leaf)}; }

SignPlan BodyPlan(TestContent content, TestEntry entry, std::string from, std::string to) {
  return {.content = content, .entry = entry, .body = [from, to](std::string& body) {
            const size_t at = body.find(from);
            BOOST_REQUIRE_MESSAGE(at != body.npos, body << " lacks " << from);
            body.replace(at, from.size(), to);
          }};
}

void Flip(Bytes& bytes) { bytes.at(bytes.size() / 2) ^= 1; }

void StampAgain(const TestSigstore& sigstore, BundleParts& bundle, const Bytes& message,
                TimestampMs time) {
  bundle.tokens = {sigstore.Stamp(message, time)};
}

// A checkpoint of the Rekor v2 log with other lines, properly signed.
Change CheckpointText(std::function<std::string(const EntryParts&)> text) {
  return [text](TestSigstore& sigstore, BundleParts& bundle) {
    bundle.entries[0].checkpoint = sigstore.SignCheckpoint(text(bundle.entries[0]));
  };
}

// Of the signature
const Flaw kContentFlaws[] = {
    {"flipped byte of the signature, logged and stamped so",
     {.logged_v2 = false},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       Flip(bundle.signature);
       bundle.tokens = {sigstore.Stamp(bundle.signature)};
     },
     "bad-signature: the signature is not one by this P-256 key over this artifact"},
    {"flipped byte of an attestation's signature",
     {.content = kAttestation, .logged_v2 = false},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       Flip(bundle.signature);
       bundle.tokens = {sigstore.Stamp(bundle.signature)};
     },
     "bad-signature: the signature is not one by this P-256 key over this envelope"},
    {"another predicate than was signed",
     {.content = kAttestation, .logged_v2 = false},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.payload.replace(bundle.payload.find("{}"), 2, R"({"a":1})");
     },
     "bad-signature: "},
    {"digest of another artifact",
     {.logged_v2 = false},
     [](TestSigstore&, BundleParts& bundle) { Flip(bundle.digest); },
     "wrong-artifact: the bundle is about sha256:"},
    {"artifact not among the subjects",
     {.content = kAttestation,
      .statement =
          R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":)"
          R"("b6c132d19d1d1af9b4280a1c51667e604e3f79ac807ce6c6378df22afa04d2bd"}}],)"
          R"("predicateType":"x","predicate":{}})"},
     {},
     "wrong-artifact: none of the statement's 1 subjects is the artifact, sha256:"},
    {"no subject",
     {.content = kAttestation,
      .statement =
          R"({"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"x"})"},
     {},
     "wrong-artifact: none of the statement's 0 subjects"},
    {"a subject with the artifact's SHA-256 and another SHA-512",
     {.content = kAttestation,
      .statement =
          [] {
            std::string text = TestSigstore::Statement();
            const std::string other(128, '0');
            text.insert(text.find(R"("sha256")"), R"("sha512":")" + other + R"(",)");
            return text;
          }()},
     {},
     "wrong-artifact: none of"},
    {"another payload type",
     {.content = kAttestation, .payload_type = "application/json"},
     {},
     "wrong-statement: payloadType: expected application/vnd.in-toto+json, found application/json"},
    {"statement without type",
     {.content = kAttestation, .statement = R"({"subject":[],"predicateType":"x"})"},
     {},
     "wrong-statement: _type: missing"},
    {"statement of an unknown type",
     {.content = kAttestation,
      .statement = TestSigstore::Statement("https://in-toto.io/Statement/v2")},
     {},
     "wrong-statement: _type: \"https://in-toto.io/Statement/v2\" is not"},
    {"statement with an unknown field",
     {.content = kAttestation,
      .statement = R"({"_type":"https://in-toto.io/Statement/v1","x":1,"predicateType":"x"})"},
     {},
     "wrong-statement: x: unknown field"},
};

const Flaw kTimeFlaws[] = {
    {"neither token nor promise",
     {.stamped = false},
     {},
     "no-verified-time: nobody who is trusted says when"},
    {"an integrated time that nobody signed",
     {.stamped = false},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].integrated_time = std::to_string(kSignedAt.value() / 1'000);
     },
     "no-verified-time: "},
    {"token over something else",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       StampAgain(sigstore, bundle, {1, 2, 3}, kSignedAt);
     },
     "bad-timestamp: token of https://tsa.example.org: time stamp's imprint is not the digest"},
    {"flipped byte of the token's signature",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.tokens[0].back() ^= 1; },
     "bad-timestamp: "},
    {"truncated token",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.tokens[0].pop_back(); },
     "bad-timestamp: "},
    {"token before the authority was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.timestamp_authorities[0].start = "2025-10-09T08:53:21Z";
     },
     "bad-timestamp: token of https://tsa.example.org: states 2025-10-09T08:53:20.000Z, but"},
    {"token after the authority was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.timestamp_authorities[0].end = "2025-10-09T08:53:19Z";
     },
     "bad-timestamp: token of https://tsa.example.org: states 2025-10-09T08:53:20.000Z, but"},
    {"token of one authority while another was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       auto& authorities = sigstore.root.timestamp_authorities;
       const TestAuthority above = MakeAuthority({.common_name = "other"});
       authorities[0].end = "2025-01-01T00:00:00Z";
       authorities.push_back(
           {"https://other.example.org", {MakeStamper(above).certificate, above.certificate}});
     },
     "bad-timestamp: token of https://tsa.example.org: states"},
    {"token of an unknown authority",
     {},
     [](TestSigstore& sigstore, BundleParts&) { sigstore.root.timestamp_authorities.clear(); },
     "no-verified-time: "},
    {"token outside the certificate's validity",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       StampAgain(sigstore, bundle, bundle.signature, TimestampMs(kSignedAt.value() + 301'000));
     },
     "untrusted-certificate: token of https://tsa.example.org: "},
    {"one of two tokens outside the certificate's validity",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.tokens.push_back(
           sigstore.Stamp(bundle.signature, TimestampMs(kSignedAt.value() - 301'000)));
     },
     "untrusted-certificate: token of https://tsa.example.org: "},
    {"a token inside, a promise outside the certificate's validity",
     {.logged_v1 = true, .logged_v2 = false},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       EntryParts& entry = bundle.entries[0];
       entry.integrated_time = std::to_string(kSignedAt.value() / 1'000 + 301);
       entry.promise = sigstore.Promise(entry);
     },
     "untrusted-certificate: promise of rekor1.example.org: "},
    {"a time in the future", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       EntryParts& entry = bundle.entries[0];
       entry.integrated_time = std::to_string(kJudgedAt.value() / 1'000 + 1);
       entry.promise = sigstore.Promise(entry);
     },
     "no-verified-time: promise of rekor1.example.org states 2026-02-02T02:40:01.000Z, which is "
     "later than now"},
    {"flipped byte of the promise", kV1,
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].promise.back() ^= 1; },
     "bad-promise: the promise of rekor1.example.org is not signed by the log's key"},
    {"another integrated time than was promised", kV1,
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].integrated_time = std::to_string(kSignedAt.value() / 1'000 + 1);
     },
     "bad-promise: "},
    {"another index than was promised", kV1,
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].index = "1003"; }, "bad-promise: "},
    {"a promise before the log's key was trusted", kV1,
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[0].start = "2025-10-09T08:53:21Z";
     },
     "bad-promise: the promise of rekor1.example.org states 2025-10-09T08:53:20.000Z, but"},
    {"a promise after the log's key was trusted", kV1,
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[0].end = "2025-10-09T08:53:19Z";
     },
     "bad-promise: "},
    {"a promise of no time", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.entries[0].integrated_time = "0";
       bundle.entries[0].promise = sigstore.Promise(bundle.entries[0]);
     },
     "bad-promise: the promise of rekor1.example.org states no time: 0"},
};

const Flaw kCertificateFlaws[] = {
    {"another authority",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       const TestAuthority other = MakeAuthority({.common_name = "root"});
       sigstore.root.certificate_authorities[0].chain = {
           MakeAuthority({.common_name = "intermediate"}, &other).certificate, other.certificate};
     },
     "untrusted-certificate: token of https://tsa.example.org: no trusted authority has issued"},
    {"no authority",
     {},
     [](TestSigstore& sigstore, BundleParts&) { sigstore.root.certificate_authorities.clear(); },
     "untrusted-certificate: token of https://tsa.example.org: no trusted authority has issued the "
     "certificate as of 2025-10-09T08:53:20.000Z: the trusted root has no certificate authority"},
    {"a CA for other uses",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       const TestAuthority other = MakeAuthority(
           {.common_name = "intermediate", .usages = {"timeStamping"}}, &sigstore.authority);
       sigstore.root.certificate_authorities[0].chain[0] = other.certificate;
       sigstore.intermediate = other;
       bundle = sigstore.Sign();
     },
     "untrusted-certificate: token of https://tsa.example.org: no trusted authority has issued the "
     "certificate as of 2025-10-09T08:53:20.000Z: https://fulcio.example.org: certificate "
     "CN=intermediate: is a CA for other uses than codeSigning"},
    {"the authority's trust ended before",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.certificate_authorities[0].end = "2025-10-09T08:53:19Z";
     },
     "untrusted-certificate: "},
    {"the authority's trust began after",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.certificate_authorities[0].start = "2025-10-09T08:53:21Z";
     },
     "untrusted-certificate: "},
    {"a root in the bundle's chain",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.2";
       bundle.chain = {bundle.certificate, sigstore.intermediate.certificate,
                       sigstore.authority.certificate};
       bundle.certificate.clear();
     },
     "wrong-certificate-use: certificate CN=root: is a root"},
    {"a leaf among the CAs of the bundle's chain",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.2";
       bundle.chain = {bundle.certificate, bundle.certificate};
       bundle.certificate.clear();
     },
     "wrong-certificate-use: certificate : in a bundle's chain is not a CA"},
    {"leaf that is a CA",
     LeafPlan([](CertificateSpec& leaf) { leaf.is_ca = true; }),
     {},
     "wrong-certificate-use: "},
    {"leaf not for code signing",
     LeafPlan([](CertificateSpec& leaf) { leaf.usages = {"timeStamping"}; }),
     {},
     "wrong-certificate-use: certificate : extendedKeyUsage lacks codeSigning"},
    {"leaf without extended key usage",
     LeafPlan([](CertificateSpec& leaf) { leaf.usages = {}; }),
     {},
     "wrong-certificate-use: certificate : extendedKeyUsage lacks codeSigning"},
    {"leaf not for signatures",
     LeafPlan([](CertificateSpec& leaf) { leaf.digital_signature = false; }),
     {},
     "wrong-certificate-use: certificate : keyUsage lacks digitalSignature"},
    {"leaf without key usage",
     LeafPlan([](CertificateSpec& leaf) { leaf.key_usage = false; }),
     {},
     "wrong-certificate-use: certificate : keyUsage lacks digitalSignature"},
    {"leaf with a subject",
     LeafPlan([](CertificateSpec& leaf) { leaf.common_name = "jane"; }),
     {},
     "wrong-certificate-use: certificate CN=jane: has a subject"},
    {"leaf with a SAN that is not critical",
     LeafPlan([](CertificateSpec& leaf) { leaf.names_critical = false; }),
     {},
     "wrong-certificate-use: certificate : the subject alternative name is not critical"},
    {"certificate without certificate timestamp",
     LeafPlan([](CertificateSpec& leaf) { leaf.logs.clear(); }),
     {},
     "bad-sct: the certificate has no certificate timestamp (SCT)"},
    {"certificate timestamp of an unknown log",
     {},
     [](TestSigstore& sigstore, BundleParts&) { sigstore.root.ct_logs.clear(); },
     "bad-sct: no certificate-transparency log of the trusted root has signed the certificate"},
    {"certificate timestamp by another key under the log's id",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.ct_logs[0].key = TestKey::Generate(TestKeyKind::kP256).Spki();
     },
     "bad-sct: certificate timestamp is not signed by the log of https://ct.example.org"},
    {"certificate timestamp after the log was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.ct_logs[0].end = "2025-10-09T08:53:19Z";
     },
     "bad-sct: certificate timestamp of 2025-10-09T08:53:20.000Z, but the log"},
    {"another identity",
     LeafPlan([](CertificateSpec& leaf) { leaf.names[0].text = "joe@example.org"; }),
     {},
     "wrong-identity: expected identity jane@example.org, found joe@example.org"},
    {"the identity and another one",
     LeafPlan([](CertificateSpec& leaf) {
       leaf.names.push_back({TestNameForm::kEmail, "joe@example.org"});
     }),
     {},
     "wrong-identity: expected one subject alternative name, found 2"},
    {"another issuer",
     LeafPlan([](CertificateSpec& leaf) {
       leaf.extensions = {FulcioIssuerV2("https://accounts.example.com")};
     }),
     {},
     "wrong-identity: expected issuer https://accounts.example.org, found"},
    {"the issuer only in the deprecated extension, another in the new one",
     LeafPlan([](CertificateSpec& leaf) {
       leaf.extensions = {FulcioIssuerV1(kTestIssuer),
                          FulcioIssuerV2("https://accounts.example.com")};
     }),
     {},
     "wrong-identity: expected issuer https://accounts.example.org, found "
     "https://accounts.example.com"},
    {"no issuer",
     LeafPlan([](CertificateSpec& leaf) { leaf.extensions.clear(); }),
     {},
     "wrong-identity: the certificate does not say who issued its identity"},
    {"another name's type",
     LeafPlan([](CertificateSpec& leaf) {
       leaf.names = {{TestNameForm::kOtherName, kTestIdentity, "1.2.3.4"}};
     }),
     {},
     "wrong-identity: the certificate has a name of another type, 1.2.3.4"},
};

const Flaw kLogFlaws[] = {
    {"no entry", {.logged_v2 = false}, {}, "not-logged: the bundle has no log entry"},
    {"entry of an unknown log",
     {},
     [](TestSigstore& sigstore, BundleParts&) { sigstore.root.logs.pop_back(); },
     "not-logged: no log of the trusted root: log entry of an unknown log, key id"},
    {"the same entry twice",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.entries.push_back(bundle.entries[0]); },
     "duplicate-log-entry: two log entries with index 2 of log"},
    {"kindVersion other than the body's",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].version = "0.0.1"; },
     "wrong-log-body: log entry body: is a hashedrekord 0.0.2, but kindVersion says"},
    {"a good entry of another signature",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       const TestKey key = sigstore.key;
       bundle.entries = sigstore.Sign().entries;
       sigstore.key = key;
     },
     "wrong-log-body: log entry body: its signature is not the bundle's"},
    {"an entry with another key",
     {.signer = kKey,
      .body =
          [](std::string& body) {
            const std::string from = R"("rawBytes":")";
            const size_t at = body.find(from) + from.size();
            body.replace(at, body.find('"', at) - at,
                         TestBase64(TestKey::Generate(TestKeyKind::kP256).Spki()));
          }},
     {},
     "wrong-log-body: log entry body: its key is not the given one"},
    {"an entry with a key where the bundle has a certificate",
     {.body =
          [](std::string& body) {
            const size_t at = body.find("x509Certificate");
            body.replace(at, 15, "publicKey");
          }},
     {},
     "wrong-log-body: log entry body: its certificate is not the bundle's"},
    {"an entry with key details of another kind of key",
     BodyPlan(TestContent::kMessage, TestEntry::kHashedRekord002, "PKIX_ECDSA_P256_SHA_256",
              "PKIX_ED25519_PH"),
     {},
     "wrong-log-body: log entry body: states Ed25519ph, which a P-256 key does not make"},
    {"an entry over the payload instead of the envelope",
     {.content = kAttestation,
      .body =
          [](std::string& body) {
            const std::string from = R"("digest":")";
            const size_t at = body.find(from) + from.size();
            body.replace(at, body.find('"', at) - at,
                         TestBase64(TestSha256(AsBytes(TestSigstore::Statement()))));
          }},
     {},
     "wrong-log-body: log entry body: digest "},
    {"an entry over another artifact",
     {.body =
          [](std::string& body) {
            const std::string from = R"("digest":")";
            const size_t at = body.find(from) + from.size();
            body.replace(at, body.find('"', at) - at, TestBase64(TestSha256(AsBytes("x"))));
          }},
     {},
     "wrong-log-body: log entry body: expected digest "},
    {"a dsse entry with another payload's hash",
     BodyPlan(kAttestation, TestEntry::kDsse001, R"("payloadHash":{"algorithm":"sha256","value":")",
              R"("payloadHash":{"algorithm":"sha256","value":"00)"),
     {},
     "wrong-log-body: log entry body: "},
    {"an intoto entry of another payload type",
     BodyPlan(kAttestation, TestEntry::kIntoto002, "application/vnd.in-toto+json",
              "application/vnd.other+json"),
     {},
     "wrong-log-body: log entry body: expected payload type application/vnd.in-toto+json, found "
     "application/vnd.other+json"},
    {"an attestation's entry for a message",
     {.entry = TestEntry::kDsse001},
     {},
     "wrong-log-body: log entry body: is of an attestation, but the bundle holds a message"},
    {"an unknown field in the body",
     BodyPlan(TestContent::kMessage, TestEntry::kHashedRekord002, R"("spec":{)",
              R"("spec":{"x":1,)"),
     {},
     "wrong-log-body: log entry body: spec.x: unknown field"},
    {"flipped byte of a proof hash",
     {},
     [](TestSigstore&, BundleParts& bundle) { Flip(bundle.entries[0].hashes[1]); },
     "bad-inclusion-proof: "},
    {"a hash short",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].hashes.pop_back(); },
     "bad-inclusion-proof: "},
    {"a hash too many",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].hashes.push_back(Bytes(32)); },
     "bad-inclusion-proof: "},
    {"index outside the tree",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].index = bundle.entries[0].proof_index = "5";
     },
     "bad-inclusion-proof: "},
    {"another leaf's index",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].index = bundle.entries[0].proof_index = "3";
     },
     "bad-inclusion-proof: "},
    {"two indices that differ",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].index = "3"; },
     "bad-inclusion-proof: logIndex is 3, but inclusionProof.logIndex 2"},
    {"another size than the checkpoint's",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].tree_size = "6"; },
     "bad-inclusion-proof: inclusionProof.treeSize is 6, but the checkpoint's 5"},
    {"another root than the checkpoint's",
     {},
     [](TestSigstore&, BundleParts& bundle) { Flip(bundle.entries[0].root_hash); },
     "bad-inclusion-proof: inclusionProof.rootHash is not the checkpoint's"},
    {"a checkpoint of another root, signed",
     {},
     CheckpointText([](const EntryParts&) {
       return "rekor2.example.org\n5\n" + TestBase64(Bytes(32, 1)) + "\n";
     }),
     "bad-inclusion-proof: inclusionProof.rootHash is not the checkpoint's"},
    {"a checkpoint of another origin, signed",
     {},
     CheckpointText([](const EntryParts& entry) {
       return "rekor3.example.org\n5\n" + TestBase64(entry.root_hash) + "\n";
     }),
     "bad-checkpoint: checkpoint: expected origin rekor2.example.org, found rekor3.example.org"},
    {"a checkpoint without origin",
     {},
     CheckpointText(
         [](const EntryParts& entry) { return "\n5\n" + TestBase64(entry.root_hash) + "\n"; }),
     "bad-checkpoint: checkpoint: "},
    {"a checkpoint without size",
     {},
     CheckpointText([](const EntryParts& entry) {
       return "rekor2.example.org\n" + TestBase64(entry.root_hash) + "\n";
     }),
     "bad-checkpoint: checkpoint: checkpoint: fewer than three lines"},
    {"a checkpoint without root",
     {},
     CheckpointText([](const EntryParts&) { return std::string("rekor2.example.org\n5\n"); }),
     "bad-checkpoint: checkpoint: checkpoint: fewer than three lines"},
    {"flipped byte of the checkpoint's signature",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       char& byte = note[note.size() - 20];
       byte = byte == 'A' ? 'B' : 'A';
     },
     "bad-checkpoint: checkpoint: the signature of rekor2.example.org is not good"},
    {"a checkpoint with a stranger's line alone",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       note = note.substr(0, note.find("\n\n") + 2) + "\u2014 witness.example AAAAAAECAwQFBgc=\n";
     },
     "bad-checkpoint: checkpoint: no signature line of rekor2.example.org with key id "},
    {"the log's line twice",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       note += note.substr(note.find("\n\n") + 2);
     },
     "bad-checkpoint: checkpoint: more than one signature line of rekor2.example.org"},
    {"a log key that had ended before the token",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[1].end = "2025-10-09T08:53:19Z";
     },
     "bad-checkpoint: the key of rekor2.example.org is trusted from 2020-01-01T00:00:00.000Z to "
     "2025-10-09T08:53:19.000Z, and no verified time is inside"},
    {"a log key that has ended, and nothing shows when it was used",
     {.signer = kKey, .stamped = false},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[1].end = "2025-12-01T00:00:00Z";
     },
     "bad-checkpoint: the key of rekor2.example.org is trusted from 2020-01-01T00:00:00.000Z to "
     "2025-12-01T00:00:00.000Z, and nothing shows that the checkpoint was signed then"},
    {"a promise's body with a bad proof beside it", kV1,
     [](TestSigstore&, BundleParts& bundle) { Flip(bundle.entries[0].hashes[0]); },
     "bad-inclusion-proof: "},
    {"a promise without a proof in version 0.2", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.2";
       bundle.chain = {bundle.certificate, sigstore.intermediate.certificate};
       bundle.certificate.clear();
       bundle.entries[0].has_proof = false;
     },
     "malformed-bundle: verificationMaterial.tlogEntries[0].inclusionProof: missing"},
};

void CheckRefused(const Flaw& flaw) {
  TestSigstore sigstore;
  BundleParts bundle = sigstore.Sign(flaw.plan);
  if (flaw.change) flaw.change(sigstore, bundle);
  Judging judging{.wanted = WantedOf(sigstore, flaw.plan.signer)};
  // So that the signature is what is wrong, not the lack of an entry.
  if (!flaw.plan.logged_v2 && !flaw.plan.logged_v1) {
    judging.demands.log_entry = std::string(flaw.refused).starts_with("not-logged");
  }
  const std::string text = VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging));
  BOOST_CHECK_MESSAGE(text.starts_with(flaw.refused), text);
}

BOOST_AUTO_TEST_SUITE(verify_bundle_flaws)

BOOST_DATA_TEST_CASE(refuses_wrong_content, ut::data::make(kContentFlaws), flaw) {
  CheckRefused(flaw);
}
BOOST_DATA_TEST_CASE(refuses_wrong_times, ut::data::make(kTimeFlaws), flaw) { CheckRefused(flaw); }
BOOST_DATA_TEST_CASE(refuses_wrong_certificates, ut::data::make(kCertificateFlaws), flaw) {
  CheckRefused(flaw);
}
BOOST_DATA_TEST_CASE(refuses_wrong_log_entries, ut::data::make(kLogFlaws), flaw) {
  CheckRefused(flaw);
}

BOOST_AUTO_TEST_CASE(a_key_bundle_is_not_verified_by_an_identity) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.signer = kKey});
  BOOST_CHECK_EQUAL(
      VerdictText(Judged(bundle.Json(), sigstore.root.Json(), {.wanted = WantedIdentity()})),
      "wrong-key-material: the bundle is signed with a key: an identity alone cannot "
      "verify it");
}

BOOST_AUTO_TEST_CASE(a_certificate_bundle_is_not_verified_by_its_key) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign();
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(),
                                       {.wanted = WantedOf(sigstore, kKey)})),
                    "wrong-key-material: the bundle is signed with a certificate: a key cannot "
                    "verify it");
}

BOOST_AUTO_TEST_CASE(another_key_is_refused) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.signer = kKey, .logged_v2 = false, .stamped = false});
  Judging judging{
      .wanted = crypto::PublicKey::ParseSpki(TestKey::Generate(TestKeyKind::kP256).Spki()).value()};
  judging.demands.log_entry = false;
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)),
                    "bad-signature: the signature is not one by this P-256 key over this artifact");
}

BOOST_AUTO_TEST_CASE(another_predicate_type_than_demanded_is_refused) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.content = kAttestation});
  Judging judging{.wanted = WantedIdentity()};
  judging.demands.predicate_type = "https://slsa.dev/provenance/v1";
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)),
                    "wrong-statement: expected predicate type https://slsa.dev/provenance/v1, "
                    "found https://example.org/predicate/v1");
  judging.demands.predicate_type = kTestPredicateType;
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)), "verified");
}

BOOST_AUTO_TEST_CASE(other_content_than_demanded_is_refused) {
  using verifier::bundle::ContentIs;
  TestSigstore sigstore;
  Judging judging{.wanted = WantedIdentity()};
  judging.demands.content = ContentIs::kAttestation;
  BOOST_CHECK_EQUAL(
      VerdictText(Judged(sigstore.Sign().Json(), sigstore.root.Json(), judging)),
      "wrong-statement: expected an attestation, found a signature of the artifact itself");
  judging.demands.content = ContentIs::kMessage;
  BOOST_CHECK_EQUAL(
      VerdictText(
          Judged(sigstore.Sign({.content = kAttestation}).Json(), sigstore.root.Json(), judging)),
      "wrong-statement: expected a signature of the artifact, found an attestation about it");
}

// Every byte of a bundle that is signed once: whatever is changed, nothing else verifies.
BOOST_AUTO_TEST_CASE(no_truncation_verifies) {
  TestSigstore sigstore;
  const std::string bundle = sigstore.Sign({.content = kAttestation}).Json();
  const std::string root = sigstore.root.Json();
  for (size_t size = 0; size < bundle.size(); size += 7) {
    const auto verdict = Judged(bundle.substr(0, size), root, {.wanted = WantedIdentity()});
    BOOST_CHECK_MESSAGE(VerdictText(verdict).starts_with("malformed-bundle: "), size);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
