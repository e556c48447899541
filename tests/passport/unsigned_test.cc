// What a file that nobody trusted has signed can make its reader do, and what is said of it.
#include <algorithm>

#include "tests/passport/attack.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"
#include "tests/support/verification_count.h"

namespace carnet::test {
namespace {

using verifier::Decision;
using verifier::Row;
using verifier::RowStatus;
using verifier::Verdict;

const Row& RowOf(const Verdict& verdict, const std::string& name) {
  const auto row = std::find_if(verdict.rows.begin(), verdict.rows.end(),
                                [&](const Row& each) { return each.name == name; });
  BOOST_REQUIRE_MESSAGE(row != verdict.rows.end(), "no row " << name);
  return *row;
}

void SpoilSignature(World& world, const std::string& name) {
  world.At(name).edit_signed = [](sigstore::Bundle& bundle) {
    bundle.envelope.signature = KeyNamed("lab").key.Sign(AsBytes("something else"));
  };
}

// What R19 reports.
void LoseSegment(World& world) {
  world.Set("base.1", "/previous", "\"" + std::string(64, '1') + "\"");
}

// The same attestation of another statement: with this number as its nonce, and so unsigned.
std::string Unsigned(const std::string& line, size_t number) {
  auto bundle = ValueOf(sigstore::ReadBundle(line), "line");
  std::string payload(AsText(bundle.envelope.payload));
  const std::string digits = std::to_string(10'000'000 + number);
  payload.replace(payload.find("\"nonce\":\"") + 9, digits.size(), digits);
  bundle.envelope.payload = ToBytes(AsBytes(payload));
  return sigstore::WriteBundle(bundle);
}

std::string LineOf(World& world, const std::string& name) {
  const auto lines = LinesOf(world.Issue());
  for (size_t i = 0; i < world.story.size(); ++i) {
    if (world.story[i].name == name) return lines.at(i);
  }
  GiveUp("no line of " + name);
}

constexpr const char* kAfterR18[] = {"lineage", "time", "compute", "custody", "hardware", "policy"};

BOOST_AUTO_TEST_SUITE(unsigned_lines)

BOOST_AUTO_TEST_CASE(leave_everything_from_r19_on_unjudged) {
  World world = FineTuneWorld();
  SpoilSignature(world, "chats");
  LoseSegment(world);
  const Verdict verdict = world.Judge();
  CheckRefused(verdict, 7, RejectReason::kBadSignature, "lab's key");
  for (const char* name : kAfterR18) {
    BOOST_CHECK(RowOf(verdict, name).status == RowStatus::kNotChecked);
    BOOST_CHECK_EQUAL(RowOf(verdict, name).text,
                      "not judged, because an earlier check failed: signatures, R7");
  }
  BOOST_CHECK(RowOf(verdict, "model").status == RowStatus::kPass);
}

BOOST_AUTO_TEST_CASE(that_are_signed_after_all_are_judged_to_the_end) {
  World world = FineTuneWorld();
  LoseSegment(world);
  CheckRefused(world.Judge(), 19, RejectReason::kMissingStatement, "refers in previous to");
  World honest = FineTuneWorld();
  CheckPasses(honest.Judge());
}

struct Stop {
  const char* name;
  std::function<void(World&)> spoil;
  const char* text;
  friend std::ostream& operator<<(std::ostream& out, const Stop& stop) { return out << stop.name; }
};

const Stop kStops[] = {
    {"unknown_key", [](World& w) { w.trusted_keys.erase("cloud"); }, "signatures, R5"},
    {"another_signer",
     [](World& w) {
       w.At("texts").edit_payload = [](std::string& text) {
         const size_t at = text.find("\"signer\":\"key:") + 14;
         text.replace(at, 64, std::string(64, 'a'));
       };
     },
     "identity, R6"},
    {"another_kind",
     [](World& w) { w.trusted_keys.at("lab").kinds.erase(schemas::Kind::kDataset); },
     "identity, R8"},
    {"not_logged",
     [](World& w) { w.At("texts").edit_receipt = [](sigstore::Bundle& b) { b.entries.clear(); }; },
     "log, R9"},
    {"key_not_in_force",
     [](World& w) { w.trusted_keys.at("cloud").dates.until = TimestampMs(w.now); },
     "identity, R15"},
};

BOOST_DATA_TEST_CASE(are_all_whose_signer_or_entry_does_not_hold,
                     boost::unit_test::data::make(kStops), stop) {
  World world = FineTuneWorld();
  stop.spoil(world);
  const Verdict verdict = world.Judge();
  for (const char* name : kAfterR18) {
    BOOST_CHECK(RowOf(verdict, name).status == RowStatus::kNotChecked);
    BOOST_CHECK_EQUAL(RowOf(verdict, name).text,
                      std::string("not judged, because an earlier check failed: ") + stop.text);
  }
}

BOOST_AUTO_TEST_CASE(beyond_a_hundred_are_not_verified) {
  World world = BaseWorld();
  const std::string line = LineOf(world, "texts");
  std::string file = world.Issue();
  for (size_t i = 0; i < 5'000; ++i) file += Unsigned(line, i) + "\n";
  for (const unsigned threads : {1u, 3u}) {
    const auto count = VerificationsIn([&] {
      const Verdict verdict = world.Judge(file, threads);
      CheckRefused(verdict, 7, RejectReason::kBadSignature, "lab's key");
      BOOST_CHECK_EQUAL(verdict.findings.size(), 100);
      const auto& not_checked = verdict.not_checked;
      BOOST_CHECK(std::count(not_checked.begin(), not_checked.end(),
                             "4900 signatures after the last bad one listed") == 1);
    });
    BOOST_CHECK_LE(count.p256, 2'048);
  }
}

BOOST_AUTO_TEST_CASE(make_nobody_verify_their_notes) {
  World world = BaseWorld();
  const std::string line = LineOf(world, "base.run");
  const std::string honest = world.Issue();
  std::string file = honest;
  for (size_t i = 0; i < 50; ++i) {
    auto bundle = ValueOf(sigstore::ReadBundle(Unsigned(line, i)), "line");
    std::string& note = bundle.entries.at(0).checkpoint;
    note.insert(note.find("\n\n") + 1, "extension " + std::to_string(i) + "\n");
    std::string payload(AsText(bundle.envelope.payload));
    const size_t seen = payload.find("\\n\\n", payload.find("\"seen\":\"")) + 2;
    payload.insert(seen, "extension " + std::to_string(i) + "\\n");
    bundle.envelope.payload = ToBytes(AsBytes(payload));
    file += sigstore::WriteBundle(bundle) + "\n";
  }
  const auto count =
      VerificationsIn([&] { BOOST_CHECK(world.Judge(file).decision == Decision::kFail); });
  const auto before = VerificationsIn([&] { CheckPasses(world.Judge(honest)); });
  BOOST_CHECK_EQUAL(before.ed25519, 2);  // the receipts' checkpoint, and the one that the run saw
  BOOST_CHECK_EQUAL(count.ed25519, before.ed25519);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(signed_bombs)

// Notes of a hundred lines by the log's key cost nothing, and of one line one verification each.
BOOST_AUTO_TEST_CASE(of_notes_cost_one_verification_a_key) {
  for (const int copies : {1, 99}) {
    World world = BaseWorld();
    for (int i = 0; i < 10; ++i) {
      const std::string name = "junk" + std::to_string(i);
      AddRun(world, name, {});
      world.At(name).edit_payload = [copies, i](std::string& text) {
        const size_t from = text.find("\"seen\":\"");
        const size_t body = text.find("\\n\\n", from) + 4;
        const std::string line = text.substr(body, text.find("\"", body) - body);
        for (int copy = 1; copy < copies; ++copy) text.insert(body, line);
        text.insert(body - 2, "extension " + std::to_string(i) + "\\n");
      };
    }
    const std::string file = world.Issue();
    const auto count = VerificationsIn([&] {
      CheckRefused(world.Judge(file), 14, RejectReason::kBadSeenCheckpoint,
                   copies == 1 ? "bad signature by ledger.example"
                               : "more than one signature by ledger.example",
                   {19});
    });
    BOOST_CHECK_EQUAL(count.ed25519, copies == 1 ? 2 + 10 : 2);
  }
}

// Whoever passes a file on can collect what another log has published, and add it to every line.
BOOST_AUTO_TEST_CASE(of_checkpoints_of_another_log_cost_a_thousand_verifications) {
  World world;
  AddFleet(world);
  AddDataset(world, "texts");
  AddModel(world, "base", {}, 34);
  world.given = world.model("base");
  CheckPasses(world.Judge());
  MemoryLog other = world.AddLog("other", "other.example");  // a world's own begin anew
  other.Append("leaf");
  constexpr uint64_t kPerLine = 31;
  uint64_t notes = 0;
  for (Statement& statement : world.story) {
    statement.edit_receipt = [&other, from = notes](sigstore::Bundle& bundle) {
      merkle::Checkpoint published = other.CheckpointAt(1);
      for (uint64_t i = 1; i <= kPerLine; ++i) {
        published.size = TreeSize(from + i);
        bundle.entries.push_back(other.Receipt(0, 1));
        bundle.entries.back().log_index = i;
        bundle.entries.back().checkpoint = other.Sign(published);
      }
    };
    notes += kPerLine;
  }
  BOOST_REQUIRE_GT(notes, 1'200);
  const std::string file = world.Issue();
  // None of those entries is about its line, which costs no verification to see; R14 looks at their
  // checkpoints nevertheless.
  const auto count = VerificationsIn([&] {
    CheckRefused(world.Judge(file), 11, RejectReason::kWrongLogBody,
                 "entry of other.example: ", {});
  });
  BOOST_CHECK_EQUAL(count.ed25519, 2 + 1'000);
}

BOOST_AUTO_TEST_CASE(of_names_make_no_long_row) {
  World world = BaseWorld();
  std::string evidence;
  for (int i = 0; i < 64; ++i) {
    evidence += (i == 0 ? "" : ",") + std::string(R"({"type":")") + std::to_string(100 + i) +
                std::string(4'000, 'e') + R"(","digest":"@sha:e","binds":"the device"})";
  }
  world.Set("cpu", "/evidence", "[" + evidence + "]");
  const Verdict verdict = world.Judge();
  const std::string& text = RowOf(verdict, "hardware").text;
  BOOST_CHECK_LT(text.size(), 1'100);
  BOOST_CHECK(text.find("100eee") != text.npos);
  BOOST_CHECK_MESSAGE(text.ends_with(" and 56 more, says cloud"), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
