#include "pipeline/carnet_fields.h"

#include "core/check.h"

namespace carnet::pipeline {

FieldNames FieldsSetByCarnet(schemas::Kind kind) {
  using schemas::Kind;
  switch (kind) {
    case Kind::kDataset:
      return {"data", "data_basis", "files", "size"};
    case Kind::kRun:
      return {"seen"};
    case Kind::kSegment:
      return {"run", "lane", "seq", "previous", "after", "model", "tensor_roots"};
    case Kind::kCompletion:
      return {"run",    "last", "after", "outcome",      "segments",
              "tokens", "flop", "model", "tensor_roots", "run_id"};
    case Kind::kPassport:
      return {"completion",     "after",      "files", "model",       "tensor_roots",
              "parent_tensors", "parameters", "flop",  "not_covered", "oms_root"};
    case Kind::kDevice:
    case Kind::kAllocation:
    case Kind::kVerdict:
      return {};
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::pipeline
