// Sets of numbered members with weights, made as unions of each other, and the sum of each set's
// weights. A union that adds nothing is the same set again. Bounded in memory and work. Private to
// statements/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/flop.h"

namespace carnet::statements {

class SharedSets {
 public:
  using Id = uint32_t;
  static constexpr Id kEmpty = 0;

  // At most `max_words` words of 64 members are held, and `max_work` looked at.
  SharedSets(size_t max_words, size_t max_work);

  // A new member, numbered from 0; absent: its weight is beyond 128 bits.
  size_t AddMember(std::optional<Flop> weight);
  // The union of these sets and, where given, one member. Absent: beyond the bounds.
  std::optional<Id> Union(std::span<const Id> sets, std::optional<size_t> member);
  size_t work_left() const { return work_left_; }
  std::optional<Flop> WeightOf(Id set) const { return sets_[set].weight; }  // absent: overflow

 private:
  struct Set {
    size_t begin;  // into words_
    size_t size;
    std::optional<Flop> weight;
  };
  static constexpr size_t kBits = 64;

  uint64_t WordOf(const Set& set, size_t at) const {
    return at < set.size ? words_[set.begin + at] : 0;
  }
  bool Spend(size_t work);

  const size_t max_words_;
  size_t work_left_;
  std::vector<std::optional<Flop>> weights_;  // of members
  std::vector<Set> sets_;
  std::vector<uint64_t> words_;  // of all sets
};

}  // namespace carnet::statements
