// What surrounds a command: odd files given to it, and odd places for its output.
#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kPassport};

  Ran Verify(const std::string& model, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"verify", model, "--passport", kFile, "--trust", "trust"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return world.Run(arguments);
  }
  // A passport as JSON Lines, written where `out` says.
  Ran Collect(const std::vector<std::string>& out) {
    std::vector<std::string> arguments = {"passport", "collect", world.id("passport"), "--ledger",
                                          "ledger"};
    arguments.insert(arguments.end(), out.begin(), out.end());
    return world.Run(arguments);
  }
  std::string Collected() { return Collect({}).out; }
  // Ends a command that hangs.
  Ran Shell(const std::string& command) { return world.carnet().Shell("timeout 20 " + command); }
  void MakePipe(const std::string& name) {
    BOOST_REQUIRE_EQUAL(::mkfifo((world / name).c_str(), 0600), 0);
  }
  unsigned ModeOf(const std::string& name) {
    return static_cast<unsigned>(fs::status(world / name).permissions());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(edges_of_models, Fixture)

BOOST_AUTO_TEST_CASE(a_model_without_a_file_that_counts_is_a_no) {
  fs::create_directory(world / "empty");
  CheckFailed(Verify("empty"), 1, "empty: contains no files that count");
  world.Write("left_out/model.sig", "x");
  world.Write("left_out/.git/config", "x");
  CheckFailed(Verify("left_out"), 1, "left_out: contains no files that count");
}

BOOST_AUTO_TEST_CASE(a_file_that_gives_more_than_its_size_is_not_digested) {
  CheckFailed(world.Run({"digest", "/proc/self/status"}), 1, "has more bytes than its size says");
}

BOOST_AUTO_TEST_CASE(a_link_that_leads_nowhere_is_a_no) {
  for (const char* target : {"nowhere", "link", "config.json/below"}) {
    fs::create_symlink(target, world / "model/link");
    CheckFailed(Verify("model", {"--follow"}), 1, "link: resolve link");
    CheckFailed(Verify("model"), 1, "link: is a symbolic link");
    fs::remove(world / "model/link");
  }
  CheckDone(Verify("model", {"--follow"}));
}

BOOST_AUTO_TEST_CASE(a_path_that_the_caller_mistyped_could_not_tell) {
  CheckFailed(Verify("modle"), 3, "modle");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(edges_of_inputs, Fixture)

BOOST_AUTO_TEST_CASE(a_named_pipe_is_refused_without_waiting) {
  MakePipe("pipe.toml");
  const std::string verify = "carnet verify model --trust trust --passport ";
  CheckFailed(Shell(verify + "pipe.toml"), 3, "pipe.toml: a named pipe, not a file");
  CheckFailed(Shell(verify + kFile + " --policy pipe.toml"), 3,
              "pipe.toml: a named pipe, not a file");
  fs::create_directories(world / "trust/policies");
  fs::rename(world / "pipe.toml", world / "trust/policies/house.toml");
  CheckFailed(Shell(verify + kFile + " --policy house"), 3, "house.toml: a named pipe, not a file");
}

BOOST_AUTO_TEST_CASE(a_pipe_on_standard_input_is_read) {
  const std::string verify = "carnet verify model --trust trust --passport ";
  CheckDone(Shell("sh -c 'cat " + std::string(kFile) + " | " + verify + "/dev/stdin'"));
  CheckDone(Shell("sh -c '" + verify + "/dev/fd/7 7< " + kFile + "'"));
}

BOOST_AUTO_TEST_CASE(a_private_key_that_others_can_read_draws_a_warning) {
  const std::vector<std::string> attest = {"attest",       "--kind",  "dataset",
                                           "dataset.json", "--files", "data"};
  BOOST_CHECK_EQUAL(world.Sign(attest).err, "");
  fs::permissions(world / "lab.key", fs::perms(0640));
  const Ran warned = world.Sign(attest);
  CheckDone(warned);
  BOOST_CHECK_EQUAL(warned.err,
                    "carnet: warning: lab.key: others can read this private key (mode 0640): "
                    "chmod 600\n");
  const Ran imported = world.Run({"keygen", "--in", "lab.key", "--out", "copy"});
  CheckDone(imported);
  BOOST_CHECK(imported.err.starts_with("carnet: warning: lab.key: others can read"));
  fs::permissions(world / "lab.key", fs::perms(0600));
  fs::permissions(world / "ledger/key.pem", fs::perms(0644));
  BOOST_CHECK(world.Sign(attest).err.starts_with("carnet: warning: ledger/key.pem: others can"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(edges_of_outputs, Fixture)

BOOST_AUTO_TEST_CASE(a_device_is_written_to_and_stays_a_device) {
  const Ran forced = Collect({"--out", "/dev/null", "--force"});
  CheckDone(forced);
  BOOST_CHECK_EQUAL(forced.out, "");
  CheckDone(Collect({"--out", "/dev/null"}));
  BOOST_CHECK(fs::is_character_file("/dev/null"));
  fs::create_symlink("/dev/null", world / "sink");
  CheckDone(Collect({"--out", "sink", "--force"}));
  BOOST_CHECK(fs::is_symlink(world / "sink"));
}

BOOST_AUTO_TEST_CASE(a_given_descriptor_is_written_to) {
  const std::string passport = Collected();
  const std::string collect =
      "carnet passport collect " + world.id("passport") + " --ledger ledger --out ";
  BOOST_CHECK(Collect({"--out", "/dev/stdout"}).out == passport);
  const Ran after = Shell("sh -c '(echo first; " + collect + "/dev/stdout --force) > all'");
  CheckDone(after);
  BOOST_CHECK(world.Read("all") == "first\n" + passport);
  CheckDone(Shell("sh -c '" + collect + "/dev/fd/7 7> seven'"));
  BOOST_CHECK(world.Read("seven") == passport);
  CheckFailed(Shell("sh -c '" + collect + "/dev/fd/77'"), 3, "/dev/fd/77: write");
}

BOOST_AUTO_TEST_CASE(a_named_pipe_is_written_to) {
  MakePipe("pipe");
  const Ran ran = Shell("sh -c 'carnet passport collect " + world.id("passport") +
                        " --ledger ledger --out pipe & cat pipe'");
  CheckDone(ran);
  BOOST_CHECK(ran.out == Collected());
  BOOST_CHECK(fs::is_fifo(world / "pipe"));
}

BOOST_AUTO_TEST_CASE(force_replaces_a_regular_file_and_nothing_else) {
  fs::create_symlink("run.json", world / "link");
  fs::create_symlink("nowhere", world / "dangling");
  const auto before = world.Files();
  for (const char* out : {"link", "dangling", "model"}) {
    CheckFailed(Collect({"--out", out, "--force"}), 3, "is not a regular file");
    CheckFailed(Collect({"--out", out}), 3, "is not a regular file");
  }
  BOOST_CHECK(world.Files() == before);
  CheckDone(Collect({"--out", "run.json", "--force"}));
  BOOST_CHECK(world.Read("run.json") == Collected());
  fs::create_symlink("nowhere", world / "pair.pub");
  CheckFailed(world.Run({"keygen", "--out", "pair", "--force"}), 3, "is not a regular file");
  BOOST_CHECK(fs::is_symlink(world / "pair.pub"));
}

BOOST_AUTO_TEST_CASE(the_umask_decides_except_for_private_keys) {
  const std::string collect =
      "carnet passport collect " + world.id("passport") + " --ledger ledger --out ";
  CheckDone(Shell("sh -c 'umask 077; " + collect + "mine'"));
  BOOST_CHECK_EQUAL(ModeOf("mine"), 0600u);
  CheckDone(Shell("sh -c 'umask 002; " + collect + "ours'"));
  BOOST_CHECK_EQUAL(ModeOf("ours"), 0664u);
  CheckDone(Shell("sh -c 'umask 000; carnet keygen --out pair'"));
  BOOST_CHECK_EQUAL(ModeOf("pair.key"), 0600u);
  BOOST_CHECK_EQUAL(ModeOf("pair.pub"), 0666u);
  CheckDone(Shell("sh -c 'umask 000; carnet ledger init l --origin log.example.org'"));
  BOOST_CHECK_EQUAL(ModeOf("l/key.pem"), 0600u);
}

BOOST_AUTO_TEST_SUITE_END()
