// A recorder at work on a real ledger, taking one step after the other. For one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "pipeline/own_statement.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"
#include "schemas/readers.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/real_ledger.h"
#include "tests/support/test.h"

namespace carnet::test {

using pipeline::Recorded;
using pipeline::Recorder;

struct RecorderAtWork {
  RealLedger world;
  std::string folder = world / "run";
  std::unique_ptr<Recorder> recorder = OpenRecorder("lab");

  std::unique_ptr<Recorder> OpenRecorder(const std::string& key) {
    return ValueOf(Recorder::Open(folder, *KeyNamed(key).signer, world.ledger()), "recorder");
  }
  // As another process would: the lock is released first.
  void Reopen(const std::string& key = "lab") {
    recorder.reset();
    recorder = OpenRecorder(key);
  }

  std::string Draft(uint64_t seq) { return world.SegmentDraft(seq); }
  Result<Recorded> TryOpen(const drafts::RunTerms& terms = {}) {
    return recorder->OpenRun(world.RunDraft(terms), world.Moment());
  }
  Recorded OpenRun(const drafts::RunTerms& terms = {}) { return ValueOf(TryOpen(terms), "open"); }
  Result<Recorded> TrySegment(const std::string& draft, const std::string& model,
                              uint64_t lane = 0) {
    return recorder->Segment(draft, lane, MakeModel(model), world.Moment());
  }
  Recorded Segment(uint64_t seq, const std::string& model, uint64_t lane = 0) {
    return ValueOf(TrySegment(Draft(seq), model, lane), "segment");
  }
  Result<Recorded> TryComplete(const std::string& model, const std::string& draft = "{}") {
    return recorder->Complete(draft, MakeModel(model), world.Moment());
  }

  bool Has(const std::string& name) const { return std::filesystem::exists(folder + "/" + name); }
  void Remove(const std::string& name) const {
    BOOST_REQUIRE_MESSAGE(std::filesystem::remove(folder + "/" + name), name);
  }
  void CheckSame(const Recorded& repeated, const Recorded& first) const {
    BOOST_CHECK(repeated.repeated);
    BOOST_CHECK_EQUAL(repeated.step, first.step);
    BOOST_CHECK(repeated.id == first.id);
    BOOST_CHECK(repeated.index == first.index);
  }
  template <typename T>
  auto LoggedFields(LeafIndex index, const std::function<void(typename T::Reader)>& look) {
    const auto statement = ValueOf(
        pipeline::ReadOwnStatement(ValueOf(world.Read()->BundleAt(index), "bundle")), "statement");
    look(schemas::ReaderOf<T>(statement.predicate()));
  }
};

}  // namespace carnet::test
