// Erasing a statement's text from a ledger, and giving it back. The leaf commits to the statement's
// id alone, so that the tree, its checkpoints and all receipts stay as they are; index rows stay
// too. Key and guard are not needed: nothing that is signed changes.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "core/timestamp.h"

namespace carnet::ledger {

struct Erased {
  std::vector<LeafIndex> entries;
  bool already;  // in all of them
};

// Replaces the text by `reason` in every entry of the statement, and removes it from the
// database's files; a repeated call completes one that was cut short. Copies elsewhere remain:
// backups, passports, the disk's unused blocks. A text that is erased already keeps its reason.
// Requires a reason of at most schemas::kMaxReasonBytes. Errors: not_found (not logged here),
// conflict (its text is withheld: there is none; another writer), corruption, io.
Result<Erased> Erase(const std::string& folder, const StatementId& id, TimestampMs now,
                     const std::string& reason);

struct RestoredText {
  StatementId id;
  std::vector<LeafIndex> entries;
  bool index_differs;  // the index has other terms of it: a rebuild corrects that
};

// Puts the texts of statements back where they are withheld or erased. Statements that are not
// logged here, or whose text is here, are passed over. Errors: conflict (another writer),
// corruption, io.
Result<std::vector<RestoredText>> Restore(const std::string& folder,
                                          const std::vector<Bytes>& payloads);

}  // namespace carnet::ledger
