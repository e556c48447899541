// Every step of docs/signing.md, run as it is printed there, and what commands say when it fails.
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/cli/cli_world.h"
#include "tests/cli/doc_blocks.h"
#include "tests/support/soft_token.h"
#include "tests/support/vectors.h"

using namespace carnet::test;

namespace {

namespace ut = boost::unit_test;

constexpr char kPlace[] =
    "pkcs11:token=lab;object=signing?module-path=/usr/lib/softhsm/libsofthsm2.so";

struct Elsewhere : CliWorld {
  Elsewhere() : CliWorld(Stage::kAttested) {
    std::filesystem::create_directories(*this / "tokens");
    Write("softhsm2.conf", "directories.tokendir = " + *this / "tokens" + "\n");
    carnet().Set("SOFTHSM2_CONF", *this / "softhsm2.conf");
    carnet().Set("MODULE", kSoftHsm);
  }
  void MustFollow(const std::string& name) {
    const auto blocks = BlocksOf("signing.md");
    BOOST_REQUIRE_MESSAGE(blocks.contains(name), name);
    const Ran ran = carnet().Shell("set -e\n" + blocks.at(name));
    BOOST_REQUIRE_MESSAGE(ran.status == 0, name << ": " << ran.out << ran.err);
  }
  Ran AttestWith(const std::string& key, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"attest",  "--kind", "dataset",  "dataset.json",
                                          "--files", "data",   "--ledger", "ledger",
                                          "--key",   key};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Run(arguments);
  }
  void CheckRefused(const Ran& ran, int status, const std::string& message, uint64_t size) {
    CheckFailed(ran, status, message);
    BOOST_CHECK_EQUAL(TreeSize(), size);
  }
  // The bundle's signature over its own encoding, by openssl.
  void CheckSignedBy(const std::string& public_key) {
    const auto bundle = boost::json::parse(Read("dataset.sigstore.json"));
    const auto& envelope = bundle.at("dsseEnvelope");
    Write("payload.b64", std::string(envelope.at("payload").as_string()));
    Write("signature.b64",
          std::string(envelope.at("signatures").as_array().at(0).at("sig").as_string()));
    BOOST_CHECK_EQUAL(
        MustRun("cd " + *this / "" +
                " && base64 -d -w0 payload.b64 > payload && base64 -d signature.b64 > signature && "
                "(printf 'DSSEv1 28 application/vnd.in-toto+json %d ' $(wc -c < payload); cat "
                "payload) > pae && openssl dgst -sha256 -verify " +
                public_key + " -signature signature pae"),
        "Verified OK\n");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keys_elsewhere, Elsewhere, *ut::precondition(HasSoftToken()))

BOOST_AUTO_TEST_CASE(every_step_has_a_test) {
  std::set<std::string> names;
  for (const auto& [name, block] : BlocksOf("signing.md")) names.insert(name);
  // sign-file in sign_blob_test.cc.
  const std::set<std::string> tested = {
      "token", "sign-with-token", "script", "sign-with-command", "sign-file", "own-certificate"};
  BOOST_CHECK(names == tested);
}

BOOST_AUTO_TEST_CASE(a_token_signs_an_attestation) {
  MustFollow("token");
  MustFollow("sign-with-token");
  CheckSignedBy("signing.pub");
}

BOOST_AUTO_TEST_CASE(a_command_signs_an_attestation) {
  MustFollow("script");
  MustFollow("sign-with-command");
  MustRun("cd " + *this / "" + " && openssl pkey -in kept.pem -pubout -out kept.pub");
  CheckSignedBy("kept.pub");
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_logs_nothing_and_says_how_to_give_one) {
  MustFollow("token");
  const uint64_t size = TreeSize();
  carnet().Set("CARNET_PIN", "4321");
  const Ran ran = AttestWith(kPlace);
  CheckRefused(ran, 3, "the PIN is wrong (CKR_PIN_INCORRECT)", size);
  CheckHint(ran, "set it with: read -rs CARNET_PIN && export CARNET_PIN");
  BOOST_CHECK(ran.err.find("4321") == std::string::npos);
  carnet().Unset("CARNET_PIN");
  CheckRefused(AttestWith(kPlace), 3, "a password is needed: set CARNET_PIN", size);
  CheckRefused(AttestWith(std::string(kPlace) + "&pin-value=4321"), 3,
               "pin-value: everybody can read it", size);
  BOOST_CHECK(AttestWith(std::string(kPlace) + "&pin-value=4321").err.find("4321") ==
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pin_file_that_others_can_read_is_warned_of) {
  MustFollow("token");
  std::filesystem::permissions(Write("pin", "1234\n"), std::filesystem::perms(0644));
  const Ran ran = AttestWith(std::string(kPlace) + "&pin-source=file:" + *this / "pin");
  CheckDone(ran);
  BOOST_CHECK_MESSAGE(ran.err.find("others can read this PIN (mode 0644)") != std::string::npos,
                      ran.err);
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_or_lies_logs_nothing) {
  MustFollow("script");
  const uint64_t size = TreeSize();
  const auto with = [&](const std::string& sign) {
    std::filesystem::permissions(
        Write("bad.sh",
              "#!/bin/sh\ncase $1 in\npublic-key) openssl pkey -in kept.pem -pubout ;;\n"
              "sign) " +
                  sign + " ;;\nesac\n"),
        std::filesystem::perms(0755));
    return AttestWith("exec:./bad.sh");
  };
  CheckRefused(with("echo 'no permission' >&2; exit 1"), 3,
               "./bad.sh sign: ended with status 1; it says: no permission", size);
  CheckRefused(with("openssl rand 70"), 3,
               "gave a signature that is not good by its own public key", size);
  CheckRefused(with("openssl pkeyutl -sign -inkey kept.pem | head -c 60"), 3,
               "gave a signature that is not good by its own public key", size);
  CheckRefused(AttestWith("exec:cat kept.pem | sh"), 3, "means something to a shell", size);
}

BOOST_AUTO_TEST_CASE(a_nonce_is_given_where_none_can_be_derived) {
  MustFollow("script");
  const uint64_t size = TreeSize();
  constexpr char kCommand[] = "exec:./sign.sh kept.pem";
  CheckRefused(AttestWith(kCommand, {"--idempotency-key", "job-42"}), 3,
               "--idempotency-key: a key behind a command can only sign", size);
  const std::vector<std::string> nonce = {"--nonce", "000102030405060708090a0b0c0d0e0f"};
  CheckDone(AttestWith(kCommand, nonce));
  const Ran repeated = AttestWith(kCommand, nonce);
  CheckDone(repeated);
  BOOST_CHECK(repeated.err.find("was already recorded") != std::string::npos);
  BOOST_CHECK_EQUAL(TreeSize(), size + 1);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_merely_found_runs_nothing) {
  MustFollow("script");
  Write("trap.sh", "#!/bin/sh\ntouch ran\n");
  std::filesystem::permissions(*this / "trap.sh", std::filesystem::perms(0755));
  const std::vector<std::string> without_key = {"attest",  "--kind", "dataset",  "dataset.json",
                                                "--files", "data",   "--ledger", "ledger"};
  Write("carnet.toml", "key = \"exec:./trap.sh\"\n");
  CheckFailed(Run(without_key), 3, "its key runs a program or a module, and so it counts only in");
  Write("carnet.toml", "key = \"pkcs11:object=k?module-path=/no/such.so\"\n");
  CheckFailed(Run(without_key), 3, "its key runs a program or a module, and so it counts only in");
  BOOST_CHECK(!std::filesystem::exists(*this / "ran"));

  Write("carnet.toml", "key = \"exec:./sign.sh kept.pem\"\n");
  std::vector<std::string> named = without_key;
  named.insert(named.end(), {"--config", "carnet.toml"});
  CheckDone(Run(named));
  carnet().Set("CARNET_KEY", "exec:./sign.sh kept.pem");
  CheckDone(Run(without_key));
}

// All but its authority, which no trusted root of others lists.
BOOST_AUTO_TEST_CASE(a_certificate_of_ones_own_is_made_as_the_page_says) {
  MustFollow("own-certificate");
  Write("artifact", "x");
  CheckFailed(Run({"sign-blob", "artifact", "--bundle", "b.json", "--key", "jane.pem",
                   "--certificate", "lab.pem", "--timestamp-url", "http://127.0.0.1:1"}),
              3, "lab.pem: no trusted authority has issued the certificate");
}

BOOST_AUTO_TEST_CASE(a_file_to_sign_takes_the_key_of_the_environment) {
  Write("artifact", "x");
  carnet().Set("CARNET_KEY", "lab.key");
  CheckDone(Run({"sign-blob", "artifact", "--bundle", "b.json"}));
  CheckDone(Run({"verify-blob", "--bundle", "b.json", "--key", "lab.pub", "--insecure-ignore-tlog",
                 "artifact"}));
}

BOOST_AUTO_TEST_CASE(a_token_on_the_command_line_is_not_repeated) {
  Write("artifact", "x");
  const Ran ran = Run({"sign-blob", "artifact", "--bundle", "b.json", "--identity-token",
                       "eyJhbGciOiJFUzI1NiJ9.e30.c2VjcmV0"});
  CheckFailed(ran, 2, "--identity-token takes the file that holds the token");
  BOOST_CHECK_EQUAL((ran.out + ran.err).find("c2VjcmV0"), std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
