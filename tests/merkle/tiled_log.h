// vectors/tlog: Tessera's log of fifteen entries with a signed checkpoint of each size, and the
// signing keys that were published with the vectors.
#pragma once

#include "core/base64.h"
#include "crypto/ed25519.h"
#include "merkle/signed_note.h"
#include "tests/support/reference_tree.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::merkle::test {

inline constexpr uint64_t kLogSize = 15;
inline constexpr std::string_view kLogVkey =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

inline std::string VectorFile(const std::string& path) {
  return carnet::test::Slurp(carnet::test::VectorsFolder() / "tlog" / path);
}

// As the vectors' README spells them.
inline constexpr const char* kLogEntries[] = {"one",    "two",   "three",    "four",    "five",
                                              "six",    "seven", "eit",      "nain",    "ten",
                                              "ileven", "twelf", "threeten", "fourten", "fivten"};

inline carnet::test::ReferenceTree LogTree() {
  return carnet::test::ReferenceTree({std::begin(kLogEntries), std::end(kLogEntries)});
}

inline NoteKey LogKey() { return NoteKey::ParseVkey(kLogVkey).value(); }

// From the README's `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>`.
inline crypto::Ed25519PrivateKey PublishedKey(const std::string& name) {
  const std::string readme = VectorFile("README.md");
  const size_t line = readme.find("PRIVATE+KEY+" + name + "+");
  BOOST_REQUIRE(line != std::string::npos);
  const std::string text = readme.substr(line, readme.find('`', line) - line);
  const size_t id = ("PRIVATE+KEY+" + name + "+").size();
  const auto blob = Base64Decode(std::string_view(text).substr(text.find('+', id) + 1));
  BOOST_REQUIRE(blob && blob->size() == 33);
  return crypto::Ed25519PrivateKey::FromSeed(
             crypto::SecretBytes::CopyOf(ByteSpan(*blob).subspan(1)))
      .value();
}

}  // namespace carnet::merkle::test
