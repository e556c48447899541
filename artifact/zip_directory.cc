// Numbers in brackets are sections of PKWARE's APPNOTE 6.3.
#include "artifact/zip_directory.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/byte_reader.h"
#include "core/bytes.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

constexpr uint32_t kLocalMagic = 0x04034b50;
constexpr uint32_t kDescriptorMagic = 0x08074b50;
constexpr uint32_t kCentralMagic = 0x02014b50;
constexpr uint32_t kEndMagic = 0x06054b50;
constexpr uint32_t kEnd64Magic = 0x06064b50;
constexpr uint32_t kLocatorMagic = 0x07064b50;
constexpr uint64_t kLocalBytes = 30;
constexpr uint64_t kCentralBytes = 46;
constexpr uint64_t kEndBytes = 22;
constexpr uint64_t kEnd64Bytes = 56;
constexpr uint64_t kLocatorBytes = 20;
constexpr uint64_t kMaxDirectoryBytes = 64 << 20;  // against memory: 2^18 entries of 256 bytes
constexpr uint32_t kIn64 = 0xffffffff;             // "see the zip64 field"
constexpr uint16_t kZip64Field = 1;
constexpr uint16_t kDescriptorFlag = 1 << 3;
constexpr uint16_t kUtf8Flag = 1 << 11;

// What one entry's header says, local (4.3.7) or central (4.3.12).
struct Header {
  uint16_t flags;
  uint16_t method;
  uint32_t crc;
  uint64_t stored_bytes;
  uint64_t bytes;
  std::string_view name;
  uint64_t at = 0;  // of the local header; central only
};

// Reads integers from a span that is known to be long enough for them.
class Fields {
 public:
  explicit Fields(ByteSpan bytes) : reader_(bytes) {}
  uint16_t U16() {
    const ByteSpan two = reader_.Take(2).value();
    return static_cast<uint16_t>(two[0] | (two[1] << 8));
  }
  uint32_t U32() { return reader_.U32Le().value(); }
  uint64_t U64() { return reader_.U64Le().value(); }
  ByteSpan Take(uint64_t count) { return reader_.Take(count).value(); }

 private:
  ByteReader reader_;
};

// Replaces the values that are kIn64 by those of the zip64 field (4.5.3), in its order.
Result<> ReadZip64(ByteSpan extra, std::span<uint64_t* const> values) {
  while (extra.size() >= 4) {
    Fields fields(extra);
    const uint16_t id = fields.U16();
    const uint16_t size = fields.U16();
    if (size > extra.size() - 4) return Malformed("extra field is longer than its header says");
    if (id == kZip64Field) {
      ByteReader field(extra.subspan(4, size));
      for (uint64_t* const value : values) {
        if (*value != kIn64) continue;
        const auto wide = field.U64Le();
        if (!wide) return Malformed("zip64 field is too short");
        *value = *wide;
      }
      return Ok();
    }
    extra = extra.subspan(4 + size);
  }
  const bool whole = std::none_of(values.begin(), values.end(),
                                  [](const uint64_t* value) { return *value == kIn64; });
  return whole ? Ok() : Result<>(Malformed("zip64 field is missing"));
}

Result<> CheckStored(const Header& header) {
  if ((header.flags & ~(kDescriptorFlag | kUtf8Flag)) != 0) {
    return Unsupported("encrypted, patched or of another kind");
  }
  if (header.method != 0) return Unsupported("compressed");
  if (header.stored_bytes != header.bytes) return Malformed("stored size is not the size");
  return Ok();
}

struct End {
  uint64_t entries;
  uint64_t directory_bytes;
  uint64_t directory_at;
  uint64_t at;  // where the directory must end
};

class Archive {
 public:
  Archive(const ReadAt& read, uint64_t file_bytes) : read_(read), file_bytes_(file_bytes) {}

  Result<std::vector<ZipEntry>> Run() {
    CARNET_TRY(const End end, FindEnd());
    CARNET_TRY(const Bytes directory, ReadDirectory(end));
    std::vector<ZipEntry> entries;
    ByteSpan rest = directory;
    for (uint64_t i = 0; i < end.entries; ++i) {
      CARNET_TRY(const Header header, TakeCentral(rest));
      auto entry = Locate(header);
      if (!entry) return entry.error().In(fmt::format("\"{}\"", Printable(header.name)));
      entries.push_back(std::move(*entry));
    }
    if (!rest.empty()) return Malformed("trailing data after the last entry of the directory");
    if (covered_ != end.directory_at) return Malformed("a gap before the directory");
    CARNET_TRY_VOID(CheckNames(entries));
    return entries;
  }

