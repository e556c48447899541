// SEC 1 keys that openssl makes, read against what openssl says about them.
#include "crypto/sec1.h"

#include "crypto/ecdsa.h"
#include "crypto/pem.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

namespace ut = boost::unit_test;

struct Fixture {
  test::ScratchFolder folder;

  // `openssl … -out <folder>/<name>`, and what is in it then.
  std::string Made(const std::string& command, const std::string& name) const {
    test::MustRun("openssl " + command + " -out " + folder / name);
    return test::Slurp(folder / name);
  }
  std::string Encrypted(const std::string& cipher) const {
    Made("ecparam -genkey -noout -name prime256v1", "plain.pem");
    return Made("ec -traditional " + cipher + " -passout pass:pw -in " + folder / "plain.pem",
                "encrypted.pem");
  }
  // DER of the public key in a private-key file.
  Bytes SpkiByOpenssl(const std::string& name) const {
    const auto block = ParsePem(test::MustRun("openssl pkey -pubout -in " + folder / name));
    BOOST_REQUIRE(block);
    return ToBytes(block->body.Expose());
  }
  static SecretBytes Password(std::string_view text) { return SecretBytes::CopyOf(text); }
};

BOOST_FIXTURE_TEST_SUITE(sec1, Fixture, *ut::precondition(test::HasProgram("openssl")))

BOOST_AUTO_TEST_CASE(reads_the_key_that_openssl_made) {
  const std::string pem = Made("ecparam -genkey -noout -name prime256v1", "key.pem");
  REQUIRE_VALUE(const PemBlock block, ParsePem(pem));
  BOOST_CHECK_EQUAL(block.label, "EC PRIVATE KEY");
  REQUIRE_VALUE(const SecretBytes pkcs8, Sec1ToPkcs8(block.body.Expose()));
  REQUIRE_VALUE(const auto key, P256PrivateKey::ParsePkcs8(pkcs8));
  BOOST_CHECK(key.public_key().spki() == SpkiByOpenssl("key.pem"));
}

BOOST_AUTO_TEST_CASE(names_the_curve_of_another) {
  for (const char* curve : {"secp384r1", "secp256k1"}) {
    const std::string pem = Made("ecparam -genkey -noout -name " + std::string(curve), "key.pem");
    REQUIRE_VALUE(const PemBlock block, ParsePem(pem));
    REQUIRE_VALUE(const SecretBytes pkcs8, Sec1ToPkcs8(block.body.Expose()));
    CHECK_ERROR(P256PrivateKey::ParsePkcs8(pkcs8), ErrorCode::kUnsupported,
                "expected prime256v1, found " + std::string(curve));
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_sec1_key) {
  REQUIRE_VALUE(PemBlock block,
                ParsePem(Made("ecparam -genkey -noout -name prime256v1", "key.pem")));
  Bytes der = ToBytes(block.body.Expose());
  der.push_back(0);
  CHECK_ERROR(Sec1ToPkcs8(der), ErrorCode::kMalformed, "not a key");
  CHECK_ERROR(Sec1ToPkcs8(ByteSpan(der).first(der.size() - 2)), ErrorCode::kMalformed, "not a key");
  CHECK_ERROR(Sec1ToPkcs8({}), ErrorCode::kMalformed, "not a key");
  // The same key as PKCS#8 is another form, with another label.
  const std::string pkcs8 = Made("pkcs8 -topk8 -nocrypt -in " + folder / "key.pem", "pkcs8.pem");
  REQUIRE_VALUE(block, ParsePem(pkcs8));
  CHECK_ERROR(Sec1ToPkcs8(block.body.Expose()), ErrorCode::kMalformed, "not a key");
}

BOOST_AUTO_TEST_CASE(decrypts_what_openssl_encrypted) {
  for (const char* cipher : {"-aes128", "-aes192", "-aes256", "-des3"}) {
    const std::string pem = Encrypted(cipher);
    BOOST_CHECK(IsEncryptedPem(pem));
    REQUIRE_VALUE(const SecretBytes der, DecryptSec1Pem(pem, Password("pw")));
    REQUIRE_VALUE(const SecretBytes pkcs8, Sec1ToPkcs8(der.Expose()));
    REQUIRE_VALUE(const auto key, P256PrivateKey::ParsePkcs8(pkcs8));
    BOOST_CHECK(key.public_key().spki() == SpkiByOpenssl("plain.pem"));
  }
}

// Some leave padding that looks right, one in 256.
BOOST_AUTO_TEST_CASE(no_wrong_password_opens_it) {
  const std::string pem = Encrypted("-aes128");
  for (int i = 0; i < 1000; ++i) {
    CHECK_ERROR(DecryptSec1Pem(pem, Password("pw" + std::to_string(i))), ErrorCode::kRejected,
                "wrong password");
  }
  CHECK_ERROR(DecryptSec1Pem(pem, SecretBytes(0)), ErrorCode::kRejected, "wrong password");
  CHECK_ERROR(DecryptSec1Pem(pem, Password(std::string(5000, 'x'))), ErrorCode::kRejected,
              "wrong password");
}

BOOST_AUTO_TEST_CASE(names_a_cipher_that_is_not_read) {
  std::string pem = Encrypted("-aes256");
  pem.replace(pem.find("AES-256-CBC"), 11, "DES-CBC");
  CHECK_ERROR(DecryptSec1Pem(pem, Password("pw")), ErrorCode::kUnsupported,
              "expected AES-CBC or DES-EDE3-CBC, found \"DES-CBC\"");
  pem.replace(pem.find("DEK-Info"), 8, "DEK-Foni");
  CHECK_ERROR(DecryptSec1Pem(pem, Password("pw")), ErrorCode::kMalformed, "no DEK-Info");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
