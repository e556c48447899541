// claims.jsonl: which lines are the passport of the files in hand, and how the others are named.
// The passports are honest ones of World, the other lines are put together here.
#include "verifier/claims.h"

#include "core/base64.h"
#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

using verifier::LinesOfPassport;
using verifier::SelectClaims;
using verifier::SelectedClaims;

TimestampMs Now(const World& world) { return TimestampMs(world.now); }

Result<SelectedClaims> Select(const World& world, const std::string& claims) {
  return SelectClaims(claims, *world.given, world.MakeTrust(), Now(world));
}

// Decided by the gate, of the lines that were selected.
verifier::Verdict JudgeClaims(const World& world, const std::string& claims) {
  REQUIRE_VALUE(const SelectedClaims selected, Select(world, claims));
  return world.Judge(selected.passport);
}

std::string OthersOf(const World& world, const std::string& claims) {
  REQUIRE_VALUE(const SelectedClaims selected, Select(world, claims));
  std::string all;
  for (const std::string& others : selected.others) all += others + "\n";
  return all;
}

std::set<std::string> AsSet(const std::string& passport) {
  const auto lines = LinesOf(passport);
  return {lines.begin(), lines.end()};
}

// A bundle of somebody else; nothing in it is verified.
std::string Foreign(const std::string& predicate_type, const std::string& material) {
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"m","digest":{"sha256":")" +
      std::string(64, 'a') + R"("}}],"predicateType":")" + predicate_type + R"(","predicate":{}})";
  return R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{)" +
         material + R"(},"dsseEnvelope":{"payload":")" + Base64Encode(AsBytes(statement)) +
         R"(","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"MAYCAQECAQE="}]}})";
}

const std::string kHint = R"("publicKey":{"hint":"beef"})";

struct Chat {
  World world = FineTuneWorld();
  std::string passport = Prepare();

  std::string Prepare() {
    world.given = world.model("chat");
    return world.Issue();
  }
};

BOOST_FIXTURE_TEST_SUITE(claims, Chat)

BOOST_AUTO_TEST_CASE(the_lines_of_a_passport_are_it) {
  REQUIRE_VALUE(const SelectedClaims selected, Select(world, passport));
  BOOST_CHECK(AsSet(selected.passport) == AsSet(passport));
  BOOST_CHECK(selected.others.empty());
  CheckPasses(world.Judge(selected.passport));
  BOOST_CHECK(AsSet(LinesOfPassport(passport, world.IdOf("chat"))) == AsSet(passport));
}

BOOST_AUTO_TEST_CASE(a_last_line_without_lf_counts) {
  CheckPasses(JudgeClaims(world, passport.substr(0, passport.size() - 1)));
}

BOOST_AUTO_TEST_CASE(claims_of_other_kinds_are_named_and_not_judged) {
  const std::string claims = Foreign("https://model_signing/signature/v1.0", kHint) + "\n" +
                             passport +
                             Foreign("https://slsa.dev/provenance/v1", R"("publicKey":{})") + "\n" +
                             Foreign("https://example.org/card", kHint) + "\n" +
                             Foreign("https://example.org/card", kHint) + "\n";
  CheckPasses(JudgeClaims(world, claims));
  BOOST_CHECK_EQUAL(OthersOf(world, claims),
                    "4 claims of other kinds, not judged: OMS signature by key \"beef\", SLSA "
                    "provenance by a key that it does not name, 2 × https://example.org/card by "
                    "key \"beef\"\n");
}

BOOST_AUTO_TEST_CASE(a_broken_line_of_somebody_refuses_nothing_and_is_named) {
  const std::string claims = "{broken\n\n" + passport + "\xff\xfe\n" + passport.substr(0, 99);
  CheckPasses(JudgeClaims(world, claims));
  const std::string others = OthersOf(world, claims);
  BOOST_CHECK_MESSAGE(others.starts_with("3 unreadable lines, not judged: line 1 ("), others);
  BOOST_CHECK_MESSAGE(others.find("line 17 (") != others.npos, others);
}

