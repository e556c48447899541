// Reads a model as the caller wants it, ended by Ctrl-C and by a callback that raises.
#pragma once

#include <carnet/digest.h>

#include <functional>
#include <optional>

#include "python/bindings/texts.h"
#include "python/bindings/watched.h"

namespace carnet::python {

using Progress = std::optional<nb::typed<nb::callable, nb::object(uint64_t, uint64_t)>>;

// Runs `work` with these options, to which it adds how to report and when to stop.
void ReadWatched(ModelOptions options, const Progress& progress,
                 const std::function<void(const ModelOptions&)>& work);

}  // namespace carnet::python
