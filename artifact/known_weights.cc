#include "artifact/known_weights.h"

#include <algorithm>
#include <utility>

#include "artifact/file_digester.h"
#include "artifact/gguf.h"
#include "artifact/safetensors.h"
#include "artifact/torch_file.h"
#include "core/byte_writer.h"
#include "core/check.h"
#include "crypto/sha256.h"

namespace carnet::artifact {
namespace {

constexpr std::string_view kLayoutDomain = "carnet tensor layout v1\n";  // do not change
constexpr uint64_t kLengthFieldBytes = 8;
constexpr uint64_t kGgufPrefixBytes = 64 * 1024;

std::optional<Bytes> ReadPrefix(const ReadAt& read, uint64_t bytes) {
  Bytes prefix(bytes);
  if (!read(0, prefix)) return std::nullopt;
  return prefix;
}

std::optional<WeightHeader> ReadSafetensors(const ReadAt& read, uint64_t bytes) {
  const auto field = ReadPrefix(read, std::min(kLengthFieldBytes, bytes));
  if (!field) return std::nullopt;
  const auto header_bytes = SafetensorsHeaderBytes(*field, bytes);
  if (!header_bytes) return std::nullopt;
  const auto text = ReadPrefix(read, *header_bytes);
  if (!text) return std::nullopt;
  auto header = ParseSafetensorsHeader(*text, bytes);
  if (!header) return std::nullopt;
  return std::move(*header);
}

std::optional<WeightHeader> ReadGguf(const ReadAt& read, uint64_t bytes) {
  for (uint64_t shown = kGgufPrefixBytes;; shown = std::min(2 * shown, kMaxHeaderBytes)) {
    const auto prefix = ReadPrefix(read, std::min(shown, bytes));
    if (!prefix) return std::nullopt;
    auto header = ParseGgufHeader(*prefix, bytes);
    if (!header) return std::nullopt;
    if (*header) return std::move(**header);
    if (shown >= bytes || shown == kMaxHeaderBytes) return std::nullopt;
  }
}

}  // namespace

NamedAs NamedAsOf(const std::string& path) {
  switch (FileDigester::WantedOf(path)) {
    case FileDigester::Wanted::kSafetensors:
    case FileDigester::Wanted::kGguf:
    case FileDigester::Wanted::kTorch:
      return NamedAs::kWeights;
    case FileDigester::Wanted::kIndex:
    case FileDigester::Wanted::kConfig:
      return NamedAs::kSettings;
    case FileDigester::Wanted::kDigest:
      return NamedAs::kOther;
  }
  CARNET_CHECK(false);
}

std::optional<WeightHeader> ReadWeightHeader(const std::string& path, const ReadAt& read,
                                             uint64_t bytes) {
  switch (FileDigester::WantedOf(path)) {
    case FileDigester::Wanted::kSafetensors:
      return ReadSafetensors(read, bytes);
    case FileDigester::Wanted::kGguf:
      return ReadGguf(read, bytes);
    case FileDigester::Wanted::kTorch: {
      auto header = ReadTorchFile(read, bytes);
      if (!header) return std::nullopt;
      return std::move(*header);
    }
    case FileDigester::Wanted::kIndex:
    case FileDigester::Wanted::kConfig:
    case FileDigester::Wanted::kDigest:
      break;
  }
  CARNET_CHECK(false);
}

LayoutDigest LayoutOf(const WeightHeader& header) {
  ByteWriter writer;
  writer.Append(kLayoutDomain).U8(header.has_other_bytes ? 1 : 0).U64Be(header.data_begin);
  writer.U64Be(header.tensors.size());
  for (const TensorInfo& tensor : header.tensors) writer.U64Be(tensor.begin).U64Be(tensor.end);
  return Retag<LayoutDigest>(crypto::Sha256Of(writer.text()));
}

std::optional<FileOutcome> OutcomeOf(FileEntry entry, WeightHeader header,
                                     const KnownTensors& known) {
  if (header.tensors.size() != known.digests.size()) return std::nullopt;
  if (LayoutOf(header) != known.layout) return std::nullopt;
  FileOutcome outcome{std::move(entry)};
  outcome.part = std::move(header.part);
  outcome.uncounted_bytes = header.uncounted_bytes;
  outcome.config = std::move(header.config);
  outcome.tensors.emplace();
  outcome.tensors->reserve(header.tensors.size());
  for (size_t i = 0; i < header.tensors.size(); ++i) {
    TensorInfo& info = header.tensors[i];
    outcome.tensors->push_back({std::move(info.name), std::move(info.dtype), std::move(info.shape),
                                info.elements, info.packed, known.digests[i], info.shared});
  }
  return outcome;
}

}  // namespace carnet::artifact
