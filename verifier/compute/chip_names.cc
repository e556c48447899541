#include "verifier/compute/chip_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/ascii.h"
#include "core/decimal.h"
#include "core/utf8.h"
#include "verifier/compute/csv_rows.h"

namespace carnet::verifier::compute {
namespace {

// Who makes chips, and lines of them that are left away in speech.
constexpr std::array<std::string_view, 18> kMakers = {
    "nvidia", "amd",       "intel", "google", "cloud",   "amazon", "aws", "apple",    "huawei",
    "habana", "annapurna", "grid",  "tesla",  "geforce", "quadro", "rtx", "instinct", "radeon"};
// What a chip is mounted on, and what else follows its name; a number may follow. The first may
// also be written in one word with the name.
constexpr std::array<std::string_view, 8> kMounts = {"sxm", "pcie", "nvl", "oam",
                                                     "hbm", "hgx",  "dgx", "gpu"};
constexpr std::array<std::string_view, 15> kAdditions = {
    "tm", "pci", "dgxs", "gpus",   "accelerator", "generation", "graphics", "ls",
    "ac", "ai",  "x",    "active", "tensor",      "core",       "mig"};

// Other words before a name; so are makers and mounts ("NVIDIA(R) DGX H100").
constexpr std::array<std::string_view, 12> kBefore = {
    "corporation", "corp",   "inc",   "r",      "tm",     "grace",
    "hopper",      "ampere", "volta", "pascal", "turing", "blackwell"};

template <size_t N>
bool IsOneOf(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::string_view kDigits = "0123456789";

// In lower case.
std::vector<std::string> LoweredWords(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (IsLetterOrDigit(c)) {
      words.back() += Lowered(c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "hbm3e", "sxm5" and "nvl72" without their numbers.
std::string_view WithoutNumber(std::string_view word) {
  if (word.size() > 1 && word.back() == 'e' && IsDigit(word[word.size() - 2])) {
    word.remove_suffix(1);
  }
  return word.substr(0, word.find_last_not_of(kDigits) + 1);
}

// "sxm5", "pcie", "80gb", "3e".
bool IsAddition(std::string_view word) {
  const std::string_view unit = word.substr(std::min(word.find_first_not_of(kDigits), word.size()));
  if (unit.size() < word.size() &&
      (unit.empty() || unit == "g" || unit == "gb" || unit == "gib" || unit == "e")) {
    return !unit.empty();
  }
  const std::string_view name = WithoutNumber(word);
  return IsOneOf(kMounts, name) || IsOneOf(kAdditions, name);
}

// Of letters and digits. "8xh100" is eight of them.
std::string_view WithoutMakerBefore(std::string_view name) {
  const size_t count = std::min(name.find_first_not_of(kDigits), name.size());
  if (count > 0 && name.substr(count).starts_with('x')) name.remove_prefix(count + 1);
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view maker : kMakers) {
      if (!name.starts_with(maker)) continue;
      name.remove_prefix(maker.size());
      found = true;
    }
  }
  return name;
}

std::string_view WithoutMountBehind(std::string_view name) {
  const std::string_view without = WithoutNumber(name);
  for (const std::string_view mount : kMounts) {
    if (without.ends_with(mount)) return without.substr(0, without.size() - mount.size());
  }
  return name;
}

constexpr std::string_view kNamesHeader = "alias,chip,units";
enum NameColumn : size_t { kAlias, kNamed, kUnits };

}  // namespace

std::string Folded(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (IsLetterOrDigit(c)) folded += Lowered(c);
  }
  return folded;
}

std::string WithoutMaker(std::string_view text) {
  return std::string(WithoutMakerBefore(Folded(text)));
}

std::string CoreOf(std::string_view text) {
  std::vector<std::string> words = LoweredWords(text);
  while (words.size() > 1 && IsAddition(words.back())) words.pop_back();
  const auto first = std::find_if_not(words.begin(), words.end(), [&](const std::string& word) {
    return &word != &words.back() &&
           (IsOneOf(kMakers, word) || IsOneOf(kBefore, word) || IsAddition(word));
  });
  std::string joined;
  for (auto word = first; word != words.end(); ++word) joined += *word;
  return std::string(WithoutMountBehind(WithoutMakerBefore(joined)));
}

Result<ChipNames> ChipNames::Parse(std::string_view csv, std::string_view name) {
  ChipNames names;
  std::set<std::string> taken;
  CARNET_TRY_VOID(ReadCsv(csv, name, kNamesHeader, [&](const CsvRow& row) -> Result<> {
    std::string folded = Folded(row[kAlias]);
    if (folded.empty()) return row.Refuse(kAlias, "has neither letter nor digit");
    if (!taken.insert(Lowered(row[kAlias])).second) {
      return row.Refuse(kAlias, Quoted(row[kAlias]) + " appears more than once");
    }
    std::optional<uint64_t> units;
    if (!row[kUnits].empty()) {
      units = ParseDecimalU64(row[kUnits]);
      if (!units || *units == 0) return row.Refuse(kUnits, "expected a positive number or nothing");
    }
    names.folded_.emplace(std::move(folded), names.names_.size());
    if (!units) names.cores_.emplace(CoreOf(row[kAlias]), names.names_.size());
    names.names_.push_back({row[kAlias], row[kNamed], units});
    return Ok();
  }));
  return names;
}

std::vector<const ChipAlias*> ChipNames::At(
    const std::unordered_multimap<std::string, size_t>& places, const std::string& key) const {
  std::vector<const ChipAlias*> found;
  const auto [begin, end] = places.equal_range(key);
  for (auto each = begin; each != end; ++each) found.push_back(&names_[each->second]);
  return found;
}

std::vector<const ChipAlias*> ChipNames::FoldedTo(const std::string& folded) const {
  return At(folded_, folded);
}

std::vector<const ChipAlias*> ChipNames::OfCore(const std::string& core) const {
  return At(cores_, core);
}

}  // namespace carnet::verifier::compute
