// Notes and keys of Go's golang.org/x/mod/sumdb/note, and what its tests refuse.
#include "merkle/signed_note.h"

#include "core/hex.h"
#include "tests/merkle/tiled_log.h"

namespace carnet::merkle {
namespace {

std::string PeterNote() { return test::VectorFile("notes/peter.txt"); }
std::string PeterEnochNote() { return test::VectorFile("notes/peter-enoch.txt"); }

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<NoteKey> PublishedKeys() {
  std::vector<NoteKey> keys;
  for (const std::string& vkey : Lines(test::VectorFile("notes/vkeys.txt"))) {
    keys.push_back(NoteKey::ParseVkey(vkey).value());
  }
  BOOST_REQUIRE_EQUAL(keys.size(), 2u);
  BOOST_REQUIRE_EQUAL(keys[0].name(), "PeterNeumann");
  BOOST_REQUIRE_EQUAL(keys[1].name(), "EnochRoot");
  return keys;
}

Result<std::vector<size_t>> Verify(const std::string& bytes, std::span<const NoteKey> keys) {
  CARNET_TRY(const SignedNote note, ParseUnverifiedNote(bytes));
  return VerifyNote(note, keys);
}

BOOST_AUTO_TEST_SUITE(signed_note,
                      *boost::unit_test::precondition(carnet::test::HasVectors("tlog")))

BOOST_AUTO_TEST_CASE(verifies_the_published_notes) {
  const auto keys = PublishedKeys();
  REQUIRE_VALUE(const auto peter, Verify(PeterNote(), keys));
  BOOST_CHECK(peter == std::vector<size_t>{0});
  REQUIRE_VALUE(const auto both, Verify(PeterEnochNote(), keys));
  BOOST_CHECK((both == std::vector<size_t>{0, 1}));
}

BOOST_AUTO_TEST_CASE(ignores_signatures_of_unknown_keys) {
  const auto keys = PublishedKeys();
  for (const NoteKey& known : keys) {
    REQUIRE_VALUE(const auto signers, Verify(PeterEnochNote(), {&known, 1}));
    BOOST_CHECK(signers == std::vector<size_t>{0});
  }
  CHECK_ERROR(Verify(PeterEnochNote(), {}), ErrorCode::kRejected, "no signature by a known key");
  CHECK_ERROR(Verify(PeterNote(), {&keys[1], 1}), ErrorCode::kRejected,
              "no signature by a known key");
}

BOOST_AUTO_TEST_CASE(ignores_pairs_of_which_one_half_is_known) {
  const auto keys = PublishedKeys();
  // Peter's name under another id, and his id (c74f20a3) under another name.
  const std::string greased = PeterNote() + "\u2014 PeterNeumann AAAAAGJsYWJsYQ==\n" +
                              "\u2014 NeterPeumann x08go2JsYWJsYQ==\n";
  REQUIRE_VALUE(const auto signers, Verify(greased, keys));
  BOOST_CHECK(signers == std::vector<size_t>{0});
}

BOOST_AUTO_TEST_CASE(signs_to_the_published_bytes) {
  const auto keys = PublishedKeys();
  const std::string text = PeterNote().substr(0, PeterNote().find("\n\n") + 1);
  BOOST_CHECK_EQUAL(SignNote(text, keys[0], test::PublishedKey("PeterNeumann")), PeterNote());
  REQUIRE_VALUE(const auto enoch,
                crypto::Ed25519PrivateKey::FromSeed(crypto::SecretBytes(32)));  // 32 zero bytes
  const std::string enoch_note = SignNote(text, keys[1], enoch);
  BOOST_CHECK_EQUAL(PeterNote() + enoch_note.substr(text.size() + 1), PeterEnochNote());
}

BOOST_AUTO_TEST_CASE(keeps_empty_lines_in_the_text) {
  const auto private_key = crypto::Ed25519PrivateKey::Generate();
  REQUIRE_VALUE(const auto key, NoteKey::Create("log.example", private_key.public_key()));
  const std::string text = "one\n\ntwo\n\n\nthree\n";
  const std::string bytes = SignNote(text, key, private_key);
  REQUIRE_VALUE(const auto note, ParseUnverifiedNote(bytes));
  BOOST_CHECK_EQUAL(note.text, text);
  BOOST_CHECK(VerifyNote(note, {&key, 1}).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_bad_signature_of_a_known_key_beside_a_good_one) {
  const auto keys = PublishedKeys();
  // After the first 60 bytes of Peter's signature line, as upstream breaks it.
  std::string broken = PeterEnochNote();
  broken.insert(broken.find("\u2014 PeterNeumann") + 60, "ABCD");
  CHECK_ERROR(Verify(broken, keys), ErrorCode::kRejected, "bad signature by PeterNeumann");
  BOOST_CHECK(Verify(broken, {&keys[1], 1}).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_second_line_of_one_key_whatever_it_signs) {
  const auto keys = PublishedKeys();
  const std::string line = PeterNote().substr(PeterNote().find("\u2014"));
  for (const std::string& again : {line, std::string("\u2014 PeterNeumann x08go2JsYWJsYQ==\n")}) {
    CHECK_ERROR(Verify(PeterNote() + again, keys), ErrorCode::kRejected,
                "more than one signature by PeterNeumann");
    BOOST_CHECK(Verify(PeterEnochNote() + again, {&keys[1], 1}).has_value());  // not known here
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_note) {
  const std::string note = PeterNote();
  const size_t split = note.find("\n\n");
  const std::string text = note.substr(0, split + 1);
  const std::string line = note.substr(split + 2);
  const auto refused = [](const std::string& bytes) { return ParseUnverifiedNote(bytes); };
  CHECK_ERROR(refused(""), ErrorCode::kMalformed, "no empty line");
  CHECK_ERROR(refused(text), ErrorCode::kMalformed, "no empty line");
  CHECK_ERROR(refused(text + line), ErrorCode::kMalformed, "no empty line");
  CHECK_ERROR(refused(text + "\n"), ErrorCode::kMalformed, "no signature line");
  CHECK_ERROR(refused(note.substr(0, note.size() - 1)), ErrorCode::kMalformed,
              "does not end in LF");
  CHECK_ERROR(refused("\x01" + note), ErrorCode::kMalformed, "control character");
  CHECK_ERROR(refused("\xff" + note), ErrorCode::kMalformed, "UTF-8");
  CHECK_ERROR(refused(text + "\r\n" + line), ErrorCode::kMalformed, "control character");
  CHECK_ERROR(refused(note + "no signature\n"), ErrorCode::kMalformed, "not a signature line");
  CHECK_ERROR(refused(note + "- Peter x08go2JsYWJsYQ==\n"), ErrorCode::kMalformed,
              "not a signature line");
  const auto with_line = [&](const std::string& last) { return refused(note + "\u2014 " + last); };
  CHECK_ERROR(with_line("Peter Neumann x08go2JsYWJsYQ==\n"), ErrorCode::kMalformed, "base64");
  CHECK_ERROR(with_line("Peter\u2003Neumann x08go2JsYWJsYQ==\n"), ErrorCode::kMalformed,
              "key name");
  CHECK_ERROR(with_line("Peter+Neumann x08go2JsYWJsYQ==\n"), ErrorCode::kMalformed, "key name");
  CHECK_ERROR(with_line(" x08go2JsYWJsYQ==\n"), ErrorCode::kMalformed, "key name");
  CHECK_ERROR(with_line("PeterNeumann\n"), ErrorCode::kMalformed, "key name");
  CHECK_ERROR(with_line("PeterNeumann \n"), ErrorCode::kMalformed, "base64");
  CHECK_ERROR(with_line("PeterNeumann x08gow==\n"), ErrorCode::kMalformed, "base64");  // id alone
  CHECK_ERROR(with_line("PeterNeumann x08go2JsYWJsYQ\n"), ErrorCode::kMalformed, "base64");
}

BOOST_AUTO_TEST_CASE(bounds_lines_and_bytes) {
  const std::string line = "\u2014 grease.invalid AAAAAGJsYWJsYQ==\n";
  std::string note = PeterNote();
  for (size_t i = 1; i < kMaxNoteSignatures; ++i) note += line;
  BOOST_CHECK(Verify(note, PublishedKeys()).has_value());
  CHECK_ERROR(ParseUnverifiedNote(note + line), ErrorCode::kMalformed, "more than 100");
  const std::string tail = PeterNote().substr(PeterNote().find("\n\n"));
  const std::string longest = std::string(kMaxNoteBytes - tail.size(), 'a') + tail;
  BOOST_CHECK(ParseUnverifiedNote(longest).has_value());
  CHECK_ERROR(ParseUnverifiedNote("a" + longest), ErrorCode::kMalformed, "larger than 64 KiB");
}

BOOST_AUTO_TEST_CASE(reads_and_writes_published_vkeys) {
  for (const std::string& vkey : Lines(test::VectorFile("notes/vkeys.txt"))) {
    REQUIRE_VALUE(const auto key, NoteKey::ParseVkey(vkey));
    BOOST_CHECK_EQUAL(key.ToVkey(), vkey);
  }
  // The key of the specification's example.
  const std::string example =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  REQUIRE_VALUE(const auto key, NoteKey::ParseVkey(example));
  BOOST_CHECK_EQUAL(key.ToVkey(), example);
  BOOST_CHECK_EQUAL(HexEncode(key.id().span()).substr(0, 8), "530d903a");
}

BOOST_AUTO_TEST_CASE(refuses_published_bad_vkeys) {
  const auto bad = Lines(test::VectorFile("notes/vkeys-bad.txt"));
  BOOST_REQUIRE_EQUAL(bad.size(), 2u);
  // Too long a key, whose base64 leaves bits over; key type 0x65.
  CHECK_ERROR(NoteKey::ParseVkey(bad[0]), ErrorCode::kMalformed, "bad base64 in the key");
  CHECK_ERROR(NoteKey::ParseVkey(bad[1]), ErrorCode::kUnsupported,
              "expected key type 1, Ed25519, found 101");
}

BOOST_AUTO_TEST_CASE(refuses_every_part_and_every_raised_byte_of_a_vkey) {
  const std::string vkey = PublishedKeys()[0].ToVkey();
  for (size_t at = 0; at < vkey.size(); ++at) {
    for (size_t length = 0; at + length <= vkey.size(); ++length) {
      if (length == vkey.size()) continue;
      BOOST_CHECK(!NoteKey::ParseVkey(vkey.substr(at, length)));
    }
    std::string raised = vkey;
    raised[at] = static_cast<char>(raised[at] + 1);
    BOOST_CHECK_MESSAGE(!NoteKey::ParseVkey(raised), raised);
  }
  CHECK_ERROR(NoteKey::ParseVkey("PeterNeumann"), ErrorCode::kMalformed, "name+id+key");
  CHECK_ERROR(NoteKey::ParseVkey("P+c74f20a3"), ErrorCode::kMalformed, "name+id+key");
  CHECK_ERROR(NoteKey::ParseVkey("P+C74F20A3+AQ=="), ErrorCode::kMalformed, "8 lowercase");
  CHECK_ERROR(NoteKey::ParseVkey("P+c74f20+AQ=="), ErrorCode::kMalformed, "8 lowercase");
  CHECK_ERROR(NoteKey::ParseVkey("P+c74f20a3+"), ErrorCode::kMalformed, "base64");
  CHECK_ERROR(NoteKey::ParseVkey("P+c74f20a3+AQ=="), ErrorCode::kMalformed, "0 bytes, not 32");
  CHECK_ERROR(NoteKey::ParseVkey(vkey.substr(12)), ErrorCode::kMalformed, "key name is empty");
  CHECK_ERROR(NoteKey::ParseVkey("Q" + vkey), ErrorCode::kMalformed,
              "does not belong to this name and key");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
