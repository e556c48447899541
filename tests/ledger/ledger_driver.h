// Drives a ledger with random calls, beside a model of it that is as simple as possible: a list of
// leaves and a few maps. After every restart the whole ledger is compared with the model.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/ledger/ledger_world.h"

namespace carnet::test {

// What the generator knows of a statement because it asked for it.
struct Planned {
  ledger::Submission submission;
  std::set<SignerId> run_signers;                 // of a run: who may sign for it
  std::optional<StatementId> run = std::nullopt;  // of a segment or completion
  std::optional<std::pair<uint64_t, uint64_t>> lane_and_seq = std::nullopt;  // of a segment
  std::optional<ModelDigest> model = std::nullopt;                           // of a passport
  bool supersedes = false;
};

struct Model {
  std::map<std::pair<StatementId, SignerId>, uint64_t> attestations;
  std::map<StatementId, uint64_t> statements;  // the lowest index
  std::map<StatementId, std::set<SignerId>> runs;
  std::map<std::pair<StatementId, std::pair<uint64_t, uint64_t>>, uint64_t> segments;
  std::map<StatementId, uint64_t> completions;
  std::map<std::pair<SignerId, ModelDigest>, uint64_t> passports;
  std::vector<std::string> leaves;

  // What the ledger should answer to one call; absent for a conflict, which has no effect.
  std::optional<std::vector<ledger::Appended>> Append(const std::vector<Planned>& call);

 private:
  bool Place(const Planned& planned, std::vector<ledger::Appended>& placed);
};

class LedgerDriver {
 public:
  LedgerDriver(uint32_t seed, rocksdb::Env* env = nullptr);

  // One random call: singles, batches, duplicates, conflicts, strangers. True when the ledger
  // answered as the model does; false when it failed, and is latched from then on.
  bool AppendRandom();
  void Close();
  // False when opening failed; it may be tried again.
  bool TryReopen();
  // Compares the database, every receipt and every index answer with the model.
  void CheckAll();

  LedgerWorld& world() { return world_; }
  uint64_t acknowledged() const { return model_.leaves.size(); }
  uint64_t conflicts() const { return conflicts_; }
  uint64_t duplicates() const { return duplicates_; }

 private:
  std::vector<Planned> PlanCall();
  Planned PlanOne();
  Planned PlanSegment(StatementMaker& maker);
  Planned PlanPassport(StatementMaker& maker);
  StatementMaker& AnyMaker();
  uint64_t Pick(uint64_t below);

  LedgerWorld world_;
  std::mt19937 random_;
  std::unique_ptr<ledger::Ledger> ledger_;
  Model model_;
  std::optional<Model> unknown_;  // as it would be if the call that failed was persisted
  std::vector<Planned> made_;     // statements to submit again
  std::vector<StatementId> runs_;
  uint64_t conflicts_ = 0;
  uint64_t duplicates_ = 0;
};

}  // namespace carnet::test
