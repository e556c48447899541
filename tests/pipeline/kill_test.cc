// kill -9 of a recorder at random moments: every step is signed once, the run can be completed, and
// its passport passes.
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "core/file.h"
#include "core/hex.h"
#include "crypto/pem.h"
#include "ledger/fsck/fsck.h"
#include "pipeline/issue_passport.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"
#include "tests/support/victim.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using std::chrono::milliseconds;

namespace {

constexpr size_t kRounds = 60;

// A sanitizer's build starts so slowly that fewer rounds fill the same time.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t kRoundsHere = kRounds / 5;
#else
constexpr size_t kRoundsHere = kRounds;
#endif

struct Acknowledged {
  std::string id;
  uint64_t index;
};
using BySeq = std::map<uint64_t, Acknowledged>;

void Collect(const std::vector<std::string>& lines, BySeq& all) {
  for (const std::string& line : lines) {
    std::istringstream in(line);
    uint64_t seq = 0;
    Acknowledged segment{};
    BOOST_REQUIRE(in >> seq >> segment.id >> segment.index);
    BOOST_REQUIRE_MESSAGE(all.emplace(seq, segment).second,
                          "seq " << seq << " appears more than once");
  }
}

// Rounds in which something was acknowledged.
size_t KillAgainAndAgain(const std::vector<std::string>& arguments, BySeq& all) {
  std::mt19937 random(20261120);
  size_t with_progress = 0;
  for (size_t round = 0; round < kRoundsHere; ++round) {
    Victim victim(arguments);
    // Some kills may hit the start-up; most hit the recording of some segment.
    if (random() % 4 != 0) victim.AwaitFirstLine(std::chrono::seconds(20));
    ::usleep(static_cast<useconds_t>(random() % 40'000));
    const auto lines = victim.Kill();
    if (!lines.empty()) ++with_progress;
    Collect(lines, all);
  }
  return with_progress;
}

// What the lab has signed: (kind, seq) of each statement in the ledger.
std::multiset<std::pair<std::string, uint64_t>> SignedSteps(RealLedger& world) {
  std::multiset<std::pair<std::string, uint64_t>> steps;
  const auto reader = world.Read();
  for (const LeafIndex index :
       ValueOf(reader->BySigner(world.lab().id(), 1'000'000), "by signer")) {
    const auto entry = ValueOf(reader->EntryAt(index), "entry");
    const auto statement = boost::json::parse(std::string(AsText(*entry.payload())));
    const auto* seq = statement.at("predicate").as_object().if_contains("seq");
    steps.emplace(statement.at("predicateType").as_string().c_str(),
                  seq == nullptr ? 0 : seq->to_number<uint64_t>());
  }
  return steps;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kill_nine)

BOOST_AUTO_TEST_CASE(a_killed_recorder_signs_every_step_once) {
  RealLedger world;
  const std::string run = world / "run";
  const std::string draft = world.RunDraft();
  const uint64_t start = world.clock_ms;
  ValueOf(WriteFileAtomic(world / "run.json", draft, Overwrite::kForbid), "draft");
  ValueOf(WriteFileAtomic(world / "lab.pem",
                          crypto::WritePem("PRIVATE KEY", KeyNamed("lab").key.ToPkcs8().Expose()),
                          Overwrite::kForbid),
          "key");
  world.Close();
  BySeq acknowledged;
  const size_t with_progress = KillAgainAndAgain(
      {CARNET_RECORD_VICTIM, world.folder(), run, world / "lab.pem", world / "run.json",
       HexEncode(world.device.span()), HexEncode(world.allocation.span()), std::to_string(start)},
      acknowledged);
  BOOST_CHECK_GE(with_progress, kRoundsHere / 3);
  BOOST_CHECK_GE(acknowledged.size(), kRoundsHere / 2);
  world.Open();

  const uint64_t count = ReadRunStatus(run)->lanes.at(0).segments;
  BOOST_REQUIRE_GE(count, acknowledged.size());
  world.clock_ms = start + count * kDraftMs;
  const std::string name = "checkpoint " + std::to_string(count - 1);
  const auto recorder = ValueOf(Recorder::Open(run, world.lab(), world.ledger()), "recorder");
  REQUIRE_VALUE(const Recorded done, recorder->Complete("{}", MakeModel(name), world.Moment()));

  std::multiset<std::pair<std::string, uint64_t>> expected = {
      {"urn:carnet:dataset:v1", 0}, {"urn:carnet:run:v1", 0}, {"urn:carnet:completion:v1", 0}};
  for (uint64_t seq = 0; seq < count; ++seq) expected.emplace("urn:carnet:segment:v1", seq);
  BOOST_CHECK(SignedSteps(world) == expected);
  for (const auto& [seq, segment] : acknowledged) {
    REQUIRE_VALUE(const auto entry, world.Read()->EntryAt(LeafIndex(segment.index)));
    BOOST_CHECK_EQUAL(HexEncode(entry.id.span()), segment.id);
  }
  const IssuedPassport passport = Issue(world, name, done.id);
  BOOST_CHECK(passport.verdict.decision == verifier::Decision::kPass);
  BOOST_CHECK_EQUAL(LinesAsJson(passport.bytes).size(), count + 6);
  world.Close();
  BOOST_CHECK(ValueOf(ledger::Fsck(world.folder()), "fsck").findings.empty());
  BOOST_TEST_MESSAGE(count << " segments, " << acknowledged.size() << " acknowledged, "
                           << with_progress << " rounds with progress");
}

BOOST_AUTO_TEST_SUITE_END()
