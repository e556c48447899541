#include <carnet/streaming.h>

#include <atomic>
#include <mutex>
#include <set>
#include <utility>

#include "api/recorded_model.h"
#include "api/time.h"
#include "api/verdict.h"
#include "api/verify_state.h"
#include "artifact/model_stream.h"
#include "core/file_path.h"
#include "core/utf8.h"
#include "verifier/streamed_check.h"

namespace carnet {

namespace {

std::string Named(const std::string& path, const std::string& what) {
  return Printable(path, kMaxFilePathBytes) + " " + what;
}

artifact::StreamLimits LimitsOf(const StreamingOptions& options) {
  return {options.max_kept_bytes, options.spool_folder, options.max_spooled_bytes};
}

// Whatever is wrong with the files is a "no"; the others are the caller's side.
bool IsRefusal(const Error& error) {
  return error.code != ErrorCode::kIo && error.code != ErrorCode::kUnsupported &&
         error.code != ErrorCode::kNotFound;
}

}  // namespace

struct StreamingGate::State {
  State(const Gate& of, const StreamingOptions& options,
        std::unique_ptr<const verifier::StreamedCheck> opened)
      : gate(of), check(std::move(opened)), model(LimitsOf(options)) {
    if (!check->refused()) return;
    verdict = api::VerdictOf(*check->refused());
    stopped = true;
  }

  // What every call returns once there is a verdict or an error. Requires the mutex.
  Result<Intake> End() const {
    if (broken) return *broken;
    if (finished) return Conflict("the gate has given its verdict");
    return Intake::kRefused;
  }

  // Absent: the files may go on. Else what the call returns.
  std::optional<Result<Intake>> Stopped() {
    if (!stopped) return std::nullopt;
    const std::lock_guard lock(mutex);
    return End();
  }

  // The first verdict or error counts, also where it is that of another thread.
  Result<Intake> Refuse(verifier::Finding finding) {
    const std::lock_guard lock(mutex);
    if (!verdict && !broken) verdict = api::VerdictOf(check->Refuse(std::move(finding)));
    stopped = true;
    return End();
  }
  Result<Intake> Fail(const std::string& path, const Error& error) {
    const std::lock_guard lock(mutex);
    if (!verdict && !broken) {
      if (IsRefusal(error)) {
        verdict = api::VerdictOf(check->RefuseFiles(Named(path, error.message)));
      } else {
        broken = error.In(Printable(path, kMaxFilePathBytes));
      }
    }
    stopped = true;
    return End();
  }

  // Of what the passport leaves out, which it may up to a limit.
  std::optional<verifier::Finding> CountLeftOut(size_t files, uint64_t bytes) {
    const std::lock_guard lock(mutex);
    left_out_files += files;
    left_out_bytes += bytes;
    return check->stated()->CheckLeftOutTotals(left_out_files, left_out_bytes);
  }

  const Gate gate;                                             // the check borrows of what it holds
  const std::unique_ptr<const verifier::StreamedCheck> check;  // judges under the mutex
  artifact::ModelStream model;

  std::atomic<bool> stopped = false;  // there is a verdict or an error
  std::mutex mutex;                   // for all below
  std::multiset<std::string> open;    // paths of files that are not closed
  size_t left_out_files = 0;
  uint64_t left_out_bytes = 0;
  std::optional<Error> broken;
  std::optional<Verdict> verdict;
  bool finished = false;  // by Finish
  std::optional<Model> read;
};

struct StreamedFile::State {
  std::shared_ptr<StreamingGate::State> gate;
  std::string path;
  std::unique_ptr<artifact::StreamedFile> file;  // null: closed, or never begun
  const verifier::StatedFile* stated = nullptr;  // null: left out, or not refused early
  bool left_out = false;                         // by the passport
  bool closed = false;

