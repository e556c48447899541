// The fields that Carnet sets itself, and that no draft may state.
#pragma once

#include "pipeline/draft.h"
#include "schemas/kind.h"

namespace carnet::pipeline {

// As the steps take drafts: a run's, a segment's and a completion's from the recorder
// (pipeline/recorder.h), a passport's from pipeline/issue_passport.h, a data set's from its files.
// Of a passport also `parameters`, which a draft may state: the weight files tell them.
FieldNames FieldsSetByCarnet(schemas::Kind kind);

}  // namespace carnet::pipeline
