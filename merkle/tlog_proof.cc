#include "merkle/tlog_proof.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/base64.h"
#include "core/decimal.h"
#include "merkle/signed_note.h"

namespace carnet::merkle {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr size_t kMaxHashes = 64;  // the height of the tallest tree

// Takes lines off the head of the text, up to the empty line before the checkpoint.
class HeadReader {
 public:
  explicit HeadReader(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }

  std::optional<std::string_view> Line() {
    const size_t end = rest_.find('\n');
    if (end == rest_.npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  // What follows `field` on the next line; absent, with nothing taken, where that line is another.
  std::optional<std::string_view> Field(std::string_view field) {
    if (!rest_.starts_with(field)) return std::nullopt;
    const auto line = Line();
    return line ? std::optional(line->substr(field.size())) : std::nullopt;
  }

 private:
  std::string_view rest_;
};

Result<InclusionProof> ReadHashes(HeadReader& head) {
  InclusionProof proof;
  while (const auto line = head.Line()) {
    if (line->empty()) return proof;
    if (proof.hashes.size() == kMaxHashes) return Malformed("tlog-proof: more than 64 hashes");
    const auto bytes = Base64Decode(*line);
    const auto hash = bytes ? NodeHash::FromSpan(*bytes) : std::nullopt;
    if (!hash) return Malformed("tlog-proof: hash is not base64 of 32 bytes");
    proof.hashes.push_back(*hash);
  }
  return Malformed("tlog-proof: no empty line before the checkpoint");
}

}  // namespace

Result<TlogProof> ParseTlogProof(std::string_view text) {
  if (text.size() > kMaxTlogProofBytes) return Malformed("tlog-proof: larger than 256 KiB");
  HeadReader head(text);
  if (head.Line() != kFirstLine) {
    return Malformed(fmt::format("tlog-proof: first line must be {}", kFirstLine));
  }
  Bytes extra;
  if (const auto base64 = head.Field(kExtra)) {
    auto bytes = Base64Decode(*base64);
    if (!bytes || bytes->empty()) return Malformed("tlog-proof: extra is not base64");
    extra = std::move(*bytes);
  }
  const auto digits = head.Field(kIndex);
  const auto index = digits ? ParseDecimalU64(*digits) : std::nullopt;
  if (!index) return Malformed("tlog-proof: missing or bad index line");
  CARNET_TRY(InclusionProof proof, ReadHashes(head));
  if (const auto note = ParseUnverifiedNote(head.rest()); !note) {
    return note.error().In("tlog-proof");
  }
  return TlogProof{std::move(extra), LeafIndex(*index), std::move(proof), std::string(head.rest())};
}

std::string WriteTlogProof(const TlogProof& proof) {
  std::string text(kFirstLine);
  text += '\n';
  if (!proof.extra.empty()) text.append(kExtra).append(Base64Encode(proof.extra)).append("\n");
  text.append(kIndex).append(std::to_string(proof.index.value())).append("\n");
  for (const NodeHash& hash : proof.proof.hashes) {
    text.append(Base64Encode(hash.span())).append("\n");
  }
  return text.append("\n").append(proof.checkpoint);
}

}  // namespace carnet::merkle
