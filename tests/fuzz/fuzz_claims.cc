// Any bytes are read to an end: what is selected are lines of the input, and of those alone the
// same is selected again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.h"
#include "verifier/claims.h"

namespace {

using carnet::verifier::SelectClaims;

carnet::artifact::ModelFiles NoModel() {
  return {.files = {},
          .digest = carnet::ModelDigest({}),
          .weight_sets = {},
          .not_covered = {},
          .warnings = {},
          .total_bytes = 0};
}

bool HasLine(std::string_view claims, std::string_view line) {
  for (size_t at = claims.find(line); at != claims.npos; at = claims.find(line, at + 1)) {
    const size_t end = at + line.size();
    if ((at == 0 || claims[at - 1] == '\n') && (end == claims.size() || claims[end] == '\n')) {
      return true;
    }
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto model = NoModel();
  static const auto trust = carnet::trust::Trust::Create({}, {});
  CARNET_CHECK(trust.has_value());
  const std::string_view claims = carnet::AsText({data, size});
  const auto selected = SelectClaims(claims, model, *trust, carnet::TimestampMs(0));
  if (!selected) return 0;
  CARNET_CHECK(selected->others.size() <= 3);
  std::string_view rest = selected->passport;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    CARNET_CHECK(end != rest.npos && HasLine(claims, rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  const auto again = SelectClaims(selected->passport, model, *trust, carnet::TimestampMs(0));
  CARNET_CHECK(again.has_value() && again->passport == selected->passport);
  CARNET_CHECK(again->others.empty());
  return 0;
}
