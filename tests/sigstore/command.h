// Programs of others as oracles: openssl, cosign. Shell commands, their output and exit status.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/test.h"

namespace carnet::test {

struct CommandResult {
  int status;
  std::string output;  // stdout and stderr
};

inline CommandResult RunCommand(const std::string& command) {
  FILE* pipe = popen(("exec 2>&1; " + command).c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> part;
  while (const size_t got = fread(part.data(), 1, part.size(), pipe)) {
    output.append(part.data(), got);
  }
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

// A command that must succeed; returns its output.
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

// A fresh folder, removed with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "carnet-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  std::string Write(std::string_view name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace carnet::test
