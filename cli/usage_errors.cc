// What is said about arguments that cannot be used, and what may have been meant.
#include <cstring>

#include "cli/hints.h"
#include "cli/parser.h"
#include "core/ascii.h"
#include "core/closest.h"
#include "core/utf8.h"

namespace carnet::cli {
namespace {

std::vector<const CLI::App*> CommandsOf(const CLI::App& parent) {
  return parent.get_subcommands([](const CLI::App*) { return true; });
}

// "carnet ledger init".
std::string WordsOf(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : WordsOf(*parent) + " ") + command.get_name();
}

std::string HintTo(const std::string& meant, const CLI::App& command) {
  if (!meant.empty()) return "did you mean " + meant + "?";
  return HintFor(Situation::kUnknownOption, WordsOf(command));
}

// Error messages begin in lower case (house style); the library's begin in upper case.
std::string WithLowerFirst(std::string text) {
  if (text.size() > 1 && Lowered(text[1]) == text[1]) text[0] = Lowered(text[0]);
  return text;
}

bool IsOption(const std::string& argument) {
  return argument.size() > 1 && argument.front() == '-' && argument != "--";
}

const CLI::App& Chosen(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

// The option of `command` that someone may have meant by a word that begins with a dash.
std::string MeantOption(const std::string& word, const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  const size_t begin = word.find_first_not_of('-');
  const auto meant = begin == word.npos ? std::nullopt : Closest(word.substr(begin), names);
  return meant ? "--" + *meant : "";
}

}  // namespace

// The command that the first words name; null, and reported, where one of them names none: the
// library would only say that a command is missing. It reports an option that there is none of.
const CLI::App* Parser::FindCommand(const std::vector<std::string>& words,
                                    Terminal& terminal) const {
  const CLI::App* command = &app_;
  for (const std::string& word : words) {
    if (IsOption(word) && command->get_option_no_throw(word) == nullptr) return command;
    if (IsOption(word)) continue;  // before a command there are only flags
    const auto commands = CommandsOf(*command);
    if (commands.empty() || word == "--") return command;
    std::vector<std::string> names;
    const CLI::App* named = nullptr;
    for (const CLI::App* each : commands) {
      names.push_back(each->get_name());
      if (each->get_name() == word) named = each;
    }
    if (named == nullptr) {
      const auto meant = Closest(word, names);
      terminal.WrongUsage("there is no command " + Quoted(word),
                          HintTo(meant ? WordsOf(*command) + " " + *meant : "", *command));
      return nullptr;
    }
    command = named;
  }
  return command;
}

// An option that there is none of goes first: it is often why a required one is missing.
ExitCode Parser::Explain(const CLI::ParseError& error, Terminal& terminal) const {
  const CLI::App& command = Chosen(app_);
  const std::vector<std::string> extras = app_.remaining(true);
  for (const std::string& extra : extras) {
    if (!IsOption(extra)) continue;
    const std::string word = extra.substr(0, extra.find('='));
    return terminal.WrongUsage("unknown option " + Quoted(word),
                               HintTo(MeantOption(word, command), command));
  }
  if (!extras.empty() && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return terminal.WrongUsage("unexpected argument " + Quoted(extras.front()),
                               HintTo("", command));
  }
  return terminal.WrongUsage(WithLowerFirst(error.what()), HintTo(meant_, command));
}

std::optional<json::Layout> AskForJson(int argc, char** argv) {
  const auto is = [&](int i, const char* text) {
    return i < argc && std::strcmp(argv[i], text) == 0;
  };
  for (int i = 1; i < argc && !is(i, "--"); ++i) {
    if (std::string_view(argv[i]).starts_with("--json-lines")) return json::Layout::kCompact;
    if (is(i, "--json") || std::string_view(argv[i]).starts_with("--json=") ||
        is(i, "--format=json") || (is(i, "--format") && is(i + 1, "json"))) {
      return json::Layout::kIndented;
    }
  }
  return std::nullopt;
}

}  // namespace carnet::cli
