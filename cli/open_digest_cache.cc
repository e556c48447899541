#include "cli/open_digest_cache.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "artifact/file_trust.h"
#include "cli/quantity_text.h"
#include "core/file.h"
#include "core/utf8.h"
#include "crypto/keyed_hash.h"
#include "crypto/random.h"

namespace carnet::cli {
namespace {

namespace fs = std::filesystem;

// XDG Base Directory Specification: what is not absolute counts as not set.
Result<fs::path> KeyPath() {
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return fs::path(state) / "carnet/digest-cache.key";
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home != '/') {
    return Io("digest cache: no place for its key: neither XDG_STATE_HOME nor HOME is set");
  }
  return fs::path(home) / ".local/state/carnet/digest-cache.key";
}

// Conflict where another process was faster: then its key is the one.
Result<> MakeKey(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path.parent_path().parent_path(), error);
  const std::string folder = path.parent_path().string();
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return SystemError(folder, "make");
  crypto::SecretBytes key(crypto::HashKey::kSize);
  crypto::FillRandom(key.ExposeMutable());
  auto made =
      WriteFileAtomic(path.string(), AsText(key.Expose()), Overwrite::kForbid, Readers::kOwnerOnly);
  if (!made && made.error().code == ErrorCode::kConflict) return Ok();
  return made;
}

Result<crypto::HashKey> ReadKey(const std::string& path) {
  const FileDescriptor fd(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (fd.get() < 0) return SystemError(path, "open");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return SystemError(path, "stat");
  const auto refuse = [&](std::string_view why) {
    return Io(fmt::format("{}: key of digest caches: {}; remove it, and a new one is made",
                          Printable(path), why));
  };
  if (!S_ISREG(status.st_mode)) return refuse("is not a regular file");
  if (status.st_uid != ::geteuid()) return refuse("belongs to another user");
  if ((status.st_mode & 077) != 0) return refuse("others than its owner can read or write it");
  if (status.st_size != crypto::HashKey::kSize) return refuse("does not have 32 bytes");
  crypto::SecretBytes bytes(crypto::HashKey::kSize);
  const ssize_t got = ::pread(fd.get(), bytes.ExposeMutable().data(), bytes.size(), 0);
  if (got != crypto::HashKey::kSize) return SystemError(path, "read");
  return crypto::HashKey::Create(std::move(bytes));
}

Result<crypto::HashKey> KeyOfUser() {
  CARNET_TRY(const fs::path path, KeyPath());
  auto key = ReadKey(path.string());
  if (key || key.error().code != ErrorCode::kNotFound) return key;
  CARNET_TRY_VOID(MakeKey(path));
  return ReadKey(path.string());
}

bool IsIn(const fs::path& folder, const fs::path& file) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(folder, error);
  const fs::path inner = fs::weakly_canonical(file, error);
  return std::mismatch(whole.begin(), whole.end(), inner.begin(), inner.end()).first == whole.end();
}

}  // namespace

Result<OpenedDigestCache> OpenedDigestCache::Open(const std::string& path,
                                                  std::span<const std::string> models,
                                                  Terminal& terminal) {
  OpenedDigestCache opened;
  if (path.empty()) return opened;
  for (const std::string& model : models) {
    if (!IsIn(model, path)) continue;
    return Io(fmt::format("{}: a digest cache must not lie in {}, whose digest would have it",
                          Printable(path), Printable(model)));
  }
  CARNET_TRY(auto trust, artifact::TrustOfThisMachine());
  CARNET_TRY(auto key, KeyOfUser());
  CARNET_TRY(auto cache, artifact::LoadDigestCache(path, std::move(key), std::move(trust)));
  if (cache.foreign_entries() > 0) {
    terminal.Warn(
        fmt::format("{}: entries that were edited, or made with another key: {}; their "
                    "files are hashed",
                    path, GroupedText(cache.foreign_entries())));
  }
  opened.path_ = path;
  opened.cache_ = std::move(cache);
  return opened;
}

void OpenedDigestCache::Save(Terminal& terminal) const {
  if (!cache_) return;
  if (cache_->recalled_bytes() > 0) {
    terminal.Detail("recalled from " + path_ + ": digests of " +
                    BytesText(cache_->recalled_bytes()));
  }
  const auto saved = artifact::SaveDigestCache(path_, *cache_);
  if (!saved) terminal.Warn("digest cache not saved: " + saved.error().message);
}

}  // namespace carnet::cli
