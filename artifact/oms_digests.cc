#include "artifact/oms_digests.h"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>
#include <variant>

#include "core/file.h"
#include "core/share_work.h"
#include "core/utf8.h"
#include "crypto/blake2b.h"
#include "crypto/sha256_many.h"

namespace carnet::artifact {
namespace {

// Four streams keep the SHA instructions of one core busy; four such buffers stay in its cache.
constexpr size_t kPiecesPerBatch = 4;
constexpr size_t kPieceBufferBytes = 256 * 1024;

Error ChangedMeanwhile(const std::string& path) {
  return Conflict(Printable(path) + ": changed while being read");
}

// One piece on its way to a digest.
class PieceLane {
 public:
  PieceLane(const OmsPiece& piece, OmsHash hash) : piece_(piece), position_(piece.begin) {
    if (hash == OmsHash::kBlake2b) stream_.emplace<crypto::Blake2b>();
  }

  // Who follows links has listed what they lead to.
  Result<> Open() {
    const int nofollow = piece_.file->linked ? 0 : O_NOFOLLOW;
    // Non-blocking, as a FIFO may have taken the place of the file since it was listed.
    const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | nofollow;
    fd_ = FileDescriptor(::open(piece_.file->on_disk.c_str(), flags));
    if (fd_.get() < 0 && errno == ELOOP) return ChangedMeanwhile(piece_.file->path);
    if (fd_.get() < 0) return SystemError(Printable(piece_.file->path), "open");
    return CheckSame();
  }

  bool at_end() const { return position_ == piece_.end; }

  // The next stretch into `buffer`, which is hashed at once, or by who has the `inputs`.
  Result<uint64_t> Read(std::span<uint8_t> buffer, std::vector<crypto::StreamInput>& inputs) {
    const auto into = buffer.first(std::min<uint64_t>(buffer.size(), piece_.end - position_));
    CARNET_TRY_VOID(Fill(into));
    if (auto* sha256 = std::get_if<crypto::Sha256>(&stream_)) {
      inputs.push_back({sha256, into});
    } else {
      std::get<crypto::Blake2b>(stream_).Update(into);
    }
    position_ += into.size();
    return uint64_t{into.size()};
  }

  Result<Bytes> Finish() {
    CARNET_TRY_VOID(CheckSame());
    CARNET_TRY_VOID(CheckNoMore());
    fd_ = FileDescriptor(-1);
    return std::visit([](auto& stream) { return ToBytes(stream.Finish().span()); }, stream_);
  }

 private:
  Result<> CheckSame() const {
    CARNET_TRY(const FileStamp now, StampOf(fd_.get(), piece_.file->path));
    if (now != piece_.file->stamp) return ChangedMeanwhile(piece_.file->path);
    return Ok();
  }

  // A file may give more bytes than it says it has: those of /proc say 0.
  Result<> CheckNoMore() const {
    if (piece_.end != piece_.file->stamp.bytes) return Ok();
    uint8_t byte = 0;
    ssize_t got = -1;
    do {
      got = ::pread(fd_.get(), &byte, 1, static_cast<off_t>(piece_.end));
    } while (got < 0 && errno == EINTR);
    if (got < 0) return SystemError(Printable(piece_.file->path), "read");
    return got == 0 ? Ok() : ChangedMeanwhile(piece_.file->path);
  }

  Result<> Fill(std::span<uint8_t> into) const {
    uint64_t offset = position_;
    while (!into.empty()) {
      const ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return SystemError(Printable(piece_.file->path), "read");
      if (got == 0) return ChangedMeanwhile(piece_.file->path);  // shorter than it was listed
      offset += static_cast<uint64_t>(got);
      into = into.subspan(static_cast<size_t>(got));
    }
    return Ok();
  }

  const OmsPiece& piece_;
  FileDescriptor fd_{-1};
  uint64_t position_;
  std::variant<crypto::Sha256, crypto::Blake2b> stream_;
};

class PieceReader {
 public:
  PieceReader(const std::vector<OmsPiece>& pieces, OmsHash hash, const OmsReadOptions& options)
      : pieces_(pieces), hash_(hash), options_(options), digests_(pieces.size()) {
    by_size_.resize(pieces.size());
    std::iota(by_size_.begin(), by_size_.end(), size_t{0});
    // Largest first, so that no thread begins a large piece when the others are at their end; those
    // of a batch are about as long.
    std::stable_sort(by_size_.begin(), by_size_.end(), [&](size_t a, size_t b) {
      return pieces[a].end - pieces[a].begin > pieces[b].end - pieces[b].begin;
    });
    for (const OmsPiece& piece : pieces) bytes_total_ += piece.end - piece.begin;
  }

  Result<std::vector<Bytes>> Run(unsigned threads) {
    // Every thread gets its share of few pieces.
    const size_t share = (pieces_.size() + threads - 1) / threads;
    batch_ = std::clamp<size_t>(share, 1, kPiecesPerBatch);
    ShareWork((pieces_.size() + batch_ - 1) / batch_, threads, [&](size_t i) {
      if (failed_) return;
      const auto done = DigestBatch(i * batch_);
      if (!done) Fail(done.error());
    });
    if (error_) return *error_;
    return std::move(digests_);
  }

 private:
  Result<> DigestBatch(size_t first) {
    const size_t count = std::min(batch_, pieces_.size() - first);
    thread_local Bytes buffer;
    buffer.resize(kPiecesPerBatch * kPieceBufferBytes);
    std::vector<PieceLane> lanes;
    lanes.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      lanes.emplace_back(pieces_[by_size_[first + i]], hash_);
      CARNET_TRY_VOID(lanes.back().Open());
    }
    bool more = true;
    while (more && !failed_) {
      CARNET_TRY(more, Advance(lanes, buffer));
    }
    for (size_t i = 0; i < count && !failed_; ++i) {
      CARNET_TRY(digests_[by_size_[first + i]], lanes[i].Finish());  // this thread's alone
    }
    return Ok();
  }

