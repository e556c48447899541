// The FLOP figure of a segment's draft, without its amounts: which methods, by which classes of
// parameters. pipeline/complete_flop.h computes the rest.
#pragma once

#include <string>
#include <vector>

#include "artifact/model_files.h"
#include "json/document.h"
#include "verifier/compute/weight_names.h"

namespace carnet::pipeline {

// As the lane's `last` segment states it in `update` (null: none), without what was measured then;
// else from the checkpoint's header (null: not at hand): every parameter as trained, and the share
// of the devices' peak as what follows from it. A placeholder where neither tells it; a note says
// why.
json::Document DeriveFigure(const json::Document* last, const artifact::ModelFiles* checkpoint,
                            const verifier::compute::WeightNames& names,
                            std::vector<std::string>& notes);

// The placeholder of a figure that follows from nothing at hand, and why.
json::Document FigureToState(const std::string& why);

}  // namespace carnet::pipeline
