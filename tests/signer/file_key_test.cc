#include "signer/file_key.h"

#include <sys/stat.h>

#include "core/hex.h"
#include "sigstore/key_file.h"
#include "tests/signer/fixed_keys.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::signer {
namespace {

namespace ut = boost::unit_test;
using crypto::SecretBytes;

Result<SecretBytes> NeverAsked() {
  BOOST_ERROR("the password was asked for");
  return Rejected("not asked for");
}

Result<> WritePair(const std::string& prefix, const crypto::P256PrivateKey& key,
                   Overwrite overwrite) {
  return WriteKeyPair(prefix, key, SecretBytes::CopyOf("pw"), Fixed(), overwrite);
}

BOOST_AUTO_TEST_SUITE(file_key)

BOOST_AUTO_TEST_CASE(written_pair_opens_again) {
  const test::ScratchFolder scratch;
  const crypto::P256PrivateKey key = crypto::P256PrivateKey::Generate();
  BOOST_REQUIRE(WritePair(scratch / "lab", key, Overwrite::kForbid).has_value());
  REQUIRE_VALUE(const auto signer, OpenKey(scratch / "lab.key", Gives("pw")));
  BOOST_CHECK(signer->key_id() == key.public_key().id());
  REQUIRE_VALUE(const Bytes spki, sigstore::ReadPublicKey(test::Slurp(scratch / "lab.pub")));
  BOOST_CHECK(spki == key.public_key().spki());
}

BOOST_AUTO_TEST_CASE(private_key_is_for_its_owner_only) {
  const test::ScratchFolder scratch;
  BOOST_REQUIRE(WritePair(scratch / "lab", crypto::P256PrivateKey::Generate(), Overwrite::kForbid)
                    .has_value());
  struct stat status {};
  BOOST_REQUIRE_EQUAL(stat((scratch / "lab.key").c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 0777U, 0600U);
  BOOST_CHECK(test::Slurp(scratch / "lab.key").find("-----BEGIN PRIVATE KEY") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(overwrites_neither_file_unless_told) {
  const crypto::P256PrivateKey key = crypto::P256PrivateKey::Generate();
  for (const char* name : {"lab.key", "lab.pub"}) {
    const test::ScratchFolder scratch;
    scratch.Write(name, "precious");
    CHECK_ERROR(WritePair(scratch / "lab", key, Overwrite::kForbid), ErrorCode::kConflict, name);
    BOOST_CHECK_EQUAL(test::Slurp(scratch / name), "precious");
    BOOST_CHECK_NE(PathExists(scratch / "lab.key"), PathExists(scratch / "lab.pub"));
    BOOST_CHECK(WritePair(scratch / "lab", key, Overwrite::kReplace).has_value());
    BOOST_CHECK(OpenKey(scratch / "lab.key", Gives("pw")).has_value());
  }
}

BOOST_AUTO_TEST_CASE(wrong_password_is_refused_with_the_path) {
  const test::ScratchFolder scratch;
  BOOST_REQUIRE(WritePair(scratch / "lab", crypto::P256PrivateKey::Generate(), Overwrite::kForbid)
                    .has_value());
  CHECK_ERROR(OpenKey(scratch / "lab.key", Gives("")), ErrorCode::kRejected,
              scratch / "lab.key" + ": wrong password");
}

BOOST_AUTO_TEST_CASE(error_of_the_provider_is_passed_on) {
  const test::ScratchFolder scratch;
  BOOST_REQUIRE(WritePair(scratch / "lab", crypto::P256PrivateKey::Generate(), Overwrite::kForbid)
                    .has_value());
  const PasswordProvider none = []() -> Result<SecretBytes> { return NotFound("no terminal"); };
  CHECK_ERROR(OpenKey(scratch / "lab.key", none), ErrorCode::kNotFound, "no terminal");
}

BOOST_AUTO_TEST_CASE(absent_and_foreign_files_are_refused) {
  const test::ScratchFolder scratch;
  CHECK_ERROR(OpenKey(scratch / "none.key", NeverAsked), ErrorCode::kNotFound, "none.key");
  CHECK_ERROR(OpenKey(scratch.Write("text", "hello"), NeverAsked), ErrorCode::kMalformed,
              "no PEM block");
  CHECK_ERROR(OpenKey(scratch.Write("large", std::string(65 * 1024, 'x')), NeverAsked),
              ErrorCode::kMalformed, "large");
}

BOOST_AUTO_TEST_CASE(opens_a_key_that_cosign_wrote,
                     *ut::precondition(test::HasVectors("cosign/cosign.key"))) {
  REQUIRE_VALUE(const auto signer, OpenKey((test::VectorsFolder() / "cosign/cosign.key").string(),
                                           Gives("carnet-test")));
  BOOST_CHECK_EQUAL(HexEncode(signer->key_id().span()),
                    "bf013aae9ee07003d00b2418b206e140f76d96642248e1b066637da1ec197000");
}

BOOST_AUTO_TEST_CASE(cosign_reads_the_written_key, *ut::precondition(test::HasProgram("cosign"))) {
  const test::ScratchFolder scratch;
  BOOST_REQUIRE(WritePair(scratch / "lab", crypto::P256PrivateKey::Generate(), Overwrite::kForbid)
                    .has_value());
  const std::string public_key =
      test::MustRun("HOME=" + scratch / "." + " COSIGN_PASSWORD=pw cosign public-key --key " +
                    scratch / "lab.key");
  BOOST_CHECK_EQUAL(public_key, test::Slurp(scratch / "lab.pub"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(file_key_openssl, *ut::precondition(test::HasProgram("openssl")))

struct OtherKey {
  std::string_view name;
  std::string_view options;
  std::string_view message;
};

std::ostream& operator<<(std::ostream& out, const OtherKey& key) { return out << key.name; }

const OtherKey kOtherKeys[] = {
    {"Ed25519", "-algorithm ed25519", "ED25519"},
    {"P-384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "secp384r1"},
    {"RSA", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "RSA"},
};

BOOST_DATA_TEST_CASE(other_key_types_are_named, ut::data::make(kOtherKeys), other) {
  const test::ScratchFolder scratch;
  const std::string path = scratch / "k.pem";
  test::MustRun("openssl genpkey " + std::string(other.options) + " -out " + path);
  CHECK_ERROR(OpenKey(path, NeverAsked), ErrorCode::kUnsupported, other.message);
}

BOOST_AUTO_TEST_CASE(plain_key_needs_no_password) {
  const test::ScratchFolder scratch;
  const std::string path = scratch / "k.pem";
  test::MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + path);
  REQUIRE_VALUE(const auto signer, OpenKey(path, NeverAsked));
  BOOST_CHECK_EQUAL(sigstore::WritePublicKey(signer->public_key().spki()),
                    test::MustRun("openssl pkey -pubout -in " + path));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
