#include "artifact/torch_globals.h"

#include <array>

namespace carnet::artifact {
namespace {

using Use = PickleGlobal::Use;
using Role = TorchRole;

struct Row {
  PickleGlobal name;
  TorchGlobal meaning;
};

constexpr std::string_view kUtils = "torch._utils";
constexpr std::string_view kTorch = "torch";
constexpr std::string_view kStorageModule = "torch.storage";

constexpr size_t kCount = 45;

constexpr std::array<Row, kCount> kRows = {{
    {{"collections", "OrderedDict", Use::kMakeDict}, {Role::kOther, "", 0}},
    {{kUtils, "_rebuild_tensor", Use::kCall}, {Role::kRebuildTensor, "", 0}},
    {{kUtils, "_rebuild_tensor_v2", Use::kCall}, {Role::kRebuildTensor, "", 0}},
    {{kUtils, "_rebuild_tensor_v3", Use::kCall}, {Role::kRebuildTensorV3, "", 0}},
    {{kUtils, "_rebuild_parameter", Use::kCall}, {Role::kRebuildParameter, "", 0}},
    {{kTorch, "Size", Use::kCall}, {Role::kSize, "", 0}},
    {{kStorageModule, "UntypedStorage", Use::kName}, {Role::kUntypedStorage, "", 1}},
    {{kTorch, "UntypedStorage", Use::kName}, {Role::kUntypedStorage, "", 1}},
    {{kTorch, "FloatStorage", Use::kName}, {Role::kStorage, "F32", 4}},
    {{kTorch, "DoubleStorage", Use::kName}, {Role::kStorage, "F64", 8}},
    {{kTorch, "HalfStorage", Use::kName}, {Role::kStorage, "F16", 2}},
    {{kTorch, "BFloat16Storage", Use::kName}, {Role::kStorage, "BF16", 2}},
    {{kTorch, "LongStorage", Use::kName}, {Role::kStorage, "I64", 8}},
    {{kTorch, "IntStorage", Use::kName}, {Role::kStorage, "I32", 4}},
    {{kTorch, "ShortStorage", Use::kName}, {Role::kStorage, "I16", 2}},
    {{kTorch, "CharStorage", Use::kName}, {Role::kStorage, "I8", 1}},
    {{kTorch, "ByteStorage", Use::kName}, {Role::kStorage, "U8", 1}},
    {{kTorch, "BoolStorage", Use::kName}, {Role::kStorage, "BOOL", 1}},
    {{kTorch, "ComplexFloatStorage", Use::kName}, {Role::kStorage, "C64", 8}},
    {{kTorch, "ComplexDoubleStorage", Use::kName}, {Role::kStorage, "C128", 16}},
    {{kTorch, "float32", Use::kName}, {Role::kDtype, "F32", 4}},
    {{kTorch, "float", Use::kName}, {Role::kDtype, "F32", 4}},
    {{kTorch, "float64", Use::kName}, {Role::kDtype, "F64", 8}},
    {{kTorch, "double", Use::kName}, {Role::kDtype, "F64", 8}},
    {{kTorch, "float16", Use::kName}, {Role::kDtype, "F16", 2}},
    {{kTorch, "half", Use::kName}, {Role::kDtype, "F16", 2}},
    {{kTorch, "bfloat16", Use::kName}, {Role::kDtype, "BF16", 2}},
    {{kTorch, "int64", Use::kName}, {Role::kDtype, "I64", 8}},
    {{kTorch, "long", Use::kName}, {Role::kDtype, "I64", 8}},
    {{kTorch, "int32", Use::kName}, {Role::kDtype, "I32", 4}},
    {{kTorch, "int", Use::kName}, {Role::kDtype, "I32", 4}},
    {{kTorch, "int16", Use::kName}, {Role::kDtype, "I16", 2}},
    {{kTorch, "int8", Use::kName}, {Role::kDtype, "I8", 1}},
    {{kTorch, "uint8", Use::kName}, {Role::kDtype, "U8", 1}},
    {{kTorch, "uint16", Use::kName}, {Role::kDtype, "U16", 2}},
    {{kTorch, "uint32", Use::kName}, {Role::kDtype, "U32", 4}},
    {{kTorch, "uint64", Use::kName}, {Role::kDtype, "U64", 8}},
    {{kTorch, "bool", Use::kName}, {Role::kDtype, "BOOL", 1}},
    {{kTorch, "complex64", Use::kName}, {Role::kDtype, "C64", 8}},
    {{kTorch, "complex128", Use::kName}, {Role::kDtype, "C128", 16}},
    {{kTorch, "float8_e4m3fn", Use::kName}, {Role::kDtype, "F8_E4M3", 1}},
    {{kTorch, "float8_e5m2", Use::kName}, {Role::kDtype, "F8_E5M2", 1}},
    {{kTorch, "float8_e4m3fnuz", Use::kName}, {Role::kDtype, "F8_E4M3FNUZ", 1}},
    {{kTorch, "float8_e5m2fnuz", Use::kName}, {Role::kDtype, "F8_E5M2FNUZ", 1}},
    {{kTorch, "float8_e8m0fnu", Use::kName}, {Role::kDtype, "F8_E8M0", 1}},
}};

constexpr std::array<PickleGlobal, kCount> kNames = [] {
  std::array<PickleGlobal, kCount> names{};
  for (size_t i = 0; i < kCount; ++i) names[i] = kRows[i].name;
  return names;
}();

}  // namespace

std::span<const PickleGlobal> TorchGlobalNames() { return kNames; }
const TorchGlobal& TorchGlobalAt(uint32_t index) { return kRows[index].meaning; }

}  // namespace carnet::artifact
