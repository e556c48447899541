#include "ledger/ledger.h"

#include <filesystem>
#include <future>
#include <system_error>

#include "core/file.h"
#include "ledger/checkpoint_guard.h"
#include "ledger/commit_queue.h"
#include "ledger/folder_lock.h"
#include "ledger/guard_place.h"
#include "ledger/ledger_key.h"
#include "ledger/log_identity.h"
#include "ledger/reader_state.h"
#include "ledger/recovery.h"
#include "ledger/store.h"
#include "ledger/writer.h"

namespace carnet::ledger {
namespace {

namespace fs = std::filesystem;

Result<> ClaimFolder(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Io(folder + ": " + failed.message());
  const bool empty = fs::is_empty(folder, failed);
  if (failed) return Io(folder + ": " + failed.message());
  if (!empty) return Conflict(folder + ": the folder is not empty");
  return Ok();
}

Result<> CreateDatabase(const std::string& folder, const Meta& meta, const std::string& note,
                        rocksdb::Env* env) {
  CARNET_TRY(const auto store, Store::Open(folder, Store::Mode::kCreate, env));
  RowBatch rows;
  rows.Put(SingleKey(RowClass::kMeta), EncodeMeta(meta));
  rows.Put(SingleKey(RowClass::kState), EncodeState(RightEdge().state()));
  rows.Put(SingleKey(RowClass::kCheckpoint), note);
  return store->Commit(std::move(rows));
}

Result<> CreateParts(const std::string& folder, const merkle::NoteKey& key,
                     const crypto::Ed25519PrivateKey& private_key, const LedgerOptions& options) {
  CARNET_TRY(const SignedHead head, SignHead(RightEdge().state(), key, private_key));
  CARNET_TRY_VOID(
      CreateDatabase(folder, {key.name(), ToBytes(key.key().raw())}, head.note, options.env));
  if (!options.guard.empty()) CARNET_TRY_VOID(RememberGuard(folder, options.guard));
  // Last: a folder without its guard is not opened.
  if (options.open_guard) {
    CARNET_TRY(const auto guard, options.open_guard());
    return guard->Replace("", head.note);
  }
  CARNET_TRY(const std::string guard, GuardFolder(folder, options.guard));
  return FolderGuard::Create(guard, head.note);
}

Result<std::unique_ptr<CheckpointGuard>> OpenGuard(const std::string& folder,
                                                   const LedgerOptions& options) {
  if (options.open_guard) return options.open_guard();
  CARNET_TRY(const std::string guard, GuardFolder(folder, options.guard));
  return FolderGuard::Open(guard);
}

}  // namespace

struct Ledger::State {
  State(FileDescriptor folder_lock, std::unique_ptr<Store> opened_store, merkle::NoteKey note_key,
        std::unique_ptr<Writer> opened_writer)
      : lock(std::move(folder_lock)),
        store(std::move(opened_store)),
        key(std::move(note_key)),
        writer(std::move(opened_writer)),
        head(writer->head()),
        queue([this](CommitQueue::Group group) { Commit(group); }) {}

  void Commit(CommitQueue::Group group) {
    writer->Commit(group);
    const std::lock_guard hold(mutex);
    head = writer->head();
  }

  Result<std::vector<NewEntry>> MakeEntries(std::span<const Submission> submissions) const;

  SignedHead Head() const {
    const std::lock_guard hold(mutex);
    return head;
  }

