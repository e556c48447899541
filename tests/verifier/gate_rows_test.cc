// What the rows say when there is nothing to judge: never that they passed.
#include "tests/support/test.h"
#include "tests/verifier/device_passport.h"
#include "verifier/gate.h"

namespace carnet::verifier {
namespace {

using test::DevicePassport;
using test::LabKey;
using test::LogOf;
using test::LogSigner;
using test::TrustOf;

const TimestampMs kNow(1'772'323'200'000);

artifact::ModelFiles SomeModel() {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(0xab);
  return {.files = {{"weights.bin", 3'312'544, Sha256Digest(bytes)}},
          .digest = ModelDigest(bytes),
          .weight_sets = {},
          .not_covered = {".git/"},
          .warnings = {"a warning"},
          .total_bytes = 3'312'544};
}

struct Judged {
  explicit Judged(const std::string& text, std::optional<std::string> operator_party = {}) {
    trust::TrustedLog trusted = LogOf(log);
    trusted.operator_party = operator_party.value_or("");
    const trust::Trust trust = TrustOf(LabKey(key.public_key()), {trusted});
    const auto policy = policy::ShippedPolicy("eu-gpai", kNow).value();
    const std::string passport = text.empty() ? DevicePassport(3, key, log).Text() : text;
    verdict = Gate(trust, policy).Check(passport, SomeModel(), kNow).value();
    for (const Row& row : verdict.rows) {
      rows += row.name + ": " + std::string(RowStatusName(row.status)) + "\n";
    }
  }
  const std::string& TextOf(std::string_view name) const {
    for (const Row& row : verdict.rows) {
      if (row.name == name) return row.text;
    }
    throw std::runtime_error("no such row");
  }

  crypto::P256PrivateKey key = crypto::P256PrivateKey::Generate();
  LogSigner log;
  Verdict verdict;
  std::string rows;
};

BOOST_AUTO_TEST_SUITE(gate_rows)

BOOST_AUTO_TEST_CASE(without_a_passport_of_the_model_nothing_after_it_is_judged) {
  const Judged judged("");
  BOOST_CHECK_EQUAL(judged.rows,
                    "model: fail\nsignatures: pass\nlog: pass\nidentity: pass\n"
                    "lineage: not checked\ntime: not checked\ncompute: not checked\n"
                    "custody: not checked\nhardware: not checked\npolicy: not checked\n");
  BOOST_CHECK(judged.verdict.decision == Decision::kFail);
  BOOST_REQUIRE_EQUAL(judged.verdict.findings.size(), 1);
  BOOST_CHECK_EQUAL(RejectReasonName(judged.verdict.findings[0].reason()), "other-model");
  BOOST_CHECK_EQUAL(judged.TextOf("signatures"), "3 attestations, 1 key: lab");
  BOOST_CHECK_EQUAL(judged.TextOf("log"), "3 of 3 in log.example, tree size 3");
  BOOST_CHECK_EQUAL(judged.TextOf("identity"), "lab may sign device");
  BOOST_CHECK_EQUAL(judged.TextOf("time"),
                    "not judged, because an earlier check failed: model, R18");
  BOOST_CHECK_EQUAL(judged.verdict.attestations, 3);
  BOOST_CHECK(!judged.verdict.passport && !judged.verdict.checkpoint);
}

BOOST_AUTO_TEST_CASE(of_a_file_that_is_not_read_no_row_passes) {
  for (const std::string text : {"junk\n", "\n", "{}\n", "no line feed"}) {
    const Judged judged(text);
    BOOST_CHECK_EQUAL(judged.rows.find("pass"), std::string::npos);
    BOOST_CHECK_EQUAL(judged.rows.find("signatures: fail\n"), judged.rows.find("signatures"));
    BOOST_CHECK(judged.verdict.decision == Decision::kFail);
    BOOST_CHECK(!judged.verdict.findings.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_read_leaves_log_and_identity_open) {
  const auto key = crypto::P256PrivateKey::Generate();
  const Judged judged(DevicePassport(2, key, LogSigner()).Text() + "junk\n");
  BOOST_CHECK(judged.rows.find("log: fail") != std::string::npos);  // an unknown log
  BOOST_CHECK(judged.rows.find("identity: not checked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_what_was_not_checked) {
  const auto holds = [](const Judged& judged, std::string_view text) {
    return std::any_of(judged.verdict.not_checked.begin(), judged.verdict.not_checked.end(),
                       [text](const std::string& item) { return item.find(text) != item.npos; });
  };
  const Judged unknown("");
  BOOST_CHECK(holds(unknown, "newer passports"));
  BOOST_CHECK(holds(unknown, "other views of the log"));
  BOOST_CHECK(holds(unknown, "times in statements are self-declared"));
  BOOST_CHECK(holds(unknown, ".git/: not covered"));
  BOOST_CHECK(holds(unknown, "who runs the ledger log.example: the trust directory does not say"));
  BOOST_CHECK(!holds(Judged("", "cloud"), "who runs the ledger"));
  BOOST_CHECK(unknown.verdict.warnings == std::vector<std::string>{"a warning"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier
