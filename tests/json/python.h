// Python's json module as the second implementation. Where python3 is absent the cases are skipped.
#pragma once

#include <string>

#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"

namespace carnet::test {

// What `script` prints, with `input` as its standard input.
inline std::string RunPython(const std::string& script, const std::string& input) {
  const ScratchFolder folder;
  return MustRun("python3 '" + folder.Write("script.py", script) + "' < '" +
                 folder.Write("input", input) + "'");
}

}  // namespace carnet::test
