#include "artifact/adapter.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string_view>

#include "core/flop.h"

namespace carnet::artifact {
namespace {

// How writers name the halves of a pair: PEFT, PEFT for embeddings, diffusers, kohya. Data.
struct PairNames {
  std::string_view a;  // [r, d_in]
  std::string_view b;  // [d_out, r]
};

constexpr std::array<PairNames, 4> kPairNames = {{
    {".lora_A", ".lora_B"},
    {".lora_embedding_A", ".lora_embedding_B"},
    {".lora.down", ".lora.up"},
    {".lora_down", ".lora_up"},
}};

// Where `part` ends a component of `name`: before the end or a '.'.
std::optional<size_t> FindPart(std::string_view name, std::string_view part) {
  const size_t at = name.find(part);
  if (at == std::string_view::npos) return std::nullopt;
  const size_t end = at + part.size();
  if (end != name.size() && name[end] != '.') return std::nullopt;
  return at;
}

const TensorSummary* Find(const WeightSet& set, const std::string& name) {
  const auto found = std::lower_bound(
      set.tensors.begin(), set.tensors.end(), name,
      [](const TensorSummary& each, const std::string& wanted) { return each.name < wanted; });
  return found != set.tensors.end() && found->name == name ? &*found : nullptr;
}

// d_out · d_in; absent unless the halves share a rank. What follows the second dimension belongs
// to a convolution: [r, in, k, k] and [out, r, 1, 1].
std::optional<Uint128> Adapted(const TensorSummary& a, const TensorSummary& b) {
  if (a.shape.size() < 2 || b.shape.size() < 2 || a.shape[0] != b.shape[1]) return std::nullopt;
  const uint64_t rank = a.shape[0];
  if (rank == 0) return std::nullopt;
  return Uint128{a.elements / rank} * (b.elements / rank);
}

class Pairing {
 public:
  explicit Pairing(const WeightSet& set) : set_(set) {}

  Adapter Run() {
    for (const TensorSummary& tensor : set_.tensors) Visit(tensor);
    Uint128 total = 0;  // of at most 2^20 terms
    for (const auto& [module, adapted] : modules_) total = std::min(total + adapted, kMost);
    return {set_.name, static_cast<uint64_t>(total), modules_.size(), std::move(unmatched_)};
  }

 private:
  static constexpr Uint128 kMost = std::numeric_limits<uint64_t>::max();

  void Visit(const TensorSummary& tensor) {
    for (const PairNames& names : kPairNames) {
      if (const auto at = FindPart(tensor.name, names.a)) {
        return Match(tensor, tensor.name.substr(0, *at),
                     Renamed(tensor.name, *at, names.a, names.b), true);
      }
      if (const auto at = FindPart(tensor.name, names.b)) {
        return Match(tensor, "", Renamed(tensor.name, *at, names.b, names.a), false);
      }
    }
  }

  static std::string Renamed(const std::string& name, size_t at, std::string_view from,
                             std::string_view to) {
    return name.substr(0, at) + std::string(to) + name.substr(at + from.size());
  }

  // A module that several adapters of the set adapt is one of the base's.
  void Match(const TensorSummary& tensor, const std::string& module, const std::string& other_name,
             bool is_a) {
    const TensorSummary* const other = Find(set_, other_name);
    std::optional<Uint128> adapted;
    if (other != nullptr) adapted = is_a ? Adapted(tensor, *other) : Adapted(*other, tensor);
    if (!adapted) {
      unmatched_.push_back(tensor.name);
    } else if (is_a) {
      Uint128& largest = modules_[module];
      largest = std::max(largest, std::min(*adapted, kMost));
    }
  }

  const WeightSet& set_;
  std::map<std::string, Uint128> modules_;
  std::vector<std::string> unmatched_;
};

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

}  // namespace

Adapter AdapterOf(const WeightSet& set) { return Pairing(set).Run(); }

std::optional<Adapter> FindAdapter(std::span<const WeightSet> sets,
                                   std::span<const std::string> configured) {
  std::optional<Adapter> best;
  const WeightSet* named = nullptr;
  for (const WeightSet& set : sets) {
    Adapter adapter = AdapterOf(set);
    const bool tells = adapter.pairs > 0 || !adapter.unmatched.empty();
    if (tells && (!best || adapter.least_base_parameters > best->least_base_parameters)) {
      best = std::move(adapter);
    }
    if (std::find(configured.begin(), configured.end(), FolderOf(set.name)) == configured.end()) {
      continue;
    }
    if (named == nullptr || set.elements > named->elements) named = &set;
  }
  if (!best && named != nullptr) best = AdapterOf(*named);
  return best;
}

}  // namespace carnet::artifact
