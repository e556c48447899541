// What a machine reports about its accelerators, as text: one process of a job reads it on its
// machine, and the one with the key attests it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "pipeline/this_machine.h"

namespace carnet::pipeline {

// JSON.
std::string WriteMachineReport(const ThisMachine& machine);

// Strict, as another process wrote it. Errors: malformed, with the field.
Result<ThisMachine> ReadMachineReport(std::string_view text);

}  // namespace carnet::pipeline
