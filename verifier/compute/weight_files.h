// What the weight files in hand say of a model's size, lookup tables and experts (R35). Values in,
// answers out; the files are those that the root passport is about.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "artifact/model_files.h"
#include "core/flop.h"
#include "verifier/compute/tensor_pattern.h"
#include "verifier/compute/weight_names.h"

namespace carnet::verifier::compute {

struct Table {
  std::string_view tensor;
  std::string_view role;
  uint64_t rows;
  uint64_t columns;
};

enum class TableState {
  kLookup,
  kUnknownRole,
  kOtherName,   // without a word that names of tables have
  kAbsent,      // no two-dimensional tensor of that name
  kOtherShape,  // one of that name, but of other rows or columns
  kShared,      // no output layer of its shape: the table multiplies there
};

enum class TableMatch {
  kExact,    // name and shape
  kResized,  // the name and, to 5 %, the rows: a vocabulary grows a little
  kByShape,  // a conversion renames tensors, and may write a matrix transposed
};

struct ExpertSplit {
  Uint128 experts = 0;  // elements of the tensors that are experts
  Uint128 others = 0;   // of all others
};

struct ExpertsSetting {
  std::string_view set;  // the weight set's name
  uint64_t number;
};

class WeightFiles {
 public:
  // Both must outlive it.
  WeightFiles(const artifact::ModelFiles& model, const WeightNames& names);

  bool readable() const { return !model_.weight_sets.empty(); }

  // Whether `total` is, to 5 %, a number of parameters that the largest weight set may have, or all
  // together (a model may be several networks); sets of the same tensors count once.
  bool HoldTotal(uint64_t total) const;
  // Whether it is that of all together; a smaller one leaves some of them out.
  bool HoldAllOf(uint64_t total) const;
  const artifact::WeightSet* largest() const { return largest_; }  // null: no set is readable
  // Whether each element of the largest set is a parameter, so that its tensors can be compared.
  bool counts_elements() const;
  // Of weight files whose tensors are not known: their paths with the reason, and their bytes.
  const std::vector<artifact::UnreadWeights>& unread() const { return model_.unread_weights; }
  // Elements of the sets that `together` has besides the largest, at least: dense parameters, as
  // experts are shown by the largest alone. 0 where `total` is that of the largest.
  Uint128 BesideLargest(uint64_t total) const;
  // Whether complex values, each of which works as four, are more than the 5 % that a total may be
  // off.
  bool HoldComplex() const;
  // Whether of every set half of the elements, or more, are of types below 16 bits, or of integers,
  // into which such are packed; the four largest matrices that are tables or output layers are left
  // aside. What takes more than `work` to know for a table counts as none.
  // Requires a largest set.
  bool quantised(MatchingWork work = {}) const;
  // The files of other kinds, the largest first, where they have a quarter of all bytes or more
  // together: weights may be hidden there. Text is of a known kind as far as it has the size of
  // text.
  std::vector<const artifact::FileEntry*> LargeUnknown() const;
  // Absent: the files are no adapter, or do not show what they adapt.
  std::optional<uint64_t> least_base_parameters() const;

  // How many experts a token uses, as inference with these files does: the greatest number that a
  // weight set with experts is configured for. Absent: for one of them no configuration that the
  // lists know says it, or the model brings code of its own.
  std::optional<ExpertsSetting> experts_per_token() const;

  TableState StateOf(const Table& table, TableMatch match) const;

  // Which tensors of the largest weight set a list of patterns or names matches: their positions in
  // it. Absent: too much work.
  std::optional<std::vector<size_t>> Match(std::span<const std::string_view> patterns,
                                           MatchingWork& work) const;

  // Splits the tensors of the largest weight set by the patterns. Errors: malformed, with what does
  // not fit: a pattern that matches nothing, whose numbers are not those of `count` equal experts,
  // or whose tensors are not stacks of `count`.
  Result<ExpertSplit> SplitExperts(uint64_t count, std::span<const std::string_view> patterns,
                                   MatchingWork& work) const;

 private:
  using Shape = std::pair<uint64_t, uint64_t>;
  struct Range {
    Uint128 least = 0;
    Uint128 most = 0;

    bool Holds(uint64_t total) const;
  };

  bool IsQuantised(const artifact::WeightSet& set, MatchingWork& work) const;
  std::optional<ExpertsSetting> SettingOf(const artifact::WeightSet& set) const;
  std::optional<Shape> FindShape(const Table& table, TableMatch match) const;
  bool HasHead(Shape shape) const;

  const artifact::ModelFiles& model_;
  const WeightNames& names_;
  const artifact::WeightSet* largest_ = nullptr;
  Range together_;
  size_t counted_ = 0;                                              // sets in `together_`
  std::unordered_map<std::string_view, std::set<Shape>> matrices_;  // by name, of all sets
  std::set<Shape> shapes_;                                          // of all matrices
  std::set<Shape> heads_;                                           // of output layers
};

}  // namespace carnet::verifier::compute
