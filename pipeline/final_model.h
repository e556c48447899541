// What a completion must agree with before it is signed. A run can be completed only once, so
// what the gate would always refuse (R23-R25) is refused here, while it can still be corrected.
#pragma once

#include <vector>

#include "artifact/model_files.h"
#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// `last` are the last segments of those lanes that have one. 1 every lane of the run has a segment,
// or none has and the run's kind may have none; 2 if there are segments, the model is the
// checkpoint of one of `last`, by its digest or its tensor roots, unless it is `converted`.
// Errors: rejected.
Result<> CheckFinalModel(const schemas::Predicate& run, const std::vector<schemas::Predicate>& last,
                         const artifact::ModelFiles& model, bool converted);

}  // namespace carnet::pipeline
