#include "cli/parser.h"

#include <cstdio>

#include "api/version.h"
#include "cli/argument_checks.h"
#include "cli/command_description.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "core/utf8.h"

namespace carnet::cli {
namespace {

constexpr char kHint[] = "carnet: hint: run `carnet <command> --help` for its usage\n";

// Error messages begin in lower case (house style); the library's begin in upper case.
std::string Lowered(std::string text) {
  if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && (text[1] < 'A' || text[1] > 'Z')) {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

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

std::function<bool(const CLI::App*)> Any() {
  return [](const CLI::App*) { return true; };
}

const CLI::App* Find(const CLI::App& parent, const std::string& name) {
  for (const CLI::App* command : parent.get_subcommands(Any())) {
    if (command->get_name() == name) return command;
  }
  std::fprintf(stderr, "carnet: error: there is no command \"%s\"\n%s", Printable(name).c_str(),
               kHint);
  return nullptr;
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
  app_.failure_message([](const CLI::App*, const CLI::Error& error) {
    return "carnet: error: " + Lowered(error.what()) + "\n" + kHint;
  });
  AddInit();
  AddConfig();
  AddKeygen();
  AddDigest();
  AddLedger();
  AddDraft();
  AddAttest();
  AddRun();
  AddCheck();
  AddPassport();
  AddVerify();
  AddTrace();
  AddFind();
  AddShow();
  AddVerifyConsistency();
  AddVerifyProof();
  AddFlops();
  AddTrust();
  AddChips();
  AddPolicy();
  AddInspect();
  AddTexts();
  AddHelp();
}

std::variant<Command, ExitCode> Parser::Parse(int argc, char** argv) {
  if (!KnowsCommand(std::vector<std::string>(argv + 1, argv + argc))) return ExitCode::kUsage;
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == 0;
    app_.exit(error);
    return asked ? ExitCode::kYes : ExitCode::kUsage;
  }
  if (help_asked_) return PrintHelp();
  return command_;
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
void Parser::AddDryRun(CLI::App* command, SigningOptions& signing) {
  command->add_flag("--dry-run", signing.dry_run, "judge it, but sign and log nothing");
}
void Parser::AddAnyway(CLI::App* command, SigningOptions& signing) {
  command->add_flag("--sign-anyway", signing.anyway,
                    "sign also what the gate will refuse, to try a gate out");
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
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
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

// Names the word that is not a command; the library would only say that a command is missing.
bool Parser::KnowsCommand(const std::vector<std::string>& arguments) {
  const CLI::App* command = &app_;
  for (const std::string& name : arguments) {
    if (name.starts_with("-") || command->get_subcommands(Any()).empty()) return true;
    command = Find(*command, name);
    if (command == nullptr) return false;
  }
  return true;
}

ExitCode Parser::PrintHelp() {
  const CLI::App* command = &app_;
  std::string parents;
  for (const std::string& name : help_of_) {
    parents += (parents.empty() ? "" : " ") + command->get_name();
    command = Find(*command, name);
    if (command == nullptr) return ExitCode::kUsage;
  }
  // Of the program it would be the help of `help`, as that is the command given.
  const auto own = [this] { return app_.get_formatter()->make_help(&app_, app_.get_name(), {}); };
  std::fputs((command == &app_ ? own() : command->help(parents)).c_str(), stdout);
  return ExitCode::kYes;
}

std::variant<Command, ExitCode> ParseArguments(int argc, char** argv) {
  return Parser().Parse(argc, argv);
}

}  // namespace carnet::cli
