// How findings and verdicts name statements and digests: always in one spelling, so that a reader
// recognises the same thing again. Names from statements are made printable and shortened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {

// "sha256:91ab03c2…": the first four bytes.
std::string ShortDigest(ByteSpan digest);

// Kind, the name that the statement gives itself, shortened statement id: "run (sha256:…)",
// "segment 3 of lane 1 (…)", "passport of tiny-gpt (…)", "device nvidia:gpu:… (…)".
std::string Describe(const Statement& line);

// "1 lane", "2 lanes".
std::string Counted(uint64_t count, std::string_view noun);

// A finding about one line: its message is Describe(line), a space and `what`.
Finding FindingAbout(const Statement& line, Refusal refusal, const std::string& what,
                     std::string hint = {});

}  // namespace carnet::verifier
