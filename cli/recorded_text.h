// What a command that records a statement prints: its id alone, or a JSON document.
#pragma once

#include <string>

#include "pipeline/recorder.h"

namespace carnet::cli {

std::string RecordedText(const pipeline::Recorded& recorded, bool json);

}  // namespace carnet::cli
