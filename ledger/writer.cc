#include "ledger/writer.h"

#include "ledger/index.h"
#include "ledger/recovery.h"
#include "ledger/store.h"

namespace carnet::ledger {

Result<SignedHead> SignHead(const TreeState& state, const merkle::NoteKey& key,
                            const crypto::Ed25519PrivateKey& private_key) {
  std::string note =
      merkle::SignCheckpoint({key.name(), state.size, state.root, {}}, key, private_key);
  CARNET_TRY(auto checkpoint, merkle::VerifiedCheckpoint::Verify(note, key));
  return SignedHead{std::move(note), std::move(checkpoint)};
}

Writer::Writer(Store& store, CheckpointGuard guard, const merkle::NoteKey& key,
               crypto::Ed25519PrivateKey private_key, SignedHead head)
    : store_(store),
      guard_(std::move(guard)),
      key_(key),
      private_key_(std::move(private_key)),
      head_(std::move(head)) {}

Result<std::unique_ptr<Writer>> Writer::Open(Store& store, CheckpointGuard guard,
                                             const merkle::NoteKey& key,
                                             crypto::Ed25519PrivateKey private_key) {
  CARNET_TRY(std::string note, guard.Fetch());
  auto checkpoint = merkle::VerifiedCheckpoint::Verify(note, key);
  if (!checkpoint) return checkpoint.error().In(store.folder() + ": the guard's checkpoint");
  std::unique_ptr<Writer> writer(new Writer(store, std::move(guard), key, std::move(private_key),
                                            {std::move(note), std::move(*checkpoint)}));
  CARNET_TRY_VOID(writer->Recover());
  return writer;
}

Result<> Writer::Recover() {
  CARNET_TRY(const TreeState stored, ReadState(store_));
  CARNET_TRY(const auto signed_range, RangeAt(store_, stored, head_.checkpoint));
  CARNET_TRY(const TreeState state, VerifyGrowth(store_, signed_range));
  CARNET_TRY_VOID(VerifyLastTile(store_, state.size));
  CARNET_TRY(edge_, RightEdge::Load(store_, state.size));
  if (state.size == head_.checkpoint.size()) return Ok();
  return SignAndGuard(state);
}

void Writer::Commit(CommitQueue::Group group) {
  if (latched_) {
    for (CommitRequest* request : group)
      request->outcome = Io(latched_->message + ": reopen the ledger");
    return;
  }
  RowBatch batch;
  PendingIndex index(store_, batch);
  RightEdge edge = edge_;
  for (CommitRequest* request : group) request->outcome = PlaceCall(*request, index, batch, edge);
  if (edge.range().size() == edge_.range().size()) return;
  const auto committed = CommitRows(std::move(batch), std::move(edge));
  if (committed) return;
  latched_ = committed.error();
  for (CommitRequest* request : group)
    if (*request->outcome) request->outcome = committed.error();
}

Result<std::vector<Appended>> Writer::PlaceCall(CommitRequest& request, PendingIndex& index,
                                                RowBatch& batch, RightEdge& edge) {
  const size_t rows = batch.size();
  auto placed = PlaceEach(request, index, batch, edge);
  if (!placed) {
    batch.Truncate(rows);
    index.DropCall();
    return placed.error().In(store_.folder());
  }
  index.KeepCall();
  for (size_t i = 0; i < placed->size(); ++i)
    if (!(*placed)[i].duplicate) edge.Append(request.entries[i].leaf);
  return placed;
}

Result<std::vector<Appended>> Writer::PlaceEach(CommitRequest& request, PendingIndex& index,
                                                RowBatch& batch, RightEdge& edge) const {
  std::vector<Appended> placed;
  placed.reserve(request.submissions.size());
  uint64_t next = edge.range().size().value();
  for (size_t i = 0; i < request.submissions.size(); ++i) {
    const auto duplicate = index.Place(request.submissions[i], LeafIndex(next));
    if (!duplicate) {
      if (request.submissions.size() == 1) return duplicate.error();
      return duplicate.error().In("submission " + std::to_string(i));
    }
    if (*duplicate) {
      placed.push_back({**duplicate, true});
      continue;
    }
    batch.Put(EntryKey(LeafIndex(next)), std::move(request.entries[i].row));
    placed.push_back({LeafIndex(next++), false});
  }
  return placed;
}

Result<> Writer::CommitRows(RowBatch batch, RightEdge edge) {
  const TreeState state = edge.state();
  edge.PutRows(
      [&](std::string key, std::string value) { batch.Put(std::move(key), std::move(value)); });
  batch.Put(SingleKey(RowClass::kState), EncodeState(state));
  // Until here nothing is stored. After an error from here on, what is stored is unknown.
  CARNET_TRY_VOID(store_.Commit(std::move(batch)));
  // Here the entries are durable: a crash before the signature leaves them to Recover.
  CARNET_TRY(const TreeState stored, VerifyGrowth(store_, edge_.range()));
  if (stored != state)
    return store_.InRow(SingleKey(RowClass::kState), Corruption("is not what was written"));
  CARNET_TRY_VOID(SignAndGuard(state));
  edge_ = std::move(edge);
  return Ok();
}

Result<> Writer::SignAndGuard(const TreeState& state) {
  CARNET_TRY(SignedHead head, SignHead(state, key_, private_key_));
  CARNET_TRY_VOID(guard_.Replace(head_.note, head.note));
  // For readers that do not know where the guard is; the guard remains the truth.
  CARNET_TRY_VOID(store_.PutUnsynced(SingleKey(RowClass::kCheckpoint), head.note));
  head_ = std::move(head);
  return Ok();
}

}  // namespace carnet::ledger
