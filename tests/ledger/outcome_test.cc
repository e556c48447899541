// What a writer says when a commit fails: logged as what, or that nobody knows. And whose fault.
#include <filesystem>
#include <future>

#include "core/file.h"
#include "core/hex.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

std::string Hex(const Submission& submission) { return HexEncode(submission.id().span()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(outcome)

BOOST_AUTO_TEST_CASE(a_failed_write_says_that_the_outcome_is_unknown) {
  FaultFs faults;
  LedgerWorld world(faults.env());
  const auto ledger = world.Open();
  for (const FileOp op : {FileOp::kAppend, FileOp::kSync}) {
    const Submission submission = world.lab.Submit(world.lab.Device());
    faults.Arm({op, false, false, 0});
    const auto answer = ledger->Append({&submission, 1});
    faults.Disarm();
    if (op == FileOp::kSync) {
      CHECK_ERROR(answer, ErrorCode::kIo, "reopen the ledger");  // latched by the first
      continue;
    }
    CHECK_ERROR(answer, ErrorCode::kIo,
                "whether statement " + Hex(submission) +
                    " is logged is unknown: open the ledger "
                    "again and ask for it");
  }
}

// Completions are called by the thread that commits: while one waits, calls form a group.
BOOST_AUTO_TEST_CASE(a_failed_group_does_not_deny_what_was_logged_before) {
  FaultFs faults;
  LedgerWorld world(faults.env());
  const auto ledger = world.Open();
  const Submission logged = world.lab.Submit(world.lab.Device());
  std::promise<void> committed, grouped;
  std::promise<Result<std::vector<Appended>>> fresh, repeated;
  std::vector<Submission> first = {logged};
  std::vector<Submission> second = {world.lab.Submit(world.lab.Device())};
  std::vector<Submission> third = {logged};
  BOOST_REQUIRE(ledger->AppendLater(first, [&](auto) {
    committed.set_value();
    grouped.get_future().wait();
    faults.Arm({FileOp::kAppend, false, false, 0});
  }));
  committed.get_future().wait();
  BOOST_REQUIRE(
      ledger->AppendLater(second, [&](auto answer) { fresh.set_value(std::move(answer)); }));
  BOOST_REQUIRE(
      ledger->AppendLater(third, [&](auto answer) { repeated.set_value(std::move(answer)); }));
  grouped.set_value();
  CHECK_ERROR(fresh.get_future().get(), ErrorCode::kIo, "is logged is unknown");
  REQUIRE_VALUE(const auto answer, repeated.get_future().get());
  BOOST_CHECK(answer[0].duplicate);
  BOOST_CHECK_EQUAL(answer[0].index.value(), 0u);
}

BOOST_AUTO_TEST_CASE(a_failed_guard_says_what_is_logged_and_where) {
  LedgerWorld world;
  const std::vector<Submission> pair = {world.lab.Submit(world.lab.Device()),
                                        world.lab.Submit(world.lab.Device())};
  {
    const auto ledger = world.Open();
    AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
    fs::rename(world.guard(), world.guard() + ".gone");
    CHECK_ERROR(ledger->Append(pair), ErrorCode::kIo,
                "logged as statement " + Hex(pair[0]) +
                    " and 1 more at entry 1, but not yet under a signed checkpoint: ");
  }
  fs::rename(world.guard() + ".gone", world.guard());
  const auto ledger = world.Open();
  BOOST_CHECK(AppendOne(*ledger, pair[1]).duplicate);
  world.CheckClean();
}

// The copy of the checkpoint in the database may lag: what failed is no failure of the commit.
BOOST_AUTO_TEST_CASE(a_failed_copy_of_the_checkpoint_is_no_failure) {
  FaultFs faults;
  LedgerWorld world(faults.env());
  {
    const auto ledger = world.Open();
    const Submission submission = world.lab.Submit(world.lab.Device());
    faults.Arm({FileOp::kAppend, false, false, 1});  // the second write: not synced
    REQUIRE_VALUE(const auto appended, ledger->Append({&submission, 1}));
    BOOST_CHECK(faults.fired());
    BOOST_CHECK_EQUAL(appended[0].index.value(), 0u);
    faults.Disarm();
  }
  const auto ledger = world.Open();
  AppendOne(*ledger, world.lab.Submit(world.lab.Device()));
  BOOST_CHECK_EQUAL((*ledger->Read())->size().value(), 2u);
}

BOOST_AUTO_TEST_CASE(temporary_files_that_a_crash_left_are_removed) {
  LedgerWorld world;
  const std::vector<std::string> left = {world.guard() + "/checkpoint.tmp-0123456789ab",
                                         world.folder() + "/key.pem.tmp-ffffffffffff"};
  const std::vector<std::string> kept = {world.guard() + "/checkpoint.tmp-0123456789",
                                         world.folder() + "/a",
                                         world.folder() + "/.tmp-0123456789ab"};
  for (const auto* names : {&left, &kept})
    for (const std::string& name : *names)
      BOOST_REQUIRE(WriteFileAtomic(name, "x", Overwrite::kForbid).has_value());
  { const auto ledger = world.Open(); }
  for (const std::string& name : left) BOOST_CHECK_MESSAGE(!fs::exists(name), name);
  for (const std::string& name : kept) BOOST_CHECK_MESSAGE(fs::exists(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
