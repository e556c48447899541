#include "tests/verifier/judged_policy.h"

namespace carnet::verifier::policy {

using verifier::test::ComputeFile;
using wire::EdgeType;
using wire::RunKind;

Policy PolicyWith(const std::string& more) {
  return ReadPolicy(
             "id = \"own\"\ntitle = \"t\"\njurisdiction = \"NZ\"\nsubject = \"s\"\n"
             "counting = \"c\"\nchecked_on = \"2026-11-01\"\n" +
                 more,
             "own.toml", kAt)
      .value();
}

ComputeFile FineTuned() {
  ComputeFile file;
  file.AddTrainedModel("n", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  return file;
}

Judged Judge(ComputeFile& file, const Policy& policy, const std::string& root,
             const std::vector<Row>& rows, bool lower_bound) {
  Judged judged;
  const compute::TimeBound time = file.Time();
  judged.outcome =
      VerifyPolicy(file.set(), file.At(root), policy, rows, {time, lower_bound}, judged.findings);
  return judged;
}

}  // namespace carnet::verifier::policy
