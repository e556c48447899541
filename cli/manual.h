// carnet(1), made of the commands' descriptions.
#pragma once

#include <string>

#include "cli/command_description.h"

namespace carnet::cli {

std::string ManualText(const CommandDescription& program);  // roff, man macros

}  // namespace carnet::cli