  // Whether any has more to read.
  Result<bool> Advance(std::vector<PieceLane>& lanes, std::span<uint8_t> buffer) {
    std::vector<crypto::StreamInput> inputs;
    uint64_t bytes = 0;
    bool more = false;
    for (size_t i = 0; i < lanes.size(); ++i) {
      if (lanes[i].at_end()) continue;
      CARNET_TRY(const uint64_t read,
                 lanes[i].Read(buffer.subspan(i * kPieceBufferBytes, kPieceBufferBytes), inputs));
      bytes += read;
      more = more || !lanes[i].at_end();
    }
    crypto::UpdateMany(inputs);
    if (options_.progress) Tell(bytes);
    return more;
  }

  void Tell(uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    bytes_done_ += bytes;
    options_.progress(bytes_done_, bytes_total_);
  }

  void Fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    failed_ = true;
  }

  const std::vector<OmsPiece>& pieces_;
  const OmsHash hash_;
  const OmsReadOptions& options_;
  std::vector<size_t> by_size_;
  size_t batch_ = 1;
  std::vector<Bytes> digests_;
  uint64_t bytes_total_ = 0;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;  // for all below
  uint64_t bytes_done_ = 0;
  std::optional<Error> error_;
};

Result<> CheckSignable(const std::string& root, const OmsListing& listing) {
  if (!listing.refused.empty()) {
    const OmsRefusedEntry& entry = listing.refused.front();
    return Rejected(
        fmt::format("{}: {}; only regular files can be signed", Printable(entry.path), entry.why));
  }
  if (listing.files.empty()) {
    return Rejected(Printable(root, PATH_MAX) + ": contains no files to sign");
  }
  return Ok();
}

// Before the pieces are made: of large files there may be too many to hold.
Result<> CheckCount(const OmsListing& listing, const OmsMethod& method) {
  uint64_t count = 0;
  for (const ListedFile& file : listing.files) {
    count += method.shard_bytes ? file.stamp.bytes / *method.shard_bytes + 1 : 1;
    if (count > kMaxOmsResources) {
      return Rejected(fmt::format("more than {} files or shards to sign", kMaxOmsResources));
    }
  }
  return Ok();
}

// A folder of that name is part of the model, as for the model digest.
bool LeavesOutClaims(const std::string& root) {
  struct stat status;
  if (::stat(root.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  const std::string path = root + "/" + std::string(kClaimsFile);
  return ::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode);
}

void AddIgnoredPath(std::vector<std::string>& paths, std::string_view path) {
  const auto at = std::lower_bound(paths.begin(), paths.end(), path);
  if (at == paths.end() || *at != path) paths.emplace(at, path);
}

std::string WithoutSlash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

Result<std::vector<Bytes>> DigestPieces(const std::vector<OmsPiece>& pieces, OmsHash hash,
                                        const OmsReadOptions& options) {
  const unsigned threads =
      options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  return PieceReader(pieces, hash, options).Run(threads);
}

std::vector<OmsPiece> PiecesOf(const ListedFile& file, const OmsMethod& method) {
  const uint64_t bytes = file.stamp.bytes;
  if (!method.shard_bytes) return {{&file, 0, bytes}};
  std::vector<OmsPiece> pieces;
  for (uint64_t begin = 0; begin < bytes;) {
    const uint64_t end = begin + std::min(*method.shard_bytes, bytes - begin);
    pieces.push_back({&file, begin, end});
    begin = end;
  }
  return pieces;
}

Result<OmsModel> ReadOmsModel(const std::string& root, const OmsScope& scope,
                              const OmsMethod& method, const OmsReadOptions& options) {
  OmsScope wanted = scope;
  const bool without_claims = LeavesOutClaims(root);
  if (without_claims) wanted.ignored.emplace_back(kClaimsFile);
  CARNET_TRY(const OmsListing listing, ListOmsFiles(root, wanted));
  CARNET_TRY_VOID(CheckSignable(root, listing));
  CARNET_TRY_VOID(CheckCount(listing, method));
  OmsModel model{{method, scope.links == Links::kFollow, {}, {}}, listing.ignored, {}};
  std::vector<OmsPiece> pieces;
  for (const ListedFile& file : listing.files) {
    const std::vector<OmsPiece> own = PiecesOf(file, method);
    if (own.empty()) model.uncovered.push_back(file.path);
    pieces.insert(pieces.end(), own.begin(), own.end());
  }
  if (pieces.empty()) {
    return Rejected(Printable(root, PATH_MAX) +
                    ": contains only empty files, which have no shards");
  }
  CARNET_TRY(std::vector<Bytes> digests, DigestPieces(pieces, method.hash, options));
  for (size_t i = 0; i < pieces.size(); ++i) {
    const bool whole = !method.shard_bytes;
    model.manifest.resources.push_back({pieces[i].file->path, whole ? 0 : pieces[i].begin,
                                        whole ? 0 : pieces[i].end, std::move(digests[i])});
  }
  for (const std::string& path : listing.ignored) {
    model.manifest.ignore_paths.push_back(WithoutSlash(path));
  }
  if (without_claims) AddIgnoredPath(model.manifest.ignore_paths, kClaimsFile);
  SortByName(model.manifest);
  return model;
}

}  // namespace carnet::artifact
