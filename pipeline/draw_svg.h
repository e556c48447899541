// A lineage as a picture, drawn by Graphviz' `dot`.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::pipeline {

// Runs `dot -Tsvg` on what RenderTrace writes as DOT. Errors: not_found (no dot on the PATH), io.
Result<std::string> DrawSvg(std::string_view dot);

}  // namespace carnet::pipeline
