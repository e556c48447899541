#include "artifact/torch_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "artifact/torch_globals.h"
#include "artifact/weight_header.h"
#include "core/flop.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

using Kind = PickleValue::Kind;

constexpr std::array<std::string_view, 4> kStateKeys = {"state_dict", "model_state_dict", "model",
                                                        "module"};
constexpr int kMaxNesting = 8;            // against the stack; dictionaries in dictionaries
constexpr uint64_t kMaxVisits = 1 << 22;  // against dictionaries that share dictionaries
constexpr std::string_view kStorage = "storage";

class StateReader {
 public:
  explicit StateReader(const Pickle& pickle) : pickle_(pickle) {}

  Result<TorchState> Run() {
    CARNET_TRY_VOID(ReadStorages());
    CARNET_TRY_VOID(Choose());
    return std::move(state_);
  }

 private:
  using Tensors = std::vector<TorchTensor>;

  // --- storages: ('storage', type, key, location, elements[, None])

  Result<> ReadStorages() {
    for (const PickleValue& value : pickle_.values()) {
      if (value.kind != Kind::kPersistent) continue;
      CARNET_TRY(const TorchStorage storage, StorageOf(value));
      state_.storages.push_back(storage);
    }
    auto& storages = state_.storages;
    std::sort(storages.begin(), storages.end(),
              [](const TorchStorage& a, const TorchStorage& b) { return a.key < b.key; });
    for (size_t i = 1; i < storages.size(); ++i) {
      const TorchStorage& before = storages[i - 1];
      if (before.key == storages[i].key && (before.elements != storages[i].elements ||
                                            before.element_bytes != storages[i].element_bytes)) {
        return Malformed(fmt::format("storage \"{}\" has two sizes", Printable(before.key)));
      }
    }
    const auto same = [](const TorchStorage& a, const TorchStorage& b) { return a.key == b.key; };
    storages.erase(std::unique(storages.begin(), storages.end(), same), storages.end());
    return Ok();
  }

  const PickleValue& Item(const PickleValue& value, size_t index) const {
    return pickle_.at(pickle_.items(value)[index]);
  }

  bool IsText(const PickleValue& value, std::string_view text) const {
    return value.kind == Kind::kText && pickle_.text(value) == text;
  }

  const TorchGlobal* GlobalOf(const PickleValue& value) const {
    return value.kind == Kind::kGlobal ? &TorchGlobalAt(value.index) : nullptr;
  }

  Result<TorchStorage> StorageOf(const PickleValue& persistent) const {
    const PickleValue& id = Item(persistent, 0);
    const size_t size = id.kind == Kind::kTuple ? pickle_.items(id).size() : 0;
    if (size < 5 || size > 6 || !IsText(Item(id, 0), kStorage)) {
      return Malformed("a persistent id is not that of a storage");
    }
    if (size == 6 && Item(id, 5).kind != Kind::kNone) return Unsupported("a view of a storage");
    const TorchGlobal* const type = GlobalOf(Item(id, 1));
    if (type == nullptr ||
        (type->role != TorchRole::kStorage && type->role != TorchRole::kUntypedStorage)) {
      return Malformed("a storage has no storage type");
    }
    const PickleValue& key = Item(id, 2);
    CARNET_TRY(const uint64_t elements, Unsigned(Item(id, 4), "storage size"));
    if (key.kind != Kind::kText) return Malformed("a storage's key is not text");
    return TorchStorage{pickle_.text(key), elements, type->element_bytes};
  }

  static Result<uint64_t> Unsigned(const PickleValue& value, std::string_view what) {
    if (value.kind != Kind::kInt || value.number > INT64_MAX) {
      return Malformed(fmt::format("{} is not an unsigned 63-bit integer", what));
    }
    return value.number;
  }

  // --- tensors

  // The call that makes the tensor, without the parameter around it; null for anything else.
  const PickleValue* TensorCall(const PickleValue& value) const {
    const PickleValue* call = &value;
    for (int depth = 0; depth < 2 && call->kind == Kind::kCall; ++depth) {
      const TorchRole role = TorchGlobalAt(call->index).role;
      if (role == TorchRole::kRebuildTensor || role == TorchRole::kRebuildTensorV3) return call;
      const auto arguments = pickle_.items(Item(*call, 0));
      if (role != TorchRole::kRebuildParameter || arguments.empty()) return nullptr;
      call = &pickle_.at(arguments[0]);
    }
    return nullptr;
  }

