#include "merkle/add_checkpoint.h"

#include <optional>
#include <utility>

#include "core/base64.h"
#include "core/decimal.h"
#include "merkle/signed_note.h"

namespace carnet::merkle {
namespace {

constexpr std::string_view kOld = "old ";
constexpr size_t kMaxProofHashes = 63;  // as the specification says
constexpr size_t kMaxHeadBytes = 64 * 64;

std::optional<std::string_view> LineOff(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<ConsistencyProof> HashLines(std::string_view& text) {
  ConsistencyProof proof;
  while (const auto line = LineOff(text)) {
    if (line->empty()) return proof;
    if (proof.hashes.size() == kMaxProofHashes)
      return Malformed("consistency proof: more than 63 hashes");
    const auto hash = Base64DecodeTo<NodeHash>(*line);
    if (!hash) return Malformed("consistency proof: hash is not base64 of 32 bytes");
    proof.hashes.push_back(*hash);
  }
  return Malformed("consistency proof: no empty line before the checkpoint");
}

}  // namespace

Result<AddCheckpoint> ParseAddCheckpoint(std::string_view text) {
  if (text.size() > kMaxHeadBytes + kMaxNoteBytes)
    return Malformed("consistency proof: larger than 68 KiB");
  const auto first = text.starts_with(kOld) ? LineOff(text) : std::nullopt;
  const auto size = first ? ParseDecimalU64(first->substr(kOld.size())) : std::nullopt;
  if (!size) return Malformed("consistency proof: first line must be `old` and a size");
  CARNET_TRY(ConsistencyProof proof, HashLines(text));
  if (*size == 0 && !proof.hashes.empty())
    return Malformed("consistency proof: hashes for the empty tree");
  if (const auto note = ParseUnverifiedNote(text); !note)
    return note.error().In("consistency proof");
  return AddCheckpoint{TreeSize(*size), std::move(proof), std::string(text)};
}

std::string WriteAddCheckpoint(const AddCheckpoint& body) {
  std::string text(kOld);
  text.append(std::to_string(body.old_size.value())).append("\n");
  for (const NodeHash& hash : body.proof.hashes)
    text.append(Base64Encode(hash.span())).append("\n");
  return text.append("\n").append(body.checkpoint);
}

}  // namespace carnet::merkle
