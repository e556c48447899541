// RocksDB's Status ends here: the one place that turns it into our Error.
#pragma once

#include <string_view>

#include "core/result.h"

namespace rocksdb {
class Status;
}

namespace carnet::ledger {

// Requires a status that is not ok. `where` names the folder, and the row where there is one.
Error FromStatus(const rocksdb::Status& status, std::string_view where);

}  // namespace carnet::ledger
