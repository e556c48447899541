// Every fuzz target over its corpus: the hostile inputs of tests/fuzz/corpus/ and the honest ones
// that make_corpus.cc writes.
#include <cstdlib>
#include <fstream>

#include "tests/fuzz/make_corpus.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

// CARNET_FUZZ_TARGETS is `TARGET(name)` for each of tests/fuzz/CMakeLists.txt.
#define TARGET(name) extern "C" int Fuzz_##name(const uint8_t* data, size_t size);
CARNET_FUZZ_TARGETS
#undef TARGET

namespace carnet::test {
namespace {

struct Target {
  const char* name;
  int (*run)(const uint8_t* data, size_t size);
};
std::ostream& operator<<(std::ostream& out, const Target& target) { return out << target.name; }

const std::vector<Target> kTargets = {
#define TARGET(name) {"fuzz_" #name, Fuzz_##name},
    CARNET_FUZZ_TARGETS
#undef TARGET
};

std::filesystem::path MadeCorpus() {
  const char* build = std::getenv("CARNET_BUILD");
  return std::filesystem::path(build != nullptr ? build : ".") / "corpus";
}

struct Seeds {
  Seeds() { MakeCorpus(MadeCorpus()); }
};

std::vector<std::filesystem::path> CorpusOf(const Target& target) {
  std::vector<std::filesystem::path> files;
  for (const auto& folder : {SourceFolder() / "tests/fuzz/corpus", MadeCorpus()}) {
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder / target.name, absent)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

BOOST_TEST_GLOBAL_FIXTURE(Seeds);

BOOST_DATA_TEST_CASE(properties_hold_on_every_corpus_file, kTargets) {
  const auto files = CorpusOf(sample);
  BOOST_REQUIRE_GE(files.size(), 5u);
  for (const auto& file : files) {
    BOOST_TEST_CHECKPOINT(file.string());  // what a failed CHECK ended
    const std::string input = Slurp(file);
    BOOST_CHECK_EQUAL(sample.run(reinterpret_cast<const uint8_t*>(input.data()), input.size()), 0);
  }
}

// Of cut and changed inputs, which a fuzzer would try first.
BOOST_DATA_TEST_CASE(properties_hold_on_damaged_corpus_files, kTargets) {
  for (const auto& file : CorpusOf(sample)) {
    const std::string whole = Slurp(file);
    for (const size_t part : {1u, 2u, 3u, 5u, 8u}) {
      BOOST_TEST_CHECKPOINT(file.string() << " damaged at 1/" << part);
      std::string input = whole;
      if (!input.empty()) input[(input.size() - 1) / part] ^= 0x15;
      sample.run(reinterpret_cast<const uint8_t*>(input.data()), input.size());
      input = whole.substr(0, whole.size() * (part - 1) / part);
      sample.run(reinterpret_cast<const uint8_t*>(input.data()), input.size());
    }
  }
}

}  // namespace
}  // namespace carnet::test
