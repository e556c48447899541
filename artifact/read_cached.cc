#include "artifact/read_cached.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "artifact/known_weights.h"
#include "artifact/read_files.h"
#include "core/file.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

struct OpenedFile {
  FileDescriptor fd;
  FileKey key;
};

class CachedReader {
 public:
  CachedReader(const std::vector<ListedFile>& files, const ReadOptions& options, DigestCache& cache)
      : files_(files), options_(options), cache_(cache), outcomes_(files.size()) {
    for (const ListedFile& file : files) bytes_total_ += file.stamp.bytes;
  }

  Result<std::vector<FileOutcome>> Run() {
    CARNET_TRY_VOID(RecallAll());
    CARNET_TRY_VOID(ReadRest());
    for (const Unknown& unknown : unknown_) Remember(unknown);
    std::vector<FileOutcome> outcomes;
    outcomes.reserve(outcomes_.size());
    for (auto& outcome : outcomes_) outcomes.push_back(std::move(outcome.value()));
    return outcomes;
  }

 private:
  // A file to remember when it has been read, if it is still this one.
  struct Unknown {
    size_t file;
    FileKey key;
  };

  Result<> RecallAll() {
    for (size_t i = 0; i < files_.size(); ++i) {
      outcomes_[i] = Recall(i);
      if (!outcomes_[i]) continue;
      CARNET_TRY_VOID(CountTensors(*outcomes_[i]));
      recalled_bytes_ += files_[i].stamp.bytes;
      if (options_.stop && options_.stop()) return Io("stopped by the caller");
      if (options_.progress) options_.progress(recalled_bytes_, bytes_total_);
    }
    cache_.CountRecalled(recalled_bytes_);
    return Ok();
  }

  Result<> ReadRest() {
    std::vector<ListedFile> rest;
    std::vector<size_t> places;
    for (size_t i = 0; i < files_.size(); ++i) {
      if (outcomes_[i]) continue;
      rest.push_back(files_[i]);
      places.push_back(i);
    }
    if (rest.empty()) return Ok();
    ReadOptions options = options_;
    if (options_.progress) {
      options.progress = [this](uint64_t done, uint64_t) {
        options_.progress(recalled_bytes_ + done, bytes_total_);
      };
    }
    CARNET_TRY(std::vector<FileOutcome> read, ReadFiles(rest, options));
    for (size_t i = 0; i < read.size(); ++i) {
      CARNET_TRY_VOID(CountTensors(read[i]));
      outcomes_[places[i]] = std::move(read[i]);
    }
    return Ok();
  }

  // ReadFiles bounds those that it reads itself.
  Result<> CountTensors(const FileOutcome& outcome) {
    if (outcome.tensors) tensors_ += outcome.tensors->size();
    if (tensors_ > kMaxModelTensors) return Rejected("the model has over 1,048,576 tensors");
    return Ok();
  }

  bool MayBeCached(const ListedFile& file) const {
    return file.stamp.bytes >= cache_.limits().least_file_bytes && !file.leavable &&
           NamedAsOf(file.path) != NamedAs::kSettings;
  }

  bool WantsTensors(const ListedFile& file) const {
    return options_.tensors && NamedAsOf(file.path) == NamedAs::kWeights;
  }

  // As FileLane opens it. Absent where the cache has no say: ReadFiles meets what is wrong.
  std::optional<OpenedFile> Open(const ListedFile& file) const {
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    FileDescriptor fd(::open(file.on_disk.c_str(), flags));
    if (fd.get() < 0) return std::nullopt;
    const auto key = FileKeyOf(fd.get(), file.path);
    if (!key || key->stamp != file.stamp) return std::nullopt;
    if (!cache_.trust().keeps_change_times(fd.get())) return std::nullopt;
    return OpenedFile{std::move(fd), *key};
  }

