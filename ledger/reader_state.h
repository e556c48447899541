// The state of a Reader. Private to reader*.cc and ledger.cc.
#pragma once

#include <memory>

#include "ledger/entry.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"
#include "ledger/writer.h"

namespace carnet::ledger {

struct Reader::State {
  // Over a store that outlives the reader: the writer's.
  State(const Store& borrowed, merkle::NoteKey note_key, SignedHead signed_head)
      : store(borrowed), key(std::move(note_key)), head(std::move(signed_head)) {}
  State(std::unique_ptr<Store> opened, merkle::NoteKey note_key, SignedHead signed_head)
      : owned(std::move(opened)),
        store(*owned),
        key(std::move(note_key)),
        head(std::move(signed_head)) {}

  // The root at a size up to the head's, proved against the head. Errors: not_found, corruption.
  Result<RootHash> VerifiedRoot(NodeReader& nodes, TreeSize size) const;
  // Errors: not_found (not under the head).
  Result<> CheckUnderHead(LeafIndex index) const;
  Result<> CheckUnderHead(TreeSize size) const;
  // What the value of a statement's row says; absent as IndexIn.
  Result<std::optional<StatementRow>> StatementIn(const StatementId& id,
                                                  const std::optional<std::string>& value) const;
  // Absent if there is no row, or if its index is not under the head.
  Result<std::optional<LeafIndex>> IndexIn(const std::string& key) const;
  // Indices of posting rows [begin, end).
  Result<std::vector<LeafIndex>> Postings(const std::string& begin, const std::string& end,
                                          size_t limit) const;
  // Indices that are the values of rows, in key order.
  Result<std::vector<LeafIndex>> IndicesBehind(const std::string& prefix, size_t limit) const;
  // Raw digests of rows whose keys are `before` and then a digest.
  Result<std::vector<std::string>> DigestsFrom(const std::string& before,
                                               const DigestPrefix& prefix, size_t limit) const;
  // The entry, if it is the one that the tree commits to. Errors: not_found, corruption.
  Result<OpenedEntry> Entry(LeafIndex index) const;
  Result<sigstore::LogEntry> ReceiptOf(const Reader& reader, LeafIndex index,
                                       const OpenedEntry& entry) const;
  Result<sigstore::Bundle> BundleOf(const Reader& reader, LeafIndex index, OpenedEntry entry,
                                    Bytes payload) const;

  std::unique_ptr<Store> owned;
  const Store& store;
  merkle::NoteKey key;
  SignedHead head;
};

}  // namespace carnet::ledger