  Result<Intake> Write(std::string_view bytes);
  Result<Intake> Close();
  std::optional<verifier::Finding> CheckMore(uint64_t bytes);
};

// --- one file

std::optional<verifier::Finding> StreamedFile::State::CheckMore(uint64_t bytes) {
  if (stated != nullptr) {
    return gate->check->stated()->CheckGrown(path, *stated, file->bytes() + bytes);
  }
  return left_out ? gate->CountLeftOut(0, bytes) : std::nullopt;
}

Result<Intake> StreamedFile::State::Write(std::string_view bytes) {
  if (closed) return Conflict(Named(path, "is closed already"));
  if (auto stopped = gate->Stopped()) return std::move(*stopped);
  if (auto finding = CheckMore(bytes.size())) return gate->Refuse(std::move(*finding));
  const auto taken = file->Write(AsBytes(bytes));
  if (!taken) return gate->Fail(path, taken.error());
  if (stated == nullptr) return Intake::kTaken;
  auto finding = gate->check->stated()->CheckHeader(path, *stated, file->refusal());
  if (finding) return gate->Refuse(std::move(*finding));
  return Intake::kTaken;
}

Result<Intake> StreamedFile::State::Close() {
  if (closed) return Conflict(Named(path, "is closed already"));
  if (auto stopped = gate->Stopped()) return std::move(*stopped);
  closed = true;
  const verifier::StatedFiles* const all = gate->check->stated();
  std::optional<verifier::Finding> finding;
  if (stated != nullptr) finding = all->CheckEnd(path, *stated, file->bytes());
  if (finding) return gate->Refuse(std::move(*finding));
  const auto entry = file->Close();
  if (!entry) return gate->Fail(path, entry.error());
  if (stated != nullptr) finding = all->CheckDigest(path, *stated, (*entry)->sha256);
  if (left_out) finding = all->CheckLeftOut(path, file->why_not_leavable());
  file.reset();
  if (finding) return gate->Refuse(std::move(*finding));
  const std::lock_guard lock(gate->mutex);
  gate->open.erase(gate->open.find(path));
  return Intake::kTaken;
}

StreamedFile::StreamedFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
StreamedFile::StreamedFile(StreamedFile&&) noexcept = default;
StreamedFile& StreamedFile::operator=(StreamedFile&&) noexcept = default;
StreamedFile::~StreamedFile() = default;

Result<Intake> StreamedFile::Write(std::string_view bytes) {
  if (state_ == nullptr) return Conflict("the file was moved from");
  return state_->Write(bytes);
}
Result<Intake> StreamedFile::Write(const void* bytes, size_t size) {
  return Write(std::string_view(static_cast<const char*>(bytes), size));
}
Result<Intake> StreamedFile::Close() {
  if (state_ == nullptr) return Conflict("the file was moved from");
  return state_->Close();
}

// --- the gate

StreamingGate::StreamingGate(std::shared_ptr<State> state) : state_(std::move(state)) {}
StreamingGate::StreamingGate(StreamingGate&&) noexcept = default;
StreamingGate& StreamingGate::operator=(StreamingGate&&) noexcept = default;
StreamingGate::~StreamingGate() = default;

Result<StreamingGate> StreamingGate::Open(const Gate& gate, std::string_view passport, Time now,
                                          const StreamingOptions& options) {
  CARNET_TRY(const TimestampMs moment, api::TimestampOf(now));
  const auto refusals =
      options.refuse_early ? verifier::Refusals::kEarly : verifier::Refusals::kAtTheEnd;
  CARNET_TRY(auto check, Internals::StateOf(gate).gate.Open(passport, moment, refusals));
  return StreamingGate(std::make_shared<State>(gate, options, std::move(check)));
}

Result<StreamedFile> StreamingGate::Add(const std::string& path, std::optional<uint64_t> bytes) {
  auto file = std::make_unique<StreamedFile::State>();
  file->gate = state_;
  file->path = path;
  const auto give = [&](Result<Intake> intake) -> Result<StreamedFile> {
    if (!intake) return intake.error();
    return StreamedFile(std::move(file));
  };
  if (auto stopped = state_->Stopped()) return give(std::move(*stopped));
  const verifier::StatedFiles* stated = state_->check->stated();
  if (stated != nullptr && artifact::LeftOutAs(path).empty()) {
    if (auto finding = stated->CheckName(path)) return give(state_->Refuse(std::move(*finding)));
    file->stated = stated->Find(path);
    file->left_out = file->stated == nullptr;
    auto finding = file->left_out ? state_->CountLeftOut(1, 0)
                   : bytes        ? stated->CheckAnnounced(path, *file->stated, *bytes)
                                  : std::nullopt;
    if (finding) return give(state_->Refuse(std::move(*finding)));
  }
  uint64_t size = bytes.value_or(artifact::kUnknownBytes);
  if (file->stated != nullptr) size = file->stated->bytes;
  auto begun = state_->model.Begin(path, size);
  if (!begun) return give(state_->Fail(path, begun.error()));
  file->file = std::move(*begun);
  const std::lock_guard lock(state_->mutex);
  state_->open.insert(path);
  return give(Intake::kTaken);
}

bool StreamingGate::refused() const {
  const std::lock_guard lock(state_->mutex);
  return state_->verdict && !state_->verdict->passed();
}

std::optional<Verdict> StreamingGate::refusal() const {
  const std::lock_guard lock(state_->mutex);
  if (!state_->verdict || state_->verdict->passed()) return std::nullopt;
  return state_->verdict;
}

Result<Verdict> StreamingGate::Finish() {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  if (state.broken) return *state.broken;
  state.finished = true;
  state.stopped = true;
  if (state.verdict) return *state.verdict;
  if (!state.open.empty()) {
    const std::string cut = Named(*state.open.begin(), "did not arrive whole: it was not closed");
    state.verdict = api::VerdictOf(state.check->RefuseFiles(cut));
    return *state.verdict;
  }
  auto files = state.model.Finish();
  if (!files) {
    state.verdict = api::VerdictOf(state.check->RefuseFiles(files.error().message));
    return *state.verdict;
  }
  CARNET_TRY(state.read, api::RecordedModel(std::move(*files), NotCovered::Shipped()));
  state.verdict = api::VerdictOf(state.check->Judge(Internals::StateOf(*state.read).read));
  return *state.verdict;
}

std::optional<Model> StreamingGate::model() const {
  const std::lock_guard lock(state_->mutex);
  return state_->read;
}

}  // namespace carnet
