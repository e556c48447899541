#include "statements/shared_sets.h"

#include <algorithm>
#include <bit>

namespace carnet::statements {
namespace {

std::optional<Flop> Sum(const std::optional<Flop>& a, const std::optional<Flop>& b) {
  return a && b ? CheckedAdd(*a, *b) : std::nullopt;
}

}  // namespace

SharedSets::SharedSets(size_t max_words, size_t max_work)
    : max_words_(max_words), work_left_(max_work), sets_{{0, 0, Flop(0)}} {}

size_t SharedSets::AddMember(std::optional<Flop> weight) {
  weights_.push_back(weight);
  return weights_.size() - 1;
}

bool SharedSets::Spend(size_t work) {
  if (work > work_left_) return false;
  work_left_ -= work;
  return true;
}

std::optional<SharedSets::Id> SharedSets::Union(std::span<const Id> sets,
                                                std::optional<size_t> member) {
  // The largest, and of equal ones the latest: the others are often parts of it.
  Id base = kEmpty;
  for (const Id id : sets) {
    const size_t size = sets_[id].size, best = sets_[base].size;
    if (size > best || (size == best && id > base)) base = id;
  }
  const Set from = sets_[base];
  Set made = from;
  bool is_new = false;
  // Copies the base once something is added to it, and counts what is.
  const auto add = [&](size_t at, uint64_t word) {
    if (!is_new) {
      const size_t size = std::max(from.size, member ? *member / kBits + 1 : 0);
      if (words_.size() + size > max_words_ || !Spend(size)) return false;
      made = {words_.size(), size, from.weight};
      words_.resize(words_.size() + size);
      std::copy_n(words_.begin() + static_cast<std::ptrdiff_t>(from.begin), from.size,
                  words_.begin() + static_cast<std::ptrdiff_t>(made.begin));
      is_new = true;
    }
    uint64_t added = word & ~words_[made.begin + at];
    words_[made.begin + at] |= added;
    for (; added != 0; added &= added - 1) {
      made.weight =
          Sum(made.weight, weights_[at * kBits + static_cast<size_t>(std::countr_zero(added))]);
    }
    return true;
  };
  for (const Id id : sets) {
    const Set other = sets_[id];
    if (id == base) continue;
    if (!Spend(other.size)) return std::nullopt;
    for (size_t at = 0; at < other.size; ++at) {
      const uint64_t word = WordOf(other, at);
      if ((word & ~WordOf(made, at)) != 0 && !add(at, word)) return std::nullopt;
    }
  }
  if (member) {
    const uint64_t bit = uint64_t{1} << *member % kBits;
    const size_t at = *member / kBits;
    if ((WordOf(made, at) & bit) == 0 && !add(at, bit)) return std::nullopt;
  }
  if (!is_new) return base;
  sets_.push_back(made);
  return static_cast<Id>(sets_.size() - 1);
}

}  // namespace carnet::statements
