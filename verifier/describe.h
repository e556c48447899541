// How statements and digests are named in findings and verdicts: one spelling, so that
// a reader finds the same thing again. Names from statements are quoted printable and cut.
#pragma once

#include <string>

#include "core/bytes.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {

// "sha256:91ab03c2…": the first four bytes.
std::string ShortDigest(ByteSpan digest);

// Kind, the name that the statement gives itself, short statement id: "segment 3 (sha256:…)",
// "segment 3 of lane 1 (…)", "passport of tiny-gpt (…)", "device nvidia:gpu:… (…)", "run (…)".
std::string Describe(const Statement& line);

// A finding about one line: its message is Describe(line), a space and `what`.
Finding FindingAbout(const Statement& line, Refusal refusal, const std::string& what,
                     std::string hint = {});

}  // namespace carnet::verifier
