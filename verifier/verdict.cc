#include "verifier/verdict.h"

#include "core/check.h"

namespace carnet::verifier {

std::string_view RowStatusName(RowStatus status) {
  switch (status) {
    case RowStatus::kPass:
      return "pass";
    case RowStatus::kFail:
      return "fail";
    case RowStatus::kUndisclosed:
      return "undisclosed";
    case RowStatus::kUnattested:
      return "unattested";
    case RowStatus::kNotApplicable:
      return "not applicable";
    case RowStatus::kNotChecked:
      return "not checked";
  }
  CARNET_CHECK(false);
}

std::string_view LevelName(int level) {
  constexpr std::array<std::string_view, 6> kLevelNames = {
      "none", "stated", "complete", "counter-signed", "hardware-attested", "re-executed"};
  CARNET_CHECK(level >= 0 && static_cast<size_t>(level) < kLevelNames.size());
  return kLevelNames[static_cast<size_t>(level)];
}

std::string_view ThresholdStateName(ThresholdState state) {
  switch (state) {
    case ThresholdState::kMet:
      return "met";
    case ThresholdState::kNotMet:
      return "not met";
    case ThresholdState::kUndisclosed:
      return "undisclosed";
    case ThresholdState::kNotInForce:
      return "not in force";
  }
  CARNET_CHECK(false);
}

std::string_view ThresholdBasisName(ThresholdBasis basis) {
  switch (basis) {
    case ThresholdBasis::kLowerBound:
      return "lower-bound";
    case ThresholdBasis::kUpperBound:
      return "upper-bound";
    case ThresholdBasis::kStated:
      return "stated";
    case ThresholdBasis::kUndisclosedTerm:
      return "undisclosed-term";
    case ThresholdBasis::kUnattestedFigure:
      return "unattested-figure";
    case ThresholdBasis::kUnknownDeviceTime:
      return "unknown-device-time";
    case ThresholdBasis::kUnexplainedDeviceTime:
      return "unexplained-device-time";
    case ThresholdBasis::kNotInForce:
      return "not-in-force";
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::verifier
