// Any bytes are read to an end: every line that is kept is found under its id, ids are distinct,
// and a file of which nothing is kept says why.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "verifier/bundle/read_passport.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carnet::verifier::Findings findings;
  const auto file = carnet::verifier::bundle::ReadPassport(carnet::AsText({data, size}), findings);
  for (const auto& line : file.lines) CHECK(file.Find(line.id) == &line);
  CHECK(file.by_id.size() == file.lines.size());
  CHECK(!file.lines.empty() || !findings.empty());
  CHECK(findings.Sorted().size() <= carnet::verifier::kMaxFindings);
  CHECK(!findings.HasRules(5, 38));
  return 0;
}
