// Changed files are opened by openssl, and by cosign where it is installed.
#include "signer/change_password.h"

#include <sys/stat.h>
#include <unistd.h>

#include "crypto/ed25519.h"
#include "crypto/pem.h"
#include "tests/signer/fixed_keys.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::signer {
namespace {

namespace ut = boost::unit_test;
using crypto::SecretBytes;

struct Fixture {
  test::ScratchFolder folder;

  Result<> Change(const std::string& name, const std::string& from, const std::string& to) const {
    return ChangePassword(folder / name, {Gives(from), Gives(to)}, Fixed());
  }
  void MustChange(const std::string& name, const std::string& from, const std::string& to) const {
    const auto changed = Change(name, from, to);
    if (!changed) BOOST_FAIL(changed.error().message);
  }
  void MakePair(const std::string& name) const {
    const auto key = crypto::P256PrivateKey::Generate();
    BOOST_REQUIRE(WriteKeyPair(folder / name, key, SecretBytes::CopyOf(std::string_view("old")),
                               Fixed(), Overwrite::kForbid));
  }
  std::string PublicByOpenssl(const std::string& name, const std::string& password) const {
    return test::MustRun("openssl pkey -pubout -passin pass:" + password + " -in " + folder / name);
  }
  mode_t ModeOf(const std::string& name) const {
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::stat((folder / name).c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
};

BOOST_FIXTURE_TEST_SUITE(change_password, Fixture)

BOOST_AUTO_TEST_CASE(cosigns_form_stays_and_only_the_new_password_opens_it) {
  MakePair("lab");
  MustChange("lab.key", "old", "new");
  BOOST_CHECK(test::Slurp(folder / "lab.key").starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE"));
  BOOST_CHECK_EQUAL(ModeOf("lab.key"), 0600U);
  CHECK_ERROR(OpenKey(folder / "lab.key", Gives("old")), ErrorCode::kRejected, "wrong password");
  REQUIRE_VALUE(const auto signer, OpenKey(folder / "lab.key", Gives("new")));
  BOOST_CHECK_EQUAL("-----BEGIN PUBLIC KEY-----", test::Slurp(folder / "lab.pub").substr(0, 26));
  BOOST_CHECK_EQUAL(crypto::WritePem("PUBLIC KEY", signer->public_key().spki()),
                    test::Slurp(folder / "lab.pub"));
}

BOOST_AUTO_TEST_CASE(cosign_reads_the_changed_key, *ut::precondition(test::HasProgram("cosign"))) {
  MakePair("lab");
  MustChange("lab.key", "old", "new");
  BOOST_CHECK_EQUAL(
      test::MustRun("HOME=" + folder / "." + " COSIGN_PASSWORD=new cosign public-key --key " +
                    folder / "lab.key"),
      test::Slurp(folder / "lab.pub"));
}

BOOST_AUTO_TEST_CASE(a_plain_ledger_key_becomes_one_that_openssl_opens,
                     *ut::precondition(test::HasProgram("openssl"))) {
  test::MustRun("openssl genpkey -algorithm ed25519 -out " + folder / "key.pem");
  const std::string before = PublicByOpenssl("key.pem", "none");
  MustChange("key.pem", "never asked", "new");
  BOOST_CHECK(test::Slurp(folder / "key.pem").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  BOOST_CHECK_EQUAL(PublicByOpenssl("key.pem", "new"), before);
  MustChange("key.pem", "new", "");  // and plain again
  BOOST_CHECK(test::Slurp(folder / "key.pem").starts_with("-----BEGIN PRIVATE KEY-----"));
  BOOST_CHECK_EQUAL(PublicByOpenssl("key.pem", "none"), before);
}

// Carnet's own form, which cosign reads too.
BOOST_AUTO_TEST_CASE(plain_attestation_keys_become_cosigns,
                     *ut::precondition(test::HasProgram("openssl"))) {
  for (const char* made_by : {"ecparam -genkey -name prime256v1",
                              "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"}) {
    test::MustRun("openssl " + std::string(made_by) + " -out " + folder / "plain.pem");
    const std::string before = PublicByOpenssl("plain.pem", "none");
    MustChange("plain.pem", "never asked", "new");
    BOOST_CHECK(test::Slurp(folder / "plain.pem").starts_with("-----BEGIN ENCRYPTED SIGSTORE"));
    REQUIRE_VALUE(const auto signer, OpenKey(folder / "plain.pem", Gives("new")));
    BOOST_CHECK_EQUAL(crypto::WritePem("PUBLIC KEY", signer->public_key().spki()), before);
  }
}

BOOST_AUTO_TEST_CASE(encrypted_pkcs8_stays_what_openssl_opens,
                     *ut::precondition(test::HasProgram("openssl"))) {
  test::MustRun(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass "
      "pass:old -out " +
      folder / "key.pem");
  const std::string before = PublicByOpenssl("key.pem", "old");
  MustChange("key.pem", "old", "new");
  BOOST_CHECK_EQUAL(PublicByOpenssl("key.pem", "new"), before);
}

BOOST_AUTO_TEST_CASE(without_a_password_every_form_becomes_plain_pkcs8,
                     *ut::precondition(test::HasProgram("openssl"))) {
  MakePair("lab");
  MustChange("lab.key", "old", "");
  BOOST_CHECK(test::Slurp(folder / "lab.key").starts_with("-----BEGIN PRIVATE KEY-----"));
  BOOST_CHECK_EQUAL(ModeOf("lab.key"), 0600U);
  BOOST_CHECK_EQUAL(PublicByOpenssl("lab.key", "none"), test::Slurp(folder / "lab.pub"));
}

struct Refused {
  const char* name;
  const char* made_by;  // a shell command that writes $KEY
  ErrorCode code;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Refused& refused) { return out << refused.name; }

const Refused kRefused[] = {
    {"wrong_password", "openssl genpkey -algorithm ed25519 -aes256 -pass pass:other -out $KEY",
     ErrorCode::kRejected, "wrong password"},
    {"other_curve", "openssl ecparam -genkey -noout -name secp384r1 -out $KEY",
     ErrorCode::kUnsupported, "expected prime256v1, found secp384r1"},
    {"rsa", "openssl genrsa -out $KEY 2048", ErrorCode::kUnsupported, "found RSA"},
    {"public_half", "openssl genpkey -algorithm ed25519 | openssl pkey -pubout -out $KEY",
     ErrorCode::kUnsupported, "found only its public half"},
    {"text", "echo hello > $KEY", ErrorCode::kMalformed, "no PEM block"},
};

BOOST_DATA_TEST_CASE_F(Fixture, what_cannot_be_opened_stays_as_it_is, ut::data::make(kRefused),
                       refused) {
  test::MustRun("KEY=" + folder / "key; " + refused.made_by);
  const std::string before = test::Slurp(folder / "key");
  CHECK_ERROR(Change("key", "old", "new"), refused.code, refused.message);
  CHECK_ERROR(Change("key", "old", "new"), refused.code, folder / "key");
  BOOST_CHECK_EQUAL(test::Slurp(folder / "key"), before);
}

BOOST_AUTO_TEST_CASE(without_a_new_password_the_file_stays) {
  MakePair("lab");
  const std::string before = test::Slurp(folder / "lab.key");
  const PasswordProvider none = []() -> Result<SecretBytes> { return Io("no terminal"); };
  CHECK_ERROR(ChangePassword(folder / "lab.key", {Gives("old"), none}, Fixed()), ErrorCode::kIo,
              "no terminal");
  BOOST_CHECK_EQUAL(test::Slurp(folder / "lab.key"), before);
}

BOOST_AUTO_TEST_CASE(only_a_regular_file_is_replaced) {
  MakePair("lab");
  BOOST_REQUIRE_EQUAL(::symlink("lab.key", (folder / "link").c_str()), 0);
  CHECK_ERROR(Change("link", "old", "new"), ErrorCode::kIo, "is not a regular file");
  CHECK_ERROR(Change("missing", "old", "new"), ErrorCode::kNotFound, "missing");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
