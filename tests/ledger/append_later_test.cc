// Appending without waiting: completions, order, the bound of the queue; and a guard of another
// kind than a folder.
#include <atomic>
#include <future>
#include <semaphore>

#include "ledger/checkpoint_guard.h"
#include "ledger/commit_queue.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

using Outcome = Result<std::vector<Appended>>;

// A commit that waits until it is let go.
class HeldCommit {
 public:
  void operator()(CommitQueue::Group group) {
    begun_.release();
    let_go_.acquire();
    for (CommitRequest* request : group) request->outcome = std::vector<Appended>();
  }
  void AwaitBegin() { begun_.acquire(); }
  void LetGo() { let_go_.release(); }

 private:
  std::counting_semaphore<> begun_{0};
  std::counting_semaphore<> let_go_{0};
};

std::unique_ptr<CommitRequest> RequestOf(std::vector<Submission> submissions, Completion done) {
  auto request = std::make_unique<CommitRequest>(
      CommitRequest{{}, {}, {}, std::move(submissions), std::move(done)});
  request->submissions = request->owned;
  return request;
}

// In memory, as a replica or an object store would be; tells when it was asked for more.
class CellGuard : public CheckpointGuard {
 public:
  struct Cell {
    std::string note;
    int replaced = 0;
    bool refuses = false;
  };
  explicit CellGuard(Cell& cell) : cell_(cell) {}

  Result<std::string> Fetch() const override { return cell_.note; }
  Result<> Replace(std::string_view expected, std::string_view next) override {
    if (cell_.refuses) return Io("the replica does not answer");
    if (cell_.note != expected) return Corruption("the cell: another writer was here");
    cell_.note = next;
    ++cell_.replaced;
    return Result<>(Void());
  }

 private:
  Cell& cell_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(append_later)

BOOST_AUTO_TEST_CASE(every_call_is_completed_once_in_the_order_of_the_log) {
  LedgerWorld world;
  std::vector<uint64_t> indices;  // by the ledger's own thread alone
  std::vector<std::string> leaves;
  {
    const auto ledger = world.Open();
    for (int i = 0; i < 40; ++i) {
      std::vector<Submission> call = {world.lab.Submit(world.lab.Device())};
      leaves.push_back(ExpectedLeaf(call[0]));
      BOOST_REQUIRE(ledger->AppendLater(call, [&indices](const Outcome& outcome) {
        if (outcome) indices.push_back((*outcome)[0].index.value());
      }));
      BOOST_CHECK(call.empty());
    }
  }  // waits for all of them
  BOOST_REQUIRE_EQUAL(indices.size(), 40u);
  for (uint64_t i = 0; i < 40; ++i) BOOST_CHECK_EQUAL(indices[i], i);
  world.CheckClean();
  REQUIRE_VALUE(const auto reader, Reader::Open(world.folder()));
  CheckReceipts(*reader, ReferenceTree(leaves), world.note_key());
}

BOOST_AUTO_TEST_CASE(what_is_completed_can_be_read) {
  LedgerWorld world;
  const auto ledger = world.Open();
  std::promise<uint64_t> size;
  std::vector<Submission> call = {world.lab.Submit(world.lab.Device())};
  BOOST_REQUIRE(ledger->AppendLater(
      call, [&](const Outcome&) { size.set_value((*ledger->Read())->size().value()); }));
  BOOST_CHECK_EQUAL(size.get_future().get(), 1u);
}

BOOST_AUTO_TEST_CASE(what_needs_no_commit_is_answered_at_once) {
  LedgerWorld world;
  const auto ledger = world.Open();
  std::vector<Submission> none;
  int answers = 0;
  BOOST_CHECK(ledger->AppendLater(none, [&](const Outcome& outcome) {
    BOOST_CHECK(outcome.has_value() && outcome->empty());
    ++answers;
  }));
  StatementMaker elsewhere(LabKey(), LogId(std::array<uint8_t, 32>{}), "elsewhere");
  std::vector<Submission> foreign = {elsewhere.Submit(elsewhere.Device())};
  BOOST_CHECK(ledger->AppendLater(foreign, [&](const Outcome& outcome) {
    CHECK_ERROR(outcome, ErrorCode::kRejected, "meant for another ledger");
    ++answers;
  }));
  BOOST_CHECK_EQUAL(answers, 2);
}

BOOST_AUTO_TEST_CASE(a_full_queue_takes_nothing_and_leaves_the_call_as_it_was) {
  LedgerWorld world;
  const Submission submission = world.lab.Submit(world.lab.Device());
  HeldCommit held;
  std::atomic<int> completed = 0;
  const auto count = [&](const Outcome&) { ++completed; };
  {
    CommitQueue queue([&](CommitQueue::Group group) { held(group); });
    queue.Put(RequestOf({submission}, count));
    held.AwaitBegin();  // and its thread waits
    auto large = RequestOf(std::vector<Submission>(16'384, submission), count);
    BOOST_REQUIRE(queue.Offer(large));
    auto next = RequestOf({submission}, count);
    BOOST_CHECK(!queue.Offer(next));
    BOOST_REQUIRE(next != nullptr);
    BOOST_CHECK_EQUAL(next->submissions.size(), 1u);
    held.LetGo();
    held.AwaitBegin();  // the large one is a group of its own, and no longer waits
    BOOST_CHECK(queue.Offer(next));
    held.LetGo();
    held.LetGo();
  }
  BOOST_CHECK_EQUAL(completed.load(), 3);
}

BOOST_AUTO_TEST_CASE(another_kind_of_guard_is_asked_before_every_acknowledgement) {
  LedgerWorld world;
  CellGuard::Cell cell;
  LedgerOptions options;
  options.open_guard = [&]() -> Result<std::unique_ptr<CheckpointGuard>> {
    return std::unique_ptr<CheckpointGuard>(std::make_unique<CellGuard>(cell));
  };
  const std::string folder = world.Beside("celled");
  BOOST_REQUIRE(Ledger::Create(folder, kOrigin, LogKey(), nullptr, options).has_value());
  BOOST_CHECK_EQUAL(cell.replaced, 1);
  BOOST_CHECK(!std::filesystem::exists(folder + "/guard"));
  REQUIRE_VALUE(auto ledger, Ledger::Open(folder, options));
  AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  BOOST_CHECK_EQUAL(cell.replaced, 2);
  BOOST_CHECK_EQUAL(cell.note, ledger->checkpoint());
  cell.refuses = true;
  const Submission second = world.lab.Submit(world.lab.Device());
  CHECK_ERROR(ledger->Append({&second, 1}), ErrorCode::kIo, "the replica does not answer");
  cell.refuses = false;
  ledger.reset();
  REQUIRE_VALUE(ledger, Ledger::Open(folder, options));  // signs what is beyond it
  BOOST_CHECK_EQUAL(cell.replaced, 3);
  BOOST_CHECK(AppendOne(*ledger, second).duplicate);
  // Another writer, elsewhere, has moved it on.
  cell.note += " ";
  const Submission third = world.lab.Submit(world.lab.Device());
  CHECK_ERROR(ledger->Append({&third, 1}), ErrorCode::kCorruption, "another writer was here");
}

BOOST_AUTO_TEST_SUITE_END()
