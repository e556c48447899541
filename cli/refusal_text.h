// A passport that the gate refuses, for whoever made it: every finding, and what to do about it.
#pragma once

#include <string>
#include <vector>

#include "pipeline/remedy.h"
#include "verifier/verdict.h"

namespace carnet::cli {

// For people: of each finding its message, its hint, what to do, and the command to type.
std::vector<std::string> RefusalLines(const verifier::Verdict& refused,
                                      const pipeline::RemedyPlaces& places);
// The same as one document.
std::string RefusalJson(const verifier::Verdict& refused, const pipeline::RemedyPlaces& places);

}  // namespace carnet::cli