  Result<std::vector<uint64_t>> Dimensions(const PickleValue& value, std::string_view what) const {
    const PickleValue* tuple = &value;
    if (tuple->kind == Kind::kCall && TorchGlobalAt(tuple->index).role == TorchRole::kSize) {
      const PickleValue& arguments = Item(*tuple, 0);
      if (pickle_.items(arguments).size() == 1) tuple = &Item(arguments, 0);
    }
    if (tuple->kind != Kind::kTuple) return Malformed(fmt::format("{} is not a tuple", what));
    const auto items = pickle_.items(*tuple);
    if (items.size() > kMaxDimensions) return Malformed(fmt::format("{} is too long", what));
    std::vector<uint64_t> dimensions;
    for (const uint32_t item : items) {
      CARNET_TRY(const uint64_t dimension, Unsigned(pickle_.at(item), what));
      dimensions.push_back(dimension);
    }
    return dimensions;
  }

  Result<TorchTensor> ReadTensor(std::string name, const PickleValue& call) const {
    auto tensor = ReadUnnamed(call);
    if (!tensor) return tensor.error().In(fmt::format("tensor \"{}\"", Printable(name)));
    tensor->name = std::move(name);
    return tensor;
  }

  Result<TorchTensor> ReadUnnamed(const PickleValue& call) const {
    const PickleValue& arguments = Item(call, 0);
    const size_t count = pickle_.items(arguments).size();
    if (count < 4 || Item(arguments, 0).kind != Kind::kPersistent) {
      return Malformed("is not made of a storage, offset, size and stride");
    }
    CARNET_TRY(const TorchStorage storage, StorageOf(Item(arguments, 0)));
    const PickleValue& id = Item(Item(arguments, 0), 0);
    const TorchGlobal* type = GlobalOf(Item(id, 1));
    if (TorchGlobalAt(call.index).role == TorchRole::kRebuildTensorV3) {
      type = count > 6 ? GlobalOf(Item(arguments, 6)) : nullptr;
      if (type == nullptr || type->role != TorchRole::kDtype) return Malformed("has no dtype");
    }
    if (type->dtype.empty()) return Malformed("has no dtype");
    CARNET_TRY(const uint64_t offset, Unsigned(Item(arguments, 1), "offset"));
    CARNET_TRY(auto shape, Dimensions(Item(arguments, 2), "size"));
    CARNET_TRY(const auto strides, Dimensions(Item(arguments, 3), "stride"));
    CARNET_TRY(const uint64_t elements, CountDense(shape, strides));
    const Uint128 end = (Uint128{offset} + elements) * type->element_bytes;
    if (end > Uint128{storage.elements} * storage.element_bytes) {
      return Malformed("ends beyond the end of its storage");
    }
    const auto found = std::lower_bound(
        state_.storages.begin(), state_.storages.end(), storage.key,
        [](const TorchStorage& each, std::string_view key) { return each.key < key; });
    return TorchTensor{"",
                       type->dtype,
                       type->element_bytes,
                       std::move(shape),
                       elements,
                       static_cast<size_t>(found - state_.storages.begin()),
                       offset * type->element_bytes};
  }

  // The elements of a view that fills a range: from the innermost dimension outwards each stride
  // is the size of what is inside it.
  static Result<uint64_t> CountDense(const std::vector<uint64_t>& shape,
                                     const std::vector<uint64_t>& strides) {
    if (shape.size() != strides.size()) return Malformed("size and stride differ in length");
    uint64_t elements = 1;
    std::vector<std::pair<uint64_t, uint64_t>> dimensions;  // stride, size
    for (size_t i = 0; i < shape.size(); ++i) {
      if (__builtin_mul_overflow(elements, shape[i], &elements)) {
        return Malformed("product of the size overflows 64 bits");
      }
      if (shape[i] > 1) dimensions.emplace_back(strides[i], shape[i]);
    }
    if (elements == 0) return elements;
    std::sort(dimensions.begin(), dimensions.end());
    uint64_t inside = 1;
    for (const auto& [stride, size] : dimensions) {
      if (stride != inside) return Unsupported("its elements do not fill a range of its storage");
      inside *= size;
    }
    return elements;
  }

