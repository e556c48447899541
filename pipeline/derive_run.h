// What can be known of a run's draft, given what its user says of it.
#pragma once

#include <optional>
#include <string>

#include "json/document.h"
#include "pipeline/derived_draft.h"

namespace carnet::pipeline {

// `code.revision`; `inputs`, empty, of a pre-training for which none are given; and `initial`,
// where the inputs decide it (R25): the edges that carry weights, or random weights where none
// does. `given`: the fields that the user states.
DerivedDraft DeriveRun(const json::Document& given, const std::optional<std::string>& revision);

}  // namespace carnet::pipeline
