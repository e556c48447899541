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

// The same without threads: three calls in one group, of which the second contradicts the first.
BOOST_AUTO_TEST_CASE(a_refused_call_takes_nothing_from_its_group) {
  LedgerWorld world;
  const Submission run = world.lab.Submit(world.lab.Run());
  AppendOne(*world.Open(), run);
  std::vector<std::vector<Submission>> calls;
  for (int i = 0; i < 3; ++i) calls.push_back({world.lab.Submit(world.lab.Device())});
  for (int i = 0; i < 2; ++i)
    calls[static_cast<size_t>(i)].push_back(
        world.lab.Submit(world.lab.Segment({run.id(), 0, 0, std::nullopt})));
  std::vector<CommitRequest> requests;
  for (const auto& call : calls) {
    requests.push_back({call, {}, {}, {}, {}});
    for (const Submission& submission : call) {
      REQUIRE_VALUE(auto entry, MakeEntry(submission));
      requests.back().entries.push_back(std::move(entry));
    }
  }
  {
    REQUIRE_VALUE(const auto store, Store::Open(world.folder(), Store::Mode::kWrite, nullptr));
    REQUIRE_VALUE(auto guard, FolderGuard::Open(world.guard()));
    REQUIRE_VALUE(auto key, crypto::Ed25519PrivateKey::ParsePkcs8(LogKey().ToPkcs8()));
    REQUIRE_VALUE(const auto writer,
                  Writer::Open(*store, std::move(guard), world.note_key(), std::move(key)));
    std::vector<CommitRequest*> group;
    for (CommitRequest& request : requests) group.push_back(&request);
    writer->Commit(group);
  }
  REQUIRE_VALUE(const auto first, *requests[0].outcome);
  BOOST_CHECK_EQUAL(first[1].index.value(), 2u);
  CHECK_ERROR(*requests[1].outcome, ErrorCode::kConflict, "submission 1: a second segment");
  REQUIRE_VALUE(const auto third, *requests[2].outcome);
  BOOST_CHECK_EQUAL(third[0].index.value(), 3u);
  world.CheckClean();
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  CHECK_ERROR(reader->Find(calls[1][0].id()), ErrorCode::kNotFound, "is not logged");
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
