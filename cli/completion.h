// Completion scripts, generated from the commands' descriptions.
#pragma once

#include <string>
#include <string_view>

#include "cli/command_description.h"

namespace carnet::cli {

// Requires bash, zsh or fish.
std::string CompletionText(std::string_view shell, const CommandDescription& program);

}  // namespace carnet::cli
