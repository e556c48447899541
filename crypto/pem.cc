#include "crypto/pem.h"

#include <fmt/core.h>
#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base64.h"

namespace carnet::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr size_t kLineCharacters = 64;

bool IsLabel(std::string_view label) {
  if (label.empty() || label.front() == ' ' || label.back() == ' ') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return c == ' ' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

// Takes the first line off `text`; the last line may lack its LF.
std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

// The label, where `line` is a begin line.
std::optional<std::string_view> BeginLabel(std::string_view line) {
  if (!line.starts_with(kBegin) || !line.ends_with(kDashes)) return std::nullopt;
  if (line.size() < kBegin.size() + kDashes.size()) return std::nullopt;
  line.remove_prefix(kBegin.size());
  line.remove_suffix(kDashes.size());
  return IsLabel(line) ? std::optional(line) : std::nullopt;
}

Error NoEnd(std::string_view end_line, PemLines lines) {
  return Malformed(fmt::format("PEM block: expected lines of {} up to \"{}\"",
                               lines == PemLines::kOf64 ? "64 characters" : "base64", end_line));
}

// The base64 text up to `end_line`.
Result<std::string> TakeBody(std::string_view& text, std::string_view end_line, PemLines lines) {
  std::string body;
  body.reserve(text.size());  // no part of a secret is left behind in memory that was too small
  bool last = false;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line == end_line) return body;
    if (line.empty()) break;
    if (lines == PemLines::kOf64 && (last || line.size() > kLineCharacters)) break;
    last = line.size() < kLineCharacters;
    body += line;
  }
  return NoEnd(end_line, lines);
}

enum class TextBefore { kAny, kNoBoundary };

// Takes off `text` all up to the end of its first block; absent where it has none.
Result<std::optional<PemBlock>> TakeBlock(std::string_view& text, TextBefore before,
                                          PemLines lines) {
  std::optional<std::string_view> label;
  while (!label) {
    if (text.empty()) return std::optional<PemBlock>();
    const std::string_view line = TakeLine(text);
    label = BeginLabel(line);
    if (!label && before == TextBefore::kNoBoundary && line.starts_with(kDashes)) {
      return Malformed("a line that only looks like the begin or end of a PEM block");
    }
  }
  CARNET_TRY(std::string body, TakeBody(text, fmt::format("{}{}{}", kEnd, *label, kDashes), lines));
  std::optional<Bytes> bytes = Base64Decode(body);
  sodium_memzero(body.data(), body.size());
  if (!bytes || bytes->empty()) return Malformed("PEM block is not base64");
  PemBlock block{std::string(*label), SecretBytes::CopyOf(*bytes)};
  sodium_memzero(bytes->data(), bytes->size());
  return std::optional(std::move(block));
}

}  // namespace

Result<PemBlock> ParsePem(std::string_view text, PemLines lines) {
  CARNET_TRY(std::optional<PemBlock> block, TakeBlock(text, TextBefore::kAny, lines));
  if (!block) return Malformed("no PEM block");
  if (!text.empty()) return Malformed("trailing data after the PEM block");
  return *std::move(block);
}

Result<std::vector<PemBlock>> ParsePemBlocks(std::string_view text, size_t max_blocks) {
  std::vector<PemBlock> blocks;
  while (true) {
    CARNET_TRY(std::optional<PemBlock> block,
               TakeBlock(text, TextBefore::kNoBoundary, PemLines::kOfAnyLength));
    if (!block) break;
    if (blocks.size() == max_blocks) {
      return Malformed(fmt::format("more than {} PEM blocks", max_blocks));
    }
    blocks.push_back(*std::move(block));
  }
  if (blocks.empty()) return Malformed("no PEM block");
  return blocks;
}

std::string WritePem(std::string_view label, ByteSpan body) {
  std::string base64 = Base64Encode(body);
  std::string pem;
  pem.reserve(base64.size() + base64.size() / kLineCharacters + 2 * label.size() + 64);
  pem.append(kBegin).append(label).append(kDashes).append("\n");
  for (size_t at = 0; at < base64.size(); at += kLineCharacters) {
    pem.append(base64, at, kLineCharacters).append("\n");
  }
  sodium_memzero(base64.data(), base64.size());
  pem.append(kEnd).append(label).append(kDashes).append("\n");
  return pem;
}

}  // namespace carnet::crypto
