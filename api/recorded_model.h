// The files of a model as the public value.
#pragma once

#include <carnet/digest.h>

#include "artifact/model_files.h"
#include "core/not_covered.h"

namespace carnet::api {

// Recorded without the files that the patterns leave out; with all of them where one may not be
// left out, which a warning then says.
Result<Model> RecordedModel(artifact::ModelFiles files, NotCovered patterns);

}  // namespace carnet::api
