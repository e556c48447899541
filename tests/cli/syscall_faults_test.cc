// Every system call that writes, of an append, a step of the recorder and a passport, fails once
// and ends the program once. Afterwards the whole ledger is checked; and what the command said of
// the statement is true.
#include <filesystem>
#include <functional>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr int kMostCalls = 400;

struct Faulted {
  const char* name;
  Stage stage;
  std::string key;
  void (*prepare)(CliWorld& world);
  std::vector<std::string> command;  // repeated, it takes the step that was not taken
  bool repeats;                      // and changes nothing where it was
};

std::ostream& operator<<(std::ostream& out, const Faulted& value) { return out << value.name; }

const Faulted kCommands[] = {
    {"attest",
     Stage::kAttested,
     "cloud",
     [](CliWorld&) {},
     {"attest", "--kind", "device", "device.json", "--out", "d.sigstore.json", "--force"},
     false},
    {"run segment",
     Stage::kOpenRun,
     "lab",
     [](CliWorld& world) {
       fs::create_directories(world / "ckpt/0");
       world.Write("ckpt/0/model.safetensors", TinyWeights('x'));
       world.Write("segment.json", SegmentDraftNow(world, 0));
     },
     {"run", "segment", "--dir", "run1", "segment.json", "--checkpoint", "ckpt/0"},
     true},
    {"passport issue",
     Stage::kCompleted,
     "lab",
     [](CliWorld& world) {
       world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
     },
     {"passport", "issue", "model", "--draft", "passport.json", "--run", "run1", "--trust", "trust",
      "--out", "p.jsonl", "--force"},
     true},
};

// Of the world: the command with a fault, then the same with none.
class Trial {
 public:
  Trial(const Faulted& of) : of_(of), world_(of.stage) {
    of_.prepare(world_);
    before_ = world_.TreeSize();
  }

  // False once the command makes fewer calls than `at`.
  bool Strike(int at, const std::string& fault) {
    CarnetProcess& process = world_.carnet();
    process.Set("LD_PRELOAD", CARNET_FAULT_SHIM);
    process.Set("CARNET_FAULT_AT", std::to_string(at));
    process.Set("CARNET_FAULT", fault);
    process.Set("CARNET_FAULT_COUNT", world_ / "count");
    ran_ = world_.Sign(of_.command, of_.key);
    for (const char* name : {"LD_PRELOAD", "CARNET_FAULT_AT", "CARNET_FAULT", "CARNET_FAULT_COUNT"})
      process.Unset(name);
    return ran_.status == -1 || std::stoi(world_.Read("count")) >= at;
  }

  void CheckAfter(const std::string& where) {
    BOOST_TEST_CONTEXT(where << ": status " << ran_.status << ": " << ran_.err) {
      // The next writer signs what was stored.
      CheckDone(world_.Sign({"attest", "--kind", "device", "device.json"}, "cloud"));
      const uint64_t logged = world_.TreeSize() - before_ - 1;
      BOOST_CHECK_LE(logged, 1U);
      CheckWhatWasSaid(logged == 1);
      CheckDone(world_.Sign(of_.command, of_.key));
      if (of_.repeats) BOOST_CHECK_EQUAL(world_.TreeSize(), before_ + 2);
      CheckDone(world_.Run({"ledger", "fsck", "ledger"}));
      for (const auto& file : fs::recursive_directory_iterator(world_ / "ledger/guard"))
        BOOST_CHECK_MESSAGE(file.path().string().find(".tmp-") == std::string::npos, file.path());
    }
  }

 private:
  void CheckWhatWasSaid(bool logged) const {
    if (ran_.status == -1) return;
    const bool says_logged = ran_.err.find("logged as statement ") != std::string::npos;
    const bool says_unknown = ran_.err.find(" is logged is unknown") != std::string::npos;
    if (ran_.status == 0) {
      BOOST_CHECK(logged);
      BOOST_CHECK(!says_unknown);
      return;
    }
    BOOST_CHECK(!(says_logged && says_unknown));
    BOOST_CHECK_MESSAGE(!says_logged || logged, "says that it is logged");
    BOOST_CHECK_MESSAGE(says_logged || says_unknown || !logged, "does not say that it is logged");
  }

  const Faulted& of_;
  CliWorld world_;
  uint64_t before_ = 0;
  Ran ran_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(syscall_faults)

BOOST_DATA_TEST_CASE(no_call_that_fails_or_ends_a_command_is_lost_on_anyone, kCommands, command) {
  for (const char* fault : {"eio", "kill"}) {
    int calls = 0;
    for (; calls < kMostCalls; ++calls) {
      Trial trial(command);
      if (!trial.Strike(calls + 1, fault)) break;
      trial.CheckAfter(std::string(command.name) + ", call " + std::to_string(calls + 1) + ", " +
                       fault);
    }
    std::printf("%s: %d calls, each %s once\n", command.name, calls, fault);
    BOOST_CHECK_GT(calls, 15);
    BOOST_CHECK_LT(calls, kMostCalls);
  }
}

BOOST_AUTO_TEST_SUITE_END()
