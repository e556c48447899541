#include "artifact/torch_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "artifact/pickle.h"
#include "artifact/torch_globals.h"
#include "artifact/torch_state.h"
#include "core/byte_reader.h"
#include "core/flop.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

constexpr uint64_t kFirstLegacyBytes = 64 * 1024;
constexpr std::array<uint8_t, 4> kZipMagic = {'P', 'K', 3, 4};
// Protocol 2, 0x1950a86a20f9469cfc6c, stop: the first of the five pickles.
constexpr std::array<uint8_t, 15> kLegacyMagic = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                                  0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};
constexpr uint64_t kLegacyProtocol = 1001;

// Where the bytes of a storage lie in the file.
struct Place {
  uint64_t begin;
  uint64_t end;
};

// --- from storages to tensors in the file

TensorInfo InfoOf(TorchTensor& tensor, const Place& storage) {
  const uint64_t bytes = tensor.elements * tensor.element_bytes;  // lies inside its storage
  const uint64_t begin = bytes == 0 ? 0 : storage.begin + tensor.offset_bytes;
  return {std::move(tensor.name),
          std::string(tensor.dtype),
          std::move(tensor.shape),
          tensor.elements,
          false,
          begin,
          begin + bytes};
}

// Requires the order of bytes. A tensor that has the bytes of another is counted with the other.
Result<> ShareBytes(std::vector<TensorInfo>& tensors) {
  for (size_t i = 1; i < tensors.size(); ++i) {
    const TensorInfo& before = tensors[i - 1];
    TensorInfo& tensor = tensors[i];
    if (tensor.begin >= before.end) continue;
    if (tensor.begin != before.begin || tensor.end != before.end) {
      return Unsupported(fmt::format("tensors \"{}\" and \"{}\" overlap without being the same",
                                     Printable(before.name), Printable(tensor.name)));
    }
    tensor.shared = tensor.elements;
  }
  return Ok();
}

Result<WeightHeader> PlaceTensors(TorchState state, const std::vector<Place>& places) {
  WeightHeader header{{}, 0, true, std::move(state.part)};
  header.tensors.reserve(state.tensors.size());
  for (TorchTensor& tensor : state.tensors) {
    header.tensors.push_back(InfoOf(tensor, places[tensor.storage]));
  }
  std::sort(header.tensors.begin(), header.tensors.end(),
            [](const TensorInfo& a, const TensorInfo& b) {
              if (a.begin != b.begin) return a.begin < b.begin;
              return a.end != b.end ? a.end < b.end : a.name < b.name;
            });
  CARNET_TRY_VOID(ShareBytes(header.tensors));
  for (const Place& place : places) header.uncounted_bytes += place.end - place.begin;
  for (const TensorInfo& tensor : header.tensors) {
    if (tensor.shared == 0) header.uncounted_bytes -= tensor.end - tensor.begin;
  }
  return header;
}

Error StorageSize(const TorchStorage& storage) {
  return Malformed(fmt::format("storage \"{}\" is not of the size that the pickle states",
                               Printable(storage.key)));
}

// --- the zip archive

class ZipFile {
 public:
  ZipFile(const ReadAt& read, uint64_t file_bytes, std::vector<ZipEntry> entries)
      : read_(read), file_bytes_(file_bytes), entries_(std::move(entries)) {}

  Result<WeightHeader> Read() {
    std::sort(entries_.begin(), entries_.end(),
              [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; });
    CARNET_TRY_VOID(FindFolder());
    CARNET_TRY_VOID(CheckByteOrder());
    CARNET_TRY(const Bytes program, ReadEntry(*Find("data.pkl"), kMaxHeaderBytes));
    CARNET_TRY(const auto pickle, ParsePickle(program, TorchGlobalNames()));
    if (!pickle) return Malformed("data.pkl: pickle is truncated");
    if (pickle->bytes() != program.size()) return Malformed("data.pkl: trailing data after it");
    CARNET_TRY(TorchState state, ReadTorchState(*pickle));
    CARNET_TRY(const auto places, PlaceStorages(state.storages));
    CARNET_TRY(WeightHeader header, PlaceTensors(std::move(state), places));
    header.uncounted_bytes += ForeignBytes(places);
    return header;
  }

 private:
  const ZipEntry* Find(const std::string& name) const {
    const std::string path = folder_ + name;
    const auto found = std::lower_bound(
        entries_.begin(), entries_.end(), path,
        [](const ZipEntry& each, const std::string& wanted) { return each.name < wanted; });
    return found != entries_.end() && found->name == path ? &*found : nullptr;
  }

