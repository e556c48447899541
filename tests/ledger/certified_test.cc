// Statements that were signed with a certificate: what the ledger keeps of them, and hands out.
#include "core/base64.h"
#include "core/hex.h"
#include "crypto/sha256.h"
#include "ledger/erase.h"
#include "ledger/keyspace.h"
#include "ledger/rebuild.h"
#include "sigstore/bundle.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr char kIssuer[] = "https://accounts.example.org";

Bytes CertificateFor(ByteSpan spki, const std::string& identity) {
  static const TestAuthority authority = MakeAuthority({.common_name = "a CA"});
  return MakeCertificate({.names = {{TestNameForm::kEmail, identity}},
                          .usages = {"codeSigning"},
                          .extensions = {FulcioIssuerV2(kIssuer)}},
                         TestKey::FromSpki(spki), &authority);
}

SignerId IdOf(const std::string& identity) {
  const auto digest =
      crypto::Sha256Of("carnet-identity-v1\n" + std::string(kIssuer) + "\nemail:" + identity);
  return SignerId(Retag<IdentityDigest>(digest));
}

// A data set of the lab, as jane says with the lab's key; not logged.
struct CertifiedWorld : LedgerWorld {
  CertifiedWorld() : ledger(Open()) {
    bundle.envelope = lab.Dataset();
    std::string text(AsText(bundle.envelope.payload));
    const std::string by_key = SignerId(LabKey().public_key().id()).ToString();
    const size_t at = text.find(by_key);
    BOOST_REQUIRE(at != text.npos && text.find(by_key, at + 1) == text.npos);
    text.replace(at, by_key.size(), IdOf("jane@lab.example").ToString());
    bundle.envelope.payload = ToBytes(AsBytes(text));
    SignBy(LabKey());
    certificate = CertificateFor(LabKey().public_key().spki(), "jane@lab.example");
    bundle.material = sigstore::Certificate{certificate};
    bundle.timestamps = {{1, 2, 3}, {4}};
  }

  void SignBy(const crypto::P256PrivateKey& key) {
    bundle.envelope.signature = key.Sign(
        AsBytes(sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, bundle.envelope.payload)));
  }
  StatementId id() const { return sigstore::StatementIdOf(bundle.envelope.payload); }

  void Append() {
    AppendOne(*ledger, lab.Submit(lab.Device()));
    REQUIRE_VALUE(const Submission submission, Submission::VerifyCertified(bundle));
    BOOST_CHECK_EQUAL(AppendOne(*ledger, submission).index.value(), 1u);
    AppendOne(*ledger, lab.Submit(lab.Device()));
  }

  sigstore::Bundle Kept() const {
    REQUIRE_VALUE(const auto reader, ledger->Read());
    REQUIRE_VALUE(sigstore::Bundle kept, reader->BundleAt(LeafIndex(1)));
    return kept;
  }
  void CheckKept(const sigstore::Bundle& kept) const {
    BOOST_CHECK(std::get<sigstore::Certificate>(kept.material).der == certificate);
    BOOST_CHECK(kept.timestamps == bundle.timestamps);
    BOOST_CHECK(kept.envelope.payload == bundle.envelope.payload);
    BOOST_CHECK(kept.envelope.signature == bundle.envelope.signature);
    BOOST_REQUIRE_EQUAL(kept.entries.size(), 1u);
  }

  std::unique_ptr<Ledger> ledger;
  sigstore::Bundle bundle;
  Bytes certificate;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_certified)

BOOST_AUTO_TEST_CASE(a_receipt_has_the_certificate_and_its_time_stamps) {
  CertifiedWorld world;
  world.Append();
  const sigstore::Bundle kept = world.Kept();
  world.CheckKept(kept);
  const std::string leaf =
      R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":)"
      R"({"algorithm":"SHA2_256","digest":")" +
      Base64Encode(world.id().span()) + R"("},"signature":{"content":")" +
      Base64Encode(world.bundle.envelope.signature) +
      R"(","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":")" +
      Base64Encode(world.certificate) + R"("}}}}}})";
  BOOST_CHECK_EQUAL(AsText(kept.entries[0].canonicalized_body), leaf);
  REQUIRE_VALUE(const sigstore::Bundle read, sigstore::ReadBundle(sigstore::WriteBundle(kept)));
  world.CheckKept(read);

  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto entry, reader->EntryAt(LeafIndex(1)));
  BOOST_CHECK(entry.signer == IdOf("jane@lab.example"));
  BOOST_CHECK(entry.spki.empty() && entry.certificate == world.certificate);
  REQUIRE_VALUE(const auto by_jane, reader->BySigner(IdOf("jane@lab.example"), 10));
  BOOST_CHECK_EQUAL(by_jane.size(), 1u);
  world.ledger.reset();
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(an_erased_text_leaves_the_certificate) {
  CertifiedWorld world;
  world.Append();
  world.ledger.reset();
  const auto folder = world.folder();
  REQUIRE_VALUE(const auto erased,
                Erase(folder, world.id(), TimestampMs(1'790'000'000'000), "a court order"));
  BOOST_CHECK_EQUAL(erased.entries.size(), 1u);
  world.CheckClean();
  REQUIRE_VALUE(const auto restored, Restore(folder, {world.bundle.envelope.payload}));
  BOOST_CHECK_EQUAL(restored.size(), 1u);
  world.ledger = world.Open();
  world.CheckKept(world.Kept());
}

