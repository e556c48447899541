// Patterns of tensor names, as a passport names its experts and frozen tensors: `*` stands for any
// characters, `{expert}`, once, for the number of an expert.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carnet::verifier::compute {

// Bounds what a hostile passport makes of many patterns and many tensors: steps of matching, for
// one passport. An honest one needs a few per character of a name.
class MatchingWork {
 public:
  bool exhausted() const { return steps_left_ == 0; }
  // False once it is exhausted.
  bool Spend(uint64_t steps) {
    steps_left_ = steps_left_ > steps ? steps_left_ - steps : 0;
    return !exhausted();
  }

 private:
  uint64_t steps_left_ = 300'000'000;
};

class TensorPattern {
 public:
  // `pattern` must outlive it.
  explicit TensorPattern(std::string_view pattern);

  bool numbers_experts() const { return numbers_experts_; }
  // What stands before `{expert}`; the whole pattern where there is none.
  std::string_view before_number() const { return before_; }

  // False once the work is exhausted.
  bool Matches(std::string_view name, MatchingWork& work) const;
  // The number in the place of `{expert}`. Absent where the name does not match, or the pattern has
  // none.
  std::optional<uint64_t> ExpertOf(std::string_view name, MatchingWork& work) const;

 private:
  std::string_view before_;
  std::string_view after_;
  bool numbers_experts_;
};

}  // namespace carnet::verifier::compute
