#include "cli/verdict_text.h"

#include "api/verdict.h"
#include "api/verdict_text.h"

namespace carnet::cli {

ExitCode ExitCodeOf(const verifier::Verdict& verdict) {
  return verdict.decision == verifier::Decision::kPass ? ExitCode::kYes : ExitCode::kNo;
}

std::string VerdictText(const verifier::Verdict& verdict, const Terminal& terminal) {
  return api::VerdictText(api::VerdictOf(verdict), [&](std::string_view status, std::string text) {
    if (status == "pass") return terminal.Green(text);
    if (status == "fail") return terminal.Red(text);
    if (status == "not applicable") return text;
    return terminal.Yellow(text);
  });
}

}  // namespace carnet::cli
