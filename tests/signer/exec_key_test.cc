// Keys behind a command, which here is a script round openssl; what it signs, openssl checks.
#include "signer/exec_key.h"

#include <filesystem>

#include "crypto/sha256.h"
#include "sigstore/key_file.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::signer {
namespace {

namespace ut = boost::unit_test;
using std::chrono::milliseconds;

struct WithScript {
  test::ScratchFolder folder;

  // A script with these commands for each task; the key is in k.pem beside it.
  std::string Script(const std::string& public_key, const std::string& sign) const {
    const std::string path =
        folder.Write("kms", "#!/bin/sh\ncd " + folder.str() + "\ncase $1 in\npublic-key) " +
                                public_key + ";;\nsign) " + sign + ";;\nesac\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  void MakeKey(const std::string& curve = "P-256") const {
    test::MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -out " +
                  folder / "k.pem");
  }
  static constexpr char kPublic[] = "openssl pkey -in k.pem -pubout";
  static constexpr char kSign[] = "openssl pkeyutl -sign -inkey k.pem";

  Result<Bytes> Signed(const std::string& sign, milliseconds time = milliseconds(10'000)) const {
    MakeKey();
    REQUIRE_VALUE(const auto key, OpenExecKey(Script(kPublic, sign), time));
    return key->SignDigest(crypto::Sha256Of("attested"));
  }
  Result<std::unique_ptr<AttestationKey>> WithPublic(const std::string& public_key) const {
    return OpenExecKey(Script(public_key, kSign), milliseconds(10'000));
  }
};

BOOST_FIXTURE_TEST_SUITE(exec_key, WithScript, *ut::precondition(test::HasProgram("openssl")))

BOOST_AUTO_TEST_CASE(signs_the_digest_that_it_is_given) {
  MakeKey();
  REQUIRE_VALUE(const auto key, OpenExecKey(Script(kPublic, kSign)));
  const std::string public_key = test::MustRun("openssl pkey -pubout -in " + folder / "k.pem");
  BOOST_CHECK_EQUAL(sigstore::WritePublicKey(key->public_key().spki()), public_key);
  REQUIRE_VALUE(const Bytes signature, key->SignDigest(crypto::Sha256Of("attested")));
  BOOST_CHECK_EQUAL(
      test::MustRun("openssl dgst -sha256 -verify " + folder.Write("k.pub", public_key) +
                    " -signature " + folder.Write("signature", AsText(signature)) + " " +
                    folder.Write("message", "attested")),
      "Verified OK\n");
}

BOOST_AUTO_TEST_CASE(its_words_come_before_the_task) {
  MakeKey();
  const std::string path =
      folder.Write("words",
                   "#!/bin/sh\n[ \"$#\" = 4 ] && [ \"$1\" = 'lab key' ] && [ \"$2\" = "
                   "'$HOME' ] && [ \"$3\" = -x ] && [ \"$4\" = public-key ] && cat " +
                       folder / "k.pub");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  test::MustRun("openssl pkey -pubout -in " + folder / "k.pem -out " + folder / "k.pub");
  BOOST_CHECK(OpenExecKey(path + " 'lab key' '$HOME' -x").has_value());
  CHECK_ERROR(OpenExecKey(path + " lab key -x"), ErrorCode::kIo, "ended with status 1");
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_says_why) {
  CHECK_ERROR(Signed("echo 'kms: no\tpermission' >&2; echo twice >&2; exit 3"), ErrorCode::kIo,
              "kms sign: ended with status 3; it says: kms: no\\x09permission twice");
  CHECK_ERROR(Signed("exit 4"), ErrorCode::kIo,
              "ended with status 4; it says nothing on standard error");
  CHECK_ERROR(Signed("kill -9 $$"), ErrorCode::kIo, "ended by a signal");
}

BOOST_AUTO_TEST_CASE(a_command_without_end_is_stopped) {
  CHECK_ERROR(Signed("sleep 100", milliseconds(1'000)), ErrorCode::kIo, "no end after 1000 ms");
  CHECK_ERROR(Signed("yes"), ErrorCode::kIo, "more than 65536 bytes of output");
}

BOOST_AUTO_TEST_CASE(more_than_a_signature_is_refused) {
  CHECK_ERROR(Signed("head -c 73 /dev/zero"), ErrorCode::kIo,
              "printed 73 bytes, more than a DER signature has");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_named) {
  CHECK_ERROR(OpenExecKey("carnet-no-such-program lab"), ErrorCode::kNotFound,
              "carnet-no-such-program public-key: there is no such program");
  CHECK_ERROR(OpenExecKey(folder.Write("not-executable", "")), ErrorCode::kIo, "Permission denied");
}

BOOST_AUTO_TEST_CASE(what_is_no_p256_public_key_is_refused) {
  CHECK_ERROR(WithPublic("true"), ErrorCode::kMalformed, "kms public-key: ");
  CHECK_ERROR(WithPublic("cat k.pem"), ErrorCode::kIo, "kms public-key: ended with status 1");
  MakeKey();
  CHECK_ERROR(WithPublic("cat k.pem"), ErrorCode::kMalformed,
              "expected a PEM public key, found \"PRIVATE KEY\"");
  CHECK_ERROR(WithPublic(std::string(kPublic) + "; " + kPublic), ErrorCode::kMalformed,
              "trailing data");
  MakeKey("P-384");
  CHECK_ERROR(WithPublic(kPublic), ErrorCode::kUnsupported, "kms public-key: ");
}

BOOST_AUTO_TEST_CASE(nothing_is_derived_from_it) {
  MakeKey();
  REQUIRE_VALUE(const auto key, OpenExecKey(Script(kPublic, kSign)));
  CHECK_ERROR(key->Derive(AsBytes("context")), ErrorCode::kUnsupported, "give --nonce with");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
