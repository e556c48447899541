#include "signer/signer.h"

#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "core/hex.h"
#include "json/reader.h"
#include "schemas/codec.h"
#include "sigstore/key_file.h"
#include "sigstore/statement.h"
#include "tests/support/command.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::signer {
namespace {

namespace ut = boost::unit_test;

constexpr std::string_view kNonce = "000102030405060708090a0b0c0d0e0f";

std::unique_ptr<Signer> NewSigner() {
  REQUIRE_VALUE(auto signer, Signer::FromPkcs8(crypto::P256PrivateKey::Generate().ToPkcs8()));
  return signer;
}

// A key of these tests alone, by `openssl genpkey`; PKCS#8.
constexpr std::string_view kKnownKey =
    "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420fb437bf1ebdb163407a3"
    "86428767e72ed8fd025cf5e52788fc4211c211bd549aa144034200045efe5e612f4ac407940546e1442e827e65a8"
    "a2544fe546ec6e5b71a61d8113c348828929f112b44dcf9d174890cdc722802055ec0c1c2b79c8590343ef6b2ff5";

SignRequest Request(std::string_view nonce = kNonce) {
  std::array<uint8_t, 32> ledger;
  ledger.fill(0x22);
  return {LogId(ledger), TimestampMs(1767323045678), std::string(nonce)};
}

schemas::Predicate Draft(schemas::Kind kind, std::string_view text) {
  REQUIRE_VALUE(const json::Tree tree, json::Parse(text));
  REQUIRE_VALUE(schemas::Predicate draft,
                schemas::ReadPredicate(kind, tree.root(), schemas::HeadRule::kForbidden));
  return draft;
}

schemas::Predicate DeviceDraft(std::string_view id) {
  return Draft(schemas::Kind::kDevice,
               R"({"id":")" + std::string(id) +
                   R"(","units":1,"vendor":"NVIDIA","chip":"nvidia-h100-sxm"})");
}

constexpr std::string_view kDevice = "nvidia:gpu:01234567-89ab-cdef-0123-456789abcdef";
// printf 'carnet-device-id-v1\nnvidia:gpu:01234567-89ab-cdef-0123-456789abcdef' | sha256sum
constexpr std::string_view kDeviceSubject =
    "3837556e209e01675992720f9f1a9219a3868cd7cef1008266e9a75fbd60fcd7";
constexpr std::string_view kModel =
    "219c3d837b3c87970cd79ae82f75b23b25fefc31fc3f69a1797e5ff4a887b6d2";

SignedStatement SignDevice(const Signer& signer) {
  REQUIRE_VALUE(SignedStatement signed_statement,
                signer.SignPredicate(DeviceDraft(kDevice), Request()));
  return signed_statement;
}

SignedStatement SignVerdict(const Signer& signer) {
  const schemas::Predicate verdict = Draft(
      schemas::Kind::kVerdict,
      R"({"verifier":{"id":"https://hub.example.org"},"timeVerified":"2026-01-02T03:04:05.678Z",)"
      R"("resourceUri":"m","policy":{"uri":"hub-default"},"inputAttestations":[{"uri":"p"}],)"
      R"("verificationResult":"PASSED","verifiedLevels":[]})");
  const auto model = HexDecodeTo<ModelDigest>(kModel);
  REQUIRE_VALUE(SignedStatement signed_statement, signer.SignVerdict(verdict, *model));
  return signed_statement;
}

// Written by hand from the DSSE specification.
std::string Pae(const Bytes& payload) {
  return "DSSEv1 28 application/vnd.in-toto+json " + std::to_string(payload.size()) + " " +
         std::string(AsText(payload));
}

BOOST_AUTO_TEST_SUITE(signer)

