#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  std::string Read(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // SHA-256 of the public key's SPKI, by openssl.
  std::string KeyIdByOpenssl(const std::string& pem) const {
    return "key:" +
           MustRun("openssl pkey -pubin -in " + (folder / pem) + " -outform DER | sha256sum")
               .substr(0, 64);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keygen, Fixture)

BOOST_AUTO_TEST_CASE(makes_a_pair_as_cosign_writes_it) {
  const Ran ran = carnet.Run({"keygen", "--out", "lab"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, KeyIdByOpenssl("lab.pub") + "\n");
  BOOST_CHECK_EQUAL(ran.err, "carnet: wrote lab.key (encrypted) and lab.pub\n");
  BOOST_CHECK(Read("lab.key").starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
  BOOST_CHECK(Read("lab.key").find("secret") == std::string::npos);
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat((folder / "lab.key").c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 0777, 0600U);
}

BOOST_AUTO_TEST_CASE(never_overwrites_without_force) {
  CheckDone(carnet.Run({"keygen", "--out", "lab"}));
  const std::string key = Read("lab.key"), pub = Read("lab.pub");
  CheckFailed(carnet.Run({"keygen", "--out", "lab"}), 3, "lab.key");
  BOOST_CHECK_EQUAL(Read("lab.key"), key);
  std::filesystem::remove(folder / "lab.key");
  CheckFailed(carnet.Run({"keygen", "--out", "lab"}), 3, "lab.pub");
  BOOST_CHECK(!std::filesystem::exists(folder / "lab.key"));
  BOOST_CHECK_EQUAL(Read("lab.pub"), pub);
  CheckDone(carnet.Run({"keygen", "--out", "lab", "--force"}));
  BOOST_CHECK(Read("lab.pub") != pub);
}

BOOST_AUTO_TEST_CASE(without_password_and_terminal_nothing_is_made) {
  carnet.Unset("CARNET_PASSWORD");
  CheckFailed(carnet.Run({"keygen", "--out", "lab"}), 3, "set CARNET_PASSWORD");
  BOOST_CHECK(std::filesystem::is_empty(folder / ""));
}

BOOST_AUTO_TEST_CASE(takes_cosigns_password_after_its_own) {
  carnet.Unset("CARNET_PASSWORD");
  carnet.Set("COSIGN_PASSWORD", "of cosign");
  CheckDone(carnet.Run({"keygen", "--out", "lab"}));
  carnet.Set("CARNET_PASSWORD", "another");
  CheckFailed(carnet.Run({"keygen", "--in", "lab.key", "--out", "copy"}), 3, "lab.key: ");
  carnet.Set("CARNET_PASSWORD", "of cosign");
  carnet.Set("COSIGN_PASSWORD", "another");
  CheckDone(carnet.Run({"keygen", "--in", "lab.key", "--out", "copy"}));
  BOOST_CHECK_EQUAL(Read("copy.pub"), Read("lab.pub"));
}

BOOST_AUTO_TEST_CASE(imports_a_pkcs8_key) {
  MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " +
          (folder / "plain.pem"));
  MustRun("openssl pkey -in " + (folder / "plain.pem") + " -pubout -out " + (folder / "plain.pub"));
  const Ran ran = carnet.Run({"keygen", "--in", "plain.pem", "--out", "lab"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, KeyIdByOpenssl("plain.pub") + "\n");
  BOOST_CHECK_EQUAL(Read("lab.pub"), Read("plain.pub"));
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_used_is_named) {
  MustRun("openssl genpkey -algorithm ed25519 -out " + (folder / "ed25519.pem"));
  folder.Write("text.pem", "no key\n");
  const auto import = [&](const char* file) {
    return carnet.Run({"keygen", "--in", file, "--out", "lab"});
  };
  CheckFailed(import("ed25519.pem"), 3, "ed25519.pem: ");
  CheckFailed(import("text.pem"), 3, "text.pem: ");
  CheckFailed(import("missing.pem"), 3, "missing.pem");
  BOOST_CHECK(!std::filesystem::exists(folder / "lab.key"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_named) {
  CheckFailed(carnet.Run({"keygen", "--out", "nowhere/lab"}), 3, "nowhere/lab.key");
}

BOOST_AUTO_TEST_SUITE_END()
