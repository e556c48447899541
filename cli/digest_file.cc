#include "cli/digest_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/file.h"

namespace carnet::cli {

Result<std::vector<sigstore::StatedDigest>> DigestFile(
    const std::string& path, const std::vector<crypto::HashAlgorithm>& wanted) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return SystemError(path, "cannot open");
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return SystemError(path, "cannot look at");
  if (!S_ISREG(status.st_mode)) return Io(path + ": not a regular file");
  std::vector<crypto::Digester> digesters;
  digesters.reserve(wanted.size());
  for (const crypto::HashAlgorithm algorithm : wanted) digesters.emplace_back(algorithm);
  Bytes buffer(1 << 20);
  for (;;) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(path, "cannot read");
    if (count == 0) break;
    for (auto& digester : digesters) {
      digester.Update(ByteSpan(buffer).first(static_cast<size_t>(count)));
    }
  }
  std::vector<sigstore::StatedDigest> digests;
  for (size_t i = 0; i < wanted.size(); ++i) {
    digests.push_back({wanted[i], digesters[i].Finish()});
  }
  return digests;
}

}  // namespace carnet::cli
