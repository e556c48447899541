#include <csignal>

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
  // A reader that goes away makes a write fail; it must not end the program in the middle of one.
  std::signal(SIGPIPE, SIG_IGN);
  carnet::cli::Terminal terminal(carnet::cli::AskForJson(argc, argv));
  const auto parsed = carnet::cli::ParseArguments(argc, argv, terminal);
  const auto* command = std::get_if<carnet::cli::Command>(&parsed);
  return static_cast<int>(terminal.Finish(
      command != nullptr ? (*command)(terminal) : std::get<carnet::cli::ExitCode>(parsed)));
}
