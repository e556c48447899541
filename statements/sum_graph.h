// The lineage of a whole set as numbers: who reaches whom along which kind of reference, and what
// each statement adds to a sum (docs/rules.md S9). Made once, so that the sums of many passports
// need not read the statements again. Private to statements/; agrees with reach.h and sum.h.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/flop.h"
#include "schemas/kind.h"
#include "statements/statement_set.h"
#include "statements/sum.h"

namespace carnet::statements {

// Sets of edge types, as bits.
using EdgeMask = uint32_t;
EdgeMask MaskOf(const std::set<schemas::EdgeType>& types);

// One of the figures that a statement adds.
struct SumTerm {
  Flop amount{0};
  bool open = false;      // undisclosed or missing, in part at least
  bool overflow = false;  // of 128 bits
};

class SumGraph {
 public:
  struct Arc {
    uint32_t target;  // place in the set
    EdgeMask types;   // along which rules it is followed: the edge's type, or a bit below
  };
  // Bits above those of edge types.
  static constexpr EdgeMask kAlways = EdgeMask{1} << 31;
  static constexpr EdgeMask kDatasets = EdgeMask{1} << 30;
  static constexpr EdgeMask kWholeLanes = EdgeMask{1} << 29;  // not on the path of the weights

  explicit SumGraph(const StatementSet& set);

  size_t size() const { return terms_.size(); }
  std::span<const Arc> ArcsOf(uint32_t place) const {
    return std::span(arcs_).subspan(first_arc_[place], first_arc_[place + 1] - first_arc_[place]);
  }
  size_t arc_count() const { return arcs_.size(); }
  bool IsPassport(uint32_t place) const { return kinds_[place] == schemas::Kind::kPassport; }
  // Every place after all that it leads to. Empty where references run in a circle, which ids made
  // from content cannot do.
  std::span<const uint32_t> order() const { return order_; }

  // What a rule makes of one statement.
  SumTerm TermOf(uint32_t place, const SumRule& rule, EdgeMask edges) const;

 private:
  struct Term {
    // Of a segment: update, total. Of a dataset: generation that is not public, all generation.
    std::array<SumTerm, 2> figures;
    // Of a run: types of its edges without a statement, and with one that cannot be followed.
    EdgeMask absent = 0;
    EdgeMask unusable = 0;
    bool initial_undisclosed = false;
    bool data_undisclosed = false;
  };
  class Compiler;

  std::vector<schemas::Kind> kinds_;
  std::vector<Term> terms_;
  std::vector<size_t> first_arc_;
  std::vector<Arc> arcs_;
  std::vector<uint32_t> order_;
};

}  // namespace carnet::statements
