// A verdict as people and programs read it.
#pragma once

#include <string>

#include "cli/terminal.h"
#include "verifier/verdict.h"

namespace carnet::cli {

std::string VerdictText(const verifier::Verdict& verdict, const Terminal& terminal);
std::string VerdictJson(const verifier::Verdict& verdict);

}  // namespace carnet::cli
