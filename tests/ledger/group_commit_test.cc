// Many threads, one ledger: groups, and conflicts inside a group.
#include <atomic>
#include <set>
#include <thread>

#include "ledger/store.h"
#include "ledger/writer.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr int kThreads = 4;
constexpr int kCalls = 25;

using Calls = std::vector<std::vector<Submission>>;
using Outcome = Result<std::vector<Appended>>;

// Without threads: calls that a writer finds waiting together.
std::vector<Outcome> CommitInOneGroup(const LedgerWorld& world, const Calls& calls) {
  std::vector<CommitRequest> requests;
  for (const auto& call : calls) {
    requests.push_back({call, {}, {}, {}, {}});
    for (const Submission& submission : call) {
      REQUIRE_VALUE(auto entry, MakeEntry(submission));
      requests.back().entries.push_back(std::move(entry));
    }
  }
  REQUIRE_VALUE(const auto store, Store::Open(world.folder(), Store::Mode::kWrite, nullptr));
  REQUIRE_VALUE(auto guard, FolderGuard::Open(world.guard()));
  REQUIRE_VALUE(auto key, crypto::Ed25519PrivateKey::ParsePkcs8(LogKey().ToPkcs8()));
  REQUIRE_VALUE(const auto writer,
                Writer::Open(*store, std::move(guard), world.note_key(), std::move(key)));
  std::vector<CommitRequest*> group;
  for (CommitRequest& request : requests) group.push_back(&request);
  writer->Commit(group);
  std::vector<Outcome> outcomes;
  for (const CommitRequest& request : requests) outcomes.push_back(*request.outcome);
  return outcomes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(group_commit)

BOOST_AUTO_TEST_CASE(concurrent_calls_get_distinct_indices) {
  LedgerWorld world;
  auto ledger = world.Open();
  std::vector<std::vector<LeafIndex>> indices(kThreads);
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      StatementMaker maker(LabKey(), world.note_key().id(), "thread " + std::to_string(t));
      for (int i = 0; i < kCalls; ++i) {
        const std::vector<Submission> pair = {maker.Submit(maker.Device()),
                                              maker.Submit(maker.Device())};
        const auto appended = ledger->Append(pair);
        if (!appended || (*appended)[1].index.value() != (*appended)[0].index.value() + 1) {
          ++failures;
          continue;
        }
        for (const Appended& one : *appended) indices[static_cast<size_t>(t)].push_back(one.index);
      }
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_CHECK_EQUAL(failures.load(), 0);
  std::set<uint64_t> all;
  for (const auto& of_thread : indices)
    for (const LeafIndex index : of_thread) all.insert(index.value());
  BOOST_CHECK_EQUAL(all.size(), size_t{2} * kThreads * kCalls);
  BOOST_CHECK_EQUAL(*all.rbegin(), all.size() - 1);
  ledger.reset();
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(one_of_the_contradicting_calls_wins_and_the_others_go_on) {
  LedgerWorld world;
  auto ledger = world.Open();
  const Submission run = world.lab.Submit(world.lab.Run());
  AppendOne(*ledger, run);
  std::atomic<int> won = 0;
  std::atomic<int> conflicts = 0;
  std::atomic<int> devices = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      StatementMaker maker(LabKey(), world.note_key().id(), "thread " + std::to_string(t));
      for (uint64_t seq = 0; seq < kCalls; ++seq) {
        const std::optional<StatementId> previous =
            seq > 0 ? std::optional(run.id()) : std::nullopt;
        const std::vector<Submission> pair = {
            maker.Submit(maker.Device()),
            maker.Submit(maker.Segment({run.id(), 0, seq, previous}))};
        const auto appended = ledger->Append(pair);
        if (appended) {
          ++won;
        } else if (appended.error().code == ErrorCode::kConflict) {
          ++conflicts;
        }
        const Submission device = maker.Submit(maker.Device());
        if (ledger->Append({&device, 1})) ++devices;
      }
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_CHECK_EQUAL(won.load(), kCalls);
  BOOST_CHECK_EQUAL(conflicts.load(), kCalls * (kThreads - 1));
  BOOST_CHECK_EQUAL(devices.load(), kCalls * kThreads);
  {
    REQUIRE_VALUE(const auto reader, ledger->Read());
    BOOST_CHECK_EQUAL(reader->size().value(), 1u + 2 * kCalls + kCalls * kThreads);
  }
  ledger.reset();
  world.CheckClean();
}

// Three calls in one group, of which the second contradicts the first.
BOOST_AUTO_TEST_CASE(a_refused_call_takes_nothing_from_its_group) {
  LedgerWorld world;
  const Submission run = world.lab.Submit(world.lab.Run());
  AppendOne(*world.Open(), run);
  Calls calls;
  for (int i = 0; i < 3; ++i) calls.push_back({world.lab.Submit(world.lab.Device())});
  for (int i = 0; i < 2; ++i)
    calls[static_cast<size_t>(i)].push_back(
        world.lab.Submit(world.lab.Segment({run.id(), 0, 0, std::nullopt})));
  const auto outcomes = CommitInOneGroup(world, calls);
  REQUIRE_VALUE(const auto first, outcomes[0]);
  BOOST_CHECK_EQUAL(first[1].index.value(), 2u);
  CHECK_ERROR(outcomes[1], ErrorCode::kConflict, "submission 1: a second segment");
  REQUIRE_VALUE(const auto third, outcomes[2]);
  BOOST_CHECK_EQUAL(third[0].index.value(), 3u);
  world.CheckClean();
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  CHECK_ERROR(reader->Find(calls[1][0].id()), ErrorCode::kNotFound, "is not logged");
}

BOOST_AUTO_TEST_CASE(a_repeat_of_what_a_refused_call_of_its_group_held_is_logged) {
  LedgerWorld world;
  const Submission run = world.lab.Submit(world.lab.Run());
  AppendOne(*world.Open(), run);
  const Submission device = world.lab.Submit(world.lab.Device());
  const auto segment = [&] {
    return world.lab.Submit(world.lab.Segment({run.id(), 0, 0, std::nullopt}));
  };
  const Submission placed = segment();
  const auto outcomes =
      CommitInOneGroup(world, {{device, placed, segment()}, {device}, {placed}, {device}});
  CHECK_ERROR(outcomes[0], ErrorCode::kConflict, "submission 2: a second segment");
  for (const size_t call : {1u, 2u}) {
    REQUIRE_VALUE(const auto appended, outcomes[call]);
    BOOST_CHECK(!appended[0].duplicate);
    BOOST_CHECK_EQUAL(appended[0].index.value(), call);
  }
  REQUIRE_VALUE(const auto again, outcomes[3]);
  BOOST_CHECK(again[0].duplicate);
  BOOST_CHECK_EQUAL(again[0].index.value(), 1u);
  world.CheckClean();
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  CheckReceipts(*reader,
                ReferenceTree({ExpectedLeaf(run), ExpectedLeaf(device), ExpectedLeaf(placed)}),
                world.note_key());
  REQUIRE_VALUE(const auto found, reader->SegmentAt(run.id(), 0, 0));
  BOOST_CHECK(found == LeafIndex(2));
}

// Who may sign for a run is remembered from one segment to the next.
BOOST_AUTO_TEST_CASE(segment_of_a_run_that_a_refused_call_of_its_group_held_enters_no_index) {
  LedgerWorld world;
  const Submission run = world.lab.Submit(world.lab.Run());
  const auto segment = [&] {
    return world.lab.Submit(world.lab.Segment({run.id(), 0, 0, std::nullopt}));
  };
  const Submission early = segment();
  const Submission late = segment();
  const auto outcomes =
      CommitInOneGroup(world, {{run, segment(), segment()}, {early}, {run}, {late}});
  CHECK_ERROR(outcomes[0], ErrorCode::kConflict, "submission 2: a second segment");
  for (const size_t call : {1u, 2u, 3u}) {
    REQUIRE_VALUE(const auto appended, outcomes[call]);
    BOOST_CHECK(!appended[0].duplicate);
    BOOST_CHECK_EQUAL(appended[0].index.value(), call - 1);
  }
  world.CheckClean();
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  CheckReceipts(*reader,
                ReferenceTree({ExpectedLeaf(early), ExpectedLeaf(run), ExpectedLeaf(late)}),
                world.note_key());
  REQUIRE_VALUE(const auto found, reader->SegmentAt(run.id(), 0, 0));
  BOOST_CHECK(found == LeafIndex(2));
}

BOOST_AUTO_TEST_CASE(same_attestation_from_all_threads_is_logged_once) {
  LedgerWorld world;
  auto ledger = world.Open();
  const Submission submission = world.lab.Submit(world.lab.Device());
  std::atomic<int> first = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      const auto appended = ledger->Append({&submission, 1});
      if (appended && !(*appended)[0].duplicate) ++first;
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_CHECK_EQUAL(first.load(), 1);
}

BOOST_AUTO_TEST_SUITE_END()
