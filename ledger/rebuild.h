// Rebuild: a damaged ledger's database made anew from its entries. Tiles, tree state and index are
// derived again; what comes out must have the root of the last signed checkpoint.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/ledger.h"
#include "sigstore/bundle.h"

namespace carnet::ledger {

struct Rebuilt {
  TreeSize size{0};
  TreeSize signed_size{0};  // of the guard's checkpoint; what lies beyond is signed when a writer
                            // opens the ledger
  uint64_t supplied = 0;    // entries that came from bundles
  uint64_t dropped = 0;     // entries beyond the checkpoint, never acknowledged, behind a gap
  std::string set_aside;    // folder of the database as it was
};

// Reads what can be read of the database, past damage in RocksDB's log; takes entries that are
// lost from the receipts of `bundles`; derives everything else. The new database takes the place
// of the old one only if it has every entry under the guard's checkpoint, and that checkpoint's
// root. Needs the disk space of a second ledger. The password is asked for only if the database
// has lost the log's key and key.pem is encrypted. Errors: not_found (no guard, no database),
// conflict (a writer has it open), corruption (entries are lost: which), rejected (the entries are
// not those that were signed; a bundle's receipt does not hold), io. After an error the ledger is
// as before.
Result<Rebuilt> Rebuild(const std::string& folder, const LedgerOptions& options,
                        const std::vector<sigstore::Bundle>& bundles,
                        const std::function<void(uint64_t done, uint64_t total)>& progress = {});

}  // namespace carnet::ledger
