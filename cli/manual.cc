#include "cli/manual.h"

#include <string_view>

#include "api/version.h"

namespace carnet::cli {
namespace {

// The one character beyond ASCII that the texts use, as roff names it.
constexpr std::string_view kEllipsis = "…";

// Text as roff shows it: a hyphen that can be copied, no escapes, no line that is a request.
std::string Roff(std::string_view text) {
  std::string roff;
  bool line_begins = true;
  while (!text.empty()) {
    const char c = text.front();
    if (text.starts_with(kEllipsis)) {
      roff += "\\[u2026]";
      text.remove_prefix(kEllipsis.size());
      continue;
    }
    text.remove_prefix(1);
    if (line_begins && (c == '.' || c == '\'')) roff += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else {
      roff += c;
    }
  }
  return roff;
}

std::string Bold(std::string_view text) { return "\\fB" + Roff(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Roff(text) + "\\fR"; }

// An argument of a macro: quotes within are doubled.
std::string Argument(std::string_view text) {
  std::string argument = "\"";
  for (const char c : text) {
    argument += c;
    if (c == '"') argument += c;
  }
  return argument + "\"";
}

std::string OptionText(const OptionDescription& option) {
  std::string text = ".TP\n" + (option.positional ? Italic(option.name) : Bold(option.name));
  if (!option.positional && !option.value.empty()) text += " " + Italic(option.value);
  text += "\n" + Roff(option.text);
  if (!option.choices.empty()) {
    std::string separator = " (one of ";
    for (const std::string& choice : option.choices) {
      text += separator + Roff(choice);
      separator = ", ";
    }
    text += ")";
  }
  if (!option.initial.empty()) text += " (default: " + Roff(option.initial) + ")";
  if (option.required && !option.positional) text += " (required)";
  return text + "\n";
}

std::string ExampleText(const std::string& footer) {
  constexpr std::string_view kTitle = "Example:\n";
  if (!footer.starts_with(kTitle)) return "";
  return ".PP\nExample:\n.PP\n.EX\n" + Roff(footer.substr(kTitle.size())) + "\n.EE\n";
}

// Commands that do something; a group only has others below it.
std::string CommandsText(const CommandDescription& command, const std::string& words) {
  if (!command.commands.empty()) {
    std::string text;
    for (const CommandDescription& below : command.commands) {
      text += CommandsText(below, words + " " + below.name);
    }
    return text;
  }
  std::string synopsis = Bold(words) + " [" + Italic("options") + "]", options, arguments;
  for (const OptionDescription& option : command.options) {
    if (option.positional) {
      const std::string name = Italic(option.name);
      synopsis += option.required ? " " + name : " [" + name + "]";
    }
    (option.positional ? arguments : options) += OptionText(option);
  }
  return ".SS " + Argument(synopsis) + "\n" + Roff(command.text) + ".\n" + arguments + options +
         ExampleText(command.footer);
}

}  // namespace

std::string ManualText(const CommandDescription& program) {
  std::string text =
      "."
      "\\\" Made by `carnet manual` of the texts that --help shows.\n";
  text += ".TH CARNET 1 " + Argument("") + " " + Argument(std::string("carnet ") + api::kVersion) +
          " " + Argument("User Commands") + "\n";
  text += ".SH NAME\ncarnet \\- compute\\-provenance ledger and passports of AI models\n";
  text += ".SH SYNOPSIS\n" + Bold("carnet") + " " + Italic("command") + " [" + Italic("options") +
          "]\n";
  text += ".SH DESCRIPTION\n" + Roff(program.text) + "\n";
  for (const OptionDescription& option : program.options) text += OptionText(option);
  text += ".SH COMMANDS\n";
  for (const CommandDescription& command : program.commands) {
    text += CommandsText(command, "carnet " + command.name);
  }
  text += ".SH EXIT STATUS\n" + Roff(program.footer) + "\n";
  text +=
      ".SH ENVIRONMENT\n"
      ".TP\n\\fBCARNET_PASSWORD\\fR, \\fBCOSIGN_PASSWORD\\fR\nPassword of a private key; the first "
      "that is set. Else it is asked on the terminal.\n"
      ".TP\n\\fBCARNET_LEDGER_PASSWORD\\fR\nPassword of a ledger's own key.\n"
      ".TP\n\\fBNO_COLOR\\fR\nNo colours.\n";
  return text;
}

}  // namespace carnet::cli
