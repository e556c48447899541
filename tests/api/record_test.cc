#include <carnet/record.h>
#include <carnet/trace.h>

#include "tests/api/recorded.h"
#include "tests/support/command.h"
#include "tests/support/drafts.h"
#include "tests/support/test.h"

using namespace carnet;
using carnet::test::kPassword;
using carnet::test::Must;
using carnet::test::Recorded;

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(a_run_is_what_its_directory_says) {
  const Recorded& recorded = Recorded::Get();
  BOOST_CHECK_EQUAL(recorded.state.outcome, "completed");
  BOOST_CHECK_EQUAL(recorded.state.run, recorded.run);
  BOOST_CHECK_EQUAL(recorded.state.completion, recorded.completion);
  BOOST_CHECK(recorded.state.segments == std::vector<uint64_t>{2});
  BOOST_CHECK(recorded.state.unlogged_steps.empty());
  BOOST_CHECK(recorded.issued.verdict.passed());
}

BOOST_AUTO_TEST_CASE(a_repeated_step_is_recorded_once) {
  const Recorded& recorded = Recorded::Get();
  const Ledger ledger = Must(Ledger::Open(recorded / "ledger"));
  const Key lab = Must(Key::Load(recorded / "lab.key", kPassword));
  const uint64_t size = Must(ledger.Read()).Info().tree_size;
  {
    RunRecorder recorder = Must(RunRecorder::Open(recorded / "run", lab, ledger));
    REQUIRE_VALUE(const RecordedStep step,
                  recorder.Complete("{}", Must(Model::Read(recorded / "model")), Now()));
    BOOST_CHECK(step.repeated);
    BOOST_CHECK_EQUAL(step.statement, recorded.completion);
    CHECK_ERROR(RunRecorder::Open(recorded / "run", lab, ledger), ErrorCode::kConflict, "");
  }
  BOOST_CHECK_EQUAL(Must(ledger.Read()).Info().tree_size, size);
}

BOOST_AUTO_TEST_CASE(a_key_opens_with_its_password_only) {
  const Recorded& recorded = Recorded::Get();
  CHECK_ERROR(Key::Load(recorded / "lab.key", "wrong"), ErrorCode::kRejected, "lab.key");
  CHECK_ERROR(Key::Load(recorded / "lab.key"), ErrorCode::kRejected, "no password was given");
  CHECK_ERROR(Key::Load(recorded / "lab.key",
                        [] {
                          return Result<std::string>(Error{ErrorCode::kIo, "no terminal"});
                        }),
              ErrorCode::kIo, "no terminal");
  CHECK_ERROR(Key::Generate(recorded / "lab", kPassword), ErrorCode::kConflict, "lab");
  const Key lab = Must(Key::Load(recorded / "lab.key", kPassword));
  BOOST_CHECK_EQUAL(lab.public_key(), recorded.Read("lab.pub"));
  BOOST_CHECK_EQUAL(lab.id().size(), 4U + 64U);
}

BOOST_AUTO_TEST_CASE(a_model_that_is_no_parent_shows_nothing) {
  const Recorded& recorded = Recorded::Get();
  const Ledger ledger = Must(Ledger::Open(recorded / "ledger"));
  const Key lab = Must(Key::Load(recorded / "lab.key", kPassword));
  const Gate gate(Must(Trust::Load(recorded / "trust")),
                  Must(Policy::Shipped("hub-default", Now())));
  const Model model = Must(Model::Read(recorded / "model"));
  CHECK_ERROR(IssuePassport(ledger, lab, gate, model, carnet::test::drafts::Passport({}),
                            recorded.completion, Now(), {model}),
              ErrorCode::kRejected, "parents[0]: no parent of the run states a tensor root");
}

BOOST_AUTO_TEST_CASE(what_is_not_to_be_attested_is_refused) {
  const Recorded& recorded = Recorded::Get();
  const Ledger ledger = Must(Ledger::Open(recorded / "ledger"));
  const Key lab = Must(Key::Load(recorded / "lab.key", kPassword));
  CHECK_ERROR(Attest(ledger, lab, "verdict", "{}", Now()), ErrorCode::kMalformed, "verdict");
  CHECK_ERROR(Attest(ledger, lab, "dataset", "{", Now()), ErrorCode::kMalformed, "draft");
  CHECK_ERROR(Attest(ledger, lab, "dataset", "{}", Now(), "short"), ErrorCode::kMalformed, "");
  CHECK_ERROR(Attest(ledger, lab, "device", "{}", Now(), "", Must(Model::Read(recorded / "data"))),
              ErrorCode::kMalformed, "files are allowed only for a data set");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ledgers)

BOOST_AUTO_TEST_CASE(a_reader_finds_what_was_recorded) {
  const Recorded& recorded = Recorded::Get();
  REQUIRE_VALUE(const LedgerReader reader, LedgerReader::Open(recorded / "ledger"));
  const LedgerInfo info = reader.Info();
  BOOST_CHECK_EQUAL(info.origin, "log.example.org");
  BOOST_CHECK_EQUAL(info.tree_size,
                    8U);  // device, allocation, data, run, 2 segments, end, passport
  BOOST_CHECK(info.checkpoint.starts_with("log.example.org\n8\n"));
  BOOST_CHECK_EQUAL(Must(reader.Bundle(recorded.passport)), Must(reader.BundleAt(7)));
  BOOST_CHECK_EQUAL(Must(reader.Passport(recorded.passport)), recorded.issued.passport);
  const auto about_model = Must(reader.IndicesOf(recorded.model));
  BOOST_CHECK_EQUAL(about_model.back(), 7U);
  CHECK_ERROR(reader.Bundle("12"), ErrorCode::kMalformed, "64 lowercase hex digits");
  CHECK_ERROR(reader.Bundle(std::string(64, '0')), ErrorCode::kNotFound, "");
  CHECK_ERROR(LedgerReader::Open(recorded / "nowhere"), ErrorCode::kNotFound, "nowhere");
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_its_ledger_open) {
  const Recorded& recorded = Recorded::Get();
  const LedgerReader reader = [&] {
    const Ledger ledger = Must(Ledger::Open(recorded / "ledger"));
    return Must(ledger.Read());
  }();
  CHECK_ERROR(Ledger::Open(recorded / "ledger"), ErrorCode::kConflict, "");
  BOOST_CHECK_EQUAL(reader.Info().tree_size, 8U);
}

