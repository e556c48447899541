// Which list of devices an allocation is held to: its own, or that of the nearest allocation that
// it was resold from. Not for several threads: remembers what it found.
#pragma once

#include <unordered_map>

#include "statements/statement_set.h"

namespace carnet::statements {

// `set` must outlive it.
class DeviceLists {
 public:
  explicit DeviceLists(const StatementSet& set) : set_(set) {}

  // The allocation whose list it is; null where none lists devices. All calls together are linear
  // in the set.
  const Statement* ListerFor(const Statement& allocation);

 private:
  const StatementSet& set_;
  std::unordered_map<const Statement*, const Statement*> listers_;
};

}  // namespace carnet::statements
