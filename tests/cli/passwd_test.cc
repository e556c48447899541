// `carnet passwd`; on a terminal: prompt_test.cc.
#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/vectors.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  std::string Read(const std::string& name) const { return Slurp(folder / name); }
  void Make() { CheckDone(carnet.Run({"keygen", "--out", "lab"})); }
  Ran Change(const std::string& to) {
    carnet.Set("CARNET_NEW_PASSWORD", to);
    return carnet.Run({"passwd", "lab.key"});
  }
  // Whoever has the file has the key.
  void CheckPlain() {
    BOOST_CHECK_EQUAL(MustRun("openssl pkey -pubout -in " + folder / "lab.key"), Read("lab.pub"));
  }
  Ran OpenWith(const std::string& password) {
    carnet.Set("CARNET_PASSWORD", password);
    return carnet.Run({"keygen", "--in", "lab.key", "--out", "copy", "--force", "--no-password"});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(passwd, Fixture)

BOOST_AUTO_TEST_CASE(only_the_new_password_opens_the_same_key) {
  Make();
  const Ran ran = Change("better");
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, "");
  BOOST_CHECK_EQUAL(ran.err, "carnet: changed the password of lab.key\n");
  const Ran old = OpenWith("secret");
  CheckFailed(old, 3, "lab.key: wrong password");
  CheckHint(old, "set it with: read -rs CARNET_PASSWORD && export CARNET_PASSWORD");
  CheckDone(OpenWith("better"));
  BOOST_CHECK_EQUAL(Read("copy.pub"), Read("lab.pub"));
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat((folder / "lab.key").c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 0777, 0600U);
}

BOOST_AUTO_TEST_CASE(an_empty_password_must_be_asked_for) {
  Make();
  const std::string before = Read("lab.key");
  const Ran empty = Change("");
  CheckFailed(empty, 3, "CARNET_NEW_PASSWORD is set, but empty");
  CheckHint(empty, "for a key without a password: carnet passwd lab.key --no-password");
  BOOST_CHECK_EQUAL(Read("lab.key"), before);
  CheckDone(carnet.Run({"passwd", "lab.key", "--no-password"}));
  CheckPlain();
}

