#include "statements/device_lists.h"

#include <vector>

#include "schemas/readers.h"
#include "statements/follow.h"

namespace carnet::statements {

using schemas::ReaderOf;

const Statement* DeviceLists::ListerFor(const Statement& allocation) {
  std::vector<const Statement*> without;  // a list, up to the lister
  const Statement* lister = &allocation;
  while (lister != nullptr) {
    const auto reader = ReaderOf<wire::Allocation>(lister->predicate);
    if (reader.getDevices().size() > 0) break;
    const auto [found, is_new] = listers_.try_emplace(lister, nullptr);  // null: a circle ends
    if (!is_new) {
      lister = found->second;
      break;
    }
    without.push_back(lister);
    lister = Follow(set_, reader.getParent(), schemas::Kind::kAllocation);
  }
  for (const Statement* each : without) listers_[each] = lister;
  return lister;
}

}  // namespace carnet::statements
