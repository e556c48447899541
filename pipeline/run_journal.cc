#include "pipeline/run_journal.h"

#include <sys/stat.h>

#include <cerrno>

#include "ledger/folder_lock.h"
#include "schemas/limits.h"

namespace carnet::pipeline {
namespace {

constexpr uint64_t kMaxRequestBytes = 8 << 20;  // a draft as large as the largest line, escaped

Result<std::optional<std::string>> ReadOptional(const std::string& path, uint64_t max_bytes) {
  auto content = ReadFile(path, max_bytes);
  if (content) return std::optional<std::string>(std::move(content).value());
  if (content.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  return std::move(content).error();
}

Result<std::optional<sigstore::Bundle>> ReadOptionalBundle(const std::string& path) {
  CARNET_TRY(const std::optional<std::string> text, ReadOptional(path, schemas::kMaxLineBytes));
  if (!text) return std::optional<sigstore::Bundle>();
  auto bundle = sigstore::ReadBundle(*text);
  if (!bundle) return bundle.error().In(path);
  return std::optional<sigstore::Bundle>(std::move(bundle).value());
}

}  // namespace

std::string SegmentStep(uint64_t lane, uint64_t seq) {
  return "segment-" + std::to_string(lane) + "-" + std::to_string(seq);
}

RunJournal::RunJournal(std::string folder, FileDescriptor lock)
    : folder_(std::move(folder)), lock_(std::move(lock)) {}

Result<std::unique_ptr<RunJournal>> RunJournal::OpenOrCreate(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return SystemError(folder, "create");
  return Open(folder);
}

Result<std::unique_ptr<const RunJournal>> RunJournal::Peek(const std::string& folder) {
  if (!PathExists(folder)) return NotFound(folder + ": no such run directory");
  return std::unique_ptr<const RunJournal>(new RunJournal(folder, FileDescriptor(-1)));
}

Result<std::unique_ptr<RunJournal>> RunJournal::Open(const std::string& folder) {
  if (!PathExists(folder)) return NotFound(folder + ": no such run directory");
  CARNET_TRY(FileDescriptor lock, ledger::LockFolder(folder, "another recorder is at work here"));
  RemoveTemporaries(folder);
  return std::unique_ptr<RunJournal>(new RunJournal(folder, std::move(lock)));
}

Result<std::optional<RunJournal::Step>> RunJournal::Read(const std::string& step) const {
  const std::string base = folder_ + "/" + step;
  // Read in the reverse order of writing: a concurrent reader never sees a receipt alone.
  CARNET_TRY(auto logged, ReadOptionalBundle(base + ".sigstore.json"));
  CARNET_TRY(auto signed_bundle, ReadOptionalBundle(base + ".signed.sigstore.json"));
  if (!signed_bundle) {
    // Signing again would give the step two statements.
    if (logged)
      return Corruption(base + ".signed.sigstore.json is missing, but its receipt is there");
    return std::optional<Step>();
  }
  CARNET_TRY(std::optional<std::string> request, ReadOptional(base + ".request", kMaxRequestBytes));
  if (!request) return Corruption(base + ".request is missing, but its signed bundle is there");
  return std::optional<Step>(
      Step{step, std::move(*request), std::move(*signed_bundle), std::move(logged)});
}

Result<std::optional<std::string>> RunJournal::ReadRequest(const std::string& step) const {
  const std::string base = folder_ + "/" + step;
  if (!PathExists(base + ".signed.sigstore.json")) return std::optional<std::string>();
  return ReadOptional(base + ".request", kMaxRequestBytes);
}

Result<> RunJournal::WriteSigned(const std::string& step, const std::string& request,
                                 const sigstore::Bundle& bundle) {
  const std::string base = folder_ + "/" + step;
  // The request first: a crash between the two leaves a request without a signature, which is
  // written again; the other order would leave a signature that no call recognises.
  CARNET_TRY_VOID(WriteFileAtomic(base + ".request", request, Overwrite::kReplace));
  return WriteFileAtomic(base + ".signed.sigstore.json", sigstore::WriteBundle(bundle) + "\n",
                         Overwrite::kForbid);
}

Result<> RunJournal::WriteLogged(const std::string& step, const sigstore::Bundle& bundle) {
  return WriteFileAtomic(folder_ + "/" + step + ".sigstore.json",
                         sigstore::WriteBundle(bundle) + "\n", Overwrite::kReplace);
}

Result<> RunJournal::WriteCheckpointPath(const std::string& path) {
  return WriteFileAtomic(folder_ + "/checkpoint", path + "\n", Overwrite::kReplace);
}

Result<std::string> RunJournal::ReadCheckpointPath() const {
  constexpr uint64_t kMaxPathBytes = 4'097;  // PATH_MAX, and LF
  CARNET_TRY(std::string path, ReadFile(folder_ + "/checkpoint", kMaxPathBytes));
  while (path.ends_with('\n')) path.pop_back();
  return path;
}

Result<uint64_t> RunJournal::SegmentCount(uint64_t lane) const {
  uint64_t count = 0;
  while (PathExists(folder_ + "/" + SegmentStep(lane, count) + ".signed.sigstore.json")) ++count;
  return count;
}

}  // namespace carnet::pipeline
