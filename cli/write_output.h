// Where a command's output goes: a new file, a file that --force replaces, or something that is
// written to: a pipe, a terminal or /dev/null, a descriptor such as /dev/stdout, or `-`, standard
// output. A command that writes its file there says everything else on standard error.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal.h"
#include "core/result.h"

namespace carnet::cli {

// Called before the work whose result goes to the file: refuses what WriteOutput would refuse, as
// far as can be known. An empty path is standard output.
Result<> CheckOutput(const std::string& path, bool force);

// `-`, or another name of it such as /dev/stdout.
bool IsStandardOutput(const std::string& path);

// Refuses to overwrite without force, naming the option; replaces a regular file and nothing else.
Result<> WriteOutput(const std::string& path, std::string_view content, bool force);
// The same in the folder of a model, of which it is no part (pipeline/write_in_model.h).
Result<> WriteOutputInModel(const std::string& model, const std::string& path,
                            std::string_view content, bool force);
// WriteOutput; an empty path is standard output.
Result<> WriteOrPrint(const std::string& path, std::string_view content, bool force,
                      Terminal& terminal);

}  // namespace carnet::cli
