// Programs of others as oracles: shell commands, their output and exit status.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

#include "tests/support/test.h"

namespace carnet::test {

struct CommandResult {
  int status;          // of the exit; -1 where a signal ended it
  std::string output;  // standard output and standard error
};

// Run by the shell.
inline CommandResult RunCommand(const std::string& command) {
  FILE* pipe = ::popen(("exec 2>&1; " + command).c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> part;
  while (const size_t got = std::fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), got);
  }
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

// The output of a command that must succeed.
inline std::string MustRun(const std::string& command) {
  const CommandResult result = RunCommand(command);
  BOOST_REQUIRE_MESSAGE(result.status == 0, command << ": " << result.output);
  return result.output;
}

// `*boost::unit_test::precondition(HasProgram("cosign"))`
class HasProgram {
 public:
  explicit HasProgram(std::string name) : name_(std::move(name)) {}
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result present(RunCommand("command -v " + name_).status == 0);
    if (!present) present.message() << "no " << name_ << " on the PATH";
    return present;
  }

 private:
  std::string name_;
};

}  // namespace carnet::test