BOOST_AUTO_TEST_CASE(adds_head_and_subjects) {
  const auto signer = NewSigner();
  const SignedStatement out = SignDevice(*signer);
  const std::string expected =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"id","digest":{"sha256":")" +
      std::string(kDeviceSubject) +
      R"("}}],"predicateType":"urn:carnet:device:v1","predicate":{"head":{"signer":"key:)" +
      HexEncode(signer->key_id().span()) +
      R"(","ledger":"2222222222222222222222222222222222222222222222222222222222222222",)"
      R"("created":"2026-01-02T03:04:05.678Z","nonce":"000102030405060708090a0b0c0d0e0f"},)"
      R"("id":"nvidia:gpu:01234567-89ab-cdef-0123-456789abcdef","units":1,)"
      R"("vendor":"NVIDIA","chip":"nvidia-h100-sxm"}})";
  BOOST_CHECK_EQUAL(AsText(out.payload()), expected);
}

BOOST_AUTO_TEST_CASE(bundle_names_the_key_and_has_no_entries) {
  const auto signer = NewSigner();
  const SignedStatement out = SignDevice(*signer);
  BOOST_CHECK(sigstore::ParseKeyHint(std::get<sigstore::PublicKeyHint>(out.bundle.material).hint) ==
              signer->key_id());
  BOOST_CHECK(out.bundle.entries.empty());
  BOOST_CHECK_EQUAL(out.bundle.envelope.payload_type, "application/vnd.in-toto+json");
  REQUIRE_VALUE(const sigstore::Bundle read,
                sigstore::ReadBundle(sigstore::WriteBundle(out.bundle)));
  BOOST_CHECK(read.envelope == out.bundle.envelope);
}

BOOST_AUTO_TEST_CASE(one_draft_and_request_give_one_statement_id) {
  const auto signer = NewSigner();
  const SignedStatement first = SignDevice(*signer);
  BOOST_CHECK(SignDevice(*signer).id() == first.id());
  REQUIRE_VALUE(
      const SignedStatement other,
      signer->SignPredicate(DeviceDraft(kDevice), Request("ffffffffffffffffffffffffffffffff")));
  BOOST_CHECK(other.id() != first.id());
  BOOST_CHECK(SignDevice(*NewSigner()).id() != first.id());
}

BOOST_AUTO_TEST_CASE(refuses_any_other_nonce) {
  const auto signer = NewSigner();
  for (const char* nonce :
       {"", "00", "000102030405060708090A0B0C0D0E0F", "000102030405060708090a0b0c0d0e0f00",
        "g00102030405060708090a0b0c0d0e0f"}) {
    CHECK_ERROR(signer->SignPredicate(DeviceDraft(kDevice), Request(nonce)), ErrorCode::kMalformed,
                "nonce: must be 32 lowercase hex digits");
  }
}

// A draft that is valid without a head, but not with this one.
BOOST_AUTO_TEST_CASE(refuses_a_device_that_another_key_declared) {
  const auto signer = NewSigner();
  const auto other = NewSigner();
  const auto declared = [](const Signer& by) {
    return "declared:key:" + HexEncode(by.key_id().span()) + ":box-1";
  };
  BOOST_CHECK(signer->SignPredicate(DeviceDraft(declared(*signer)), Request()).has_value());
  CHECK_ERROR(signer->SignPredicate(DeviceDraft(declared(*other)), Request()),
              ErrorCode::kMalformed, "predicate.id: declared by " + other->id().ToString());
  const std::string identity = "identity:" + HexEncode(signer->key_id().span());
  CHECK_ERROR(signer->SignPredicate(DeviceDraft("declared:" + identity + ":box-1"), Request()),
              ErrorCode::kMalformed, "predicate.id: declared by " + identity);
}

BOOST_AUTO_TEST_CASE(refuses_a_predicate_that_lacks_a_field) {
  const auto signer = NewSigner();
  CHECK_ERROR(signer->SignPredicate(schemas::Predicate::New(schemas::Kind::kRun), Request()),
              ErrorCode::kMalformed, "predicate");
}

