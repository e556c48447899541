// The command line, parsed: which command with which options. The only user of the CLI library.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "json/writer.h"

namespace carnet::cli {

using Command = std::function<ExitCode(Terminal&)>;

// The command to run, or the status to exit with (help was printed, or the usage is wrong).
std::variant<Command, ExitCode> ParseArguments(int argc, char** argv, Terminal& terminal);
// Whether a command is asked for JSON, as far as its arguments can be read, and how it is laid out:
// what failed is then JSON too, wrong usage among it.
std::optional<json::Layout> AskForJson(int argc, char** argv);

}  // namespace carnet::cli
