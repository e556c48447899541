// Checkpoints, notes and verifier keys of tools/make_note_vectors.py, a second implementation: one
// case a file, each with the answer and, where it is no, the reason.
#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/base64.h"
#include "core/hex.h"
#include "merkle/checkpoint.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::merkle {
namespace {

namespace json = boost::json;

std::string TextOf(const json::value& value) { return json::value_to<std::string>(value); }

struct NoteCase {
  std::string name;
  json::object file;

  bool accepted() const { return TextOf(file.at("wanted")) == "accepted"; }
  std::string input() const {
    if (const auto* text = file.if_contains("text")) return TextOf(*text);
    return std::string(AsText(HexDecode(TextOf(file.at("hex"))).value()));
  }
  std::vector<NoteKey> keys() const {
    std::vector<NoteKey> keys;
    for (const json::value& vkey : file.at("keys").as_array()) {
      REQUIRE_VALUE(NoteKey key, NoteKey::ParseVkey(TextOf(vkey)));
      keys.push_back(std::move(key));
    }
    return keys;
  }

  friend std::ostream& operator<<(std::ostream& out, const NoteCase& one) {
    return out << one.name;
  }
};

// Also called before the tests start: what cannot be read is missed by their count.
std::vector<NoteCase> NoteCases() {
  std::vector<NoteCase> cases;
  std::error_code absent;
  const auto folder = carnet::test::SourceFolder() / "tests/merkle/notes";
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    std::ifstream in(entry.path());
    cases.push_back({entry.path().stem().string(), json::parse(in).as_object()});
  }
  std::sort(cases.begin(), cases.end(),
            [](const NoteCase& a, const NoteCase& b) { return a.name < b.name; });
  return cases;
}

Result<> ReadCheckpoint(const NoteCase& one) {
  CARNET_TRY(const auto verified, VerifiedCheckpoint::Verify(one.input(), one.keys().at(0)));
  if (!one.accepted()) return Ok();
  const Checkpoint& checkpoint = verified.checkpoint();
  BOOST_CHECK_EQUAL(checkpoint.origin, one.keys()[0].name());
  BOOST_CHECK_EQUAL(std::to_string(checkpoint.size.value()), TextOf(one.file.at("size")));
  BOOST_CHECK_EQUAL(Base64Encode(checkpoint.root.span()), TextOf(one.file.at("root")));
  BOOST_CHECK(checkpoint.extensions ==
              json::value_to<std::vector<std::string>>(one.file.at("extensions")));
  BOOST_CHECK(one.input().starts_with(verified.text() + "\n"));
  return Ok();
}

Result<> ReadNote(const NoteCase& one) {
  CARNET_TRY(const SignedNote note, ParseUnverifiedNote(one.input()));
  CARNET_TRY(const auto signers, VerifyNote(note, one.keys()));
  if (!one.accepted()) return Ok();
  BOOST_CHECK(signers == json::value_to<std::vector<size_t>>(one.file.at("signers")));
  BOOST_CHECK(one.input().starts_with(note.text + "\n"));
  return Ok();
}

Result<> ReadVkey(const NoteCase& one) {
  CARNET_TRY(const NoteKey key, NoteKey::ParseVkey(one.input()));
  BOOST_CHECK_EQUAL(key.ToVkey(), one.input());
  return Ok();
}

Result<> Read(const NoteCase& one) {
  const std::string reader = TextOf(one.file.at("reader"));
  if (reader == "checkpoint") return ReadCheckpoint(one);
  if (reader == "note") return ReadNote(one);
  BOOST_REQUIRE_EQUAL(reader, "vkey");
  return ReadVkey(one);
}

BOOST_AUTO_TEST_SUITE(note_vectors)

BOOST_AUTO_TEST_CASE(are_all_there) {
  size_t accepted = 0;
  for (const NoteCase& one : NoteCases()) accepted += one.accepted();
  BOOST_CHECK_EQUAL(NoteCases().size(), 118u);
  BOOST_CHECK_EQUAL(accepted, 18u);
}

BOOST_DATA_TEST_CASE(have_their_answer, boost::unit_test::data::make(NoteCases()), one) {
  const auto result = Read(one);
  if (one.accepted()) {
    if (!result.has_value()) BOOST_ERROR(result.error().message);
    return;
  }
  BOOST_REQUIRE_MESSAGE(!result.has_value(), one.name << " was accepted");
  BOOST_CHECK_EQUAL(ErrorCodeName(result.error().code), TextOf(one.file.at("wanted")));
  CHECK_ERROR(result, result.error().code, TextOf(one.file.at("reason")));
}

BOOST_AUTO_TEST_CASE(bound_the_size_of_a_note) {
  const auto key = crypto::Ed25519PrivateKey::Generate();
  REQUIRE_VALUE(const auto note_key, NoteKey::Create("log.example", key.public_key()));
  const size_t around = SignNote("\n", note_key, key).size() - 1;
  const std::string text = std::string(kMaxNoteBytes - around - 1, 'a') + "\n";
  const std::string largest = SignNote(text, note_key, key);
  BOOST_REQUIRE_EQUAL(largest.size(), 65'536u);
  BOOST_CHECK(ParseUnverifiedNote(largest).has_value());
  CHECK_ERROR(ParseUnverifiedNote("a" + largest), ErrorCode::kMalformed, "larger than 64 KiB");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
