#include "artifact/leavable_content.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "artifact/runnable_pickle.h"
#include "artifact/tar_header.h"
#include "core/bytes.h"
#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

using std::string_view_literals::operator""sv;

constexpr uint64_t kHead = 512;
// Of a zip archive: the end of its directory and the longest comment, which may follow anything.
constexpr uint64_t kZipTail = 65'557;
constexpr std::string_view kScript = "#!";
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

Result<std::string> ReadRange(const ReadAt& read, uint64_t begin, uint64_t end) {
  Bytes bytes(end - begin);
  CARNET_TRY_VOID(read(begin, bytes));
  return std::string(AsText(bytes));
}

// What a file of these kinds begins with.
bool HasMagic(LeavableKind kind, std::string_view head) {
  switch (kind) {
    case LeavableKind::kPng:
      return head.starts_with("\x89PNG\r\n\x1a\n"sv);
    case LeavableKind::kJpeg:
      return head.starts_with("\xff\xd8\xff"sv);
    case LeavableKind::kGif:
      return head.starts_with("GIF87a"sv) || head.starts_with("GIF89a"sv);
    case LeavableKind::kWebp:
      return head.starts_with("RIFF"sv) && head.size() >= 12 && head.substr(8, 4) == "WEBP"sv;
    case LeavableKind::kPdf:
      return head.starts_with("%PDF-"sv);
    case LeavableKind::kAppleDouble:
      return head.starts_with("\x00\x05\x16\x07"sv);
    case LeavableKind::kFinderStore:
      return head.starts_with(
          "\x00\x00\x00\x01"
          "Bud1"sv);
    case LeavableKind::kThumbnails:
      return head.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv);
    case LeavableKind::kText:
    case LeavableKind::kSvg:
    case LeavableKind::kFolderSettings:
      return true;
  }
  CARNET_CHECK(false);
}

std::string_view NameOf(LeavableKind kind) {
  switch (kind) {
    case LeavableKind::kText:
    case LeavableKind::kFolderSettings:
      return "a text";
    case LeavableKind::kSvg:
      return "an SVG picture";
    case LeavableKind::kPng:
      return "a PNG picture";
    case LeavableKind::kJpeg:
      return "a JPEG picture";
    case LeavableKind::kGif:
      return "a GIF picture";
    case LeavableKind::kWebp:
      return "a WebP picture";
    case LeavableKind::kPdf:
      return "a PDF document";
    case LeavableKind::kAppleDouble:
      return "an AppleDouble file";
    case LeavableKind::kFinderStore:
      return "a .DS_Store file";
    case LeavableKind::kThumbnails:
      return "a Thumbs.db file";
  }
  CARNET_CHECK(false);
}

bool IsTextKind(LeavableKind kind) {
  return kind == LeavableKind::kText || kind == LeavableKind::kSvg ||
         kind == LeavableKind::kFolderSettings;
}

// As S4 has them, but for what ends cells, lines and pages.
bool IsControl(unsigned unit) {
  return (unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r' && unit != '\f') ||
         (unit >= 0x7f && unit <= 0x9f);
}

// Requires valid UTF-8, in which C2 begins U+0080 to U+00BF and no other byte above 7F is a control
// character by itself.
bool HasControl(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto unit = static_cast<unsigned char>(text[i]);
    if (unit == 0xc2 && IsControl(static_cast<unsigned char>(text[i + 1]))) return true;
    if (unit < 0x80 && IsControl(unit)) return true;
  }
  return false;
}

// Windows writes desktop.ini so: little endian, with a mark.
bool IsUtf16(std::string_view text) {
  if (!text.starts_with("\xff\xfe"sv) || text.size() % 2 != 0) return false;
  for (size_t i = 2; i < text.size(); i += 2) {
    const unsigned unit = static_cast<unsigned char>(text[i]) |
                          static_cast<unsigned>(static_cast<unsigned char>(text[i + 1])) << 8;
    if (IsControl(unit)) return false;
  }
  return true;
}

