#include "artifact/digest_cache.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/byte_writer.h"
#include "core/check.h"
#include "core/file.h"

namespace carnet::artifact {
namespace {

// Written in files: do not change.
constexpr std::string_view kCacheMagic = "carnet-digest-cache-v";
constexpr std::string_view kCacheVersion = "1\n";
constexpr std::string_view kEntryDomain = "carnet digest cache entry v1\n";
constexpr uint8_t kWithoutTensors = 0;
constexpr uint8_t kWithTensors = 1;

constexpr size_t kDigestBytes = Sha256Digest::kSize;

// What an entry's keyed hash is of, beside its own bytes: what for, and while the machine ran when.
std::array<ByteSpan, 3> Authenticated(const BootId& boot, std::string_view body) {
  return {AsBytes(kEntryDomain), boot.span(), AsBytes(body)};
}

template <typename T>
std::optional<T> TakeFixed(ByteReader& reader) {
  const auto bytes = reader.Take(T::kSize);
  return bytes ? T::FromSpan(*bytes) : std::nullopt;
}

// The kind of the entry, and its tensors.
bool TakeTensors(ByteReader& reader, KnownFile& file) {
  const auto kind = reader.U8();
  if (kind == kWithoutTensors) return true;
  if (kind != kWithTensors) return false;
  const auto layout = TakeFixed<LayoutDigest>(reader);
  const auto count = reader.U32Be();
  if (!layout || !count || *count > kMaxTensors) return false;
  const auto digests = reader.Take(uint64_t{*count} * kDigestBytes);
  if (!digests) return false;
  file.tensors = KnownTensors{*layout, {}};
  file.tensors->digests.reserve(*count);
  for (size_t i = 0; i < *count; ++i) {
    const ByteSpan digest = digests->subspan(i * kDigestBytes, kDigestBytes);
    file.tensors->digests.push_back(*Sha256Digest::FromSpan(digest));
  }
  return true;
}

}  // namespace

DigestCache::DigestCache(crypto::HashKey key, FileTrust trust, CacheLimits limits)
    : key_(std::move(key)), trust_(std::move(trust)), limits_(limits) {}

std::string DigestCache::EncodeBody(const Entry& entry) {
  const FileStamp& stamp = entry.key.stamp;
  ByteWriter writer;
  writer.U64Be(stamp.device).U64Be(stamp.inode).U64Be(stamp.bytes);
  writer.U64Be(static_cast<uint64_t>(stamp.modified_ns));
  writer.U64Be(static_cast<uint64_t>(entry.key.changed_ns));
  writer.Append(entry.file.sha256.span());
  if (!entry.file.tensors) return writer.U8(kWithoutTensors).Take();
  const KnownTensors& tensors = *entry.file.tensors;
  writer.U8(kWithTensors).Append(tensors.layout.span());
  writer.U32Be(static_cast<uint32_t>(tensors.digests.size()));
  for (const Sha256Digest& digest : tensors.digests) writer.Append(digest.span());
  return writer.Take();
}

std::optional<DigestCache::Entry> DigestCache::DecodeBody(ByteReader& reader) {
  const auto device = reader.U64Be();
  const auto inode = reader.U64Be();
  const auto bytes = reader.U64Be();
  const auto modified_ns = reader.U64Be();
  const auto changed_ns = reader.U64Be();
  const auto sha256 = TakeFixed<Sha256Digest>(reader);
  if (!device || !inode || !bytes || !modified_ns || !changed_ns || !sha256) return std::nullopt;
  const FileStamp stamp{*bytes, static_cast<int64_t>(*modified_ns), *device, *inode};
  Entry entry{{stamp, static_cast<int64_t>(*changed_ns)}, {*sha256}};
  if (!TakeTensors(reader, entry.file)) return std::nullopt;
  return entry;
}

Result<DigestCache> DigestCache::Parse(std::string_view text, crypto::HashKey key, FileTrust trust,
                                       CacheLimits limits) {
  if (!text.starts_with(kCacheMagic)) return Malformed("is not a digest cache");
  text.remove_prefix(kCacheMagic.size());
  if (!text.starts_with(kCacheVersion)) {
    return Unsupported("is a digest cache of another version; remove it, and a new one is made");
  }
  ByteReader reader(AsBytes(text.substr(kCacheVersion.size())));
  const auto boot = TakeFixed<BootId>(reader);
  if (!boot) return Malformed("digest cache ends too soon");
  DigestCache cache(std::move(key), std::move(trust), limits);
  CARNET_TRY_VOID(cache.TakeEntries(reader, *boot));
  return cache;
}

Result<> DigestCache::TakeEntries(ByteReader& reader, const BootId& boot) {
  const auto count = reader.U32Be();
  if (!count) return Malformed("digest cache ends too soon");
  if (*count > limits_.max_files) return Malformed("digest cache has too many entries");
  std::set<Inode> seen;
  for (uint32_t i = 0; i < *count; ++i) {
    ByteReader from = reader;
    auto entry = DecodeBody(reader);
    if (!entry) return Malformed("digest cache ends too soon, or has an entry that is none");
    const auto body = from.Take(from.remaining() - reader.remaining());
    const auto hash = TakeFixed<crypto::KeyedHash>(reader);
    if (!hash) return Malformed("digest cache ends too soon");
    const Inode inode = InodeOf(entry->key);
    if (!seen.insert(inode).second) return Malformed("digest cache has two entries of one file");
    if (boot != trust_.boot) continue;
    if (!key_.Matches(Authenticated(boot, AsText(*body)), *hash)) {
      ++foreign_entries_;
      continue;
    }
    entry->last_used = *count - i;
    entries_.emplace(inode, std::move(*entry));
  }
  if (!reader.at_end()) return Malformed("digest cache has trailing bytes");
  uses_ = *count;
  return Ok();
}

std::string DigestCache::Encode() const {
  std::vector<const Entry*> by_use;
  for (const auto& [inode, entry] : entries_) by_use.push_back(&entry);
  std::sort(by_use.begin(), by_use.end(),
            [](const Entry* a, const Entry* b) { return a->last_used > b->last_used; });
  ByteWriter head;
  head.Append(kCacheMagic).Append(kCacheVersion).Append(trust_.boot.span());
  const size_t head_bytes = head.text().size() + sizeof(uint32_t);
  std::string entries;
  uint32_t count = 0;
  for (const Entry* entry : by_use) {
    const std::string body = EncodeBody(*entry);
    const size_t bytes = body.size() + crypto::KeyedHash::kSize;
    if (count == limits_.max_files) break;
    if (head_bytes + entries.size() + bytes > limits_.max_cache_bytes) break;
    entries += body;
    entries += AsText(key_.Hash(Authenticated(trust_.boot, body)).span());
    ++count;
  }
  return head.U32Be(count).Append(entries).Take();
}

const KnownFile* DigestCache::Find(const FileKey& key) {
  const auto found = entries_.find(InodeOf(key));
  if (found == entries_.end() || found->second.key != key) return nullptr;
  found->second.last_used = ++uses_;
  return &found->second.file;
}

void DigestCache::Remember(const FileKey& key, KnownFile file) {
  CARNET_CHECK(!file.tensors || file.tensors->digests.size() <= kMaxTensors);
  const auto [place, is_new] = entries_.try_emplace(InodeOf(key), Entry{key, file, 0});
  Entry& entry = place->second;
  const bool known = !is_new && entry.key == key && entry.file.sha256 == file.sha256;
  if (known && !file.tensors) file.tensors = std::move(entry.file.tensors);
  entry = {key, std::move(file), ++uses_};
}

Result<DigestCache> LoadDigestCache(const std::string& path, crypto::HashKey key, FileTrust trust,
                                    CacheLimits limits) {
  const auto text = ReadFile(path, limits.max_cache_bytes);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return DigestCache(std::move(key), std::move(trust), limits);
  }
  if (!text) return text.error();
  auto cache = DigestCache::Parse(*text, std::move(key), std::move(trust), limits);
  if (!cache) return cache.error().In(path);
  return cache;
}

Result<> SaveDigestCache(const std::string& path, const DigestCache& cache) {
  return WriteFileAtomic(path, cache.Encode(), Overwrite::kReplace, Readers::kOwnerOnly);
}

}  // namespace carnet::artifact
