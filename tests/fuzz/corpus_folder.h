// Where make_corpus.cc, make_pki_corpus.cc and make_sigstore_corpus.cc write.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "tests/support/value_of.h"

namespace carnet::test {

// Files of one target, named by what they hold.
class CorpusFolder {
 public:
  CorpusFolder(const std::filesystem::path& corpus, const std::string& target)
      : path_(corpus / ("fuzz_" + target)) {
    std::filesystem::create_directories(path_);
  }

  void Write(const std::string& seed, std::string_view content) const {
    std::ofstream out(path_ / seed, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out.flush()) GiveUp("cannot write " + (path_ / seed).string());
  }
  void Write(const std::string& seed, ByteSpan content) const { Write(seed, AsText(content)); }

 private:
  std::filesystem::path path_;
};

// Certificates and what is signed with them, by tests/support/pki.h.
void WritePki(const std::filesystem::path& corpus);
// Bundles, their log entries and the trusted root of tests/support/test_sigstore.h.
void WriteSigstore(const std::filesystem::path& corpus);

}  // namespace carnet::test
