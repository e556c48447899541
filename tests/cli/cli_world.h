// Folders in which the commands of `carnet --help` work, made by the commands themselves:
//
//   lab.key lab.pub cloud.key …     unencrypted, so that nothing waits for scrypt
//   ledger/ trust/                  the ledger, and who is trusted for what
//   device.json allocation.json dataset.json data/
//   run.json run1/ segment.json ckpt/0 ckpt/1 model/    a run of two segments, completed
//   passport.json model.passport.sigstore.jsonl
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/cli/carnet_process.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"

namespace carnet::test {

enum class Stage { kKeysAndLedger, kAttested, kOpenRun, kRecorded, kCompleted, kPassport };

// A separate copy of the world at that stage, which is built once per process.
class CliWorld {
 public:
  explicit CliWorld(Stage stage);

  CarnetProcess& carnet() { return process_; }
  std::string operator/(const std::string& name) const { return folder_ / name; }
  std::string Write(const std::string& name, const std::string& content) const {
    return folder_.Write(name, content);
  }
  std::string Read(const std::string& name) const;
  // Statement ids by name: device, allocation, dataset, run, segment0, …; hex.
  const std::string& id(const std::string& name) const { return ids_.at(name); }
  uint64_t TreeSize();

  Ran Run(const std::vector<std::string>& arguments) const { return process_.Run(arguments); }
  // With `--ledger ledger --key <key>.key` appended.
  Ran Sign(std::vector<std::string> arguments, const std::string& key = "lab") const;
  // The standard output of a command that must succeed.
  std::string Must(const std::vector<std::string>& arguments) const;
  boost::json::object Json(const std::vector<std::string>& arguments) const;
  boost::json::object SignJson(std::vector<std::string> arguments,
                               const std::string& key = "lab") const;

  // Every file but the databases', with its content: to see what a command left behind.
  std::map<std::string, std::string> Files() const;

 private:
  friend class WorldMaker;
  CliWorld() : process_(folder_ / "") {}

  ScratchFolder folder_;
  CarnetProcess process_;
  std::map<std::string, std::string> ids_;
};

// The statement in a bundle file, or in a line of a passport.
boost::json::object StatementIn(const std::string& bundle);
// Draft of a segment, in the half second until now; all parameters are trained, or as the figure
// says.
std::string SegmentDraftNow(const CliWorld& world, uint64_t seq, const std::string& figure = "");
// A safetensors file of 76 numbers.
std::string TinyWeights(char fill);

// Checks that a command failed as all do: this status, nothing on standard output, and on standard
// error `carnet: error: …` with this text in it, on one line apart from hints.
// It printed this hint on stderr.
void CheckHint(const Ran& ran, const std::string& hint);
void CheckFailed(const Ran& ran, int status, const std::string& message);
void CheckDone(const Ran& ran);
// The commands that do something, "ledger init" among them, as the lists in `--help` name them;
// without `help` itself.
std::vector<std::string> LeafCommands(const CarnetProcess& carnet, const std::string& group = "");
// The names in an object, sorted, separated by spaces.
std::string NamesIn(const boost::json::value& object);

}  // namespace carnet::test
