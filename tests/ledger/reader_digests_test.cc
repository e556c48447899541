// Digests by their first digits, compared with a list of all that was appended.
#include <map>
#include <set>

#include "core/hex.h"
#include "ledger/digest_prefix.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

template <typename Digest>
std::string Hex(const Digest& digest) {
  return HexEncode(digest.span());
}

template <typename Digest>
std::vector<std::string> HexOf(const std::vector<Digest>& digests) {
  std::vector<std::string> texts;
  for (const Digest& digest : digests) texts.push_back(Hex(digest));
  return texts;
}

std::vector<std::string> StartingWith(const std::set<std::string>& all, const std::string& digits) {
  std::vector<std::string> found;
  for (const std::string& hex : all)
    if (hex.starts_with(digits)) found.push_back(hex);
  return found;
}

DigestPrefix Prefix(const std::string& digits) {
  return std::move(DigestPrefix::Parse(digits)).value();
}

ModelDigest ModelNamed(const std::string& digits) {
  return *HexDecodeTo<ModelDigest>(digits + std::string(64 - digits.size(), '5'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_reader_digests)

BOOST_AUTO_TEST_CASE(first_digits_find_what_a_scan_finds) {
  LedgerWorld world;
  const auto ledger = world.Open();
  std::set<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    const Submission submission = world.lab.Submit(world.lab.Device());
    ids.insert(Hex(submission.id()));
    AppendOne(*ledger, submission);
  }
  REQUIRE_VALUE(const auto reader, ledger->Read());
  for (const std::string& id : ids) {
    for (const size_t digits : {6U, 7U, 8U, 31U, 63U, 64U}) {
      REQUIRE_VALUE(const auto found, reader->StatementsFrom(Prefix(id.substr(0, digits)), 9));
      BOOST_CHECK(HexOf(found) == StartingWith(ids, id.substr(0, digits)));
    }
  }
  for (const char* nowhere : {"000000", "ffffff", "7777777"}) {
    REQUIRE_VALUE(const auto found, reader->StatementsFrom(Prefix(nowhere), 9));
    BOOST_CHECK(HexOf(found) == StartingWith(ids, nowhere));
  }
}

BOOST_AUTO_TEST_CASE(statements_that_begin_alike_are_all_found) {
  LedgerWorld world;
  // Two ids of six equal digits, by trying nonces: one in some 5,000 statements.
  std::map<std::string, Submission> made;
  std::vector<Submission> alike;
  while (alike.empty()) {
    const Submission submission = world.lab.Submit(world.lab.Device());
    const auto [at, fresh] = made.emplace(Hex(submission.id()).substr(0, 6), submission);
    if (!fresh) alike = {at->second, submission};
  }
  const auto ledger = world.Open();
  for (const Submission& submission : alike) AppendOne(*ledger, submission);
  REQUIRE_VALUE(const auto reader, ledger->Read());
  const std::set<std::string> ids = {Hex(alike[0].id()), Hex(alike[1].id())};
  const std::string digits = ids.begin()->substr(0, 6);
  REQUIRE_VALUE(const auto both, reader->StatementsFrom(Prefix(digits), 9));
  BOOST_CHECK(HexOf(both) == std::vector<std::string>(ids.begin(), ids.end()));
  REQUIRE_VALUE(const auto first, reader->StatementsFrom(Prefix(digits), 1));
  BOOST_CHECK(HexOf(first) == std::vector<std::string>{*ids.begin()});
}

BOOST_AUTO_TEST_CASE(a_digest_of_many_rows_is_found_once_and_of_many_digests_the_first) {
  LedgerWorld world;
  const auto ledger = world.Open();
  std::vector<ModelDigest> models;
  for (const char* digits : {"abcdef1", "abcdef0", "abcdefff", "abcdee", "abcdf0"})
    models.push_back(ModelNamed(digits));
  for (int i = 0; i < 5; ++i) AppendOne(*ledger, world.lab.Submit(world.lab.Run({{}, models, {}})));
  REQUIRE_VALUE(const auto reader, ledger->Read());
  const auto found = [&](const std::string& digits, size_t limit) {
    REQUIRE_VALUE(const auto digests, reader->ParentModelsFrom(Prefix(digits), limit));
    return HexOf(digests);
  };
  const std::vector<std::string> expected = {Hex(ModelNamed("abcdef0")), Hex(ModelNamed("abcdef1")),
                                             Hex(ModelNamed("abcdefff"))};
  BOOST_CHECK(found("abcdef", 9) == expected);
  BOOST_CHECK(found("abcdef", 2) == std::vector<std::string>(expected.begin(), expected.end() - 1));
  BOOST_CHECK(found("abcdefff", 9) == std::vector<std::string>{expected[2]});
  BOOST_CHECK(found("abcdeff", 0).empty());
}

BOOST_AUTO_TEST_CASE(subjects_and_signers_are_found) {
  LedgerWorld world;
  const auto ledger = world.Open();
  const Submission run = world.lab.Submit(world.lab.Run());
  AppendOne(*ledger, run);
  AppendOne(*ledger, world.stranger.Submit(world.stranger.Passport(run.id(), "weights")));
  REQUIRE_VALUE(const auto reader, ledger->Read());
  const std::string model = Hex(StatementMaker::ModelOf("weights"));
  REQUIRE_VALUE(const auto subjects, reader->SubjectsFrom(Prefix(model.substr(0, 10)), 9));
  BOOST_CHECK(HexOf(subjects) == std::vector<std::string>{model});
  const KeyId key = StrangerKey().public_key().id();
  const DigestPrefix digits = Prefix(Hex(key).substr(0, 8));
  REQUIRE_VALUE(const auto keys, reader->SignersFrom(SignerId::Form::kKey, digits, 9));
  BOOST_CHECK(keys == std::vector<SignerId>{SignerId(key)});
  REQUIRE_VALUE(const auto identities, reader->SignersFrom(SignerId::Form::kIdentity, digits, 9));
  BOOST_CHECK(identities.empty());
}

BOOST_AUTO_TEST_CASE(what_is_logged_later_is_not_found) {
  LedgerWorld world;
  const auto ledger = world.Open();
  AppendOne(*ledger, world.lab.Submit(world.lab.Run({{}, {ModelNamed("abcdef1")}, {}})));
  REQUIRE_VALUE(const auto before, ledger->Read());
  const Submission later =
      world.lab.Submit(world.lab.Run({{}, {ModelNamed("abcdef1"), ModelNamed("abcdef0")}, {}}));
  AppendOne(*ledger, later);
  REQUIRE_VALUE(const auto models, before->ParentModelsFrom(Prefix("abcdef"), 9));
  BOOST_CHECK(models == std::vector<ModelDigest>{ModelNamed("abcdef1")});
  REQUIRE_VALUE(const auto ids, before->StatementsFrom(Prefix(Hex(later.id())), 9));
  BOOST_CHECK(ids.empty());
}

BOOST_AUTO_TEST_CASE(a_prefix_is_6_to_64_lowercase_digits) {
  for (const std::string& bad :
       {std::string(), std::string("abcde"), std::string("ABCDEF"), std::string("abcdeg"),
        std::string("abcdef "), std::string(65, 'a'), "sha256:" + std::string(64, 'a')}) {
    CHECK_ERROR(DigestPrefix::Parse(bad), ErrorCode::kMalformed,
                "expected 6 to 64 lowercase hex digits");
  }
  REQUIRE_VALUE(const auto odd, DigestPrefix::Parse("abcdef1"));
  BOOST_CHECK_EQUAL(HexEncode(odd.First()), "abcdef1" + std::string(57, '0'));
  BOOST_CHECK_EQUAL(HexEncode(odd.Last()), "abcdef1" + std::string(57, 'f'));
  BOOST_CHECK(!odd.is_whole() && Prefix(std::string(64, 'a')).is_whole());
}

BOOST_AUTO_TEST_SUITE_END()
