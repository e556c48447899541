// What LedgerReader and Ledger hold.
#pragma once

#include <carnet/ledger.h>

#include <memory>

#include "api/internals.h"
#include "ledger/ledger.h"
#include "ledger/reader.h"

namespace carnet {

// Both are shared: readers keep open the ledger that they read, recorders the one that they append
// to.
struct Ledger::State {
  std::unique_ptr<ledger::Ledger> ledger;
};

struct LedgerReader::State {
  std::shared_ptr<const void> ledger;  // outlives the reader; null if the reader was opened alone
  std::unique_ptr<ledger::Reader> reader;
};

}  // namespace carnet
