#include <carnet/draft.h>

#include <boost/json.hpp>

#include "tests/api/recorded.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

using namespace carnet;
using carnet::test::kPassword;
using carnet::test::Must;
using carnet::test::Recorded;

namespace {

boost::json::object Parsed(const std::string& draft) {
  return boost::json::parse(draft).as_object();
}

struct Copy {
  Ledger ledger = Must(Ledger::Open(Recorded::Get() / "ledger"));
  Key lab = Must(Key::Load(Recorded::Get() / "lab.key", kPassword));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(draft)

BOOST_AUTO_TEST_CASE(what_is_given_goes_before_what_the_files_say) {
  const std::string data = Recorded::Get() / "data";
  REQUIRE_VALUE(const FilledDraft derived, FillDataset(data, R"({"sources":[{"kind":"public"}]})"));
  BOOST_CHECK_EQUAL(Parsed(derived.draft).at("name").as_string(), "data");
  REQUIRE_VALUE(const FilledDraft named,
                FillDataset(data, R"({"name":"texts","sources":[{"kind":"public"}]})"));
  BOOST_CHECK_EQUAL(Parsed(named.draft).at("name").as_string(), "texts");
  BOOST_CHECK(Parsed(named.draft).at("size") == Parsed(derived.draft).at("size"));
}

BOOST_AUTO_TEST_CASE(what_nobody_said_is_named_as_a_program_gives_it) {
  const auto filled = FillDataset(Recorded::Get() / "data", "{}");
  CHECK_ERROR(filled, ErrorCode::kMalformed, "\n  sources.kind=…  ");
  BOOST_CHECK(filled.error().message.find("--set") == std::string::npos);
  CHECK_ERROR(FillDataset(Recorded::Get() / "data", "[]"), ErrorCode::kMalformed,
              "given: expected a JSON object");
  CHECK_ERROR(FillDataset(Recorded::Get() / "nowhere", "{}"), ErrorCode::kNotFound, "nowhere");
}

BOOST_AUTO_TEST_CASE(a_passport_takes_the_deployment_of_its_run) {
  const Copy copy;
  REQUIRE_VALUE(const FilledDraft filled,
                FillPassport(copy.ledger, Recorded::Get().completion, R"({"name":"m"})"));
  BOOST_CHECK(Parsed(filled.draft).contains("intended_deployment"));
  CHECK_ERROR(FillPassport(copy.ledger, "ab", "{}"), ErrorCode::kMalformed, "64 lowercase hex");
  CHECK_ERROR(FillPassport(copy.ledger, std::string(64, 'a'), "{}"), ErrorCode::kNotFound, "");
}

BOOST_AUTO_TEST_CASE(a_run_that_was_recorded_is_filled_as_it_was) {
  const Copy copy;
  const RunRecorder recorder =
      Must(RunRecorder::Open(Recorded::Get() / "run", copy.lab, copy.ledger));
  REQUIRE_VALUE(const FilledDraft filled, recorder.FillRun("{}", Now()));
  BOOST_CHECK_EQUAL(Parsed(filled.draft).at("kind").as_string(), "pre-training");
  CHECK_ERROR(recorder.FillRun(R"({"kind":"fine-tune"})", Now()), ErrorCode::kConflict,
              "a run is open here already");
}

BOOST_AUTO_TEST_CASE(a_machine_is_attested_once_by_a_key) {
  const carnet::test::ScratchFolder folder;
  BOOST_REQUIRE(Ledger::Create(folder / "ledger", "localhost").has_value());
  const Ledger ledger = Must(Ledger::Open(folder / "ledger"));
  const Key lab = Must(Key::Load(Recorded::Get() / "lab.key", kPassword));
  REQUIRE_VALUE(const std::string report, ReportMachine(true));
  REQUIRE_VALUE(const AttestedMachine first, AttestMachine(ledger, lab, report, Now()));
  BOOST_CHECK(!first.repeated);
  REQUIRE_VALUE(const AttestedMachine second, AttestMachine(ledger, lab, report, Now()));
  BOOST_CHECK(second.repeated);
  BOOST_CHECK_EQUAL(first.statement, second.statement);
  CHECK_ERROR(AttestMachine(ledger, lab, "{}", Now()), ErrorCode::kMalformed,
              "report of a machine: host");
}

BOOST_AUTO_TEST_SUITE_END()
