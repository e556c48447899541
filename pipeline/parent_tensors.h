// What shows that a model's frozen tensors are as its parent left them (R35): the leaves of the
// parent's tensor trees, in the passport.
#pragma once

#include <span>
#include <string>

#include "artifact/model_files.h"
#include "core/result.h"
#include "schemas/predicate.h"
#include "statements/statement_set.h"

namespace carnet::pipeline {

struct ParentModel {
  std::string name;  // for messages: its folder
  artifact::ModelFiles files;
};

// `parent_tensors`, unless there are no `models`: of each, the weight sets whose tensor roots a
// parent of the completion's run states, each once. Requires a passport, and the completion's
// closure. Errors: rejected (a model of which no parent states a root).
Result<> SetParentTensors(const statements::StatementSet& closure,
                          const statements::Statement& completion,
                          std::span<const ParentModel> models, schemas::Predicate& passport);

}  // namespace carnet::pipeline