  // All is in one folder of any name: that of the one `<folder>/data.pkl`.
  Result<> FindFolder() {
    constexpr std::string_view kName = "/data.pkl";
    for (const ZipEntry& entry : entries_) {
      const size_t slash = entry.name.find('/');
      if (slash == std::string::npos || entry.name.substr(slash) != kName) continue;
      if (!folder_.empty()) return Malformed("has two data.pkl");
      folder_ = entry.name.substr(0, slash + 1);
    }
    if (folder_.empty()) return Unsupported("is a zip archive without data.pkl");
    return Ok();
  }

  // Absent in files of older versions, which are little-endian wherever it matters.
  Result<> CheckByteOrder() const {
    constexpr uint64_t kMaxOrderBytes = 16;
    const ZipEntry* const entry = Find("byteorder");
    if (entry == nullptr) return Ok();
    CARNET_TRY(const Bytes order, ReadEntry(*entry, kMaxOrderBytes));
    if (AsText(order) != "little") return Unsupported("byte order is not little-endian");
    return Ok();
  }

  Result<Bytes> ReadEntry(const ZipEntry& entry, uint64_t max_bytes) const {
    if (entry.end - entry.begin > max_bytes) {
      return Malformed(fmt::format("{} is over {} bytes", Printable(entry.name), max_bytes));
    }
    Bytes bytes(entry.end - entry.begin);
    CARNET_TRY_VOID(read_(entry.begin, bytes));
    return bytes;
  }

  // Every entry below data/ is a storage of the pickle: no bytes are hidden beside them.
  Result<std::vector<Place>> PlaceStorages(const std::vector<TorchStorage>& storages) const {
    std::vector<Place> places;
    for (const TorchStorage& storage : storages) {
      const ZipEntry* const entry = Find("data/" + std::string(storage.key));
      if (entry == nullptr) {
        return Malformed(fmt::format("storage \"{}\" is missing", Printable(storage.key)));
      }
      const uint64_t bytes = entry->end - entry->begin;
      if (Uint128{storage.elements} * storage.element_bytes != bytes) return StorageSize(storage);
      places.push_back({entry->begin, entry->end});
    }
    const std::string data = folder_ + "data/";
    const auto stored = std::count_if(entries_.begin(), entries_.end(), [&](const ZipEntry& entry) {
      return entry.name.starts_with(data);
    });
    if (static_cast<size_t>(stored) != storages.size()) {
      return Malformed("has a storage that its pickle does not name");
    }
    return places;
  }

  // Of all that is not a storage, beyond what names, padding and the pickle of so many tensors
  // take: weights may be hidden there.
  uint64_t ForeignBytes(const std::vector<Place>& storages) const {
    constexpr uint64_t kRoom = 64 * 1024;
    constexpr uint64_t kRoomOfAStorage = 1024;
    uint64_t rest = file_bytes_;
    for (const Place& storage : storages) rest -= storage.end - storage.begin;
    const uint64_t room = kRoom + kRoomOfAStorage * storages.size();
    return rest > room ? rest - room : 0;
  }

  const ReadAt& read_;
  const uint64_t file_bytes_;
  std::vector<ZipEntry> entries_;  // by name, from Read on
  std::string folder_;             // ends in '/'
};

// --- the five pickles

class LegacyFile {
 public:
  LegacyFile(const ReadAt& read, uint64_t file_bytes) : read_(read), file_bytes_(file_bytes) {}

  Result<WeightHeader> Read() {
    for (uint64_t bytes = kFirstLegacyBytes;; bytes *= 2) {
      CARNET_TRY_VOID(GrowHead(std::min({bytes, kMaxHeaderBytes, file_bytes_})));
      CARNET_TRY(auto header, TryHead());
      if (header) return std::move(*header);
      if (head_.size() == file_bytes_) return Malformed("pickle is truncated");
      if (head_.size() == kMaxHeaderBytes) return Malformed("header is over 100,000,000 bytes");
    }
  }

 private:
  Result<> GrowHead(uint64_t bytes) {
    const size_t before = head_.size();
    head_.resize(bytes);
    return read_(before, std::span(head_).subspan(before));
  }

