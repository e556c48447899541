// A program that is started by exec and killed at a moment of the test's choice: fork and threads
// die under ThreadSanitizer. It reports its progress in lines on standard output, each of them
// written by one call.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/file.h"

namespace carnet::test {

class Victim {
 public:
  // [0]: the program's path. Gives up if it cannot be started.
  explicit Victim(std::vector<std::string> arguments);
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  ~Victim();

  // Waits until there is a first line, or time is up.
  void AwaitFirstLine(std::chrono::milliseconds at_most);
  // Kills it with SIGKILL; the whole lines that it had written. Gives up if it ended by itself.
  std::vector<std::string> Kill();

 private:
  bool ReadSome();

  pid_t pid_ = -1;
  FileDescriptor output_{-1};
  std::string text_;
};

}  // namespace carnet::test
