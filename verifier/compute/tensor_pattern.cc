#include "verifier/compute/tensor_pattern.h"

#include "core/ascii.h"
#include "core/decimal.h"

namespace carnet::verifier::compute {
namespace {

constexpr std::string_view kExpert = "{expert}";

// Goes back to the last `*` only: what an earlier one took may stay as short as it can be.
bool MatchesGlob(std::string_view pattern, std::string_view name, MatchingWork& work) {
  size_t at = 0;  // in the pattern
  size_t star = pattern.npos;
  size_t after_star = 0;  // in the name: where what follows the star is tried next
  size_t i = 0;
  while (i < name.size()) {
    if (!work.Spend(1)) return false;
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      after_star = i;
    } else if (at < pattern.size() && pattern[at] == name[i]) {
      ++at;
      ++i;
    } else if (star != pattern.npos) {
      at = star + 1;
      i = ++after_star;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace

TensorPattern::TensorPattern(std::string_view pattern) {
  const size_t at = pattern.find(kExpert);
  numbers_experts_ = at != pattern.npos;
  before_ = pattern.substr(0, at);
  after_ = numbers_experts_ ? pattern.substr(at + kExpert.size()) : std::string_view();
}

bool TensorPattern::Matches(std::string_view name, MatchingWork& work) const {
  return numbers_experts_ ? ExpertOf(name, work).has_value() : MatchesGlob(before_, name, work);
}

std::optional<uint64_t> TensorPattern::ExpertOf(std::string_view name, MatchingWork& work) const {
  if (!numbers_experts_) return std::nullopt;
  for (size_t begin = 0; begin < name.size();) {
    if (!IsDigit(name[begin])) {
      ++begin;
      continue;
    }
    size_t end = begin;
    while (end < name.size() && IsDigit(name[end])) ++end;
    if (MatchesGlob(before_, name.substr(0, begin), work) &&
        MatchesGlob(after_, name.substr(end), work)) {
      const auto number = ParseDecimalU64(name.substr(begin, end - begin));
      return number ? std::optional(*number) : std::nullopt;
    }
    begin = end;
  }
  return std::nullopt;
}

}  // namespace carnet::verifier::compute