 private:
  Result<Bytes> Read(uint64_t offset, uint64_t bytes) const {
    if (offset > file_bytes_ || bytes > file_bytes_ - offset) {
      return Malformed("a header lies beyond the end of the file");
    }
    Bytes into(bytes);
    CARNET_TRY_VOID(read_(offset, into));
    return into;
  }

  // The end record (4.3.16), which without a comment has one place, and zip64's (4.3.14, 4.3.15).
  Result<End> FindEnd() const {
    if (file_bytes_ < kEndBytes) return Malformed("is too short for a zip archive");
    const uint64_t at = file_bytes_ - kEndBytes;
    CARNET_TRY(const Bytes record, Read(at, kEndBytes));
    Fields fields(record);
    if (fields.U32() != kEndMagic) return Malformed("does not end in a zip directory");
    const bool one_disk = fields.U16() == 0 && fields.U16() == 0;
    const uint16_t here = fields.U16();
    const uint16_t all = fields.U16();
    End end{all, fields.U32(), fields.U32(), at};
    if (fields.U16() != 0) return Unsupported("has a comment");
    if (!one_disk || here != all) return Unsupported("is one of several disks");
    if (at < kLocatorBytes + kEnd64Bytes) return CheckEnd(end);
    CARNET_TRY(const Bytes before, Read(at - kLocatorBytes, kLocatorBytes));
    if (Fields(before).U32() != kLocatorMagic) return CheckEnd(end);
    CARNET_TRY(const End wide, ReadEnd64(before, at - kLocatorBytes));
    if (!Agrees(end, wide)) return Malformed("zip and zip64 directories differ");
    return CheckEnd(wide);
  }

  Result<End> ReadEnd64(ByteSpan locator, uint64_t locator_at) const {
    Fields fields(locator.subspan(4));
    const uint32_t disk = fields.U32();
    const uint64_t at = fields.U64();
    if (disk != 0 || fields.U32() != 1) return Unsupported("is one of several disks");
    if (at > locator_at || locator_at - at != kEnd64Bytes) {
      return Malformed("zip64 directory end is not before its locator");
    }
    CARNET_TRY(const Bytes record, Read(at, kEnd64Bytes));
    Fields end(record);
    if (end.U32() != kEnd64Magic || end.U64() != kEnd64Bytes - 12) {
      return Malformed("zip64 directory end is malformed");
    }
    end.Take(4);  // versions
    if (end.U32() != 0 || end.U32() != 0) return Unsupported("is one of several disks");
    const uint64_t here = end.U64();
    const uint64_t all = end.U64();
    if (here != all) return Unsupported("is one of several disks");
    const uint64_t bytes = end.U64();
    return End{all, bytes, end.U64(), at};
  }

  static bool Agrees(const End& narrow, const End& wide) {
    return (narrow.entries == 0xffff || narrow.entries == wide.entries) &&
           (narrow.directory_bytes == kIn64 || narrow.directory_bytes == wide.directory_bytes) &&
           (narrow.directory_at == kIn64 || narrow.directory_at == wide.directory_at);
  }

  static Result<End> CheckEnd(const End& end) {
    if (end.directory_at > end.at || end.at - end.directory_at != end.directory_bytes) {
      return Malformed("directory does not reach from its place to its end record");
    }
    if (end.entries > kMaxZipEntries) return Malformed("too many entries");
    if (end.directory_bytes > kMaxDirectoryBytes) return Malformed("directory is over 64 MiB");
    return end;
  }

  Result<Bytes> ReadDirectory(const End& end) const {
    return Read(end.directory_at, end.directory_bytes);
  }

  // What the directory and a local header state in the same order.
  static Header TakeShared(Fields& fields) {
    Header header{};
    header.flags = fields.U16();
    header.method = fields.U16();
    fields.Take(4);  // time
    header.crc = fields.U32();
    header.stored_bytes = fields.U32();
    header.bytes = fields.U32();
    return header;
  }

