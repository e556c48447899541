#include "ledger/writer.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hex.h"
#include "ledger/index.h"
#include "ledger/recovery.h"
#include "ledger/store.h"

namespace carnet::ledger {
namespace {

std::string Hex(const StatementId& id) { return HexEncode(id.span()); }

// "statement 4f1c…", or the first of several.
std::string NameOf(const CommitRequest& request) {
  const std::string first = "statement " + Hex(request.submissions.front().id());
  const size_t others = request.submissions.size() - 1;
  return others == 0 ? first : fmt::format("{} and {} more", first, others);
}

// Nothing was refused and nothing is absent: the ledger failed.
ErrorCode CodeOf(const Error& why) {
  return why.code == ErrorCode::kCorruption ? why.code : ErrorCode::kIo;
}

Error UnknownOutcome(const CommitRequest& request, const Error& why) {
  return {CodeOf(why), fmt::format("{}; whether {} is logged is unknown: open the ledger again and "
                                   "ask for it (`carnet trace`)",
                                   why.message, NameOf(request))};
}

Error LoggedButUnsigned(const CommitRequest& request, const Error& why) {
  return {CodeOf(why),
          fmt::format("logged as {} at entry {}, but not yet under a signed checkpoint: {}; "
                      "whoever opens the ledger next to write signs it",
                      NameOf(request), (**request.outcome).front().index.value(), why.message)};
}

}  // namespace

Result<SignedHead> SignHead(const TreeState& state, const merkle::NoteKey& key,
                            const crypto::Ed25519PrivateKey& private_key) {
  std::string note =
      merkle::SignCheckpoint({key.name(), state.size, state.root, {}}, key, private_key);
  CARNET_TRY(auto checkpoint, merkle::VerifiedCheckpoint::Verify(note, key));
  return SignedHead{std::move(note), std::move(checkpoint)};
}

Writer::Writer(Store& store, std::unique_ptr<CheckpointGuard> guard, const merkle::NoteKey& key,
               crypto::Ed25519PrivateKey private_key, SignedHead head)
    : store_(store),
      guard_(std::move(guard)),
      key_(key),
      private_key_(std::move(private_key)),
      head_(std::move(head)) {}

Result<std::unique_ptr<Writer>> Writer::Open(Store& store, std::unique_ptr<CheckpointGuard> guard,
                                             const merkle::NoteKey& key,
                                             crypto::Ed25519PrivateKey private_key) {
  CARNET_TRY(std::string note, guard->Fetch());
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
  const auto failed = CommitRows(std::move(batch), std::move(edge));
  if (!failed) return;
  latched_ = failed->error;
  const auto was_logged_before = [&](const Appended& each) {
    return edge_.range().size().Contains(each.index);
  };
  for (CommitRequest* request : group)
    if (*request->outcome && !std::ranges::all_of(**request->outcome, was_logged_before))
      request->outcome = failed->durable ? LoggedButUnsigned(*request, failed->error)
                                         : UnknownOutcome(*request, failed->error);
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
    const Submission& submission = request.submissions[i];
    const auto duplicate =
        index.Place({submission.id(), submission.signer(), submission.terms()}, LeafIndex(next));
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

std::optional<Writer::Failure> Writer::CommitRows(RowBatch batch, RightEdge edge) {
  const TreeState state = edge.state();
  edge.PutRows(
      [&](std::string key, std::string value) { batch.Put(std::move(key), std::move(value)); });
  batch.Put(SingleKey(RowClass::kState), EncodeState(state));
  // Until here nothing is stored. After an error from here on, what is stored is unknown.
  if (auto stored = store_.Commit(std::move(batch)); !stored) return Failure{stored.error(), false};
  if (auto checked = CheckStored(state); !checked) return Failure{checked.error(), false};
  // Here the entries are durable and sound: a crash before the signature leaves them to Recover.
  if (auto is_signed = SignAndGuard(state); !is_signed) return Failure{is_signed.error(), true};
  edge_ = std::move(edge);
  return std::nullopt;
}

Result<> Writer::CheckStored(const TreeState& written) const {
  CARNET_TRY(const TreeState stored, VerifyGrowth(store_, edge_.range()));
  if (stored == written) return Ok();
  return store_.InRow(SingleKey(RowClass::kState), Corruption("is not what was written"));
}

Result<> Writer::SignAndGuard(const TreeState& state) {
  CARNET_TRY(SignedHead head, SignHead(state, key_, private_key_));
  CARNET_TRY_VOID(guard_->Replace(head_.note, head.note));
  head_ = std::move(head);
  // For readers that do not know where the guard is; the guard remains the truth, and this row may
  // lag: without it the commit is as good.
  store_.PutUnsynced(SingleKey(RowClass::kCheckpoint), head_.note);
  return Ok();
}

}  // namespace carnet::ledger
