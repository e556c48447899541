// Misuse that must not compile: each source here compiles as it is, and fails for the expected
// reason with MISUSE defined.
#include <array>
#include <cstdio>
#include <memory>

#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::test {
namespace {

struct Compiled {
  bool succeeded;
  std::string output;
};

Compiled Compile(const std::string& name, const std::string& options) {
  const std::string source = SourceFolder().string();
  std::string command = "LC_ALL=C " CARNET_COMPILER " " CARNET_STANDARD;
  command.append(" -fsyntax-only -Wall -Wextra -Werror ").append(options);
  command.append(" -I'").append(source).append("' -I'").append(source).append("/include' '");
  command.append(source);
  command.append("/tests/compile_fail/").append(name).append(".cc' 2>&1");
  std::FILE* pipe = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> block;
  while (const size_t count = std::fread(block.data(), 1, block.size(), pipe)) {
    output.append(block.data(), count);
  }
  return {::pclose(pipe) == 0, output};
}

struct Misuse {
  const char* source;
  const char* gcc;  // what the compiler says of it
  const char* clang;
};
std::ostream& operator<<(std::ostream& out, const Misuse& misuse) { return out << misuse.source; }

const std::vector<Misuse> kMisuses = {
    {"swapped_index_and_size", "could not convert 'size' from 'carnet::TreeSize'",
     "no viable conversion from 'carnet::TreeSize'"},
    {"leaf_hash_for_root", "from expression of type 'const carnet::LeafHash'",
     "no viable conversion from 'const FixedBytes<struct LeafHashTag"},
    {"index_compared_with_size", "no match for 'operator<'", "invalid operands to binary"},
    {"statement_id_from_digest", "could not convert 'digest'", "no viable conversion"},
    {"digest_without_value", "no matching function for call to 'carnet::FixedBytes",
     "no matching constructor"},
    {"dropped_result", "declared with attribute 'nodiscard'", "declared with 'nodiscard'"},
    {"secrets_compared", "no match for 'operator=='", "invalid operands to binary"},
    {"secret_copied", "use of deleted function", "uses deleted function"},
    {"secret_printed", "no match for 'operator<<'", "invalid operands to binary"},
    {"signer_compared_with_key", "no match for 'operator=='", "invalid operands to binary"},
    {"signer_copied", "use of deleted function", "call to deleted constructor"},
    {"checkpoint_forged", "is private within this context", "calling a private constructor"},
    {"flop_plus_double", "no match for 'operator+'", "invalid operands to binary"},
};

BOOST_DATA_TEST_CASE(right_use_compiles, kMisuses) {
  const Compiled compiled = Compile(sample.source, "");
  BOOST_CHECK_MESSAGE(compiled.succeeded, compiled.output);
}

BOOST_DATA_TEST_CASE(misuse_does_not_compile, kMisuses) {
#ifdef __clang__
  const std::string expected = sample.clang;
#else
  const std::string expected = sample.gcc;
#endif
  const Compiled compiled = Compile(sample.source, "-DMISUSE");
  BOOST_CHECK(!compiled.succeeded);
  BOOST_CHECK_MESSAGE(compiled.output.find(expected) != std::string::npos,
                      "\"" << expected << "\" is not said in: " << compiled.output);
}

// No source is forgotten in the table.
BOOST_AUTO_TEST_CASE(every_source_of_the_folder_is_tried) {
  size_t sources = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(SourceFolder() / "tests/compile_fail")) {
    if (entry.path().extension() == ".cc") ++sources;
  }
  BOOST_CHECK_EQUAL(sources, kMisuses.size() + 1);
}

}  // namespace
}  // namespace carnet::test