  // --- which of them are the model

  Result<> Choose() {
    const PickleValue& root = pickle_.root();
    if (root.kind != Kind::kDict) return NoState("is not a dictionary");
    CARNET_TRY(Tensors best, Collect(root, 0));
    const auto items = pickle_.items(root);
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      const PickleValue& key = pickle_.at(items[i]);
      const PickleValue& value = pickle_.at(items[i + 1]);
      if (key.kind != Kind::kText || value.kind != Kind::kDict) continue;
      const std::string_view text = pickle_.text(key);
      if (std::find(kStateKeys.begin(), kStateKeys.end(), text) == kStateKeys.end()) continue;
      CARNET_TRY(Tensors tensors, Collect(value, kMaxNesting));
      if (BytesOf(tensors) <= BytesOf(best)) continue;
      best = std::move(tensors);
      state_.part = text;
    }
    if (best.empty()) {
      CARNET_TRY(best, Collect(root, kMaxNesting));
    }
    if (best.empty()) return NoState("has no state dictionary");
    state_.tensors = std::move(best);
    return Ok();
  }

  // An optimiser's state has a dictionary by number, and the groups that it optimises.
  Result<> NoState(const char* why) const {
    const auto values = pickle_.values();
    const bool any = std::any_of(values.begin(), values.end(), [&](const PickleValue& value) {
      return TensorCall(value) != nullptr;
    });
    if (!any) return NotFound("holds no tensors");
    if (Has("state") && Has("param_groups")) return Unsupported("is the state of an optimiser");
    return Unsupported(why);
  }

  bool Has(std::string_view key) const {
    const PickleValue& root = pickle_.root();
    if (root.kind != Kind::kDict) return false;
    const auto items = pickle_.items(root);
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (IsText(pickle_.at(items[i]), key)) return true;
    }
    return false;
  }

  static Uint128 BytesOf(const Tensors& tensors) {
    Uint128 bytes = 0;
    for (const TorchTensor& tensor : tensors)
      bytes += Uint128{tensor.elements} * tensor.element_bytes;
    return bytes;
  }

  // Those of a dictionary and, `nesting` deep, of the dictionaries in it.
  Result<Tensors> Collect(const PickleValue& dict, int nesting) {
    Tensors tensors;
    visits_ = 0;
    CARNET_TRY_VOID(CollectInto(dict, "", nesting, tensors));
    return tensors;
  }

  Result<> CollectInto(const PickleValue& dict, const std::string& prefix, int nesting,
                       Tensors& into) {
    const auto items = pickle_.items(dict);
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      if (++visits_ > kMaxVisits) return Malformed("dictionaries are nested too widely");
      const PickleValue& key = pickle_.at(items[i]);
      const PickleValue& value = pickle_.at(items[i + 1]);
      const PickleValue* const call = TensorCall(value);
      const bool descends = nesting > 0 && value.kind == Kind::kDict;
      if (key.kind != Kind::kText || (call == nullptr && !descends)) continue;
      const std::string_view text = pickle_.text(key);
      if (prefix.size() + text.size() > kMaxTensorNameBytes) {
        return Malformed("a tensor's name is over 512 bytes");
      }
      std::string name = prefix + std::string(text);
      if (call == nullptr) {
        CARNET_TRY_VOID(CollectInto(value, name + ".", nesting - 1, into));
        continue;
      }
      if (into.size() >= kMaxTensors) return Malformed("too many tensors");
      CARNET_TRY(TorchTensor tensor, ReadTensor(std::move(name), *call));
      into.push_back(std::move(tensor));
    }
    return Ok();
  }

  const Pickle& pickle_;
  TorchState state_;
  uint64_t visits_ = 0;
};

}  // namespace

Result<TorchState> ReadTorchState(const Pickle& pickle) { return StateReader(pickle).Run(); }

}  // namespace carnet::artifact