BOOST_AUTO_TEST_CASE(refuses_a_statement_that_no_passport_line_can_hold) {
  std::string files;
  for (int i = 10'000; i < 40'000; ++i) {
    files += R"({"path":"f)" + std::to_string(i) + R"(","sha256":")" + std::string(kModel) +
             R"(","bytes":1},)";
  }
  files.pop_back();
  schemas::Predicate draft =
      Draft(schemas::Kind::kDataset,
            R"({"name":"d","size":{"bytes":1},"sources":"undisclosed","data":")" +
                std::string(kModel) + R"(","data_basis":"manifest","files":[)" + files + "]}");
  CHECK_ERROR(NewSigner()->SignPredicate(std::move(draft), Request()), ErrorCode::kMalformed,
              "more than a line of a passport can hold");
}

BOOST_AUTO_TEST_CASE(verdict_has_its_model_and_no_head) {
  const SignedStatement out = SignVerdict(*NewSigner());
  const std::string_view payload = AsText(out.payload());
  BOOST_CHECK(payload.find(R"("subject":[{"name":"model","digest":{"sha256":")" +
                           std::string(kModel) + R"("}}])") != std::string_view::npos);
  BOOST_CHECK(payload.find("head") == std::string_view::npos);
  BOOST_CHECK(payload.find(R"("predicateType":"https://slsa.dev/verification_summary/v1")") !=
              std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(openssl_verifies_signature_and_id,
                     *ut::precondition(test::HasProgram("openssl"))) {
  const auto signer = NewSigner();
  const test::ScratchFolder scratch;
  const std::string key =
      scratch.Write("k.pub", sigstore::WritePublicKey(signer->public_key().spki()));
  for (const SignedStatement& out : {SignDevice(*signer), SignVerdict(*signer)}) {
    const std::string pae = scratch.Write("pae", Pae(out.payload()));
    const std::string signature = scratch.Write("sig", AsText(out.signature()));
    const std::string verified = test::MustRun("openssl dgst -sha256 -verify " + key +
                                               " -signature " + signature + " " + pae);
    BOOST_CHECK_EQUAL(verified, "Verified OK\n");
    BOOST_CHECK_EQUAL(test::MustRun("openssl dgst -sha256 -r " + pae).substr(0, 64),
                      HexEncode(out.id().span()));
    scratch.Write("pae", Pae(out.payload()) + " ");
    BOOST_CHECK_NE(test::RunCommand("openssl dgst -sha256 -verify " + key + " -signature " +
                                    signature + " " + pae)
                       .status,
                   0);
  }
}

struct CosignCheck {
  const test::ScratchFolder& scratch;
  std::string key;
  std::string bundle;

  test::CommandResult Run(std::string_view type, std::string_view digest) const {
    return test::RunCommand("HOME=" + scratch / "." + " cosign verify-blob-attestation --key " +
                            key + " --bundle " + bundle + " --insecure-ignore-tlog --type " +
                            std::string(type) + " --digestAlg sha256 --digest " +
                            std::string(digest));
  }
};

BOOST_AUTO_TEST_CASE(cosign_verifies_the_bundle, *ut::precondition(test::HasProgram("cosign"))) {
  const auto signer = NewSigner();
  const test::ScratchFolder scratch;
  CosignCheck cosign{
      scratch, scratch.Write("k.pub", sigstore::WritePublicKey(signer->public_key().spki())),
      scratch.Write("device.sigstore.json", sigstore::WriteBundle(SignDevice(*signer).bundle))};
  const auto good = cosign.Run("urn:carnet:device:v1", kDeviceSubject);
  BOOST_CHECK_MESSAGE(good.status == 0, good.output);
  BOOST_CHECK_NE(cosign.Run("urn:carnet:device:v1", kModel).status, 0);
  BOOST_CHECK_NE(cosign.Run("urn:carnet:run:v1", kDeviceSubject).status, 0);

  cosign.bundle =
      scratch.Write("verdict.sigstore.json", sigstore::WriteBundle(SignVerdict(*signer).bundle));
  const auto verdict = cosign.Run("https://slsa.dev/verification_summary/v1", kModel);
  BOOST_CHECK_MESSAGE(verdict.status == 0, verdict.output);
  cosign.key =
      scratch.Write("other.pub", sigstore::WritePublicKey(NewSigner()->public_key().spki()));
  BOOST_CHECK_NE(cosign.Run("https://slsa.dev/verification_summary/v1", kModel).status, 0);
}

// By Python: hmac.new(private number, b"carnet-nonce-v1\nallocation\n" + 64 zeros + b"\njob-42").
BOOST_AUTO_TEST_CASE(a_nonce_follows_from_key_ledger_kind_and_name) {
  const auto der = HexDecode(kKnownKey);
  BOOST_REQUIRE(der);
  REQUIRE_VALUE(const auto known, Signer::FromPkcs8(crypto::SecretBytes::CopyOf(*der)));
  const LogId log(std::array<uint8_t, 32>{});
  const LogId other_log = Request().ledger;
  const auto nonce_of = [](const Signer& signer, const char* name, schemas::Kind kind,
                           const LogId& ledger) {
    REQUIRE_VALUE(const std::string nonce, signer.NonceFor(name, kind, ledger));
    return nonce;
  };
  constexpr auto kKind = schemas::Kind::kAllocation;
  const std::string nonce = nonce_of(*known, "job-42", kKind, log);
  BOOST_CHECK_EQUAL(nonce, "d966efe14251be3c8f4faddb9d10d1c1");
  BOOST_CHECK_NE(nonce_of(*known, "job-43", kKind, log), nonce);
  BOOST_CHECK_NE(nonce_of(*known, "job-42", schemas::Kind::kDevice, log), nonce);
  BOOST_CHECK_NE(nonce_of(*known, "job-42", kKind, other_log), nonce);
  BOOST_CHECK_NE(nonce_of(*NewSigner(), "job-42", kKind, log), nonce);
}

// A key whose other half is not at hand, and which signs as the case says.
class KeyElsewhere final : public AttestationKey {
 public:
  using Answer = std::function<Result<Bytes>(const crypto::P256PrivateKey&, const Sha256Digest&)>;
  explicit KeyElsewhere(Answer answer) : answer_(std::move(answer)) {}
  const crypto::P256PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> SignDigest(const Sha256Digest& digest) const override {
    return answer_(key_, digest);
  }
  Result<Sha256Digest> Derive(ByteSpan) const override { return Unsupported("it only signs"); }

 private:
  crypto::P256PrivateKey key_ = crypto::P256PrivateKey::Generate();
  Answer answer_;
};

Result<SignedStatement> SignDeviceWith(KeyElsewhere::Answer answer) {
  const Signer signer(std::make_unique<KeyElsewhere>(std::move(answer)));
  return signer.SignPredicate(DeviceDraft(kDevice), Request());
}

BOOST_AUTO_TEST_CASE(a_key_elsewhere_signs_the_digest_of_the_encoding) {
  std::optional<Sha256Digest> asked;
  REQUIRE_VALUE(const SignedStatement out,
                SignDeviceWith([&](const auto& key, const Sha256Digest& digest) {
                  asked = digest;
                  return key.SignDigest(digest);
                }));
  BOOST_CHECK(asked == Retag<Sha256Digest>(out.id()));
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_sign_says_why) {
  CHECK_ERROR(SignDeviceWith([](const auto&, const auto&) -> Result<Bytes> {
                return Io("the token is gone");
              }),
              ErrorCode::kIo, "the token is gone");
}

BOOST_AUTO_TEST_CASE(no_bundle_has_a_signature_of_a_broken_token) {
  const auto other = crypto::P256PrivateKey::Generate();
  const std::vector<KeyElsewhere::Answer> broken = {
      [&](const auto&, const Sha256Digest& digest) { return other.SignDigest(digest); },
      [](const auto& key, const Sha256Digest&) { return key.Sign(AsBytes("another message")); },
      [](const auto& key, const Sha256Digest& digest) {
        Bytes signature = key.SignDigest(digest);
        signature.push_back(0);
        return signature;
      },
      [](const auto&, const Sha256Digest&) { return Bytes(); },
  };
  for (const auto& answer : broken) {
    CHECK_ERROR(SignDeviceWith(answer), ErrorCode::kIo,
                "gave a signature that is not good by its own public key");
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_only_signs_gives_no_nonce) {
  const Signer signer(std::make_unique<KeyElsewhere>(
      [](const auto& key, const Sha256Digest& digest) { return key.SignDigest(digest); }));
  CHECK_ERROR(signer.NonceFor("job-42", schemas::Kind::kAllocation, Request().ledger),
              ErrorCode::kUnsupported, "it only signs");
}

Bytes CertificateFor(ByteSpan spki, std::vector<test::TestName> names) {
  static const test::TestAuthority authority = test::MakeAuthority({.common_name = "a CA"});
  return test::MakeCertificate(
      {.names = std::move(names),
       .usages = {"codeSigning"},
       .extensions = {test::FulcioIssuerV2("https://accounts.example.org")}},
      test::TestKey::FromSpki(spki), &authority);
}

const test::TestName kJane{test::TestNameForm::kEmail, "jane@lab.example"};

BOOST_AUTO_TEST_CASE(with_a_certificate_its_identity_signs) {
  const auto key = crypto::P256PrivateKey::Generate();
  REQUIRE_VALUE(auto signer, Signer::FromPkcs8(key.ToPkcs8()));
  const SignerId by_key = signer->id();
  BOOST_CHECK(by_key == SignerId(key.public_key().id()));
  const Bytes certificate = CertificateFor(key.public_key().spki(), {kJane});
  REQUIRE_VALUE(const auto jane, Signer::Certified(std::move(signer), certificate));
  // printf 'carnet-identity-v1\nhttps://accounts.example.org\nemail:jane@lab.example' | sha256sum
  const std::string id =
      "identity:8c1291ec114d1c09f25aa3706916d2f1c2635ca76cf17801917b421010060866";
  BOOST_CHECK_EQUAL(jane->id().ToString(), id);
  BOOST_CHECK(jane->key_id() == key.public_key().id());
  REQUIRE_VALUE(SignedStatement made, jane->SignPredicate(DeviceDraft(kDevice), Request()));
  const std::string text(AsText(made.payload()));
  BOOST_CHECK(text.find(R"("signer":")" + id + "\"") != std::string::npos);
  BOOST_CHECK(std::get<sigstore::Certificate>(made.bundle.material).der == certificate);
  const std::string pae = sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, made.payload());
  BOOST_CHECK(key.public_key().Verify(AsBytes(pae), made.signature()) ==
              crypto::SignatureCheck::kGood);
  Bytes asked;
  const auto source = [&asked](ByteSpan signature) -> Result<Bytes> {
    asked = ToBytes(signature);
    return Bytes{1, 2};
  };
  BOOST_REQUIRE(Stamp(made, source).has_value());
  BOOST_CHECK(asked == made.signature());
  BOOST_CHECK((made.bundle.timestamps == std::vector<Bytes>{{1, 2}}));
  CHECK_ERROR(Stamp(made, [](ByteSpan) -> Result<Bytes> { return Bytes(); }), ErrorCode::kMalformed,
              "time stamp: empty");
  CHECK_ERROR(Stamp(made, [](ByteSpan) -> Result<Bytes> { return Io("no answer"); }),
              ErrorCode::kIo, "no answer");
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_is_not_for_its_key) {
  const auto certified = [](const Bytes& certificate, std::unique_ptr<Signer> signer) {
    return Signer::Certified(std::move(signer), certificate);
  };
  auto signer = NewSigner();
  const Bytes spki = signer->public_key().spki();
  CHECK_ERROR(certified(CertificateFor(spki, {kJane}), NewSigner()), ErrorCode::kRejected,
              "the certificate is for another key");
  CHECK_ERROR(certified(CertificateFor(spki, {kJane, kJane}), std::move(signer)),
              ErrorCode::kRejected, "expected one subject alternative name");
  CHECK_ERROR(certified({0x30, 0}, NewSigner()), ErrorCode::kMalformed, "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
