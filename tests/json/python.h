// Python's json module as the second implementation. Where python3 is absent the cases are skipped.
#pragma once

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace carnet::test {

inline boost::test_tools::assertion_result HasPython(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result present(std::system("python3 -c pass 2>/dev/null") == 0);
  if (!present) present.message() << "python3 is not on the PATH";
  return present;
}

// What `script` prints, with `input` as its standard input.
inline std::string RunPython(const std::string& script, const std::string& input) {
  std::string folder = (std::filesystem::temp_directory_path() / "carnet-json-XXXXXX").string();
  BOOST_REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string script_path = folder + "/script.py", input_path = folder + "/input";
  std::ofstream(script_path) << script;
  std::ofstream(input_path, std::ios::binary) << input;
  FILE* pipe = popen(("python3 '" + script_path + "' < '" + input_path + "'").c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string output;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  BOOST_CHECK_EQUAL(pclose(pipe), 0);
  std::filesystem::remove_all(folder);
  return output;
}

}  // namespace carnet::test