  // Absent where the pickles continue after the head.
  Result<std::optional<WeightHeader>> TryHead() {
    ByteSpan rest = head_;
    std::array<std::optional<Pickle>, 5> pickles;
    rest = rest.subspan(kLegacyMagic.size());
    for (size_t i = 1; i < pickles.size(); ++i) {
      CARNET_TRY(pickles[i], ParsePickle(rest, TorchGlobalNames()));
      if (!pickles[i]) return std::optional<WeightHeader>();
      rest = rest.subspan(pickles[i]->bytes());
    }
    CARNET_TRY_VOID(CheckSystem(*pickles[1], *pickles[2]));
    CARNET_TRY(TorchState state, ReadTorchState(*pickles[3]));
    CARNET_TRY(const auto places,
               PlaceStorages(*pickles[4], state.storages, head_.size() - rest.size()));
    CARNET_TRY(WeightHeader header, PlaceTensors(std::move(state), places));
    return std::optional(std::move(header));
  }

  static Result<> CheckSystem(const Pickle& protocol, const Pickle& system) {
    const PickleValue& number = protocol.root();
    if (number.kind != Pickle::Kind::kInt || number.number != kLegacyProtocol) {
      return Unsupported("protocol of the file is not 1001");
    }
    const auto items = system.items(system.root());
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      const PickleValue& key = system.at(items[i]);
      const PickleValue& value = system.at(items[i + 1]);
      if (key.kind != Pickle::Kind::kText || system.text(key) != "little_endian") continue;
      if (value.kind == Pickle::Kind::kBool && value.number == 1) return Ok();
    }
    return Unsupported("byte order is not little-endian");
  }

  // The storages follow in the order of `keys`, each after its number of elements.
  Result<std::vector<Place>> PlaceStorages(const Pickle& keys,
                                           const std::vector<TorchStorage>& storages,
                                           uint64_t at) const {
    const auto listed = keys.items(keys.root());
    if (listed.size() != storages.size()) return Malformed("storage keys are not the pickle's");
    std::vector<Place> places(storages.size(), Place{0, 0});
    for (const uint32_t item : listed) {
      const PickleValue& key = keys.at(item);
      if (key.kind != Pickle::Kind::kText) return Malformed("a storage's key is not text");
      const auto storage = std::lower_bound(
          storages.begin(), storages.end(), keys.text(key),
          [](const TorchStorage& each, std::string_view wanted) { return each.key < wanted; });
      if (storage == storages.end() || storage->key != keys.text(key)) {
        return Malformed("storage keys are not the pickle's");
      }
      Place& place = places[static_cast<size_t>(storage - storages.begin())];
      if (place.begin != 0) return Malformed("a storage's key appears more than once");
      CARNET_TRY(place, PlaceStorage(*storage, at));
      at = place.end;
    }
    if (at != file_bytes_) return Malformed("trailing data after the last storage");
    return places;
  }

  Result<Place> PlaceStorage(const TorchStorage& storage, uint64_t at) const {
    Bytes count(8);
    if (file_bytes_ - at < count.size()) return Malformed("ends before its last storage");
    CARNET_TRY_VOID(read_(at, count));
    if (*ByteReader(count).U64Le() != storage.elements) return StorageSize(storage);
    const uint64_t begin = at + count.size();
    const Uint128 bytes = Uint128{storage.elements} * storage.element_bytes;
    if (bytes > file_bytes_ - begin) return Malformed("ends before its last storage");
    return Place{begin, begin + static_cast<uint64_t>(bytes)};
  }

  const ReadAt& read_;
  const uint64_t file_bytes_;
  Bytes head_;
};

}  // namespace

bool IsTorchFileName(std::string_view path) {
  constexpr std::array<std::string_view, 4> kEndings = {".bin", ".pt", ".pth", ".ckpt"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

Result<WeightHeader> ReadTorchFile(const ReadAt& read, uint64_t file_bytes) {
  Bytes magic(std::min<uint64_t>(file_bytes, kLegacyMagic.size()));
  CARNET_TRY_VOID(read(0, magic));
  if (magic.size() >= kZipMagic.size() &&
      std::equal(kZipMagic.begin(), kZipMagic.end(), magic.begin())) {
    CARNET_TRY(auto entries, ReadZipDirectory(read, file_bytes));
    return ZipFile(read, file_bytes, std::move(entries)).Read();
  }
  if (std::equal(kLegacyMagic.begin(), kLegacyMagic.end(), magic.begin(), magic.end())) {
    return LegacyFile(read, file_bytes).Read();
  }
  return Unsupported("is neither of PyTorch's two formats");
}

}  // namespace carnet::artifact