BOOST_AUTO_TEST_CASE(a_lost_entry_comes_back_from_its_bundle) {
  CertifiedWorld world;
  world.Append();
  const sigstore::Bundle kept = world.Kept();
  world.ledger.reset();
  RawDatabase(world.folder()).Delete(EntryKey(LeafIndex(1)));
  REQUIRE_VALUE(const Rebuilt rebuilt, Rebuild(world.folder(), {}, {{"its bundle", kept}}));
  BOOST_CHECK_EQUAL(rebuilt.supplied.size(), 1u);
  world.CheckClean();
  world.ledger = world.Open();
  world.CheckKept(world.Kept());
}

// An entry whose stored signer is another than the certificate's: fsck and readers say so.
BOOST_AUTO_TEST_CASE(the_stored_signer_is_held_against_the_certificate) {
  CertifiedWorld world;
  world.Append();
  world.ledger.reset();
  RawDatabase rows(world.folder());
  std::string row = rows.All().at(EntryKey(LeafIndex(1)));
  const SignerId id = IdOf("jane@lab.example");
  const auto jane = id.encoded();
  const size_t at = row.find(std::string(jane.begin(), jane.end()));
  BOOST_REQUIRE(at != row.npos);
  row[at + 5] = static_cast<char>(row[at + 5] ^ 1);
  rows.Put(EntryKey(LeafIndex(1)), row);
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  CHECK_ERROR(reader->EntryAt(LeafIndex(1)), ErrorCode::kCorruption,
              "signer does not match the stored certificate");
}

BOOST_AUTO_TEST_CASE(refuses_what_the_certificate_does_not_bear_out) {
  CertifiedWorld world;
  const auto honest = world.bundle;
  world.SignBy(SiteKey());
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kRejected,
              "signature: not made by this key");
  world.bundle = honest;
  world.bundle.material =
      sigstore::Certificate{CertificateFor(SiteKey().public_key().spki(), "jane@lab.example")};
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kRejected,
              "signature: not made by this key");
  world.bundle.material =
      sigstore::Certificate{CertificateFor(LabKey().public_key().spki(), "joe@lab.example")};
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kRejected,
              "head.signer: names " + IdOf("jane@lab.example").ToString());
  world.bundle.material = sigstore::Certificate{{0x30, 0x00}};
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kMalformed, "certificate: ");
  world.bundle.material = sigstore::HintOf(LabKey().public_key().id());
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kRejected,
              "has no certificate");
  // The lab's own key is not jane.
  CHECK_ERROR(Submission::Verify(honest.envelope, LabKey().public_key()), ErrorCode::kRejected,
              "head.signer: names identity:");
}

BOOST_AUTO_TEST_CASE(keeps_no_more_time_stamps_than_its_limit) {
  CertifiedWorld world;
  world.bundle.timestamps.assign(4, Bytes(64 * 1024, 7));
  world.Append();
  world.CheckKept(world.Kept());
  world.bundle.timestamps.emplace_back(1);
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kRejected,
              "time stamps: at most 4 can be kept, found 5");
  world.bundle.timestamps = {Bytes(64 * 1024 + 1, 7)};
  CHECK_ERROR(Submission::VerifyCertified(world.bundle), ErrorCode::kRejected,
              "time stamp: 65537 bytes, the limit is 65536");
}

BOOST_AUTO_TEST_CASE(a_keys_line_may_have_time_stamps_too) {
  CertifiedWorld world;
  Submission submission = world.lab.Submit(world.lab.Device());
  BOOST_REQUIRE(submission.KeepTimestamps({{9, 9}}).has_value());
  AppendOne(*world.ledger, submission);
  REQUIRE_VALUE(const auto reader, world.ledger->Read());
  REQUIRE_VALUE(const auto kept, reader->BundleAt(LeafIndex(0)));
  BOOST_CHECK((kept.timestamps == std::vector<Bytes>{{9, 9}}));
  BOOST_CHECK(std::holds_alternative<sigstore::PublicKeyHint>(kept.material));
}

BOOST_AUTO_TEST_SUITE_END()
