// Bundles whose certificate or log entry is wrong: each is refused for its own reason.
#include "core/base64.h"
#include "tests/verifier/bundle/flaw.h"

using namespace carnet;
using namespace carnet::test;
namespace ut = boost::unit_test;

namespace {

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
     "wrong-certificate-use: certificate (no subject): in a bundle's chain is not a CA"},
    {"leaf that the trusted root lists as an authority",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       sigstore.root.certificate_authorities[0].chain = {bundle.certificate};
     },
     "untrusted-certificate: token of https://tsa.example.org: no trusted authority has issued"},
    {"leaf that is a CA",
     LeafPlan([](CertificateSpec& leaf) {
       leaf.is_ca = true;
       leaf.key_usage = false;  // but digitalSignature and keyCertSign
       leaf.extensions.push_back({"2.5.29.15", {0x03, 0x02, 0x02, 0x84}, true});
     }),
     {},
     "wrong-certificate-use: certificate (no subject): is a CA, not a signer's"},
    {"leaf not for code signing",
     LeafPlan([](CertificateSpec& leaf) { leaf.usages = {"timeStamping"}; }),
     {},
     "wrong-certificate-use: certificate (no subject): extendedKeyUsage lacks codeSigning"},
    {"leaf without extended key usage",
     LeafPlan([](CertificateSpec& leaf) { leaf.usages = {}; }),
     {},
     "wrong-certificate-use: certificate (no subject): extendedKeyUsage lacks codeSigning"},
    {"leaf not for signatures",
     LeafPlan([](CertificateSpec& leaf) { leaf.digital_signature = false; }),
     {},
     "wrong-certificate-use: certificate (no subject): keyUsage lacks digitalSignature"},
    {"leaf without key usage",
     LeafPlan([](CertificateSpec& leaf) { leaf.key_usage = false; }),
     {},
     "wrong-certificate-use: certificate (no subject): keyUsage lacks digitalSignature"},
    {"leaf with a subject",
     LeafPlan([](CertificateSpec& leaf) { leaf.common_name = "jane"; }),
     {},
     "wrong-certificate-use: certificate CN=jane: has a subject"},
    {"leaf with a SAN that is not critical",
     LeafPlan([](CertificateSpec& leaf) { leaf.names_critical = false; }),
     {},
     "wrong-certificate-use: certificate (no subject): the subject alternative name is not "
     "critical"},
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
    {"the same entry of Rekor v1 twice, under two numbers that nobody signed",
     {.logged_v1 = true, .logged_v2 = false},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].promise.clear();
       bundle.entries.push_back(bundle.entries[0]);
       bundle.entries[1].index = "7";
     },
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
              "PKIX_ECDSA_P384_SHA_384"),
     {},
     "wrong-log-body: log entry body: states another kind of key than the P-256 key"},
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
    {"an entry over the artifact, by another digest than the bundle's",
     {.body =
          [](std::string& body) {
            const std::string from = R"("algorithm":"SHA2_256","digest":")";
            const size_t at = body.find(from);
            const size_t end = body.find('"', at + from.size());
            body.replace(at, end - at,
                         R"("algorithm":"SHA2_512","digest":")" +
                             TestBase64(TestDigestOf(TestHash::kSha512, AsBytes(kTestArtifact))));
          }},
     {},
     "wrong-log-body: log entry body: expected a sha256 digest, found sha512"},
    {"a dsse entry with two signatures, the bundle's first",
     {.content = kAttestation,
      .entry = TestEntry::kDsse001,
      .body =
          [](std::string& body) {
            const size_t at = body.find(R"({"signature":)");
            const std::string first = body.substr(at, body.find('}', at) + 1 - at);
            body.insert(at, first + ",");
          }},
     {},
     "wrong-log-body: log entry body: expected 1 signature, found 2"},
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
    {"a checkpoint whose line names another key of the log",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       const size_t at = note.rfind(' ') + 1;
       Bytes line = Base64Decode(std::string_view(note).substr(at, note.size() - 1 - at)).value();
       line[0] ^= 1;
       note = note.substr(0, at) + TestBase64(line) + "\n";
     },
     "bad-checkpoint: checkpoint: no signature line of rekor2.example.org with key id "},
    {"a checkpoint whose line is in another log's name",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       note.replace(note.rfind("rekor2"), 6, "rekor3");
     },
     "bad-checkpoint: checkpoint: no signature line of rekor2.example.org with key id "},
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

BOOST_AUTO_TEST_SUITE(verify_bundle_trust_flaws)

BOOST_DATA_TEST_CASE(refuses_wrong_certificates, ut::data::make(kCertificateFlaws), flaw) {
  CheckRefused(flaw);
}
BOOST_DATA_TEST_CASE(refuses_wrong_log_entries, ut::data::make(kLogFlaws), flaw) {
  CheckRefused(flaw);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
