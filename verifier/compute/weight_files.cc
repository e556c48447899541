#include "verifier/compute/weight_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include "core/utf8.h"
#include "crypto/sha256.h"
#include "verifier/compute/arithmetic.h"

namespace carnet::verifier::compute {
namespace {

using artifact::TensorSummary;
using artifact::WeightSet;

constexpr size_t kMatrixDimensions = 2;
constexpr size_t kStackDimensions = 3;  // a matrix each, and the expert outermost
// To fetch the name of a tensor, of up to a million, takes as long as so many steps of matching.
constexpr uint64_t kFetchSteps = 8;

// Of dtypes: sets of one network in one precision are parts that happen to be alike.
std::string PrecisionOf(const WeightSet& set) {
  std::string precision;
  for (const TensorSummary& tensor : set.tensors) precision += tensor.dtype + ",";
  return precision;
}

// Of names and shapes: sets that have them in common are one network in several precisions.
Sha256Digest NetworkOf(const WeightSet& set) {
  crypto::Sha256 network;
  for (const TensorSummary& tensor : set.tensors) {
    network.Update(fmt::format("{}:{}", tensor.name.size(), tensor.name));
    for (const uint64_t extent : tensor.shape) network.Update(fmt::format(",{}", extent));
    network.Update("\n");
  }
  return network.Finish();
}

// The experts of one pattern with `{expert}`: elements by number.
using Groups = std::map<uint64_t, Uint128>;

Result<> CheckGroups(const Groups& groups, uint64_t count, std::string_view pattern) {
  if (groups.empty()) {
    return Malformed(fmt::format("pattern {} matches no tensor", Printable(pattern)));
  }
  if (groups.size() != count || groups.rbegin()->first != count - 1) {
    return Malformed(fmt::format("pattern {} matches {} experts up to number {}, not {} from 0",
                                 Printable(pattern), groups.size(), groups.rbegin()->first, count));
  }
  for (const auto& [number, elements] : groups) {
    if (elements == groups.begin()->second) continue;
    return Malformed(fmt::format("pattern {}: expert {} has other tensors than expert 0",
                                 Printable(pattern), number));
  }
  return Ok();
}

// Whether the part of the name just before the number marks experts: layers are numbered too, and
// are equal groups as well.
bool NumbersExperts(const TensorPattern& pattern, const WeightNames& names) {
  std::string_view before = pattern.before_number();
  if (!before.ends_with('.')) return false;
  before.remove_suffix(1);
  const size_t dot = before.rfind('.');
  return names.IsExpertPart(dot == before.npos ? before : before.substr(dot + 1));
}

// What a network is published in: 32, 16 and 8 bits, say. More are other networks of its shape.
constexpr size_t kMostPrecisions = 3;

}  // namespace

WeightFiles::WeightFiles(const artifact::ModelFiles& model, const WeightNames& names)
    : model_(model), names_(names) {
  std::map<Sha256Digest, std::set<std::string>> networks;  // with the precisions seen
  for (const WeightSet& set : model.weight_sets) {
    for (const TensorSummary& tensor : set.tensors) {
      if (tensor.shape.size() != kMatrixDimensions) continue;
      const Shape shape{tensor.shape[0], tensor.shape[1]};
      matrices_[tensor.name].insert(shape);
      shapes_.insert(shape);
      if (names.IsOutputHead(tensor.name)) heads_.insert(shape);
    }
    if (largest_ == nullptr || set.parameters.least > largest_->parameters.least) largest_ = &set;
    auto& precisions = networks[NetworkOf(set)];
    const bool of_new_precision = precisions.insert(PrecisionOf(set)).second;
    if (of_new_precision && precisions.size() > 1 && precisions.size() <= kMostPrecisions) continue;
    ++counted_;
    together_.least += set.parameters.least;
    together_.most += set.parameters.most;
  }
}

// 5 % beyond either end.
bool WeightFiles::Range::Holds(uint64_t total) const {
  const Uint128 stated = total;
  return stated * 20 >= least * 19 && stated * 20 <= most * 21;
}

bool WeightFiles::HoldTotal(uint64_t total) const {
  if (largest_ == nullptr) return true;
  const Range largest{largest_->parameters.least, largest_->parameters.most};
  return largest.Holds(total) || together_.Holds(total);
}

bool WeightFiles::HoldAllOf(uint64_t total) const {
  return largest_ == nullptr || counted_ < 2 || together_.Holds(total);
}

std::vector<const artifact::FileEntry*> WeightFiles::LargeUnknown() const {
  constexpr uint64_t kMostText = 32 << 20;  // of a large tokenizer.json
  constexpr std::array<std::string_view, 5> kText = {".json", ".txt", ".md", ".py", ".jinja"};
  std::vector<const artifact::FileEntry*> text;
  std::vector<const artifact::FileEntry*> unknown;
  uint64_t text_bytes = 0;
  uint64_t unknown_bytes = 0;
  for (const artifact::FileEntry& file : model_.files) {
    if (artifact::IsWeightFileName(file.path) || artifact::IsOtherFrameworkName(file.path))
      continue;
    const bool is_text = std::any_of(kText.begin(), kText.end(), [&](std::string_view ending) {
      return file.path.ends_with(ending);
    });
    (is_text ? text : unknown).push_back(&file);
    (is_text ? text_bytes : unknown_bytes) += file.bytes;
  }
  if (text_bytes > kMostText) {
    unknown.insert(unknown.end(), text.begin(), text.end());
    unknown_bytes += text_bytes;
  }
  if (unknown_bytes == 0 || unknown_bytes < model_.total_bytes / 4) return {};
  std::stable_sort(unknown.begin(), unknown.end(),
                   [](const auto* a, const auto* b) { return a->bytes > b->bytes; });
  return unknown;
}

bool WeightFiles::counts_elements() const {
  return largest_ != nullptr && largest_->parameters.exact() &&
         largest_->parameters.least == largest_->elements;
}

std::optional<uint64_t> WeightFiles::least_base_parameters() const {
  if (!model_.adapter || model_.adapter->pairs == 0) return std::nullopt;
  return model_.adapter->least_base_parameters;
}

Uint128 WeightFiles::BesideLargest(uint64_t total) const {
  if (counted_ < 2 || !together_.Holds(total)) return 0;
  const Range largest{largest_->parameters.least, largest_->parameters.most};
  // The largest is not among them where it is another precision of one that is.
  if (largest.Holds(total) || together_.least < largest.least) return 0;
  return together_.least - largest.least;
}

bool WeightFiles::HoldComplex() const {
  Uint128 complex = 0;
  Uint128 all = 0;
  for (const WeightSet& set : model_.weight_sets) {
    for (const TensorSummary& tensor : set.tensors) {
      all += tensor.counted();
      if (tensor.dtype == "C64" || tensor.dtype == "C128") complex += tensor.counted();
    }
  }
  return complex * 20 > all;
}

bool WeightFiles::quantised(MatchingWork work) const {
  return std::ranges::all_of(model_.weight_sets,
                             [&](const WeightSet& set) { return IsQuantised(set, work); });
}

bool WeightFiles::IsQuantised(const WeightSet& set, MatchingWork& work) const {
  constexpr std::array<std::string_view, 6> kWide = {"F16", "BF16", "F32", "F64", "C64", "C128"};
  // Embeddings of tokens, positions and types, and the output layer; or a shared table, those of
  // encoder and decoder, and the output layer. Most methods leave them as they are.
  constexpr size_t kLeftWide = 4;
  Uint128 narrow = 0;
  Uint128 wide = 0;
  std::vector<Uint128> tables;
  for (const TensorSummary& tensor : set.tensors) {
    const bool is_wide = std::find(kWide.begin(), kWide.end(), tensor.dtype) != kWide.end();
    if (!is_wide || tensor.packed) {
      narrow += tensor.counted();
    } else if (tensor.shape.size() == kMatrixDimensions &&
               (names_.IsTableName(tensor.name, work) || names_.IsOutputHead(tensor.name))) {
      tables.push_back(tensor.counted());
    } else {
      wide += tensor.counted();
    }
  }
  std::ranges::sort(tables, std::greater());
  for (size_t i = kLeftWide; i < tables.size(); ++i) wide += tables[i];
  return narrow > 0 && narrow >= wide;
}

std::optional<ExpertsSetting> WeightFiles::SettingOf(const WeightSet& set) const {
  if (!set.config || set.config->custom_code) return {};
  const std::string& type = set.config->model_type;
  const auto setting =
      names_.ExpertsPerTokenOf(set.name.ends_with(".gguf") ? "gguf:" + type : type);
  if (!setting) return {};
  const auto number = set.config->numbers.find(*setting);
  if (number == set.config->numbers.end()) return {};
  return ExpertsSetting{set.name, number->second};
}

// The same tensors may be there twice: a copy with another configuration must not speak for them.
std::optional<ExpertsSetting> WeightFiles::experts_per_token() const {
  if (largest_ == nullptr) return {};
  std::optional<ExpertsSetting> most = SettingOf(*largest_);
  for (const WeightSet& set : model_.weight_sets) {
    const bool has_experts = std::any_of(
        set.tensors.begin(), set.tensors.end(),
        [this](const TensorSummary& tensor) { return names_.HasExpertPart(tensor.name); });
    if (!most || !has_experts) continue;
    const auto setting = SettingOf(set);
    if (!setting || setting->number > most->number) most = setting;
  }
  return most;
}

bool WeightFiles::HasHead(Shape shape) const {
  return heads_.contains(shape) || heads_.contains({shape.second, shape.first});
}

// The shape that the files have it in.
std::optional<WeightFiles::Shape> WeightFiles::FindShape(const Table& table,
                                                         TableMatch match) const {
  const Shape stated{table.rows, table.columns};
  if (match == TableMatch::kByShape) {
    for (const Shape& shape : {stated, Shape{stated.second, stated.first}}) {
      if (shapes_.contains(shape)) return shape;
    }
    return std::nullopt;
  }
  const auto found = matrices_.find(table.tensor);
  if (found == matrices_.end()) return std::nullopt;
  for (const Shape& shape : found->second) {
    const bool resized = match == TableMatch::kResized && shape.second == table.columns &&
                         AreOfOneSize(shape.first, table.rows);
    if (shape == stated || resized) return shape;
  }
  return std::nullopt;
}

TableState WeightFiles::StateOf(const Table& table, TableMatch match) const {
  if (!names_.IsLookupRole(table.role)) return TableState::kUnknownRole;
  if (!names_.IsTableName(table.tensor, table.role)) return TableState::kOtherName;
  const auto shape = FindShape(table, match);
  if (!shape) {
    const bool named = match != TableMatch::kByShape && matrices_.contains(table.tensor);
    return named ? TableState::kOtherShape : TableState::kAbsent;
  }
  const bool shared = WeightNames::IsOfTokens(table.role) && !HasHead(*shape);
  return shared ? TableState::kShared : TableState::kLookup;
}

std::optional<std::vector<size_t>> WeightFiles::Match(std::span<const std::string_view> patterns,
                                                      MatchingWork& work) const {
  std::vector<size_t> matched;
  if (largest_ == nullptr) return matched;
  const std::vector<TensorSummary>& tensors = largest_->tensors;
  std::vector<TensorPattern> globs;
  for (const std::string_view pattern : patterns) {
    if (pattern.find('*') != pattern.npos) {
      globs.emplace_back(pattern);
      continue;
    }
    if (!work.Spend(kFetchSteps * std::bit_width(tensors.size()))) return std::nullopt;
    const auto found = std::lower_bound(
        tensors.begin(), tensors.end(), pattern,
        [](const TensorSummary& each, std::string_view wanted) { return each.name < wanted; });
    if (found == tensors.end() || found->name != pattern) continue;
    matched.push_back(static_cast<size_t>(found - tensors.begin()));
  }
  for (size_t i = 0; !globs.empty() && i < tensors.size(); ++i) {
    if (!work.Spend(kFetchSteps)) return std::nullopt;
    const bool matches = std::any_of(globs.begin(), globs.end(), [&](const TensorPattern& glob) {
      return glob.Matches(tensors[i].name, work);
    });
    if (matches) matched.push_back(i);
  }
  if (work.exhausted()) return std::nullopt;
  std::sort(matched.begin(), matched.end());
  matched.erase(std::unique(matched.begin(), matched.end()), matched.end());
  return matched;
}

Result<ExpertSplit> WeightFiles::SplitExperts(uint64_t count,
                                              std::span<const std::string_view> patterns,
                                              MatchingWork& work) const {
  ExpertSplit split;
  if (largest_ == nullptr) return split;
  std::set<std::string_view> experts;
  for (const std::string_view text : patterns) {
    const TensorPattern pattern(text);
    if (pattern.numbers_experts() && !NumbersExperts(pattern, names_)) {
      return Malformed(
          fmt::format("pattern {} numbers something other than experts", Printable(text)));
    }
    Groups groups;
    for (const TensorSummary& tensor : largest_->tensors) {
      if (!work.Spend(kFetchSteps + tensor.name.size())) break;  // looks for digits first
      uint64_t number = 0;
      if (pattern.numbers_experts()) {
        const auto expert = pattern.ExpertOf(tensor.name, work);
        if (!expert) continue;
        number = *expert;
      } else {
        if (!pattern.Matches(tensor.name, work)) continue;
        const bool stack = tensor.shape.size() >= kStackDimensions && tensor.shape[0] == count &&
                           names_.HasExpertPart(tensor.name);
        if (!stack) {
          return Malformed(
              fmt::format("tensor {} is not a stack of {} experts", Printable(tensor.name), count));
        }
      }
      groups[number] += tensor.elements;
      if (experts.insert(tensor.name).second) split.experts += tensor.counted();
    }
    if (work.exhausted()) return Malformed("too many patterns for so many tensors");
    CARNET_TRY_VOID(CheckGroups(groups, pattern.numbers_experts() ? count : 1, text));
  }
  split.others = largest_->elements - split.experts;
  return split;
}

}  // namespace carnet::verifier::compute