std::string WhyNoText(LeavableKind kind, std::string_view text) {
  if (kind == LeavableKind::kFolderSettings && IsUtf16(text)) return "";
  if (!IsValidUtf8(text)) return "is not UTF-8";
  if (HasControl(text)) return "contains a control character";
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  if (text.starts_with(kScript)) return "is a script";
  if (ScanForPickle(text, Extent::kWholeFile) == PickleScan::kRuns) return "is a pickle";
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (kind == LeavableKind::kSvg && (first == text.npos || text[first] != '<')) {
    return "is not an SVG picture";
  }
  return "";
}

// The first bytes of a picture are a pickle's too: `GIF89a` begins a float. The rest of the file is
// read only where its head leaves the question open.
Result<bool> IsPickle(const ReadAt& read, uint64_t bytes, std::string_view head) {
  PickleScan scan = ScanForPickle(head, head.size() < bytes ? Extent::kHead : Extent::kWholeFile);
  if (scan == PickleScan::kWantsMore) {
    CARNET_TRY(const std::string whole, ReadRange(read, 0, bytes));
    scan = ScanForPickle(whole, Extent::kWholeFile);
  }
  return scan == PickleScan::kRuns;
}

// GNU tar looks for the next header where there is none.
Result<bool> HasTarHeader(const ReadAt& read, uint64_t bytes) {
  constexpr uint64_t kAtOnce = 256 * kTarBlock;
  for (uint64_t at = 0; at < bytes; at += kAtOnce) {
    CARNET_TRY(const std::string part, ReadRange(read, at, std::min(at + kAtOnce, bytes)));
    std::string_view rest = part;
    for (; rest.size() >= kTarBlock; rest.remove_prefix(kTarBlock)) {
      if (IsTarHeader(rest.substr(0, kTarBlock))) return true;
    }
  }
  return false;
}

// Formats that a reader finds also where a file begins as something else.
Result<std::string> WhyTwoFormats(const ReadAt& read, uint64_t bytes, std::string_view head) {
  constexpr size_t kTarMagic = 257;
  constexpr std::string_view kHdf5 = "\x89HDF\r\n\x1a\n";
  CARNET_TRY(const bool has_tar_header, HasTarHeader(read, bytes));
  if (has_tar_header || (head.size() > kTarMagic && head.substr(kTarMagic).starts_with("ustar"))) {
    return std::string("is a tar archive");
  }
  CARNET_TRY(const std::string tail, ReadRange(read, bytes - std::min(bytes, kZipTail), bytes));
  if (tail.find("PK\x05\x06") != tail.npos) return std::string("is a zip archive");
  for (uint64_t at = kHead; at + kHdf5.size() <= bytes; at *= 2) {
    CARNET_TRY(const std::string mark, ReadRange(read, at, at + kHdf5.size()));
    if (mark == kHdf5) return std::string("is an HDF5 file");
  }
  return std::string();
}

}  // namespace

Result<std::string> WhyNotLeavable(std::string_view path, const ReadAt& read, uint64_t bytes) {
  const LeavableKind kind = LeavableKindOf(path);
  const uint64_t most = IsTextKind(kind) ? kMaxLeavableText : kMaxLeavableBytes;
  if (bytes > most) return fmt::format("has over {} bytes", most);
  const auto read_head = ReadRange(read, 0, IsTextKind(kind) ? bytes : std::min(bytes, kHead));
  if (!read_head) return read_head.error();
  const std::string_view head = *read_head;
  if (!HasMagic(kind, head)) return fmt::format("is not {}", NameOf(kind));
  if (IsTextKind(kind)) {
    std::string why = WhyNoText(kind, head);
    if (!why.empty()) return why;
  } else {
    CARNET_TRY(const bool is_pickle, IsPickle(read, bytes, head));
    if (is_pickle) return std::string("is a pickle");
  }
  return WhyTwoFormats(read, bytes, head);
}

}  // namespace carnet::artifact
