#include <fstream>

#include "pipeline/recorder.h"
#include "pipeline/run_journal.h"
#include "pipeline/run_status.h"
#include "signer/signer.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/real_ledger.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

// A bundle as a recorder writes it, with its receipt.
sigstore::Bundle LoggedBundle(RealLedger& world) {
  return ValueOf(world.Read()->BundleAt(LeafIndex(0)), "bundle");
}

sigstore::Bundle WithoutReceipt(sigstore::Bundle bundle) {
  bundle.entries.clear();
  return bundle;
}

struct Fixture {
  RealLedger world;
  std::string folder = world / "run";
  std::unique_ptr<RunJournal> journal = ValueOf(RunJournal::OpenOrCreate(folder), "journal");
  sigstore::Bundle logged = LoggedBundle(world);
  sigstore::Bundle signed_bundle = WithoutReceipt(logged);

  void WriteStep(const std::string& step) {
    ValueOf(journal->WriteSigned(step, "request of " + step, signed_bundle), step);
    ValueOf(journal->WriteLogged(step, logged), step);
  }
  void Remove(const std::string& name) const {
    BOOST_REQUIRE(std::filesystem::remove(folder + "/" + name));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(run_journal, Fixture)

BOOST_AUTO_TEST_CASE(a_step_that_is_not_there_is_absent) {
  REQUIRE_VALUE(const auto step, journal->Read("run"));
  BOOST_CHECK(!step.has_value());
}

BOOST_AUTO_TEST_CASE(a_signed_step_reads_back_without_receipt_until_it_is_logged) {
  ValueOf(journal->WriteSigned("run", "the request", signed_bundle), "write");
  REQUIRE_VALUE(const auto unlogged, journal->Read("run"));
  BOOST_REQUIRE(unlogged.has_value());
  BOOST_CHECK_EQUAL(unlogged->request, "the request");
  BOOST_CHECK(unlogged->signed_bundle.envelope.payload == signed_bundle.envelope.payload);
  BOOST_CHECK(!unlogged->logged.has_value());
  ValueOf(journal->WriteLogged("run", logged), "write");
  REQUIRE_VALUE(const auto done, journal->Read("run"));
  BOOST_REQUIRE(done->logged.has_value());
  BOOST_CHECK_EQUAL(done->logged->entries.size(), 1U);
}

BOOST_AUTO_TEST_CASE(never_replaces_a_signed_bundle) {
  ValueOf(journal->WriteSigned("run", "the request", signed_bundle), "write");
  CHECK_ERROR(journal->WriteSigned("run", "the request", signed_bundle), ErrorCode::kConflict,
              "run.signed.sigstore.json");
}

BOOST_AUTO_TEST_CASE(one_recorder_at_a_time) {
  CHECK_ERROR(RunJournal::Open(folder), ErrorCode::kConflict, "another recorder");
  CHECK_ERROR(Recorder::Open(folder, world.lab(), world.ledger()), ErrorCode::kConflict,
              "another recorder");
  journal.reset();
  BOOST_CHECK(RunJournal::Open(folder).has_value());
}

BOOST_AUTO_TEST_CASE(a_look_needs_no_lock_and_makes_nothing) {
  WriteStep("run");
  REQUIRE_VALUE(const auto peek, RunJournal::Peek(folder));
  REQUIRE_VALUE(const auto step, peek->Read("run"));
  BOOST_CHECK(step->logged.has_value());
  CHECK_ERROR(RunJournal::Peek(world / "nowhere"), ErrorCode::kNotFound, "nowhere");
  CHECK_ERROR(RunJournal::Open(world / "nowhere"), ErrorCode::kNotFound, "nowhere");
  CHECK_ERROR(ReadRunStatus(world / "nowhere"), ErrorCode::kNotFound, "nowhere");
  BOOST_CHECK(!std::filesystem::exists(world / "nowhere"));
}

BOOST_AUTO_TEST_CASE(what_a_step_needs_and_lost_is_named) {
  WriteStep("run");
  Remove("run.request");
  CHECK_ERROR(journal->Read("run"), ErrorCode::kCorruption, "run.request is missing");
  WriteStep("completion");
  Remove("completion.signed.sigstore.json");
  CHECK_ERROR(journal->Read("completion"), ErrorCode::kCorruption,
              "completion.signed.sigstore.json is missing");
}

BOOST_AUTO_TEST_CASE(a_damaged_bundle_is_named) {
  for (const char* name : {"run.signed.sigstore.json", "run.sigstore.json"}) {
    WriteStep("run");
    std::filesystem::resize_file(folder + "/" + name, 100);
    CHECK_ERROR(journal->Read("run"), ErrorCode::kMalformed, name);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().filename() != "lock") std::filesystem::remove(entry.path());
    }
  }
}

BOOST_AUTO_TEST_CASE(counts_the_segments_of_a_lane_up_to_the_first_gap) {
  for (const auto& step : {SegmentStep(0, 0), SegmentStep(0, 1), SegmentStep(0, 3),
                           SegmentStep(1, 0), SegmentStep(10, 0)}) {
    WriteStep(step);
  }
  for (const auto& [lane, count] : std::vector<std::pair<uint64_t, uint64_t>>{
           {0, 2}, {1, 1}, {2, 0}, {10, 1}, {~uint64_t{0}, 0}}) {
    REQUIRE_VALUE(const uint64_t counted, journal->SegmentCount(lane));
    BOOST_CHECK_EQUAL(counted, count);
  }
}

BOOST_AUTO_TEST_SUITE_END()
