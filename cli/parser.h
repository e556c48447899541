// Parser: the command line's options and commands. Private to the files that add the commands, each
// a group of them; only here the CLI library is included.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"

namespace carnet::cli {

// 64 hex digits, with or without `sha256:` before them, which the command does not see.
CLI::Validator StatementIdArgument();

// Keeps the chosen command; options live in it until it has run.
class Parser {
 public:
  Parser();
  std::variant<Command, ExitCode> Parse(int argc, char** argv);

 private:
  // A subcommand that runs `function` with its own options.
  template <typename Options>
  CLI::App* Add(CLI::App& parent, const std::string& name, const std::string& description,
                const std::string& example, std::shared_ptr<Options> options,
                ExitCode (*function)(const Options&, Terminal&)) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->footer("Example:\n  " + example);
    command->option_defaults()->always_capture_default();
    command->callback([this, options, function] {
      command_ = [options, function](Terminal& terminal) { return function(*options, terminal); };
    });
    return command;
  }

  // Options that several commands have.
  static void AddJson(CLI::App* command, bool& json);
  static void AddForce(CLI::App* command, bool& force);
  static void AddFollow(CLI::App* command, bool& follow);
  static void AddGuard(CLI::App* command, std::string& guard);
  static void AddSigning(CLI::App* command, SigningOptions& signing);
  static void AddAnyway(CLI::App* command, SigningOptions& signing);
  static void AddDryRun(CLI::App* command, SigningOptions& signing);
  static void AddPolicyChoice(CLI::App* command, std::string& policy, std::string& at);

  // arguments.cc
  void AddKeygen();
  void AddDigest();
  void AddAttest();
  void AddRun();
  CLI::App* AddRunCommand(CLI::App* run, const std::string& name, const std::string& description,
                          const std::string& example, const std::shared_ptr<RunOptions>& options,
                          ExitCode (*function)(const RunOptions&, Terminal&));
  void AddCheck();
  void AddPassport();
  void AddCollect(CLI::App* passport);
  void AddVerify();
  void AddTrace();
  void AddFlops();
  void AddPolicy();
  void AddInspect();

  // chips_arguments.cc
  void AddChips();
  static void AddOwnChips(CLI::App* command, std::string& file);

  // ledger_arguments.cc
  void AddLedger();
  CLI::App* AddLedgerCommand(CLI::App* ledger, const std::string& name,
                             const std::string& description, const std::string& example,
                             const std::shared_ptr<LedgerOptions>& options,
                             ExitCode (*function)(const LedgerOptions&, Terminal&));
  void AddLedgerChecks(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options);
  void AddLedgerRepairs(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options);
  void AddLedgerTexts(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options);

  // parser.cc
  void AddTexts();
  void AddHelp();
  bool KnowsCommand(const std::vector<std::string>& arguments);
  ExitCode PrintHelp();

  CLI::App app_;
  Command command_;
  bool help_asked_ = false;
  std::vector<std::string> help_of_;
};

}  // namespace carnet::cli
