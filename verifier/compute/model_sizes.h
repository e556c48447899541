// How large the models are that the runs of a passport led to, as stated, and how far the weight
// files in hand bear on each of them (R35). For .cc files only: the generated headers are large.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "schemas/readers.h"
#include "statements/statement_set.h"

namespace carnet::verifier::compute {

using statements::Statement;
using statements::StatementSet;

// What a completion states of its model, else a passport of it.
struct StatedSize {
  const Statement* line = nullptr;  // null: nothing is stated, as of an aborted run
  bool undisclosed = false;
  uint64_t total = 0;
  uint64_t active = 0;  // at most total

  bool known() const { return line != nullptr && !undisclosed; }
};

enum class Held {
  kToFiles,     // the files are this run's model
  kToItsChild,  // of the same shape as the files: its line leads to them by edges that keep shape
  kToNothing,
};

struct ModelSize {
  const Statement* run = nullptr;
  StatedSize stated;
  bool is_adapter = false;  // its own, or trained further from one
  StatedSize base;          // of an adapter's frozen base
  Held held = Held::kToNothing;
  bool renamed = false;  // a conversion lies between this run and the files
};

// Whether its active parameters are a word: nothing shows what a token leaves out.
inline bool LeavesActiveOpen(const ModelSize& size) {
  return size.held == Held::kToNothing && size.stated.active < size.stated.total;
}

class ModelSizes {
 public:
  ModelSizes(const StatementSet& set, const Statement& root);

  // Null for a run that is not enclosed.
  const ModelSize* Of(const StatementId& run) const;
  const ModelSize* OfRoot() const { return root_run_ ? Of(*root_run_) : nullptr; }

 private:
  void ReadCompletion(const Statement& line);
  void ReadPassport(const StatementSet& set, const Statement& line);
  void ReadBases(const StatementSet& set);
  void HoldToFiles(const StatementSet& set, const Statement& root);

  std::unordered_map<StatementId, ModelSize> by_run_;
  std::optional<StatementId> root_run_;
};

}  // namespace carnet::verifier::compute
