#include "verifier/compute/find_chip.h"

#include <algorithm>
#include <utility>

#include "core/ascii.h"

namespace carnet::verifier::compute {
namespace {

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// An id, or all variants of a family.
std::vector<std::string> Meant(const Catalogue& catalogue, std::string_view target) {
  if (catalogue.Has(target)) return {std::string(target)};
  return catalogue.VariantsOf(target);
}

void Sort(std::vector<std::string>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

bool Contains(std::string_view text, const std::string& part) {
  return Lowered(text).find(part) != std::string::npos;
}

// How many letters to insert, drop or replace; more than `limit` is `limit` + 1.
size_t Distance(std::string_view a, std::string_view b, size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

// Everything that FindChip finds something under.
std::vector<std::string> AllNames(const Catalogue& catalogue) {
  std::vector<std::string> names = catalogue.ChipIds();
  for (const ChipAlias& name : catalogue.names().all()) {
    if (!Meant(catalogue, name.chip).empty()) names.push_back(name.text);
  }
  return names;
}

// Ids of names that are the same but for their maker; where there are none, those of one core.
std::vector<std::string> TooNear(const Catalogue& catalogue, std::string_view text) {
  const std::string core = CoreOf(text);
  if (core.empty()) return {};
  const std::string bare = WithoutMaker(text);
  std::vector<std::string> same, near;
  const auto add = [&](std::string_view name, std::vector<std::string> ids) {
    std::vector<std::string>& into = WithoutMaker(name) == bare ? same : near;
    into.insert(into.end(), ids.begin(), ids.end());
  };
  for (const ChipAlias* name : catalogue.names().OfCore(core)) {
    add(name->text, Meant(catalogue, name->chip));
  }
  for (const std::string& id : catalogue.OfCore(core)) add(id, {id});
  std::vector<std::string>& ids = same.empty() ? near : same;
  Sort(ids);
  return ids;
}

}  // namespace

FoundChips FindChip(const Catalogue& catalogue, std::string_view text) {
  const std::string key = Lowered(Trimmed(text));
  if (catalogue.Has(key)) return {{key}};
  for (const ChipAlias* name : catalogue.names().FoldedTo(Folded(key))) {
    if (Lowered(name->text) == key) return {Meant(catalogue, name->chip), name->units};
  }
  return {catalogue.VariantsOf(key)};
}

FoundChips FindMisspeltChip(const Catalogue& catalogue, std::string_view text) {
  FoundChips found = FindChip(catalogue, text);
  const std::string folded = Folded(text);
  if (!found.ids.empty() || folded.empty()) return found;
  for (const ChipAlias* name : catalogue.names().FoldedTo(folded)) {
    for (std::string& id : Meant(catalogue, name->chip)) found.ids.push_back(std::move(id));
    found.units = name->units;
  }
  for (std::string& id : catalogue.FoldedTo(folded)) found.ids.push_back(std::move(id));
  Sort(found.ids);
  if (!found.ids.empty()) return found;
  return {TooNear(catalogue, text), std::nullopt, true};
}

std::vector<std::string> SearchChips(const Catalogue& catalogue, std::string_view text) {
  const std::string part = Lowered(Trimmed(text));
  std::vector<std::string> ids = FindChip(catalogue, text).ids;
  if (!ids.empty() && !part.empty()) return ids;
  for (std::string& id : catalogue.ChipIds()) {
    const ListedChip& chip = *catalogue.Find(id);
    const bool has =
        Contains(id, part) || Contains(chip.family, part) || Contains(chip.vendor, part);
    if (has) ids.push_back(std::move(id));
  }
  for (const ChipAlias& name : catalogue.names().all()) {
    if (!Contains(name.text, part)) continue;
    for (std::string& id : Meant(catalogue, name.chip)) ids.push_back(std::move(id));
  }
  Sort(ids);
  return ids;
}

std::vector<std::string> ClosestNames(const Catalogue& catalogue, std::string_view text,
                                      size_t most) {
  constexpr size_t kMaxText = 64;  // no name is longer: against time spent on a hostile text
  const std::string wanted = Folded(text);
  if (wanted.empty() || wanted.size() > kMaxText) return {};
  const size_t limit = std::max<size_t>(1, wanted.size() / 3);
  std::vector<std::pair<size_t, std::string>> near;
  for (std::string& name : AllNames(catalogue)) {
    const size_t distance = Distance(wanted, Folded(name), limit);
    if (distance <= limit) near.emplace_back(distance, std::move(name));
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (auto& [distance, name] : near) {
    if (names.size() < most) names.push_back(std::move(name));
  }
  return names;
}

std::vector<ChipAlias> NamesOf(const Catalogue& catalogue, std::string_view chip) {
  std::vector<ChipAlias> names;
  for (const ChipAlias& name : catalogue.names().all()) {
    const auto meant = Meant(catalogue, name.chip);
    if (meant.size() == 1 && meant[0] == chip) names.push_back(name);
  }
  return names;
}

std::string OneOf(const std::vector<std::string>& ids) {
  std::string text;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += i + 1 == ids.size() ? " or " : ", ";
    text += ids[i];
  }
  return text;
}

}  // namespace carnet::verifier::compute