  static Result<Header> TakeCentral(ByteSpan& rest) {
    if (rest.size() < kCentralBytes) return Malformed("directory is truncated");
    Fields fields(rest);
    if (fields.U32() != kCentralMagic) return Malformed("directory entry has no signature");
    fields.Take(4);  // versions
    Header header = TakeShared(fields);
    const uint64_t name = fields.U16();
    const uint64_t extra = fields.U16();
    const uint64_t comment = fields.U16();
    const uint16_t disk = fields.U16();
    fields.Take(6);  // attributes
    header.at = fields.U32();
    if (rest.size() - kCentralBytes < name + extra + comment) {
      return Malformed("directory is truncated");
    }
    header.name = AsText(rest.subspan(kCentralBytes, name));
    if (comment != 0) return Unsupported("an entry has a comment");
    if (disk != 0) return Unsupported("is one of several disks");
    uint64_t* const wide[] = {&header.bytes, &header.stored_bytes, &header.at};
    CARNET_TRY_VOID(ReadZip64(rest.subspan(kCentralBytes + name, extra), wide));
    CARNET_TRY_VOID(CheckStored(header));
    rest = rest.subspan(kCentralBytes + name + extra);
    return header;
  }

  // Entries must be in the order of their bytes, without a gap.
  Result<ZipEntry> Locate(const Header& central) {
    if (central.at != covered_) return Malformed("does not begin where the one before it ends");
    CARNET_TRY(const Bytes fixed, Read(central.at, kLocalBytes));
    Fields fields(fixed);
    if (fields.U32() != kLocalMagic) return Malformed("local header has no signature");
    fields.Take(2);  // version
    Header local = TakeShared(fields);
    const uint64_t name_bytes = fields.U16();
    const uint64_t extra_bytes = fields.U16();
    CARNET_TRY(const Bytes variable, Read(central.at + kLocalBytes, name_bytes + extra_bytes));
    local.name = AsText(ByteSpan(variable).first(name_bytes));
    CARNET_TRY_VOID(ReadLocalSizes(ByteSpan(variable).subspan(name_bytes), local));
    CARNET_TRY_VOID(CheckAgree(central, local));
    const uint64_t begin = central.at + kLocalBytes + name_bytes + extra_bytes;
    if (central.bytes > file_bytes_ - begin) return Malformed("ends beyond the end of the file");
    covered_ = begin + central.bytes;
    if ((local.flags & kDescriptorFlag) != 0) CARNET_TRY_VOID(SkipDescriptor(central));
    return ZipEntry{std::string(central.name), begin, begin + central.bytes};
  }

  static Result<> ReadLocalSizes(ByteSpan extra, Header& local) {
    uint64_t* const wide[] = {&local.bytes, &local.stored_bytes};
    return ReadZip64(extra, wide);
  }

  // Where a descriptor follows the data, the local header may leave sizes and checksum zero.
  static Result<> CheckAgree(const Header& central, const Header& local) {
    const bool later = (local.flags & kDescriptorFlag) != 0 && local.bytes == 0 &&
                       local.stored_bytes == 0 && local.crc == 0;
    const bool sizes = local.bytes == central.bytes && local.stored_bytes == central.stored_bytes &&
                       local.crc == central.crc;
    if (local.name != central.name || local.flags != central.flags ||
        local.method != central.method || !(later || sizes)) {
      return Malformed("local header and directory differ");
    }
    return Ok();
  }

  // The data descriptor (4.3.9), with sizes of 4 or of 8 bytes, as the directory has it.
  Result<> SkipDescriptor(const Header& central) {
    for (const uint64_t size_bytes : {4u, 8u}) {
      const uint64_t bytes = 8 + 2 * size_bytes;
      if (bytes > file_bytes_ - covered_) break;
      CARNET_TRY(const Bytes record, Read(covered_, bytes));
      Fields fields(record);
      if (fields.U32() != kDescriptorMagic || fields.U32() != central.crc) break;
      const uint64_t stored = size_bytes == 4 ? fields.U32() : fields.U64();
      const uint64_t size = size_bytes == 4 ? fields.U32() : fields.U64();
      if (stored != central.bytes || size != central.bytes) continue;
      covered_ += bytes;
      return Ok();
    }
    return Malformed("data descriptor and directory differ");
  }

  static Result<> CheckNames(const std::vector<ZipEntry>& entries) {
    std::vector<std::string_view> names;
    names.reserve(entries.size());
    for (const ZipEntry& entry : entries) names.push_back(entry.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return Ok();
    return Malformed(fmt::format("\"{}\" appears more than once", Printable(*twice)));
  }

  const ReadAt& read_;
  const uint64_t file_bytes_;
  uint64_t covered_ = 0;  // bytes from the start that entries account for
};

}  // namespace

Result<std::vector<ZipEntry>> ReadZipDirectory(const ReadAt& read, uint64_t file_bytes) {
  return Archive(read, file_bytes).Run();
}

}  // namespace carnet::artifact
