// The commands and options of `carnet --help` as values, for texts generated from them.
#pragma once

#include <string>
#include <vector>

namespace carnet::cli {

struct OptionDescription {
  std::string name;  // "--out", or a positional argument's: "folder"
  std::string text;
  std::string value;                 // the type it takes, "TEXT"; empty for a flag
  std::vector<std::string> choices;  // empty: any
  std::string initial;               // default; may be empty
  bool required = false;
  bool positional = false;
};

struct CommandDescription {
  std::string name;
  std::string text;
  std::string footer;  // an example
  std::vector<OptionDescription> options;
  std::vector<CommandDescription> commands;
};

// The names between the braces of a type such as `TEXT:{tree,json}`.
std::vector<std::string> ChoicesIn(const std::string& type);

}  // namespace carnet::cli
