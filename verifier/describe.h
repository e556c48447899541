// How findings and verdicts name statements and digests: always in one spelling, so that a reader
// recognises the same thing again. Names from statements are quoted, made printable and shortened:
// a name can be any text, also one that reads like ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {

// "sha256:91ab03c2…": the first four bytes.
std::string ShortDigest(ByteSpan digest);

// Kind, the name that the statement gives itself, shortened statement id: "run (sha256:…)",
// "segment 3 of lane 1 (…)", "passport of "tiny-gpt" (…)", "device nvidia:gpu:… (…)".
std::string Describe(const Statement& line);

// Who says what a statement says of itself. On rows it is the party whose key signed; SpeakerByKey
// knows only the key that the statement names.
using SpeakerOf = std::function<std::string(const Statement&)>;
std::string SpeakerByKey(const Statement& line);

// `"llama-3-70b", says lab`.
std::string Said(std::string_view name, const std::string& speaker);

// "1 lane", "2 lanes".
std::string Counted(uint64_t count, std::string_view noun);

// A finding about one line: its message is Describe(line), a space and `what`.
Finding FindingAbout(const Statement& line, Refusal refusal, const std::string& what,
                     std::string hint = {});

}  // namespace carnet::verifier
