// carnet(1), generated from the commands' descriptions.
#pragma once

#include <string>

#include "cli/command_description.h"

namespace carnet::cli {

std::string ManualText(const CommandDescription& program);  // roff, man macros

}  // namespace carnet::cli
