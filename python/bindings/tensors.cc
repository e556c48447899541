#include <carnet/tensors.h>

#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>

#include "python/bindings/bind.h"
#include "python/bindings/texts.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

using Memory = std::tuple<uint64_t, uint64_t, bool, uint64_t>;
using Named = std::tuple<std::string, std::string, std::vector<uint64_t>, std::string>;

const char* WayName(TensorWay way) {
  switch (way) {
    case TensorWay::kOnHost:
      return "on host";
    case TensorWay::kThroughHost:
      return "through host";
    case TensorWay::kOnDevice:
      return "on device";
  }
  return "";
}

nb::typed<nb::list, nb::typed<nb::tuple, nb::str, nb::str>> DigestMemory(
    const std::vector<Memory>& given, unsigned threads) {
  std::vector<TensorMemory> tensors;
  tensors.reserve(given.size());
  for (const auto& [address, bytes, on_device, stream] : given) {
    tensors.push_back(
        {address, bytes, on_device ? TensorPlace::kCudaDevice : TensorPlace::kHost, stream});
  }
  const auto digests = WithoutGil([&] { return DigestTensors(tensors, threads); });
  nb::list list;
  for (const TensorDigest& digest : digests) {
    list.append(nb::make_tuple(Given(digest.sha256), nb::str(WayName(digest.way))));
  }
  return nb::typed<nb::list, nb::typed<nb::tuple, nb::str, nb::str>>(list);
}

nb::str RootOf(const std::vector<Named>& given) {
  std::vector<NamedTensor> tensors;
  tensors.reserve(given.size());
  for (const auto& [name, dtype, shape, sha256] : given) {
    tensors.push_back({name, dtype, shape, sha256});
  }
  return Given(WithoutGil([&] { return TensorRootOf(tensors); }));
}

}  // namespace

// For carnet._tensors alone: an address is believed.
void BindTensors(nb::module_& module) {
  module.def("digest_memory", &DigestMemory, nb::arg("tensors"), nb::arg("threads"),
             "Digests of (address, bytes, on device, stream), each with the way it took.");
  module.def("root_of_tensors", &RootOf, nb::arg("tensors"),
             "The tensor root of (name, dtype, shape, sha256).");
}

}  // namespace carnet::python
