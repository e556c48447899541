#include "sigstore/key_file.h"

#include <algorithm>

#include "core/base64.h"
#include "core/hex.h"
#include "crypto/pem.h"
#include "crypto/sha256.h"
#include "tests/sigstore/replace.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;
using crypto::SecretBytes;

std::string Vector(std::string_view name) {
  return test::Slurp(test::VectorsFolder() / "cosign" / name);
}

std::string Sha256Hex(ByteSpan bytes) { return HexEncode(crypto::Sha256Of(bytes).span()); }

// The JSON of cosign's form: 32 zero bytes of salt, 24 of nonce, 17 of ciphertext.
constexpr std::string_view kJson =
    R"({"kdf":{"name":"scrypt","params":{"N":32768,"r":8,"p":1},)"
    R"("salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},)"
    R"("cipher":{"name":"nacl/secretbox","nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},)"
    R"("ciphertext":"AAAAAAAAAAAAAAAAAAAAAAA="})";

std::string CosignPem(std::string_view json) {
  return crypto::WritePem("ENCRYPTED SIGSTORE PRIVATE KEY", AsBytes(json));
}

Result<SecretBytes> Open(std::string_view pem, std::string_view password = "") {
  return OpenKeyFile(pem, SecretBytes::CopyOf(password));
}

enum class Inner { kPkcs8, kSec1 };

struct KeyVector {
  std::string_view file;
  std::string_view password;
  std::string_view plain_sha256;
  std::string_view spki_sha256;
  Inner inner = Inner::kPkcs8;
};

std::ostream& operator<<(std::ostream& out, const KeyVector& key) { return out << key.file; }

// The table of the vectors' README. The second holds a SEC 1 key, which cosign refuses as well.
const KeyVector kKeys[] = {
    {"encrypted-cosign-n32768.key", "hello",
     "31d9b6680168b1b34eb7df00b645f24bf66b66dffbfdcaae7723febebc60303e",
     "a6659c08b9909880c6e4bc51cab6fd7265673f67d614c20ba59a18957feb700d"},
    {"encrypted-cosign-n65536.key", "hello",
     "347f473c0d63e6439f4734ecf5f77e62c8bb1b43de9b75264b633c27bd9d337e",
     "6d9d4f02f673f80570d5ed2f61236060ce644751880a95f1e2482fa420f1e33e", Inner::kSec1},
    {"encrypted-sigstore-n32768.key", "hello",
     "783bed8a6094a497ebcad1da69901bb07686c6ffd0bb04f86947f41029b57818",
     "f1057bf3c114d5486f0bdb3c702596d6154158248980d4be49f6c61fdc62c591"},
};
constexpr KeyVector kKeyOfCosign3 = {
    "cosign.key", "carnet-test", "429a1513138f8085fe8309be0bae2371ee1e881c6d8802e79096b85ab99c5bf1",
    "bf013aae9ee07003d00b2418b206e140f76d96642248e1b066637da1ec197000"};

void CheckOpens(const KeyVector& key) {
  const std::string pem = Vector(key.file);
  REQUIRE_VALUE(const KeyFileForm form, DetectKeyFile(pem));
  BOOST_CHECK(form == KeyFileForm::kCosign);
  REQUIRE_VALUE(const SecretBytes plain, Open(pem, key.password));
  BOOST_CHECK_EQUAL(Sha256Hex(plain.Expose()), key.plain_sha256);
  if (key.inner == Inner::kSec1) {
    CHECK_ERROR(crypto::P256PrivateKey::ParsePkcs8(plain), ErrorCode::kMalformed, "private key");
    return;
  }
  REQUIRE_VALUE(const auto private_key, crypto::P256PrivateKey::ParsePkcs8(plain));
  BOOST_CHECK_EQUAL(HexEncode(private_key.public_key().id().span()), key.spki_sha256);
}

void CheckRefusesOtherPasswords(const KeyVector& key) {
  const std::string pem = Vector(key.file);
  CHECK_ERROR(Open(pem, "Hello"), ErrorCode::kRejected, "password");
  CHECK_ERROR(Open(pem, ""), ErrorCode::kRejected, "password");
}

