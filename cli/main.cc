#include <csignal>

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
  // A reader that goes away makes a write fail; it must not end the program in the middle of one.
  std::signal(SIGPIPE, SIG_IGN);
  const auto parsed = carnet::cli::ParseArguments(argc, argv);
  if (const auto* status = std::get_if<carnet::cli::ExitCode>(&parsed)) {
    return static_cast<int>(*status);
  }
  carnet::cli::Terminal terminal;
  return static_cast<int>(terminal.Finish(std::get<carnet::cli::Command>(parsed)(terminal)));
}