BOOST_AUTO_TEST_CASE(an_attestation_from_elsewhere_is_appended_once) {
  const Recorded& recorded = Recorded::Get();
  Ledger ledger = Must(Ledger::Open(recorded / "ledger"));
  const std::string bundle = Must(Must(ledger.Read()).Bundle(recorded.device));
  REQUIRE_VALUE(const Appended appended, ledger.Append(bundle, recorded.Read("cloud.pub")));
  BOOST_CHECK(appended.duplicate);
  BOOST_CHECK_EQUAL(appended.index, 0U);
  CHECK_ERROR(ledger.Append(bundle, recorded.Read("lab.pub")), ErrorCode::kRejected, "");
  CHECK_ERROR(ledger.Append("{}", recorded.Read("cloud.pub")), ErrorCode::kMalformed, "");
}

BOOST_AUTO_TEST_CASE(an_encrypted_ledger_asks_for_its_password) {
  const Recorded& recorded = Recorded::Get();
  LedgerOptions options;
  options.password = [] { return Result<std::string>(std::string("ledger secret")); };
  const std::string folder = recorded / "encrypted";
  BOOST_REQUIRE(Ledger::Create(folder, "log.example.net", options).has_value());
  CHECK_ERROR(Ledger::Open(folder), ErrorCode::kRejected, "no password was given");
  BOOST_CHECK(Ledger::Open(folder, options).has_value());
  CHECK_ERROR(Ledger::Create(folder, "log.example.net"), ErrorCode::kConflict, "encrypted");
}

BOOST_AUTO_TEST_CASE(fsck_of_an_honest_ledger_is_clean) {
  REQUIRE_VALUE(const FsckReport report, Fsck(Recorded::Get() / "ledger"));
  BOOST_CHECK(report.findings.empty());
  BOOST_CHECK_EQUAL(report.tree_size, 8U);
  BOOST_CHECK_GT(report.rows_checked, 8U);
  BOOST_CHECK_EQUAL(report.withheld + report.erased, 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(traces)

BOOST_AUTO_TEST_CASE(a_model_leads_to_its_passport_and_all_behind_it) {
  const Recorded& recorded = Recorded::Get();
  const LedgerReader reader = Must(LedgerReader::Open(recorded / "ledger"));
  const Policy policy = Must(Policy::Shipped("eu-systemic", Now()));
  REQUIRE_VALUE(const Trace trace, Trace::Of(reader, "sha256:" + recorded.model, policy));
  BOOST_REQUIRE_EQUAL(trace.nodes().size(), 8U);
  BOOST_CHECK_EQUAL(trace.nodes()[0].id, recorded.passport);
  BOOST_CHECK_EQUAL(trace.nodes()[0].kind, "passport");
  for (const TraceEdge& edge : trace.edges()) {
    BOOST_CHECK_LT(edge.from, trace.nodes().size());
    BOOST_CHECK_LT(edge.to, trace.nodes().size());
  }
  BOOST_REQUIRE(!trace.sums().empty());
  BOOST_CHECK_EQUAL(trace.sums()[0].amount, "912000");
  BOOST_CHECK(trace.unknown_parents().empty());
  for (const std::string& text : {trace.ToJson(), trace.ToTree(), trace.ToDot()}) {
    BOOST_CHECK_MESSAGE(text.find("passport") != text.npos, text);
  }
  CHECK_ERROR(Trace::Of(reader, "nonsense", policy), ErrorCode::kMalformed, "nonsense");
  CHECK_ERROR(Trace::Of(reader, std::string(64, '0'), policy), ErrorCode::kNotFound, "");
}

BOOST_AUTO_TEST_CASE(a_lineage_is_drawn_by_dot,
                     *boost::unit_test::precondition(test::HasProgram("dot"))) {
  const Recorded& recorded = Recorded::Get();
  const Trace trace = Must(Trace::Of(Must(LedgerReader::Open(recorded / "ledger")), recorded.model,
                                     Must(Policy::Shipped("eu-systemic", Now()))));
  REQUIRE_VALUE(const std::string svg, trace.ToSvg());
  BOOST_CHECK(svg.find("<svg") != svg.npos);
  BOOST_CHECK(svg.ends_with("</svg>\n"));
}

BOOST_AUTO_TEST_CASE(without_dot_nothing_is_drawn) {
  const Recorded& recorded = Recorded::Get();
  const Trace trace = Must(Trace::Of(Must(LedgerReader::Open(recorded / "ledger")), recorded.model,
                                     Must(Policy::Shipped("eu-systemic", Now()))));
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto svg = trace.ToSvg();
  ::setenv("PATH", path.c_str(), 1);
  CHECK_ERROR(svg, ErrorCode::kNotFound, "dot is not installed");
}

BOOST_AUTO_TEST_SUITE_END()