  FileDescriptor lock;
  std::unique_ptr<Store> store;
  merkle::NoteKey key;
  std::unique_ptr<Writer> writer;  // used by `queue` only
  mutable std::mutex mutex;
  SignedHead head;    // under mutex: the last acknowledged
  CommitQueue queue;  // last: its thread uses all of the above
};

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::~Ledger() = default;

Result<> Ledger::Create(const std::string& folder, const std::string& origin,
                        const crypto::Ed25519PrivateKey& key, const crypto::SecretBytes* password,
                        const LedgerOptions& options) {
  CARNET_TRY_VOID(merkle::CheckOrigin(origin));
  CARNET_TRY(const auto note_key, merkle::NoteKey::Create(origin, key.public_key()));
  const bool made_folder = !PathExists(folder);
  CARNET_TRY_VOID(ClaimFolder(folder));
  // Whoever makes this file makes the rest: of two at once, one has made nothing.
  auto created = WriteLedgerKey(folder + "/key.pem", key, password);
  const bool claimed = created.has_value();
  if (claimed) created = CreateParts(folder, note_key, key, options);
  if (created) return created;
  std::error_code ignored;
  if (claimed) {
    for (const char* part : {"/db", "/guard", "/guard.path", "/key.pem"})
      fs::remove_all(folder + part, ignored);
  }
  if (made_folder) fs::remove(folder, ignored);
  return created;
}

Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& folder,
                                             const LedgerOptions& options) {
  CARNET_TRY(FileDescriptor lock, LockFolder(folder));
  RemoveTemporaries(folder);
  CARNET_TRY(auto guard, OpenGuard(folder, options));
  CARNET_TRY(auto store, OpenForWriting(folder, options.env));
  CARNET_TRY(auto note_key, ReadLogKey(*store));
  CARNET_TRY(auto private_key, ReadLedgerKey(folder + "/key.pem", options.password));
  if (!(private_key.public_key() == note_key.key()))
    return Rejected(folder + "/key.pem: is not the key of this ledger");
  CARNET_TRY(auto writer, Writer::Open(*store, std::move(guard), note_key, std::move(private_key)));
  return std::unique_ptr<Ledger>(new Ledger(std::make_unique<State>(
      std::move(lock), std::move(store), std::move(note_key), std::move(writer))));
}

// What can be said of a submission before it waits for a commit.
Result<std::vector<NewEntry>> Ledger::State::MakeEntries(
    std::span<const Submission> submissions) const {
  std::vector<NewEntry> entries;
  entries.reserve(submissions.size());
  for (const Submission& submission : submissions) {
    if (submission.terms().ledger && *submission.terms().ledger != key.id())
      return Rejected(store->folder() + ": head.ledger: the statement is meant for another ledger");
    CARNET_TRY(NewEntry entry, MakeEntry(submission));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<Appended>> Ledger::Append(std::span<const Submission> submissions) {
  CARNET_TRY(auto entries, state_->MakeEntries(submissions));
  if (submissions.empty()) return std::vector<Appended>();
  // Shared: the thread that sets it may be at work on it after the value is there.
  const auto outcome = std::make_shared<std::promise<Result<std::vector<Appended>>>>();
  auto future = outcome->get_future();
  const auto done = [outcome](auto result) { outcome->set_value(std::move(result)); };
  state_->queue.Put(std::make_unique<CommitRequest>(
      CommitRequest{submissions, std::move(entries), {}, {}, done}));
  return future.get();
}

bool Ledger::AppendLater(std::vector<Submission>& submissions, Completion done) {
  auto entries = state_->MakeEntries(submissions);
  if (!entries || submissions.empty()) {
    done(entries ? Result(std::vector<Appended>())
                 : Result<std::vector<Appended>>(entries.error()));
    return true;
  }
  auto request = std::make_unique<CommitRequest>(
      CommitRequest{{}, *std::move(entries), {}, std::move(submissions), std::move(done)});
  request->submissions = request->owned;
  const bool taken = state_->queue.Offer(request);
  if (!taken) submissions = std::move(request->owned);
  return taken;
}

Result<std::unique_ptr<Reader>> Ledger::Read() const {
  return std::unique_ptr<Reader>(
      new Reader(std::make_unique<Reader::State>(*state_->store, state_->key, state_->Head())));
}

const merkle::NoteKey& Ledger::key() const { return state_->key; }
std::string Ledger::checkpoint() const { return state_->Head().note; }

}  // namespace carnet::ledger
