// Third-party test vectors: in the folder that CARNET_VECTORS names, or `../shared/vectors` beside
// the checkout, or else build/vectors, which `./dev vectors` fills with those that are published in
// packages. Where absent, the cases that need them are skipped, never passed.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace carnet::test {

inline std::filesystem::path SourceFolder() {
  const char* source = std::getenv("CARNET_SOURCE");
  return source != nullptr ? source : ".";
}

inline std::filesystem::path VectorsFolder() {
  if (const char* named = std::getenv("CARNET_VECTORS")) return named;
  const auto beside = SourceFolder() / ".." / "shared" / "vectors";
  return std::filesystem::is_directory(beside) ? beside : SourceFolder() / "build" / "vectors";
}

inline std::string Slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, "cannot read " << path);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// `BOOST_AUTO_TEST_CASE(name, *boost::unit_test::precondition(HasVectors("merkle")))`, by a folder
// that is whole or absent, or by a file.
class HasVectors {
 public:
  explicit HasVectors(std::string path) : path_(std::move(path)) {}
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result present(std::filesystem::exists(VectorsFolder() / path_));
    if (!present) present.message() << "vectors absent: " << (VectorsFolder() / path_).string();
    return present;
  }

 private:
  std::string path_;
};

}  // namespace carnet::test
