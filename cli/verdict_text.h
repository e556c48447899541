// A verdict as people read it; programs read Verdict::ToJson (<carnet/verify.h>).
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "verifier/verdict.h"

namespace carnet::cli {

ExitCode ExitCodeOf(const verifier::Verdict& verdict);

std::string VerdictText(const verifier::Verdict& verdict, const Terminal& terminal);

}  // namespace carnet::cli
