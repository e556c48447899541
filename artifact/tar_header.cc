// GNU tar's list.c, libarchive's archive_read_support_format_tar.c, Python's tarfile.py.
#include "artifact/tar_header.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/check.h"

namespace carnet::artifact {
namespace {

constexpr size_t kChecksumPlace = 148;
constexpr size_t kChecksumBytes = 8;

// Big endian below the bit that says so (GNU, libarchive).
uint64_t Binary(std::string_view field) {
  uint64_t value = static_cast<unsigned char>(field[0]) & 0x3f;
  for (const char c : field.substr(1)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Octal digits after blanks or NULs (Go), a sign and 0o (Python), with underscores between them;
// what follows is ignored (libarchive).
std::optional<int64_t> Octal(std::string_view field) {
  const auto skip_all = [&](std::string_view these) {
    field.remove_prefix(std::min(field.find_first_not_of(these), field.size()));
  };
  skip_all(std::string_view(" \t\n\v\f\r\0", 7));
  skip_all("+");
  if (field.starts_with("0o") || field.starts_with("0O")) field.remove_prefix(2);
  std::optional<int64_t> value;
  for (const char c : field) {
    if (c == '_') continue;
    if (c < '0' || c > '7') break;
    value = value.value_or(0) * 8 + (c - '0');
  }
  return value;
}

}  // namespace

bool IsTarHeader(std::string_view block) {
  CARNET_CHECK(block.size() == kTarBlock);
  const std::string_view field = block.substr(kChecksumPlace, kChecksumBytes);
  int64_t unsigned_sum = 0, signed_sum = 0;
  for (size_t i = 0; i < kTarBlock; ++i) {
    const bool is_blank = i >= kChecksumPlace && i < kChecksumPlace + kChecksumBytes;
    const char c = is_blank ? ' ' : block[i];
    unsigned_sum += static_cast<unsigned char>(c);
    signed_sum += static_cast<signed char>(c);
  }
  const bool is_binary = (static_cast<unsigned char>(field[0]) & 0x80) != 0;
  const auto stated = is_binary ? std::optional(static_cast<int64_t>(Binary(field))) : Octal(field);
  return stated && (*stated == unsigned_sum || *stated == signed_sum);
}

}  // namespace carnet::artifact
