// Any bytes are read to an end: every line that is kept is found under its id, ids are distinct,
// and a file of which nothing is kept says why.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "verifier/bundle/read_passport.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carnet::verifier::Findings findings;
  const auto file =
      carnet::verifier::bundle::ReadPassport(carnet::AsText({data, size}), 1, findings);
  for (const auto& line : file.lines) CARNET_CHECK(file.lines.Find(line.id) == &line);
  CARNET_CHECK(file.attestations.size() == file.lines.size());
  CARNET_CHECK(!file.lines.empty() || !findings.empty());
  CARNET_CHECK(findings.Sorted().size() <= carnet::verifier::kMaxFindings);
  for (int rule = 5; rule <= carnet::verifier::kRuleCount; ++rule) {
    CARNET_CHECK(!findings.HasRule(rule));
  }
  return 0;
}