BOOST_AUTO_TEST_CASE(names_of_others_are_printable) {
  const std::string claims =
      passport + Foreign("https://x/\\u001b[2J\\u202e", R"("publicKey":{"hint":"\u0007\u202e"})") +
      "\n";
  const std::string others = OthersOf(world, claims);
  BOOST_CHECK(others.find('\x1b') == others.npos && others.find('\a') == others.npos);
  BOOST_CHECK(others.find("\u202e") == others.npos);
}

BOOST_AUTO_TEST_CASE(a_broken_line_of_ours_is_missed_by_the_gate) {
  auto lines = LinesOf(passport);
  lines[3].pop_back();
  CheckRefused(JudgeClaims(world, Joined(lines)), 19, RejectReason::kMissingStatement, "");
}

BOOST_AUTO_TEST_CASE(lines_that_are_there_twice_count_once) {
  const std::string claims = passport + passport;
  CheckPasses(JudgeClaims(world, claims));
  BOOST_CHECK_EQUAL(OthersOf(world, claims), "");
}

BOOST_AUTO_TEST_CASE(a_statement_that_the_passport_does_not_need_is_named) {
  AddDataset(world, "stray");
  const std::string more = world.Issue();
  CheckPasses(JudgeClaims(world, more));
  const std::string others = OthersOf(world, more);
  BOOST_CHECK_MESSAGE(others.starts_with("1 Carnet statement that this passport does not rest on, "
                                         "not judged: dataset by key sha256:"),
                      others);
}

BOOST_AUTO_TEST_CASE(of_two_passports_the_one_that_supersedes_counts) {
  AddPassport(world, "chat.2", "chat.done");
  world.Set("chat.2", "/supersedes", R"("@chat")");
  world.Set("chat.2", "/name", R"("corrected")");
  world.Set("chat.2", "/model", R"("@model:chat")");
  world.Set("chat.2", "/files", R"("@files:chat")");
  world.Set("chat.2", "/tensor_roots", R"("@roots:chat")");
  const std::string both = world.Issue();
  const auto verdict = JudgeClaims(world, both);
  CheckPasses(verdict);
  BOOST_CHECK(verdict.passport == world.IdOf("chat.2"));
  const std::string others = OthersOf(world, both);
  BOOST_CHECK_MESSAGE(others.find("not judged: passport by key ") != others.npos, others);
}

BOOST_AUTO_TEST_CASE(of_two_passports_that_know_nothing_of_each_other_none_is_chosen) {
  AddPassport(world, "chat.2", "chat.done");
  world.Set("chat.2", "/model", R"("@model:chat")");
  world.Set("chat.2", "/files", R"("@files:chat")");
  world.Set("chat.2", "/tensor_roots", R"("@roots:chat")");
  const std::string both = world.Issue();
  CHECK_ERROR(Select(world, both), ErrorCode::kConflict,
              "2 passports of these files, none of which supersedes the others: sha256:");
}

// Whoever can append chooses nothing.
BOOST_AUTO_TEST_CASE(a_later_passport_of_a_stranger_does_not_count) {
  AddPassport(world, "chat.2", "chat.done");
  world.At("chat.2").key = "lab2";
  for (const char* field : {"model", "files", "tensor_roots"}) {
    const std::string of = std::string(field) == "tensor_roots" ? "roots" : field;
    world.Set("chat.2", std::string("/") + field, "\"@" + of + ":chat\"");
  }
  world.Set("chat.2", "/supersedes", R"("@chat")");
  world.trusted_keys.erase("lab2");
  const std::string both = world.Issue();
  const auto verdict = JudgeClaims(world, both);
  CheckPasses(verdict);
  BOOST_CHECK(verdict.passport == world.IdOf("chat"));
}

BOOST_AUTO_TEST_CASE(a_passport_that_is_not_signed_by_its_key_does_not_count) {
  std::string forged = LinesOf(passport).back();
  for (const std::string& line : LinesOf(passport)) {
    if (LinesOfPassport(line + "\n", world.IdOf("chat")).empty()) continue;
    forged = line;
  }
  const size_t at = forged.find(R"("sig":")") + 7;
  forged[at + 20] = forged[at + 20] == 'A' ? 'B' : 'A';
  CheckPasses(JudgeClaims(world, passport + forged + "\n"));
}

