#include "verifier/rules.h"

#include "core/check.h"

namespace carnet::verifier {

std::string_view RowName(RowId row) {
  switch (row) {
    case RowId::kModel:
      return "model";
    case RowId::kSignatures:
      return "signatures";
    case RowId::kLog:
      return "log";
    case RowId::kIdentity:
      return "identity";
    case RowId::kLineage:
      return "lineage";
    case RowId::kTime:
      return "time";
    case RowId::kCompute:
      return "compute";
    case RowId::kCustody:
      return "custody";
    case RowId::kHardware:
      return "hardware";
    case RowId::kPolicy:
      return "policy";
    case RowId::kDecision:
      return "decision";
  }
  CARNET_CHECK(false);
}

std::string AnchorOf(Refusal refusal) {
  return "r" + std::to_string(refusal.rule()) + "-" +
         std::string(RejectReasonName(refusal.reason()));
}

std::optional<RowId> ParseRowName(std::string_view name) {
  for (int row = 0; row < static_cast<int>(RowId::kDecision); ++row) {
    if (RowName(static_cast<RowId>(row)) == name) return static_cast<RowId>(row);
  }
  return std::nullopt;
}

}  // namespace carnet::verifier
