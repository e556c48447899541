// Which chip of a catalogue a text names: an id, a family of variants, or a name that tools or
// clouds have for it. Never a guess: a name of several variants leads to all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/compute/chips.h"

namespace carnet::verifier::compute {

struct FoundChips {
  std::vector<std::string> ids = {};             // sorted; none: the text names nothing here
  std::optional<uint64_t> units = std::nullopt;  // of a machine: how many of the chip it has
  bool too_near = false;  // the text is no name of them, but could be taken for one
};

// `text` without the spaces around it is the name, whatever the case of its letters.
FoundChips FindChip(const Catalogue& catalogue, std::string_view text);

// The same without regard to spaces and punctuation: what else a chip of the catalogue is called to
// make it look like another. Where this finds nothing, names that differ in who makes the chip,
// what it is mounted on, or its memory, which are too near (`too_near`).
FoundChips FindMisspeltChip(const Catalogue& catalogue, std::string_view text);

// What FindChip finds; else every chip with `text` in its id, family, vendor or a name of it.
// Sorted.
std::vector<std::string> SearchChips(const Catalogue& catalogue, std::string_view text);

// Ids and names that differ from `text` in few letters, the closest first; at most `most`.
std::vector<std::string> ClosestNames(const Catalogue& catalogue, std::string_view text,
                                      size_t most = 3);

// The names that lead to this chip and no other, in the order of the table.
std::vector<ChipAlias> NamesOf(const Catalogue& catalogue, std::string_view chip);

// "h100-nvl, h100-pcie or h100-sxm5".
std::string OneOf(const std::vector<std::string>& ids);

}  // namespace carnet::verifier::compute
