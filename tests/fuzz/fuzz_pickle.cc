// A pickle is refused, or every value's items are values; and what is known of a prefix stays true
// of the whole.
#include <cstddef>
#include <cstdint>

#include "artifact/pickle.h"
#include "artifact/torch_globals.h"
#include "artifact/torch_state.h"
#include "core/check.h"

namespace carnet::artifact {
namespace {

void CheckValues(const Pickle& pickle, size_t input_bytes) {
  CARNET_CHECK(pickle.bytes() <= input_bytes);
  CARNET_CHECK(pickle.values().size() <= kMaxPickleValues);
  for (const PickleValue& value : pickle.values()) {
    for (const uint32_t item : pickle.items(value)) CARNET_CHECK(item < pickle.values().size());
    if (value.kind == Pickle::Kind::kText) CARNET_CHECK(pickle.text(value).size() <= input_bytes);
    if (value.kind == Pickle::Kind::kDict) CARNET_CHECK(pickle.items(value).size() % 2 == 0);
    if (value.kind == Pickle::Kind::kCall) {
      CARNET_CHECK(TorchGlobalNames()[value.index].use == PickleGlobal::Use::kCall);
    }
  }
}

void CheckState(const Pickle& pickle) {
  const auto state = ReadTorchState(pickle);
  if (!state) return;
  CARNET_CHECK(!state->tensors.empty());
  for (const TorchTensor& tensor : state->tensors) {
    CARNET_CHECK(tensor.storage < state->storages.size());
  }
}

}  // namespace
}  // namespace carnet::artifact

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace carnet::artifact;
  const carnet::ByteSpan input(data, size);
  const auto whole = ParsePickle(input, TorchGlobalNames());
  if (whole && *whole) {
    CheckValues(**whole, size);
    CheckState(**whole);
    const auto exact = ParsePickle(input.first((*whole)->bytes()), TorchGlobalNames());
    CARNET_CHECK(exact && *exact);
  }
  const auto half = ParsePickle(input.first(size / 2), TorchGlobalNames());
  if (half && !half->has_value()) return 0;  // wants more
  CARNET_CHECK(half.has_value() == whole.has_value());
  if (!half) CARNET_CHECK(half.error().message == whole.error().message);
  return 0;
}
