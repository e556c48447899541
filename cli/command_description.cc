#include "cli/command_description.h"

#include <sstream>

namespace carnet::cli {

std::vector<std::string> ChoicesIn(const std::string& type) {
  std::vector<std::string> choices;
  const size_t open = type.find('{'), close = type.rfind('}');
  if (open == type.npos || close == type.npos) return choices;
  std::istringstream names(type.substr(open + 1, close - open - 1));
  for (std::string name; std::getline(names, name, ',');) choices.push_back(name);
  return choices;
}

}  // namespace carnet::cli
