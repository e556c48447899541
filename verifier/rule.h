// What a rule of the passport is, and sets of rules. The rules themselves are in verifier/rules.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "verifier/reject_reason.h"

namespace carnet::verifier {

// In the order in which they are printed.
enum class RowId {
  kModel,
  kSignatures,
  kLog,
  kIdentity,
  kLineage,
  kTime,
  kCompute,
  kCustody,
  kHardware,
  kPolicy,
  kDecision,  // not a row of its own: rules about the verdict as a whole
};
std::string_view RowName(RowId row);  // "model", "signatures", …
// Absent also for "decision", which is not a row.
std::optional<RowId> ParseRowName(std::string_view name);

inline constexpr int kMaxRule = 63;

// Rules by number, as bits.
class RuleSet {
 public:
  constexpr RuleSet() = default;
  constexpr RuleSet(std::initializer_list<int> rules) {
    for (const int rule : rules) Insert(rule);
  }
  static constexpr RuleSet Range(int first, int last) {
    RuleSet set;
    for (int rule = first; rule <= last; ++rule) set.Insert(rule);
    return set;
  }

  // A number out of range does not compile where the set is constant.
  constexpr void Insert(int rule) { bits_ |= uint64_t{1} << Checked(rule); }
  constexpr void Insert(RuleSet other) { bits_ |= other.bits_; }
  constexpr bool Contains(int rule) const { return (bits_ >> Checked(rule) & 1) != 0; }
  constexpr bool Intersects(RuleSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr int Checked(int rule) {
    return rule >= 1 && rule <= kMaxRule ? rule : throw "no such rule";
  }
  uint64_t bits_ = 0;
};

inline constexpr size_t kMaxReasons = 6;

struct Rule {
  int number;
  RowId row;
  std::string_view sentence;  // what is true of a passport that passes
  // Why it refuses; none where it only sets the status of its row, or says how others are judged.
  std::array<RejectReason, kMaxReasons> reasons;
  size_t reason_count;
  // The rules that must have passed for the whole passport before this one is judged at all. What a
  // rule asks of a single statement first is in its prose.
  RuleSet needs;

  constexpr bool RefusesFor(RejectReason reason) const {
    for (size_t i = 0; i < reason_count; ++i) {
      if (reasons[i] == reason) return true;
    }
    return false;
  }
};

}  // namespace carnet::verifier
