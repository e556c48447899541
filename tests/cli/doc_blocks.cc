#include "tests/cli/doc_blocks.h"

#include <cstdlib>
#include <fstream>

#include "tests/support/test.h"

namespace carnet::test {

std::map<std::string, std::string> BlocksOf(const std::string& document) {
  const char* source = std::getenv("CARNET_SOURCE");
  BOOST_REQUIRE(source != nullptr);
  std::ifstream file(std::string(source) + "/docs/" + document);
  BOOST_REQUIRE_MESSAGE(file, document);
  std::map<std::string, std::string> blocks;
  std::string* block = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line == "```sh") {
      BOOST_REQUIRE(std::getline(file, line) && line.starts_with("# "));
      BOOST_REQUIRE_MESSAGE(!blocks.contains(line.substr(2)), line);
      block = &blocks[line.substr(2)];
    } else if (line == "```") {
      block = nullptr;
    } else if (block != nullptr) {
      *block += line + "\n";
    }
  }
  return blocks;
}

}  // namespace carnet::test
