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
  TreeSize signed_size{0};          // of the latest signed checkpoint at hand; what lies beyond is
                                    // signed when a writer opens the ledger
  std::vector<LeafIndex> supplied;  // entries that came from bundles, with their texts
  uint64_t dropped = 0;   // entries beyond the checkpoint, never acknowledged, behind a gap
  std::string set_aside;  // folder of the database as it was
};

// `where` names it in errors.
struct NamedBundle {
  std::string where;
  sigstore::Bundle bundle;
};

// Reads what can be read of the database, past damage in RocksDB's log; takes entries that are
// lost, or that are not the ones that were logged, from the receipts of `bundles`; derives
// everything else. The new database takes the place of the old one only if it has every entry under
// the signed checkpoints at hand, and their roots: the guard's, the database's own copy, those of
// the receipts. Needs the disk space of a second ledger. The password is asked for only if the
// database has lost the log's key and key.pem is encrypted. Errors: not_found (no guard), conflict
// (a writer has it open), corruption (entries are lost: which), rejected (the entries are not those
// that were signed; a bundle's receipt does not hold), io. After an error the ledger is as before,
// unless only setting the old database aside failed: then it is in `rebuilding`, and the next call
// sets it aside.
Result<Rebuilt> Rebuild(const std::string& folder, const LedgerOptions& options,
                        const std::vector<NamedBundle>& bundles,
                        const std::function<void(uint64_t done, uint64_t total)>& progress = {});

// Clears what a rebuild left that was cut short: an unfinished database is removed, a finished or
// replaced one set aside. Requires the ledger's lock. Errors: io.
Result<> ClearRebuilding(const std::string& folder);

}  // namespace carnet::ledger
