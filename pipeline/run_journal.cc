#include "pipeline/run_journal.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>

#include "core/decimal.h"
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

constexpr std::string_view kSegmentPrefix = "segment-";

struct SegmentPlace {
  uint64_t lane;
  uint64_t seq;
};

// Of a file that shows that the segment was signed.
std::optional<SegmentPlace> PlaceOfSigned(std::string_view file) {
  constexpr std::string_view kEnd = ".sigstore.json";
  constexpr std::string_view kSigned = ".signed";
  if (!file.starts_with(kSegmentPrefix) || !file.ends_with(kEnd)) return std::nullopt;
  file.remove_prefix(kSegmentPrefix.size());
  file.remove_suffix(kEnd.size());
  if (file.ends_with(kSigned)) file.remove_suffix(kSigned.size());
  const size_t dash = std::min(file.find('-'), file.size());
  const auto lane = ParseDecimalU64(file.substr(0, dash));
  const auto seq = ParseDecimalU64(file.substr(std::min(dash + 1, file.size())));
  if (!lane || !seq) return std::nullopt;
  return SegmentPlace{*lane, *seq};
}

// By lane, the highest seq of which a file is there.
Result<std::map<uint64_t, uint64_t>> LastSegments(const std::string& folder) {
  std::map<uint64_t, uint64_t> last;
  std::error_code failed;
  std::filesystem::directory_iterator file(folder, failed);
  for (; !failed && file != std::filesystem::directory_iterator(); file.increment(failed)) {
    const auto place = PlaceOfSigned(file->path().filename().string());
    if (!place) continue;
    uint64_t& seq = last.try_emplace(place->lane, place->seq).first->second;
    seq = std::max(seq, place->seq);
  }
  if (failed) return Io(folder + ": list: " + failed.message());
  return last;
}

}  // namespace

std::string SegmentStep(uint64_t lane, uint64_t seq) {
  return std::string(kSegmentPrefix) + std::to_string(lane) + "-" + std::to_string(seq);
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

Result<std::vector<uint64_t>> RunJournal::SegmentCounts(uint64_t lanes) const {
  // Listed first: a recorder may be at work, and adds at the end.
  CARNET_TRY(const auto last, LastSegments(folder_));
  std::vector<uint64_t> counts;
  counts.reserve(lanes);
  for (uint64_t lane = 0; lane < lanes; ++lane) {
    CARNET_TRY(const uint64_t count, SegmentCount(lane));
    const auto found = last.find(lane);
    if (found != last.end() && found->second >= count) {
      return Corruption(fmt::format("{}/{}.signed.sigstore.json is missing, but {} is recorded",
                                    folder_, SegmentStep(lane, count),
                                    SegmentStep(lane, found->second)));
    }
    counts.push_back(count);
  }
  return counts;
}

}  // namespace carnet::pipeline