  bool IsUnchanged(const ListedFile& file, const OpenedFile& opened) const {
    const auto now = FileKeyOf(opened.fd.get(), file.path);
    return now && *now == opened.key;
  }

  bool IsRacy(const FileKey& key) const {
    const int64_t latest = cache_.trust().now_ns() - kRacyNs;
    return key.stamp.modified_ns > latest || key.changed_ns > latest;
  }

  // Notes a file that is not known, and can be.
  std::optional<FileOutcome> Recall(size_t i) {
    const ListedFile& file = files_[i];
    if (!MayBeCached(file)) return std::nullopt;
    const auto opened = Open(file);
    if (!opened) return std::nullopt;
    if (const KnownFile* known = cache_.Find(opened->key)) {
      auto outcome = OutcomeFrom(*known, file, *opened);
      if (outcome && IsUnchanged(file, *opened)) return outcome;
    }
    if (!IsRacy(opened->key)) unknown_.push_back({i, opened->key});
    return std::nullopt;
  }

  std::optional<FileOutcome> OutcomeFrom(const KnownFile& known, const ListedFile& file,
                                         const OpenedFile& opened) const {
    FileEntry entry{file.path, file.stamp.bytes, known.sha256};
    if (!WantsTensors(file)) return FileOutcome{std::move(entry)};
    if (!known.tensors) return std::nullopt;
    auto header = HeaderOf(file, opened);
    if (!header) return std::nullopt;
    return OutcomeOf(std::move(entry), std::move(*header), *known.tensors);
  }

  static std::optional<WeightHeader> HeaderOf(const ListedFile& file, const OpenedFile& opened) {
    const auto read = [&](uint64_t offset, std::span<uint8_t> into) -> Result<> {
      while (!into.empty()) {
        const ssize_t got =
            ::pread(opened.fd.get(), into.data(), into.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return SystemError(Printable(file.path), "read");
        if (got == 0) return Conflict(Printable(file.path) + ": changed while being read");
        offset += static_cast<uint64_t>(got);
        into = into.subspan(static_cast<size_t>(got));
      }
      return Ok();
    };
    return ReadWeightHeader(file.path, read, file.stamp.bytes);
  }

  // ReadFiles has seen to it that it read the listed file; that file had this key before, so it was
  // not written meanwhile if it has the key still.
  void Remember(const Unknown& unknown) {
    const ListedFile& file = files_[unknown.file];
    const FileOutcome& outcome = *outcomes_[unknown.file];
    const auto opened = Open(file);
    if (!opened || opened->key != unknown.key) return;
    KnownFile known{outcome.entry.sha256};
    if (WantsTensors(file) && outcome.tensors) {
      known.tensors = TensorsOf(outcome, file, *opened);
      if (!IsUnchanged(file, *opened)) return;
    }
    cache_.Remember(unknown.key, std::move(known));
  }

  static std::optional<KnownTensors> TensorsOf(const FileOutcome& outcome, const ListedFile& file,
                                               const OpenedFile& opened) {
    const auto header = HeaderOf(file, opened);
    if (!header || header->tensors.size() != outcome.tensors->size()) return std::nullopt;
    KnownTensors known{LayoutOf(*header), {}};
    known.digests.reserve(header->tensors.size());
    for (const TensorSummary& tensor : *outcome.tensors) known.digests.push_back(tensor.sha256);
    return known;
  }

  const std::vector<ListedFile>& files_;
  const ReadOptions& options_;
  DigestCache& cache_;
  std::vector<std::optional<FileOutcome>> outcomes_;
  std::vector<Unknown> unknown_;
  uint64_t bytes_total_ = 0;
  uint64_t recalled_bytes_ = 0;
  uint64_t tensors_ = 0;
};

}  // namespace

Result<std::vector<FileOutcome>> ReadFilesCached(const std::vector<ListedFile>& files,
                                                 const ReadOptions& options, DigestCache& cache) {
  return CachedReader(files, options, cache).Run();
}

}  // namespace carnet::artifact
