// R10, R13 and R14 where a file shows more than one checkpoint of a log, or one of an expired key.
#include "core/hex.h"
#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

RootHash Forged() { return *HexDecodeTo<RootHash>(std::string(64, 'f')); }

void EditEntry(World& w, const std::string& name, std::function<void(sigstore::LogEntry&)> edit) {
  w.At(name).edit_receipt = [edit = std::move(edit)](sigstore::Bundle& bundle) {
    edit(bundle.entries.at(0));
  };
}

BOOST_AUTO_TEST_SUITE(views)

// By dates alone; sizes are for trust's own tests.
BOOST_AUTO_TEST_CASE(a_checkpoint_of_an_expired_key_stands_only_where_it_is_pinned) {
  World world = FineTuneWorld();
  const std::string passport = world.Issue();
  world.log_expiry.insert_or_assign("main", TimestampMs(world.now));
  CheckRefused(world.Judge(passport), 10, RejectReason::kBadCheckpoint,
               "no key of ledger.example is in force for tree size 14");
  world.pins["main"] = {world.log().CheckpointAt(13)};
  CheckRefused(world.Judge(passport), 10, RejectReason::kBadCheckpoint, "no key of");
  world.pins["main"] = {world.log().CheckpointAt(14)};
  CheckPasses(world.Judge(passport));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_an_expired_key_stands_where_the_key_had_that_size) {
  World world = FineTuneWorld();
  world.log().RotateAt(15);  // trust then gives sizes
  const std::string passport = world.Issue();
  world.log_expiry.insert_or_assign("main", TimestampMs(world.now));  // of the first key
  CheckPasses(world.Judge(passport));
}

BOOST_AUTO_TEST_CASE(two_views_of_a_log_are_one_finding_however_many_lines_show_them) {
  World world = FineTuneWorld();
  for (const char* name : {"chat.0", "chat.1", "chat.done"}) {
    EditEntry(world, name, [&world, name](sigstore::LogEntry& e) {
      const uint64_t size = 13;
      e = world.log().Receipt(e.log_index, size);
      if (name == std::string("chat.1")) e.checkpoint = Greased(e.checkpoint);
    });
  }
  const auto verdict = world.Judge();
  CheckRefused(verdict, 10, RejectReason::kLogViewsDiffer, "while other lines show");
  BOOST_CHECK_EQUAL(verdict.findings_total, 1u);
  EditEntry(world, "chat.done",
            [&world](sigstore::LogEntry& e) { e = world.log().Receipt(e.log_index, 14); });
  EditEntry(world, "chat.run",
            [&world](sigstore::LogEntry& e) { e = world.log().Receipt(e.log_index, 12); });
  BOOST_CHECK_EQUAL(world.Judge().findings_total, 2u);
}

// A verdict of the hub on "chat", reached under this checkpoint of chat's log.
void AddVerdict(World& world, uint64_t size, const RootHash& root) {
  world.Add("vsa", schemas::Kind::kVerdict,
            R"({"verifier":{"id":"hub"},"timeVerified":"2026-11-01T00:00:00.000Z",)"
            R"("resourceUri":"chat","policy":{"uri":"hub-default"},)"
            R"("inputAttestations":[{"digest":{"sha256":"@chat"}}],)"
            R"("verificationResult":"PASSED","verifiedLevels":[],"carnet_checkpoint":{"size":)" +
                std::to_string(size) + R"(,"root":")" + HexEncode(root.span()) + R"("}})",
            "hub");
  world.At("vsa").model = "chat";
}

BOOST_AUTO_TEST_CASE(a_verdict_reached_under_another_history_shows_the_fork) {
  World world = FineTuneWorld();
  AddVerdict(world, 14, Forged());
  // Signatures, and with them roots, differ each time that the story is told.
  world.At("vsa").edit_payload = [&world](std::string& payload) {
    const RootHash now = world.log().CheckpointAt(14).root;
    Replacing(HexEncode(Forged().span()), HexEncode(now.span()))(payload);
  };
  CheckPasses(world.Judge());
  world.Remove("vsa");
  AddVerdict(world, 14, Forged());  // the tree that ends with the passport: R13 folds its root
  CheckRefused(world.Judge(), 13, RejectReason::kLogFork, "according to `carnet_checkpoint` of");
  world.Remove("vsa");
  AddVerdict(world, 99, Forged());
  CheckPasses(world.Judge());  // nothing here is of that size
  world.pins["main"] = {{"ledger.example", TreeSize(99), world.log().CheckpointAt(14).root, {}}};
  CheckRefused(world.Judge(), 14, RejectReason::kLogFork,
               "carnet_checkpoint: log ledger.example at tree size 99 has root ffff");
}

// The line is in the log as it was pinned, or in another history of that log.
BOOST_AUTO_TEST_CASE(an_entry_of_another_trusted_log_shows_its_fork) {
  World world = FineTuneWorld();
  MemoryLog& other = world.AddLog("other", "other.example");
  const MemoryLog empty = other;
  bool forked = false;
  world.At("texts").edit_receipt = [&](sigstore::Bundle& bundle) {
    MemoryLog log = empty;
    log.Append(std::string(AsText(bundle.entries[0].canonicalized_body)));
    bundle.entries.push_back(log.Receipt(0, 1));
    world.pins["other"] = {log.CheckpointAt(1)};
    if (forked) world.pins["other"][0].root = Forged();
  };
  CheckPasses(world.Judge());
  forked = true;
  CheckRefused(world.Judge(), 10, RejectReason::kLogFork,
               "entry of other.example: checkpoint: the checkpoint of other.example has size 1",
               {14});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
