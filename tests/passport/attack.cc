#include "tests/passport/attack.h"

#include <algorithm>

#include "tests/support/test.h"

namespace carnet::test {

using verifier::Decision;
using verifier::Finding;
using verifier::RejectReasonName;
using verifier::Verdict;

std::string Describe(const Verdict& verdict) {
  std::string text;
  for (const Finding& finding : verdict.findings) {
    text += "\n  " + std::to_string(finding.rule()) + " " +
            std::string(RejectReasonName(finding.reason())) + ": " + finding.message;
  }
  return text.empty() ? "none" : text;
}

void CheckPasses(const Verdict& verdict) {
  BOOST_CHECK_MESSAGE(verdict.decision == Decision::kPass, "refused: " << Describe(verdict));
  BOOST_CHECK_MESSAGE(verdict.findings.empty(), "findings: " << Describe(verdict));
  for (const verifier::Row& row : verdict.rows) {
    const bool unattested = row.text.find("unattested") != std::string::npos;
    BOOST_CHECK_MESSAGE(row.status != verifier::RowStatus::kPass || !unattested,
                        "row " << row.name << " passes beside the word: " << row.text);
  }
}

void CheckRefused(const Verdict& verdict, int rule, RejectReason reason, const std::string& message,
                  const std::set<int>& also) {
  BOOST_CHECK(verdict.decision == Decision::kFail);
  BOOST_REQUIRE_MESSAGE(!verdict.findings.empty(), "no finding");
  const Finding& first = verdict.findings.front();
  BOOST_CHECK_MESSAGE(
      first.rule() == rule && first.reason() == reason,
      "expected " << rule << " " << RejectReasonName(reason) << ", got " << Describe(verdict));
  BOOST_CHECK_MESSAGE(first.message.find(message) != std::string::npos,
                      "\"" << first.message << "\" does not contain \"" << message << "\"");
  const bool alone =
      std::all_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) {
        return finding.rule() == rule || also.contains(finding.rule());
      });
  BOOST_CHECK_MESSAGE(alone, "also wrong in other ways: " << Describe(verdict));
}

void CheckRefused(const Attack& attack) {
  World world = FineTuneWorld();
  attack.make(world);
  CheckRefused(world.Judge(), attack.rule, attack.reason, attack.message, attack.also);
}

verifier::RowStatus StatusOf(const Verdict& verdict, const std::string& name) {
  const auto row = std::find_if(verdict.rows.begin(), verdict.rows.end(),
                                [&name](const verifier::Row& r) { return r.name == name; });
  BOOST_REQUIRE_MESSAGE(row != verdict.rows.end(), "no row " << name);
  return row->status;
}

}  // namespace carnet::test
