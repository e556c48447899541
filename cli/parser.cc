#include "cli/parser.h"

#include <algorithm>
#include <utility>

#include "api/version.h"
#include "cli/argument_checks.h"
#include "cli/command_description.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "core/closest.h"
#include "core/utf8.h"

namespace carnet::cli {
namespace {

OptionDescription DescriptionOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  OptionDescription described;
  described.positional = option.get_positional();
  described.name = described.positional ? option.get_name(true) : "--" + option.get_lnames()[0];
  described.text = option.get_description();
  described.choices = ChoicesIn(type);
  described.value = option.get_type_size() == 0 ? "" : type.substr(0, type.find(':'));
  described.initial = option.get_default_str();
  described.required = option.get_required();
  return described;
}

CommandDescription DescriptionOf(const CLI::App& app) {
  CommandDescription described{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    described.options.push_back(DescriptionOf(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    described.commands.push_back(DescriptionOf(*command));
  }
  return described;
}

}  // namespace

CLI::Validator StatementIdArgument() { return {&ReadStatementId, "", ""}; }

Parser::Parser()
    : app_("The compute-provenance ledger and digital passports of AI models.", "carnet") {
  app_.require_subcommand(1);
  app_.set_version_flag("--version",
                        std::string("carnet ") + api::kVersion + " (" + api::kCommit + ")");
  app_.footer("Exit status: 0 yes or done, 1 no or refused, 2 wrong usage, 3 could not tell.");
  app_.option_defaults()->always_capture_default();
  AddInit();
  AddConfig();
  AddKeygen();
  AddPasswd();
  AddDigest();
  AddLedger();
  AddDraft();
  AddAttest();
  AddRun();
  AddCheck();
  AddPassport();
  AddVerify();
  AddVerifyAll();
  AddAdmit();
  AddVerifyBlob(false);
  AddVerifyBlob(true);
  AddSignBlob();
  AddTrace();
  AddFind();
  AddShow();
  AddVerifyConsistency();
  AddVerifyProof();
  AddFlops();
  AddTrust();
  AddChips();
  AddPolicy();
  AddOms();
  AddInspect();
  AddTexts();
  AddHelp();
  AddManners(app_);
}

std::variant<Command, ExitCode> Parser::Parse(int argc, char** argv, Terminal& terminal) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (FindCommand(arguments, terminal) == nullptr) return ExitCode::kUsage;
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return Explain(error, terminal);
    app_.exit(error);  // prints the help or version that was asked for
    return ExitCode::kYes;
  }
  if (quiet_) terminal.Hush();
  if (verbose_) terminal.TellDetails();
  if (help_asked_) return PrintHelp(terminal);
  return command_;
}

void Parser::AddManners(CLI::App& app) {
  app.add_flag("-q,--quiet", quiet_,
               "no notes and no progress; errors, warnings and who gave trust stay");
  app.add_flag("-v,--verbose", verbose_,
               "say what is opened, how large it is and how long it took");
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    AddManners(*command);
  }
}

CLI::Validator Parser::OneOf(std::vector<std::string> choices) {
  const std::string description = "{" + CLI::detail::join(choices, ",") + "}";
  return {[this, choices = std::move(choices)](std::string& word) -> std::string {
            if (std::find(choices.begin(), choices.end(), word) != choices.end()) return "";
            meant_ = Closest(word, choices).value_or("");
            return Printable(word) + " is not one of " + Listed(choices);
          },
          description, ""};
}

void Parser::AddJson(CLI::App* command, bool& json) {
  command->add_flag("--json", json, "print one JSON document (docs/formats.md)");
}
void Parser::AddForce(CLI::App* command, bool& force) {
  command->add_flag("--force", force, "overwrite the output");
}
void Parser::AddFollow(CLI::App* command, bool& follow) {
  command->add_flag("--follow", follow,
                    "follow links to files inside the folder, or to the blobs of a Hugging Face "
                    "snapshot (default: refuse links)");
}
void Parser::AddDigestCache(CLI::App* command, std::string& file) {
  command
      ->add_option("--digest-cache", file,
                   "keep digests of large files in this file, and hash only those that changed "
                   "(docs/threats.md)")
      ->check(&CheckNotStandard);
}
void Parser::AddCovering(CLI::App* command, CoveringOptions& covering) {
  CLI::Option* more =
      command
          ->add_option("--not-covered", covering.not_covered,
                       "leave out these files too, such as '*.png' (docs/rules.md, S5, lists the "
                       "patterns); may be repeated")
          ->allow_extra_args(false)
          ->check(&CheckNotCovered);
  command
      ->add_flag("--cover-all", covering.cover_all,
                 "leave out nothing (default: README.md, .gitattributes and others that hubs add)")
      ->excludes(more);
}
void Parser::AddParents(CLI::App* command, std::vector<std::string>& parents) {
  command
      ->add_option("--parent-model", parents,
                   "model that it was trained from, to show frozen tensors; may be repeated")
      ->allow_extra_args(false)
      ->check(&CheckNotStandard);
}
void Parser::AddDryRun(CLI::App* command, SigningOptions& signing) {
  command->add_flag("--dry-run", signing.dry_run, "judge it, but sign and log nothing");
}
void Parser::AddRecording(CLI::App* command, SigningOptions& signing) {
  AddSigning(command, signing);
  command->add_flag("--sign-anyway", signing.anyway,
                    "sign also what the gate will refuse, to try a gate out");
  AddDryRun(command, signing);
}
void Parser::AddDate(CLI::App* command, std::string& at) {
  command->add_option("--at", at, "date for the policy, YYYY-MM-DD (default: today)")
      ->check(&CheckDate);
}

// Texts generated from the commands' own descriptions.
void Parser::AddTexts() {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app_.add_subcommand("completion", "print completions for a shell");
  completion->footer("Example:\n  carnet completion bash > /etc/bash_completion.d/carnet");
  completion->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(OneOf({"bash", "zsh", "fish"}));
  completion->callback([this, shell] {
    command_ = [text = CompletionText(*shell, DescriptionOf(app_))](Terminal& terminal) {
      terminal.Out(text);
      return ExitCode::kYes;
    };
  });
  CLI::App* manual = app_.add_subcommand("manual", "print the manual page (roff)");
  manual->footer("Example:\n  carnet manual | man -l -");
  manual->callback([this] {
    command_ = [text = ManualText(DescriptionOf(app_))](Terminal& terminal) {
      terminal.Out(text);
      return ExitCode::kYes;
    };
  });
}

void Parser::AddHelp() {
  CLI::App* help = app_.add_subcommand("help", "show help for a command");
  help->add_option("command", help_of_,
                   "the command, such as `run open`; without one, carnet itself");
  help->callback([this] { help_asked_ = true; });
}

ExitCode Parser::PrintHelp(Terminal& terminal) {
  const CLI::App* command = FindCommand(help_of_, terminal);
  if (command == nullptr) return ExitCode::kUsage;
  std::string parents;
  for (const CLI::App* above = command->get_parent(); above != nullptr;
       above = above->get_parent()) {
    parents = above->get_name() + (parents.empty() ? "" : " ") + parents;
  }
  // Of the program it would be the help of `help`, as that is the command given.
  const auto own = [this] { return app_.get_formatter()->make_help(&app_, app_.get_name(), {}); };
  terminal.Out(command == &app_ ? own() : command->help(parents));
  return ExitCode::kYes;
}

std::variant<Command, ExitCode> ParseArguments(int argc, char** argv, Terminal& terminal) {
  return Parser().Parse(argc, argv, terminal);
}

}  // namespace carnet::cli
