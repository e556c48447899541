// Statements whose text the ledger does not have, and clocks that have gone back: what attesting,
// collecting, tracing and recording make of them.
#include "core/hex.h"
#include "ledger/erase.h"
#include "pipeline/attest.h"
#include "pipeline/closure.h"
#include "pipeline/draft.h"
#include "pipeline/trace.h"
#include "tests/pipeline/recorder_at_work.h"
#include "tests/pipeline/trained_model.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

const std::string kDevice =
    R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5","host":"h"})";

std::string Hex(const StatementId& id) { return HexEncode(id.span()); }

schemas::Predicate DeviceDraft() {
  return ValueOf(ReadWholeDraft(Kind::kDevice, kDevice, "device.json"), "draft");
}

void EraseText(RealLedger& world, const StatementId& id) {
  world.Close();
  ValueOf(ledger::Erase(world.folder(), id, world.now(), "a court"), "erase");
  world.Open();
}

Trace TraceOf(RealLedger& world, const StatementId& subject) {
  const auto rules = ValueOf(verifier::policy::ShippedPolicy("eu-gpai", world.now()), "policy");
  return ValueOf(TraceLineage(*world.Read(), Retag<SubjectDigest>(subject), rules), "trace");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(absent_text)

BOOST_AUTO_TEST_CASE(a_withheld_statement_is_in_its_bundle_alone) {
  RealLedger world;
  const uint64_t before = world.size();
  // Before it is logged it is kept, or else nothing is logged.
  const auto refuse = [](const sigstore::Bundle&) -> Result<> { return Io("no space"); };
  CHECK_ERROR(Attest(DeviceDraft(), world.lab(), world.ledger(), world.Moment(),
                     Withheld{"under contract", refuse}),
              ErrorCode::kIo, "no space");
  CHECK_ERROR(Attest(DeviceDraft(), world.lab(), world.ledger(), world.Moment(),
                     Withheld{"<reason: why>", refuse}),
              ErrorCode::kMalformed, "the reason to withhold it is not filled in: why");
  BOOST_CHECK_EQUAL(world.size(), before);
  Bytes kept;
  const auto keep = [&](const sigstore::Bundle& bundle) -> Result<> {
    BOOST_CHECK_EQUAL(world.size(), before);
    kept = bundle.envelope.payload;
    return Result<>(Void());
  };
  REQUIRE_VALUE(const auto attested, Attest(DeviceDraft(), world.lab(), world.ledger(),
                                            world.Moment(), Withheld{"under contract", keep}));
  BOOST_CHECK(kept == attested.bundle.envelope.payload);
  BOOST_CHECK(sigstore::StatementIdOf(attested.bundle.envelope.payload) == attested.id);
  BOOST_REQUIRE_EQUAL(attested.bundle.entries.size(), 1U);
  CHECK_ERROR(world.Read()->BundleAt(attested.index), ErrorCode::kNotFound,
              "its text is withheld since");
  // From the bundle alone it is put back.
  world.Close();
  REQUIRE_VALUE(const auto restored,
                ledger::Restore(world.folder(), {attested.bundle.envelope.payload}));
  BOOST_CHECK_EQUAL(restored.size(), 1U);
  world.Open();
  REQUIRE_VALUE(const auto bundle, world.Read()->BundleAt(attested.index));
  BOOST_CHECK(bundle.envelope.payload == attested.bundle.envelope.payload);
  BOOST_CHECK(bundle.envelope.signature == attested.bundle.envelope.signature);
}

BOOST_AUTO_TEST_CASE(a_closure_says_whose_text_is_absent_and_who_refers_to_it) {
  RealLedger world;
  const TrainedModel base = Train(world, "base");
  const StatementId passport = Issue(world, "base", base.completion).id;
  REQUIRE_VALUE(const auto before, CollectClosure(*world.Read(), passport));
  EraseText(world, world.dataset);
  CHECK_ERROR(CollectClosure(*world.Read(), passport), ErrorCode::kNotFound,
              "statement sha256:" + Hex(world.dataset) + ", which sha256:" + Hex(base.run) +
                  " refers to: ");
  CHECK_ERROR(CollectClosure(*world.Read(), passport), ErrorCode::kNotFound,
              "its text is erased since");
  EraseText(world, passport);
  CHECK_ERROR(CollectClosure(*world.Read(), passport), ErrorCode::kNotFound,
              "statement sha256:" + Hex(passport) + ": ");
  std::vector<Bytes> texts;
  for (const auto& bundle : before) texts.push_back(bundle.envelope.payload);
  world.Close();
  REQUIRE_VALUE(const auto restored, ledger::Restore(world.folder(), texts));
  BOOST_CHECK_EQUAL(restored.size(), 2U);
  world.Open();
  REQUIRE_VALUE(const auto after, CollectClosure(*world.Read(), passport));
  BOOST_CHECK_EQUAL(WriteLines(after), WriteLines(before));
}

BOOST_AUTO_TEST_CASE(a_trace_shows_an_absent_text_and_sums_nothing) {
  RealLedger world;
  const TrainedModel base = Train(world, "base");
  const StatementId passport = Issue(world, "base", base.completion).id;
  const Trace before = TraceOf(world, passport);
  BOOST_REQUIRE(!before.sums.empty());
  EraseText(world, base.run);
  const Trace trace = TraceOf(world, passport);
  BOOST_CHECK(trace.sums.empty());
  BOOST_REQUIRE_EQUAL(trace.nodes.size(), before.nodes.size());
  size_t absent = 0;
  for (size_t i = 0; i < trace.nodes.size(); ++i) {
    BOOST_CHECK(trace.nodes[i].id == before.nodes[i].id);
    if (trace.nodes[i].id != base.run) {
      BOOST_CHECK_EQUAL(trace.nodes[i].label, before.nodes[i].label);
      continue;
    }
    ++absent;
    BOOST_CHECK(trace.nodes[i].label.starts_with("(erased since 20"));
    BOOST_CHECK(trace.nodes[i].kind == Kind::kRun);
  }
  BOOST_CHECK_EQUAL(absent, 1U);
  // No edge is lost: those of the erased one are known to the index.
  BOOST_CHECK_EQUAL(trace.edges.size(), before.edges.size());
  BOOST_REQUIRE(!trace.unknown_parents.empty());
  BOOST_CHECK(trace.unknown_parents[0].find("(its text is not in this ledger)") !=
              std::string::npos);
  EraseText(world, passport);
  const Trace without_root = TraceOf(world, passport);
  BOOST_CHECK(without_root.nodes[0].id == passport);
  BOOST_CHECK(without_root.sums.empty());
}

BOOST_AUTO_TEST_CASE(a_clock_that_went_back_signs_nothing) {
  RealLedger world;
  const uint64_t before = world.size();
  const std::string draft = R"({"name":"texts","sources":[{"kind":"public"}],"size":{"bytes":1},)"
                            R"("data_basis":"manifest","data":")" +
                            std::string(64, 'd') + R"(","derived_from":[")" + Hex(world.dataset) +
                            R"("]})";
  Moment moment = world.Moment();
  moment.now = TimestampMs(1'600'000'000'000);
  auto dataset = ReadWholeDraft(Kind::kDataset, draft, "dataset.json");
  if (!dataset) BOOST_FAIL(dataset.error().message);
  CHECK_ERROR(Attest(*std::move(dataset), world.lab(), world.ledger(), moment),
              ErrorCode::kRejected,
              "the clock says 2020-09-13T12:26:40.000Z, but derived_from[] is sha256:" +
                  Hex(world.dataset) + ", created at ");
  BOOST_CHECK_EQUAL(world.size(), before);
}

// Five minutes are allowed (R29).
BOOST_AUTO_TEST_CASE(a_recorder_keeps_its_run_from_a_clock_that_went_back) {
  RecorderAtWork work;
  work.OpenRun();
  work.Segment(0, "a");
  const uint64_t size = work.world.size();
  const uint64_t now = work.world.clock_ms;
  const std::string draft = work.Draft(1);
  work.world.clock_ms = now - 6 * 60 * 1000;
  CHECK_ERROR(work.TrySegment(draft, "b"), ErrorCode::kRejected, "the clock says ");
  BOOST_CHECK_EQUAL(work.world.size(), size);
  BOOST_CHECK(!work.Has("segment-0-1.signed.sigstore.json"));
  work.world.clock_ms = now - 4 * 60 * 1000;
  BOOST_CHECK(work.TrySegment(draft, "b").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
