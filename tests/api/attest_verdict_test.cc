// AttestVerdict: what the command reads in the summary, and what is not signed.
#include <carnet/record.h>

#include "tests/api/recorded.h"
#include "tests/support/test.h"

using namespace carnet;
using carnet::test::kPassword;
using carnet::test::Must;
using carnet::test::Recorded;

namespace {

// A hub: a ledger and a key of its own, and its verdict on the recorded model.
struct Hub {
  const Recorded& recorded = Recorded::Get();
  std::string folder = recorded / "hub-ledger";
  Ledger ledger = Open(folder);
  Key key = Must(Key::Load(recorded / "cloud.key", kPassword));
  Verdict verdict = recorded.issued.verdict;

  static Ledger Open(const std::string& folder) {
    (void)Ledger::Create(folder, "hub.example.org");  // the first case makes it
    return Must(Ledger::Open(folder));
  }
  uint64_t size() const { return Must(ledger.Read()).Info().tree_size; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attest_verdict, Hub)

BOOST_AUTO_TEST_CASE(a_summary_is_in_the_ledger_under_its_id) {
  const uint64_t before = size();
  REQUIRE_VALUE(const Attestation summary, AttestVerdict(ledger, key, verdict));
  BOOST_CHECK_EQUAL(size(), before + 1);
  const LedgerReader reader = Must(ledger.Read());
  BOOST_CHECK_EQUAL(Must(reader.Bundle(summary.statement)), summary.bundle);
  const auto about_model = Must(reader.IndicesOf(recorded.model));
  BOOST_CHECK_EQUAL(about_model.back(), summary.index);
}

BOOST_AUTO_TEST_CASE(a_no_is_signed_as_another_statement) {
  REQUIRE_VALUE(const Attestation yes, AttestVerdict(ledger, key, verdict));
  verdict.decision = Decision::kFail;
  REQUIRE_VALUE(const Attestation no, AttestVerdict(ledger, key, verdict));
  BOOST_CHECK_NE(yes.statement, no.statement);
}

BOOST_AUTO_TEST_CASE(a_verdict_about_nothing_is_not_signed) {
  const uint64_t before = size();
  verdict.passport.clear();
  CHECK_ERROR(AttestVerdict(ledger, key, verdict), ErrorCode::kRejected, "cannot be signed");
  verdict.passport = recorded.passport;
  verdict.checkpoint.reset();
  CHECK_ERROR(AttestVerdict(ledger, key, verdict), ErrorCode::kRejected, "cannot be signed");
  CHECK_ERROR(AttestVerdict(ledger, key, Verdict{}), ErrorCode::kMalformed, "policy_sha256");
  BOOST_CHECK_EQUAL(size(), before);
}

BOOST_AUTO_TEST_CASE(a_verdict_written_by_hand_is_refused_by_its_field) {
  const auto refused = [&](auto change, const char* field) {
    Verdict changed = verdict;
    change(changed);
    CHECK_ERROR(AttestVerdict(ledger, key, changed), ErrorCode::kMalformed, field);
  };
  const std::string upper(64, 'A');
  refused([&](Verdict& v) { v.policy_sha256 = upper; }, "verdict.policy_sha256");
  refused([&](Verdict& v) { v.passport = "12"; }, "verdict.passport");
  refused([&](Verdict& v) { v.model = upper; }, "verdict.model");
  refused([&](Verdict& v) { v.checkpoint->root = "12"; }, "verdict.checkpoint.root");
  refused([&](Verdict& v) { v.included.push_back({"hub-default", upper}); }, "included.sha256");
  refused([&](Verdict& v) { v.chips.push_back({"trust", ""}); }, "chips.sha256");
  refused([&](Verdict& v) { v.policy = "two\nlines"; }, "policy.uri");
  refused([&](Verdict& v) { v.now = Time(std::chrono::milliseconds(-1)); }, "1970");
}

BOOST_AUTO_TEST_SUITE_END()
