#include "artifact/unread_weights.h"

#include <algorithm>
#include <array>

#include "artifact/torch_file.h"

namespace carnet::artifact {
namespace {

// Data: Keras, Flax, ONNX and its external data, NumPy, Rust's tch, TensorFlow Lite, PaddlePaddle.
constexpr std::array<std::string_view, 9> kOtherEndings = {
    ".h5", ".keras", ".msgpack", ".onnx", ".onnx_data", ".npz", ".ot", ".tflite", ".pdparams"};

}  // namespace

bool IsWeightFileName(std::string_view path) {
  return path.ends_with(".safetensors") || path.ends_with(".gguf") || IsTorchFileName(path);
}

bool IsOtherFrameworkName(std::string_view path) {
  return std::any_of(kOtherEndings.begin(), kOtherEndings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

}  // namespace carnet::artifact
