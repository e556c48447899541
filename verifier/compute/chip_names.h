// Names under which tools and clouds know the chips of the catalogue (data/chip_aliases.csv): as
// nvidia-smi, NVML, rocm-smi and JAX print them, and machine types of clouds. A plain table: what
// a name means in a catalogue, find_chip.h says. Const methods are thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"

namespace carnet::verifier::compute {

struct ChipAlias {
  std::string text;               // "NVIDIA H200", "p5.48xlarge"
  std::string chip;               // the id, or the family if the name is of several variants
  std::optional<uint64_t> units;  // of a machine: how many it has
};

// Letters and digits alone, in lower case: "NVIDIA H200" and "nvidia-h200" are one.
std::string Folded(std::string_view text);

// Of the same letters without who makes the chip and the name of its line: "NVIDIA H100 SXM5" and
// "h100-sxm5" are "h100sxm5", "8x GRID A100-SXM4-40GB" is "a100sxm440gb".
std::string WithoutMaker(std::string_view text);

// And without what a chip is mounted on and how much memory it has: "h100", "a100". Names of one
// core are too near for two chips.
std::string CoreOf(std::string_view text);

class ChipNames {
 public:
  ChipNames() = default;
  // Errors: malformed, with `name`, line and column: no two rows have one alias, whatever its case.
  static Result<ChipNames> Parse(std::string_view csv, std::string_view name);

  const std::vector<ChipAlias>& all() const { return names_; }  // in the order of the file
  // Those whose text folds to the same.
  std::vector<const ChipAlias*> FoldedTo(const std::string& folded) const;
  // Those of this core, without machines.
  std::vector<const ChipAlias*> OfCore(const std::string& core) const;

 private:
  std::vector<const ChipAlias*> At(const std::unordered_multimap<std::string, size_t>& places,
                                   const std::string& key) const;

  std::vector<ChipAlias> names_;
  std::unordered_multimap<std::string, size_t> folded_;  // to places in names_
  std::unordered_multimap<std::string, size_t> cores_;   // likewise
};

}  // namespace carnet::verifier::compute
