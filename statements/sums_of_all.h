// The sums of all passports of a set: what SumAlong gives for each, in time linear in the set for
// chains and trees of models, and for whatever shares few ancestors.
//
// A sum takes each statement once, however many paths lead to it, so sums of parents cannot simply
// be added: left and right are both made from base, whose FLOP count once in both.
//
//   top ─► left  ─► base      shared: base, as two statements lead to it
//    └───► right ─► base
//
// Every statement that is not shared belongs to the tree of the first shared one above it, or of
// the start. The sum of a start is that of its own tree and of the trees of all shared statements
// that it reaches, and which those are is a set that is handed up from parent to child.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "statements/statement_set.h"
#include "statements/sum.h"
#include "statements/sum_graph.h"

namespace carnet::statements {

struct PassportSum {
  bool known = false;          // else beyond the limit on work
  std::optional<FlopSum> sum;  // as SumAlong: absent on overflow
};

class SumsOfAll {
 public:
  // In arcs, statements and words of 64 shared statements: about a second. Every set of rules that
  // passports name is a pass, so 200,000 lines with a million references leave room for a hundred.
  static constexpr size_t kMaxWork = size_t{1} << 30;
  // 64 MiB: some 30,000 ancestors that are shared and one above the other, more than 200,000 lines
  // hold of models that were trained.
  static constexpr size_t kMaxSetWords = size_t{1} << 23;

  explicit SumsOfAll(const StatementSet& set, size_t max_work = kMaxWork)
      : graph_(set), work_left_(max_work) {}

  // Of these passports, given by their places in the set. Each call is a pass over the whole set.
  std::vector<PassportSum> Along(const SumRule& rule, std::span<const size_t> passports);

 private:
  SumGraph graph_;
  size_t work_left_;
};

}  // namespace carnet::statements
