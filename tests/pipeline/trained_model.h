// A model as the recorder makes it: a run of three segments on a real ledger, the third of
// which continues from the weights of the first, and its completion. For one thread.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/issue_passport.h"
#include "pipeline/recorder.h"
#include "tests/support/real_ledger.h"

namespace carnet::test {

struct TrainedModel {
  StatementId run;
  std::vector<pipeline::Recorded> segments;
  StatementId completion;
};

// The model is MakeModel(name). Each segment names one of `devices`.
TrainedModel Train(RealLedger& world, const std::string& name, const drafts::RunTerms& terms = {},
                   const pipeline::RecorderOptions& options = {});

// An edge of a run's draft.
std::string EdgeTo(const std::string& type, const std::string& model,
                   const std::string& statement = {});

// With the lab's key.
Result<pipeline::IssuedPassport> TryIssue(RealLedger& world, const std::string& draft,
                                          const StatementId& completion,
                                          const artifact::ModelFiles& model);
Result<pipeline::IssuedPassport> TryIssue(RealLedger& world,
                                          const pipeline::PassportRequest& request,
                                          const artifact::ModelFiles& model,
                                          const signer::Signer& signer);
// Ends the test if it is refused.
pipeline::IssuedPassport Issue(RealLedger& world, const std::string& name,
                               const StatementId& completion);

// The lines of a passport and their statements, read by a reader other than Carnet's.
std::vector<boost::json::object> LinesAsJson(const std::string& passport);
boost::json::object StatementIn(const boost::json::object& line);

}  // namespace carnet::test