// The service that signs could not read it any more.
BOOST_AUTO_TEST_CASE(owner_group_and_mode_stay,
                     *boost::unit_test::precondition(boost::unit_test::precondition::predicate_t(
                         [](boost::unit_test::test_unit_id) { return ::geteuid() == 0; }))) {
  Make();
  const std::string key = folder / "lab.key";
  BOOST_REQUIRE_EQUAL(::chmod(key.c_str(), 0640), 0);
  BOOST_REQUIRE_EQUAL(::chown(key.c_str(), 12'345, 23'456), 0);
  CheckDone(Change("better"));
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(key.c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 07777, 0640U);
  BOOST_CHECK_EQUAL(status.st_uid, 12'345U);
  BOOST_CHECK_EQUAL(status.st_gid, 23'456U);
}

BOOST_AUTO_TEST_CASE(a_hostile_file_name_does_not_reach_the_terminal) {
  for (const char* command : {"passwd", "inspect", "digest"}) {
    const Ran ran = carnet.Run({command, "a\x1b[31m"});
    BOOST_CHECK_NE(ran.status, 0);
    BOOST_CHECK_EQUAL(ran.err.find('\x1b'), ran.err.npos);
  }
  const Ran made = carnet.Run({"keygen", "--out", "b\x1b[31m", "--no-password"});
  CheckDone(made);
  BOOST_CHECK_EQUAL(made.err, "carnet: wrote b\\x1b[31m.key (NOT encrypted) and b\\x1b[31m.pub\n");
}

BOOST_AUTO_TEST_CASE(the_hint_of_keygen_imports_what_was_to_be_imported) {
  CheckDone(carnet.Run({"keygen", "--out", "old", "--no-password"}));
  carnet.Set("CARNET_PASSWORD", "");
  CheckHint(carnet.Run({"keygen", "--out", "new", "--in", "old.key", "--force"}),
            "for a key without a password: carnet keygen --out new --in old.key --force "
            "--no-password");
}

BOOST_AUTO_TEST_CASE(keygen_refuses_an_empty_password_too) {
  carnet.Set("CARNET_PASSWORD", "");
  const Ran empty = carnet.Run({"keygen", "--out", "my lab"});
  CheckFailed(empty, 3, "CARNET_PASSWORD is set, but empty");
  CheckHint(empty, "for a key without a password: carnet keygen --out 'my lab' --no-password");
  BOOST_CHECK(std::filesystem::is_empty(folder / ""));
  const Ran made = carnet.Run({"keygen", "--out", "lab", "--no-password"});
  CheckDone(made);
  BOOST_CHECK_EQUAL(made.err, "carnet: wrote lab.key (NOT encrypted) and lab.pub\n");
  CheckPlain();
}

BOOST_AUTO_TEST_CASE(a_ledgers_key_has_its_own_password) {
  CheckDone(carnet.Run({"ledger", "init", "ledger", "--origin", "log.example.org"}));
  carnet.Set("CARNET_NEW_PASSWORD", "first");
  CheckDone(carnet.Run({"passwd", "ledger/key.pem"}));
  BOOST_CHECK(Read("ledger/key.pem").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  carnet.Set("CARNET_NEW_PASSWORD", "second");
  carnet.Set("CARNET_PASSWORD", "first");  // of another key
  CheckFailed(carnet.Run({"passwd", "ledger/key.pem"}), 3, "set CARNET_LEDGER_PASSWORD");
  carnet.Set("CARNET_LEDGER_PASSWORD", "wrong");
  CheckHint(carnet.Run({"passwd", "ledger/key.pem"}),
            "set it with: read -rs CARNET_LEDGER_PASSWORD && export CARNET_LEDGER_PASSWORD");
  carnet.Set("CARNET_LEDGER_PASSWORD", "first");
  CheckDone(carnet.Run({"passwd", "ledger/key.pem"}));
  MustRun("openssl pkey -noout -passin pass:second -in " + folder / "ledger/key.pem");
}

BOOST_AUTO_TEST_CASE(a_new_ledger_has_no_empty_password) {
  carnet.Set("CARNET_LEDGER_PASSWORD", "");
  CheckFailed(carnet.Run({"ledger", "init", "ledger", "--origin", "log.example.org"}), 3,
              "CARNET_LEDGER_PASSWORD is set, but empty");
  BOOST_CHECK(!std::filesystem::exists(folder / "ledger"));
}

// Killed at any moment, there is a file that one of the two passwords opens.
BOOST_AUTO_TEST_CASE(a_kill_leaves_a_key_that_opens) {
  CheckDone(carnet.Run({"ledger", "init", "ledger", "--origin", "log.example.org"}));
  const std::string public_half =
      MustRun("openssl pkey -pubout -passin pass:a -in " + folder / "ledger/key.pem");
  const Ran ran = carnet.Shell(R"(
    for delay in 01 03 05 07 09 11 13 15 17 19 21 23 25 27 29; do
      CARNET_LEDGER_PASSWORD=a CARNET_NEW_PASSWORD=a timeout -s KILL 0.$delay \
        carnet passwd ledger/key.pem 2>> errors
      echo $? >> statuses
      openssl pkey -pubout -passin pass:a -in ledger/key.pem > after.pem || exit 1
      sha256sum < after.pem >> halves
    done
    sort -u halves | wc -l; sort -u statuses | tr '\n' ' ')");
  CheckDone(ran);
  BOOST_CHECK_MESSAGE(ran.out.find("1\n") == 0, ran.out);
  BOOST_CHECK_EQUAL(Read("after.pem"), public_half);
  BOOST_CHECK_MESSAGE(ran.out.find("137") != std::string::npos, ran.out);  // some were killed
}

BOOST_AUTO_TEST_CASE(sec1_keys_are_read_wherever_a_key_is,
                     *boost::unit_test::precondition(HasProgram("openssl"))) {
  const std::string make = "cd " + folder / "." + " && openssl ecparam -genkey -name prime256v1 ";
  MustRun(make + "-out sec1.pem && openssl ec -in sec1.pem -pubout -out sec1.pub");
  MustRun("cd " + folder / "." +
          " && openssl ec -in sec1.pem -aes256 -passout pass:secret -out locked.pem");
  for (const char* key : {"sec1.pem", "locked.pem"}) {
    CheckDone(carnet.Run({"keygen", "--in", key, "--out", "lab", "--force"}));
    BOOST_CHECK_EQUAL(Read("lab.pub"), Read("sec1.pub"));
  }
  carnet.Set("CARNET_PASSWORD", "wrong");
  CheckFailed(carnet.Run({"keygen", "--in", "locked.pem", "--out", "other"}), 3,
              "locked.pem: wrong password");
  BOOST_CHECK(Read("locked.pem").find("DEK-Info: AES-256-CBC") != std::string::npos);
  CliWorld world(Stage::kKeysAndLedger);
  world.Write("sec1.pem", Read("sec1.pem"));
  world.Write("data/a.txt", "text");
  world.Write("device.json",
              R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"})");
  CheckDone(world.Run(
      {"attest", "--kind", "device", "device.json", "--ledger", "ledger", "--key", "sec1.pem"}));
  const Ran inspected = world.Run({"inspect", "sec1.pem"});
  CheckDone(inspected);
  BOOST_CHECK(inspected.out.find("SEC 1, NOT encrypted") != std::string::npos);
}

struct Foreign {
  const char* name;
  const char* made_by;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Foreign& foreign) { return out << foreign.name; }

const Foreign kForeign[] = {
    {"p384", "openssl ecparam -genkey -name secp384r1 -out key.pem",
     "key.pem: private key: expected prime256v1, found secp384r1"},
    {"k256", "openssl ecparam -genkey -noout -name secp256k1 -out key.pem",
     "key.pem: private key: expected prime256v1, found secp256k1"},
    {"public", "openssl ecparam -genkey -name prime256v1 | openssl ec -pubout -out key.pem",
     "key.pem: expected a private key, found only its public half (\"PUBLIC KEY\")"},
    {"parameters", "openssl ecparam -name prime256v1 -out key.pem", "key.pem: no PEM block"},
    {"rsa", "openssl genrsa -traditional -out key.pem 2048", "found \"RSA PRIVATE KEY\""},
    {"two",
     "openssl ecparam -genkey -name prime256v1 -out key.pem; cat key.pem >> key.pem.2; "
     "cat key.pem.2 >> key.pem",
     "trailing data after the PEM block"},
};

BOOST_DATA_TEST_CASE_F(Fixture, a_key_of_another_kind_is_named, kForeign, foreign) {
  MustRun("cd " + folder / "." + " && " + foreign.made_by);
  CheckFailed(carnet.Run({"keygen", "--in", "key.pem", "--out", "lab"}), 3, foreign.message);
  BOOST_CHECK(!std::filesystem::exists(folder / "lab.key"));
}

BOOST_AUTO_TEST_SUITE_END()
