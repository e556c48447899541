// The shell blocks of a document in docs/, by the name in their first line: ```sh, `# name`.
#pragma once

#include <map>
#include <string>

namespace carnet::test {

std::map<std::string, std::string> BlocksOf(const std::string& document);

}  // namespace carnet::test
