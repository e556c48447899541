#include "merkle/checkpoint.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/base64.h"
#include "core/check.h"
#include "core/decimal.h"
#include "core/utf8.h"
#include "merkle/hasher.h"

namespace carnet::merkle {
namespace {

constexpr size_t kMaxOriginBytes = 255;  // one length byte in ML-DSA cosigned messages

// Takes a line and its LF off `text`; absent where there is none.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

bool IsRekorV1Origin(std::string_view origin) {
  const size_t dash = origin.rfind(" - ");
  if (dash == origin.npos || dash + 3 == origin.size()) return false;
  return origin.find_first_not_of("0123456789", dash + 3) == origin.npos;
}

Result<> CheckOrigin(std::string_view origin) {
  if (origin.size() > kMaxOriginBytes) return Malformed("origin: longer than 255 bytes");
  if (IsRekorV1Origin(origin)) return Malformed("origin: has the form of Rekor v1");
  if (const auto name = CheckKeyName(origin); !name) return name.error().In("origin");
  return Ok();
}

Result<Checkpoint> ParseUnverifiedCheckpoint(std::string_view note_text, Origins origins) {
  const auto origin = TakeLine(note_text);
  const auto size_line = TakeLine(note_text);
  const auto root_line = TakeLine(note_text);
  if (!root_line) return Malformed("checkpoint: fewer than three lines");
  if (origins == Origins::kPlain || !IsRekorV1Origin(*origin)) {
    if (const auto fit = CheckOrigin(*origin); !fit) return fit.error().In("checkpoint");
  }
  const auto size = ParseDecimalU64(*size_line);
  if (!size) return Malformed("checkpoint: size is not a decimal number");
  const auto root = Base64DecodeTo<RootHash>(*root_line);
  if (!root) return Malformed("checkpoint: root is not base64 of 32 bytes");
  if (*size == 0 && *root != EmptyRoot()) {
    return Malformed("checkpoint: wrong root for the empty tree");
  }
  Checkpoint checkpoint{std::string(*origin), TreeSize(*size), *root, {}};
  while (const auto extension = TakeLine(note_text)) {
    if (extension->empty()) return Malformed("checkpoint: empty extension line");
    checkpoint.extensions.emplace_back(*extension);
  }
  if (!note_text.empty()) return Malformed("checkpoint: last line does not end in LF");
  return checkpoint;
}

std::string CheckpointText(const Checkpoint& checkpoint) {
  CARNET_CHECK(checkpoint.extensions.empty());
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size.value()) + "\n" +
         Base64Encode(checkpoint.root.span()) + "\n";
}

VerifiedCheckpoint::VerifiedCheckpoint(Checkpoint checkpoint, std::string text)
    : checkpoint_(std::move(checkpoint)), text_(std::move(text)) {}

Result<VerifiedCheckpoint> VerifiedCheckpoint::Verify(std::string_view note, const NoteKey& key) {
  CARNET_TRY(const SignedNote parsed, ParseUnverifiedNote(note));  // 1
  return Verify(parsed, key);
}

Result<VerifiedCheckpoint> VerifiedCheckpoint::Verify(const SignedNote& note, const NoteKey& key) {
  CARNET_TRY(Checkpoint checkpoint, ParseUnverifiedCheckpoint(note.text));  // 2
  if (checkpoint.origin != key.name()) {                                    // 3
    return Rejected(fmt::format("checkpoint: expected origin {}, found {}", key.name(),
                                Printable(checkpoint.origin)));
  }
  CARNET_TRY_VOID(VerifyNote(note, {&key, 1}));  // 4
  return VerifiedCheckpoint(std::move(checkpoint), note.text);
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteKey& key,
                           const crypto::Ed25519PrivateKey& private_key) {
  CARNET_CHECK(checkpoint.origin == key.name());
  return SignNote(CheckpointText(checkpoint), key, private_key);
}

}  // namespace carnet::merkle
