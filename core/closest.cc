#include "core/closest.h"

#include <algorithm>
#include <vector>

#include "core/ascii.h"

namespace carnet {
namespace {

// Nobody mistypes a longer word, and a hostile one must not cost much.
constexpr size_t kMaxWord = 64;
constexpr size_t kShortList = 12;
constexpr size_t kLeastBeginning = 3;

std::string Folded(std::string_view word) {
  std::string folded = Lowered(word);
  std::replace(folded.begin(), folded.end(), '_', '-');
  return folded;
}

// Row by row over the prefixes of `a`; the two rows before the present one are kept.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before, last(b.size() + 1), now(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

std::optional<std::string> OnlyOneBeginningWith(const std::string& word,
                                                std::span<const std::string> known) {
  if (word.size() < kLeastBeginning) return std::nullopt;
  std::optional<std::string> found;
  for (const std::string& each : known) {
    if (!Folded(each).starts_with(word)) continue;
    if (found) return std::nullopt;
    found = each;
  }
  return found;
}

}  // namespace

std::optional<std::string> Closest(std::string_view word, std::span<const std::string> known) {
  if (word.empty() || word.size() > kMaxWord) return std::nullopt;
  const std::string wanted = Folded(word);
  size_t least = 2 + wanted.size() / 4;  // one more than is near enough
  std::optional<std::string> closest;
  for (const std::string& each : known) {
    // A word of which nothing stays is another word.
    if (each.size() > kMaxWord) continue;
    const size_t distance = Distance(wanted, Folded(each));
    if (distance >= least || distance >= std::max(wanted.size(), each.size())) continue;
    least = distance;
    closest = each;
  }
  return closest ? closest : OnlyOneBeginningWith(wanted, known);
}

std::string DidYouMean(std::string_view word, std::span<const std::string> known) {
  const auto closest = Closest(word, known);
  return closest ? "; did you mean \"" + *closest + "\"?" : "";
}

std::string DidYouMeanOf(std::string_view word, std::span<const std::string> known) {
  std::string text = DidYouMean(word, known);
  if (!known.empty() && known.size() <= kShortList) text += "; known: " + Listed(known);
  return text;
}

std::string Listed(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace carnet
