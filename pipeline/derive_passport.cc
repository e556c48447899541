#include "pipeline/derive_passport.h"

#include "pipeline/logged_predicate.h"
#include "schemas/readers.h"

namespace carnet::pipeline {

Result<DerivedDraft> DerivePassport(const ledger::Reader& reader, const StatementId& completion) {
  using schemas::Kind;
  CARNET_TRY(const auto completed, ReadLogged(reader, completion, Kind::kCompletion));
  const auto run_id =
      schemas::DigestOf<StatementId>(schemas::ReaderOf<wire::Completion>(completed).getRun());
  CARNET_TRY(const auto run, ReadLogged(reader, run_id, Kind::kRun));
  DerivedDraft draft;
  draft.fields.Set("intended_deployment",
                   schemas::TextOf(schemas::ReaderOf<wire::Run>(run).getIntendedDeployment()));
  draft.notes.emplace_back("intended_deployment is the run's");
  return draft;
}

}  // namespace carnet::pipeline
