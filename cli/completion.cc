#include "cli/completion.h"

#include "core/check.h"

namespace carnet::cli {
namespace {

// `text` in single quotes, for any of the three shells.
std::string InQuotes(std::string_view text, std::string_view escaped_quote) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += escaped_quote;
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}
std::string InQuotes(std::string_view text) { return InQuotes(text, "'\\''"); }
std::string InQuotesForFish(std::string_view text) { return InQuotes(text, "\\'"); }

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> NamesOf(const std::vector<CommandDescription>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CommandDescription& command : commands) names.push_back(command.name);
  return names;
}

// Calls `visit(words, command)` for the program and every command below; `words` are those after
// the program's name, separated by spaces.
template <typename Visit>
void ForEach(const CommandDescription& command, const std::string& words, const Visit& visit) {
  visit(words, command);
  for (const CommandDescription& below : command.commands) {
    ForEach(below, words.empty() ? below.name : words + " " + below.name, visit);
  }
}

// A `case` arm for each command: how the shell finds out which command its line is about.
std::string CommandArms(const CommandDescription& program) {
  std::string pattern;
  ForEach(program, "", [&](const std::string& words, const CommandDescription& command) {
    for (const std::string& name : NamesOf(command.commands)) {
      pattern += (pattern.empty() ? "" : "|") + InQuotes(words + ":" + name);
    }
  });
  return pattern;
}

// Options that are followed by a value: `<command>:<option>`. A positional argument has no name
// on the line.
template <typename Arm>
std::string ValueArms(const CommandDescription& program, const Arm& arm) {
  std::string text;
  ForEach(program, "", [&](const std::string& words, const CommandDescription& command) {
    for (const OptionDescription& option : command.options) {
      if (option.positional || option.value.empty()) continue;
      text += "    " + InQuotes(words + ":" + option.name) + ") " + arm(option) + " ;;\n";
    }
  });
  return text;
}

// The choices of the only positional argument that has any, else the subcommands.
std::vector<std::string> ChoicesOf(const CommandDescription& command) {
  for (const OptionDescription& option : command.options) {
    if (option.positional && !option.choices.empty()) return option.choices;
  }
  return NamesOf(command.commands);
}

std::string BashText(const CommandDescription& program) {
  std::string arms;
  ForEach(program, "", [&](const std::string& words, const CommandDescription& command) {
    std::vector<std::string> options;
    for (const OptionDescription& option : command.options) {
      if (!option.positional) options.push_back(option.name);
    }
    arms += "    " + InQuotes(words) + ") words=" + InQuotes(Joined(ChoicesOf(command))) +
            " options=" + InQuotes(Joined(options)) + " ;;\n";
  });
  const std::string values = ValueArms(program, [](const OptionDescription& option) {
    return "words=" + InQuotes(Joined(option.choices)) + " options=";
  });
  return "# bash completion for carnet\n"
         "_carnet() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} command= word words= options=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $command:$word in\n"
         "      " +
         CommandArms(program) +
         ") command=${command:+$command }$word ;;\n"
         "    esac\n"
         "  done\n"
         "  case $command in\n" +
         arms +
         "  esac\n"
         "  case $command:${COMP_WORDS[COMP_CWORD-1]} in\n" +
         values +
         "  esac\n"
         "  [[ $current == -* ]] && words=$options\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _carnet carnet\n";
}

// `name:text` for zsh's _describe.
std::string Described(const std::string& name, const std::string& text) {
  return " " + InQuotes(name + ":" + text);
}

std::string ZshText(const CommandDescription& program) {
  std::string arms;
  ForEach(program, "", [&](const std::string& words, const CommandDescription& command) {
    arms += "    " + InQuotes(words) + ") found=(";
    for (const CommandDescription& below : command.commands) {
      arms += Described(below.name, below.text);
    }
    if (command.commands.empty()) {
      for (const std::string& choice : ChoicesOf(command)) arms += " " + InQuotes(choice);
    }
    arms += " ) options=(";
    for (const OptionDescription& option : command.options) {
      if (!option.positional) arms += Described(option.name, option.text);
    }
    arms += " ) ;;\n";
  });
  const std::string values = ValueArms(program, [](const OptionDescription& option) {
    return option.choices.empty() ? std::string("_files; return")
                                  : "compadd -- " + Joined(option.choices) + "; return";
  });
  return "#compdef carnet\n"
         "_carnet() {\n"
         "  local command= word\n"
         "  local -a found options\n"
         "  for word in ${words[2,CURRENT-1]}; do\n"
         "    case \"$command:$word\" in\n"
         "      " +
         CommandArms(program) +
         ") command=${command:+$command }$word ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$command:${words[CURRENT-1]}\" in\n" +
         values +
         "  esac\n"
         "  case \"$command\" in\n" +
         arms +
         "  esac\n"
         "  if [[ $PREFIX == -* ]]; then _describe option options\n"
         "  elif (( $#found )); then _describe command found\n"
         "  else _files\n"
         "  fi\n"
         "}\n"
         "if [[ $funcstack[1] == _carnet ]]; then _carnet \"$@\"; else compdef _carnet carnet; "
         "fi\n";
}

std::string FishText(const CommandDescription& program) {
  std::string patterns, lines;
  ForEach(program, "", [&](const std::string& words, const CommandDescription& command) {
    const std::string when = "complete -c carnet -n " +
                             InQuotesForFish("test \"$(__carnet_command)\" = \"" + words + "\"");
    for (const CommandDescription& below : command.commands) {
      patterns += " " + InQuotesForFish(words + ":" + below.name);
      lines += when + " -f -a " + below.name + " -d " + InQuotesForFish(below.text) + "\n";
    }
    for (const OptionDescription& option : command.options) {
      if (option.positional) {
        if (!option.choices.empty()) {
          lines += when + " -f -a " + InQuotesForFish(Joined(option.choices)) + "\n";
        }
        continue;
      }
      lines += when + " -l " + option.name.substr(2) + " -d " + InQuotesForFish(option.text);
      if (!option.choices.empty()) {
        lines += " -x -a " + InQuotesForFish(Joined(option.choices));
      } else if (!option.value.empty()) {
        lines += " -r";
      }
      lines += "\n";
    }
  });
  return "# fish completion for carnet\n"
         "function __carnet_command\n"
         "  set -l command ''\n"
         "  for word in (commandline -opc)[2..]\n"
         "    if contains -- \"$command:$word\"" +
         patterns +
         "\n"
         "      set command (string trim \"$command $word\")\n"
         "    end\n"
         "  end\n"
         "  echo $command\n"
         "end\n" +
         lines;
}

}  // namespace

std::string CompletionText(std::string_view shell, const CommandDescription& program) {
  if (shell == "bash") return BashText(program);
  if (shell == "zsh") return ZshText(program);
  CARNET_CHECK(shell == "fish");
  return FishText(program);
}

}  // namespace carnet::cli