BOOST_AUTO_TEST_SUITE(key_file_vectors,
                      *ut::precondition(test::HasVectors("cosign/encrypted-cosign-n32768.key")))

BOOST_DATA_TEST_CASE(opens, ut::data::make(kKeys), key) { CheckOpens(key); }

BOOST_DATA_TEST_CASE(refuses_any_other_password, ut::data::make(kKeys), key) {
  CheckRefusesOtherPasswords(key);
}

// Changes the JSON inside the key file whose password is "hello".
std::string ChangedVector(std::string_view from, std::string_view to) {
  REQUIRE_VALUE(const crypto::PemBlock block,
                crypto::ParsePem(Vector("encrypted-sigstore-n32768.key")));
  return CosignPem(test::Replaced(std::string(AsText(block.body.Expose())), from, to));
}

BOOST_AUTO_TEST_CASE(refuses_a_changed_byte_of_the_ciphertext) {
  BOOST_CHECK(Open(ChangedVector("2puC7rfW", "2puC7rfW"), "hello").has_value());
  CHECK_ERROR(Open(ChangedVector("2puC7rfW", "3puC7rfW"), "hello"), ErrorCode::kRejected,
              "password");
  CHECK_ERROR(Open(ChangedVector("IQdoLg==", "IQdoLw=="), "hello"), ErrorCode::kRejected,
              "password");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(key_file_of_cosign_3,
                      *ut::precondition(test::HasVectors("cosign/cosign.key")))

BOOST_AUTO_TEST_CASE(opens) { CheckOpens(kKeyOfCosign3); }

BOOST_AUTO_TEST_CASE(refuses_any_other_password) { CheckRefusesOtherPasswords(kKeyOfCosign3); }

BOOST_AUTO_TEST_CASE(reads_the_public_key) {
  REQUIRE_VALUE(const Bytes spki, ReadPublicKey(Vector("cosign.pub")));
  BOOST_CHECK_EQUAL(Sha256Hex(spki), kKeyOfCosign3.spki_sha256);
  BOOST_CHECK_EQUAL(WritePublicKey(spki), Vector("cosign.pub"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(key_file)

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  ErrorCode code;
  std::string_view message;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

constexpr ErrorCode kBad = ErrorCode::kMalformed;
constexpr ErrorCode kOther = ErrorCode::kUnsupported;

const Refusal kRefusals[] = {
    {"N of 2^14", "32768", "16384", kOther, "found N 16384, r 8, p 1"},
    {"N of 2^18", "32768", "262144", kOther, "found N 262144"},
    {"N of 2^40", "32768", "1099511627776", kOther, "found N 1099511627776"},
    {"N that is not a power of two", "32768", "32769", kOther, "found N 32769"},
    {"other r", R"("r":8)", R"("r":16)", kOther, "r 16, p 1"},
    {"other p", R"("p":1)", R"("p":2)", kOther, "r 8, p 2"},
    {"N of zero", "32768", "0", kOther, "found N 0"},
    {"N as text", "32768", R"("32768")", kBad, "kdf.params.N: must be an unsigned integer"},
    {"N with an exponent", "32768", "32768e0", kBad, "kdf.params.N: must be an unsigned"},
    {"r below zero", R"("r":8)", R"("r":-8)", kBad, "kdf.params.r: must be an unsigned"},
    {"no p", R"(,"p":1)", "", kBad, "kdf.params.p: missing"},
    {"another derivation", R"("scrypt")", R"("pbkdf2")", kOther,
     "kdf.name: expected scrypt, found \"pbkdf2\""},
    {"another cipher", "nacl/secretbox", "aes-256-gcm", kOther,
     "cipher.name: expected nacl/secretbox, found \"aes-256-gcm\""},
    {"short salt", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAAA", kBad,
     "kdf.salt: must be 32 bytes"},
    {"short nonce", R"("nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")", R"("nonce":"AAAA")", kBad,
     "cipher.nonce: must be 24 bytes"},
    {"no nonce", R"(,"nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")", "", kBad,
     "cipher.nonce: missing"},
    {"ciphertext that is not base64", R"("AAAAAAAAAAAAAAAAAAAAAAA=")", R"("A")", kBad,
     "ciphertext: must be standard base64"},
    {"ciphertext shorter than its tag", R"("AAAAAAAAAAAAAAAAAAAAAAA=")", R"("AAAA")",
     ErrorCode::kRejected, ""},
    {"unknown field", R"({"kdf")", R"({"x":1,"kdf")", kBad, "x: unknown field"},
    {"unknown field of the derivation", R"({"name":"scrypt")", R"({"x":1,"name":"scrypt")", kBad,
     "kdf.x: unknown field"},
    {"unknown field of the parameters", R"({"N")", R"({"x":1,"N")", kBad,
     "kdf.params.x: unknown field"},
    {"unknown field of the cipher", R"({"name":"nacl)", R"({"x":1,"name":"nacl)", kBad,
     "cipher.x: unknown field"},
    {"null", R"("AAAAAAAAAAAAAAAAAAAAAAA=")", "null", kBad, "null"},
    {"key twice", R"("N":32768)", R"("N":65536,"N":32768)", kBad, "more than once"},
    {"trailing bytes", R"("ciphertext":"AAAAAAAAAAAAAAAAAAAAAAA="})",
     R"("ciphertext":"AAAAAAAAAAAAAAAAAAAAAAA="}x)", kBad, "trailing data after the value"},
    {"another password", R"("r":8)", R"("r":8)", ErrorCode::kRejected, "password"},
};

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kRefusals), refusal) {
  const std::string json = test::Replaced(std::string(kJson), refusal.from, refusal.to);
  CHECK_ERROR(Open(CosignPem(json)), refusal.code, refusal.message);
}

struct Label {
  std::string_view label;
  ErrorCode code;
};

std::ostream& operator<<(std::ostream& out, const Label& label) { return out << label.label; }

const Label kLabels[] = {
    {"RSA PRIVATE KEY", kOther}, {"OPENSSH PRIVATE KEY", kOther}, {"ENCRYPTED PUBLIC KEY", kOther},
    {"PUBLIC KEY", kOther},      {"CERTIFICATE", kOther},
};

BOOST_DATA_TEST_CASE(refuses_label, ut::data::make(kLabels), label) {
  const std::string pem = crypto::WritePem(label.label, AsBytes("body"));
  CHECK_ERROR(DetectKeyFile(pem), label.code, label.label);
  CHECK_ERROR(Open(pem), label.code, label.label);
}

BOOST_AUTO_TEST_CASE(detects_the_forms) {
  const auto form = [](std::string_view label) {
    REQUIRE_VALUE(const KeyFileForm found, DetectKeyFile(crypto::WritePem(label, AsBytes("x"))));
    return found;
  };
  BOOST_CHECK(form("PRIVATE KEY") == KeyFileForm::kPkcs8);
  BOOST_CHECK(form("EC PRIVATE KEY") == KeyFileForm::kSec1);
  BOOST_CHECK(form("ENCRYPTED PRIVATE KEY") == KeyFileForm::kEncryptedPkcs8);
  BOOST_CHECK(form("ENCRYPTED COSIGN PRIVATE KEY") == KeyFileForm::kCosign);
  BOOST_CHECK(form("ENCRYPTED SIGSTORE PRIVATE KEY") == KeyFileForm::kCosign);
}

// As `openssl ecparam -genkey` writes it: the curve, then the key.
BOOST_AUTO_TEST_CASE(passes_over_one_block_with_the_curve) {
  const std::string curve = crypto::WritePem("EC PARAMETERS", AsBytes("curve"));
  const std::string key = crypto::WritePem("PRIVATE KEY", AsBytes("body"));
  REQUIRE_VALUE(const auto opened, Open(curve + key));
  BOOST_CHECK_EQUAL(AsText(opened.Expose()), "body");
  CHECK_ERROR(Open(curve), ErrorCode::kMalformed, "no PEM block");
  CHECK_ERROR(Open(curve + curve + key), ErrorCode::kMalformed, "trailing data");
  CHECK_ERROR(Open(curve.substr(0, curve.size() - 5) + key), ErrorCode::kMalformed,
              "expected \"-----END EC PARAMETERS-----\"");
  CHECK_ERROR(Open(key + curve), ErrorCode::kMalformed, "trailing data");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_key_file) {
  CHECK_ERROR(DetectKeyFile(""), ErrorCode::kMalformed, "no PEM block");
  CHECK_ERROR(Open("not a key"), ErrorCode::kMalformed, "no PEM block");
  CHECK_ERROR(DetectKeyFile(std::string(kMaxKeyFileBytes + 1, 'x')), ErrorCode::kMalformed,
              "larger than 65536 bytes");
}

BOOST_AUTO_TEST_CASE(refuses_a_public_key_of_another_label) {
  CHECK_ERROR(ReadPublicKey(crypto::WritePem("CERTIFICATE", AsBytes("x"))), ErrorCode::kMalformed,
              "expected a PEM public key, found");
  CHECK_ERROR(ReadPublicKey("MFkw"), ErrorCode::kMalformed, "no PEM block");
}

BOOST_AUTO_TEST_CASE(written_key_opens_with_its_password_only) {
  const SecretBytes plain = SecretBytes::CopyOf("not even a key");
  std::array<uint8_t, 24> nonce{};
  nonce[3] = 7;
  const Bytes salt(32, 5);
  REQUIRE_VALUE(const std::string pem,
                WriteCosignKey(plain, SecretBytes::CopyOf("pw"), salt, crypto::BoxNonce(nonce)));
  BOOST_CHECK(pem.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
  REQUIRE_VALUE(const crypto::PemBlock block, crypto::ParsePem(pem));
  // The field order of cosign 3.1.
  BOOST_CHECK(AsText(block.body.Expose())
                  .starts_with(R"({"kdf":{"name":"scrypt","params":{"N":65536,"r":8,"p":1},)"
                               R"("salt":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU="},)"
                               R"("cipher":{"name":"nacl/secretbox",)"
                               R"("nonce":"AAAABwAAAAAAAAAAAAAAAAAAAAAAAAAA"},"ciphertext":")"));
  REQUIRE_VALUE(const SecretBytes opened, Open(pem, "pw"));
  BOOST_CHECK_EQUAL(AsText(opened.Expose()), "not even a key");
  CHECK_ERROR(Open(pem, "pW"), ErrorCode::kRejected, "password");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(key_file_openssl, *ut::precondition(test::HasProgram("openssl")))

std::string PublicKeyPem(const SecretBytes& pkcs8) {
  REQUIRE_VALUE(const auto key, crypto::P256PrivateKey::ParsePkcs8(pkcs8));
  return WritePublicKey(key.public_key().spki());
}

BOOST_AUTO_TEST_CASE(reads_plain_and_encrypted_keys_of_openssl) {
  const test::ScratchFolder scratch;
  const std::string plain = scratch / "plain.pem";
  const std::string encrypted = scratch / "encrypted.pem";
  test::MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + plain);
  test::MustRun("openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret -in " + plain +
                " -out " + encrypted);
  const std::string public_key = test::MustRun("openssl pkey -pubout -in " + plain);

  REQUIRE_VALUE(const SecretBytes from_plain, Open(test::Slurp(plain)));
  BOOST_CHECK_EQUAL(PublicKeyPem(from_plain), public_key);
  REQUIRE_VALUE(const SecretBytes from_encrypted, Open(test::Slurp(encrypted), "secret"));
  BOOST_CHECK_EQUAL(PublicKeyPem(from_encrypted), public_key);
  CHECK_ERROR(Open(test::Slurp(encrypted), "Secret"), ErrorCode::kRejected, "password");
}

BOOST_AUTO_TEST_CASE(openssl_reads_the_written_public_key) {
  const test::ScratchFolder scratch;
  const crypto::P256PrivateKey key = crypto::P256PrivateKey::Generate();
  const std::string path = scratch.Write("k.pub", WritePublicKey(key.public_key().spki()));
  test::MustRun("openssl pkey -pubin -outform DER -in " + path + " -out " + scratch / "k.der");
  BOOST_CHECK(ToBytes(AsBytes(test::Slurp(scratch / "k.der"))) == key.public_key().spki());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