// Nothing signs a receipt: anybody can append a copy of a line with a false one.
BOOST_AUTO_TEST_CASE(copies_with_false_receipts_unsay_nothing) {
  const auto spoilt = [](std::string line) {
    const size_t at = line.find(R"("rootHash":")") + 12;
    line[at] = line[at] == 'A' ? 'B' : 'A';
    return line + "\n";
  };
  std::string own, others;
  for (const std::string& line : LinesOf(passport)) {
    const bool is_own = !LinesOfPassport(line + "\n", world.IdOf("chat")).empty();
    (is_own ? own : others) += spoilt(line);
    if (is_own) others = line + "\n" + others;
  }
  CheckPasses(JudgeClaims(world, passport + own));
  CheckPasses(JudgeClaims(world, passport + others));
  CheckPasses(JudgeClaims(world, own + others + passport));
}

BOOST_AUTO_TEST_CASE(however_many_copies_that_nobody_signed_displace_nothing) {
  std::string forged;
  for (const std::string& line : LinesOf(passport)) {
    if (!LinesOfPassport(line + "\n", world.IdOf("chat")).empty()) forged = line + "\n";
  }
  const size_t at = forged.find(R"("sig":")") + 7;
  forged[at + 20] = forged[at + 20] == 'A' ? 'B' : 'A';
  std::string many = passport;
  for (int i = 0; i < 1'100; ++i) many += forged;
  CheckPasses(JudgeClaims(world, many));
  CheckPasses(JudgeClaims(world, passport + std::string(300'000, '\n')));
}

BOOST_AUTO_TEST_CASE(a_key_whose_time_is_over_supersedes_nothing) {
  AddPassport(world, "chat.2", "chat.done");
  world.At("chat.2").key = "lab2";
  for (const char* field : {"model", "files", "tensor_roots"}) {
    const std::string of = std::string(field) == "tensor_roots" ? "roots" : field;
    world.Set("chat.2", std::string("/") + field, "\"@" + of + ":chat\"");
  }
  world.Set("chat.2", "/supersedes", R"("@chat")");
  world.trusted_keys["lab2"] = world.trusted_keys.at("lab");
  const std::string both = world.Issue();
  BOOST_CHECK(JudgeClaims(world, both).passport == world.IdOf("chat.2"));
  world.trusted_keys["lab2"].dates.until = TimestampMs(world.At("chat.2").created);
  const auto verdict = JudgeClaims(world, both);
  CheckPasses(verdict);
  BOOST_CHECK(verdict.passport == world.IdOf("chat"));
}

BOOST_AUTO_TEST_CASE(of_a_stranger_alone_the_gate_says_what_is_wrong) {
  world.trusted_keys.erase("lab");
  const auto verdict = JudgeClaims(world, passport);
  BOOST_REQUIRE(!verdict.findings.empty());
  BOOST_CHECK(verdict.findings.front().reason() == RejectReason::kUnknownKey);
}

BOOST_AUTO_TEST_CASE(of_other_files_the_gate_says_so) {
  world.given = world.model("another");
  CheckRefused(JudgeClaims(world, passport), 18, RejectReason::kOtherModel, "\"chat\"");
}

BOOST_AUTO_TEST_CASE(without_a_passport_there_is_nothing_to_judge) {
  CHECK_ERROR(Select(world, Foreign("https://x", kHint) + "\n"), ErrorCode::kNotFound,
              "no passport among 0 Carnet statements and 1 line that Carnet does not read");
  CHECK_ERROR(Select(world, ""), ErrorCode::kNotFound, "no passport among");
}

BOOST_AUTO_TEST_CASE(a_million_lines_are_refused_by_the_gate) {
  std::string many = passport;
  for (int i = 0; i < 1'000'000; ++i) many += "{}\n";
  CheckRefused(JudgeClaims(world, many), 1, RejectReason::kTooLarge, "more than 200000 lines");
}

BOOST_AUTO_TEST_CASE(a_line_over_the_limit_is_nobodys) {
  const std::string claims = passport + "{\"" + std::string(5 << 20, 'x') + "\"}\n";
  CheckPasses(JudgeClaims(world, claims));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
