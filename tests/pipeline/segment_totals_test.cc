#include "pipeline/segment_totals.h"

#include "pipeline/draft.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"
#include "tests/support/training_drafts.h"
#include "tests/support/world.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

const std::string kZeros(64, '0');
const std::string kMax128 = "340282366920938463463374607431768211455";

std::string Stated(const std::string& amount) {
  return R"({"amount":")" + amount + R"(","method":"declared","methods":[{"method":"declared",)" +
         R"("result":")" + amount + R"(","source":"the lab"}],"precision":"bf16",)" +
         R"("recomputation_excluded":true,"padding_excluded":true})";
}

// A segment of these tokens (JSON) and figures (JSON object).
sigstore::Bundle Segment(const std::string& tokens, const std::string& flop) {
  const std::string draft =
      R"({"run":")" + kZeros + R"(","seq":0,"after":{"index":0,"root":")" + kZeros +
      R"("},"steps":{"from":0,"to":1},"tokens":)" + tokens +
      R"(,"time":{"from":"2026-11-20T12:00:00.000Z","to":"2026-11-20T12:00:01.000Z"},"flop":)" +
      flop + R"(,"usage":[],"precision":["bf16"],"model":")" + kZeros + R"("})";
  auto predicate = ValueOf(CompleteDraft(Kind::kSegment, draft, "segment", {}), "draft");
  return ValueOf(KeyNamed("lab").signer->SignPredicate(
                     std::move(predicate), {LogId(std::array<uint8_t, 32>{}),
                                            TimestampMs(1'795'176'001'000), std::string(32, 'a')}),
                 "sign")
      .bundle;
}

std::string Both(const std::string& update, const std::string& total) {
  return R"({"update":)" + Stated(update) + R"(,"total":)" + Stated(total) + "}";
}

SegmentTotals Sum(const std::vector<sigstore::Bundle>& segments) {
  SegmentTotals totals;
  for (const auto& segment : segments) ValueOf(totals.Add(segment), "add");
  return totals;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(segment_totals)

BOOST_AUTO_TEST_CASE(sums_are_exact) {
  const SegmentTotals totals =
      Sum({Segment("7", Both("100", "170141183460469231731687303715884105728")),
           Segment("\"9007199254740993\"", Both("23", "1"))});
  BOOST_CHECK_EQUAL(totals.TokensJson(), "\"9007199254741000\"");
  BOOST_CHECK_EQUAL(totals.FlopJson(),
                    R"({"update":"123","total":"170141183460469231731687303715884105729"})");
}

BOOST_AUTO_TEST_CASE(nothing_sums_to_zero) {
  BOOST_CHECK_EQUAL(SegmentTotals().TokensJson(), "0");
  BOOST_CHECK_EQUAL(SegmentTotals().FlopJson(), R"({"update":"0","total":"0"})");
}

BOOST_AUTO_TEST_CASE(counts_are_spelt_by_their_size) {
  BOOST_CHECK_EQUAL(Sum({Segment("9007199254740991", Both("0", "0"))}).TokensJson(),
                    "9007199254740991");
  BOOST_CHECK_EQUAL(
      Sum({Segment("9007199254740991", Both("0", "0")), Segment("1", Both("0", "0"))}).TokensJson(),
      "\"9007199254740992\"");
}

BOOST_AUTO_TEST_CASE(one_undisclosed_term_hides_the_sum) {
  const SegmentTotals totals =
      Sum({Segment("1", Both("1", "1")),
           Segment("\"undisclosed\"", R"({"update":"undisclosed","total":)" + Stated("5") + "}"),
           Segment("1", Both("1", "1"))});
  BOOST_CHECK_EQUAL(totals.TokensJson(), "\"undisclosed\"");
  BOOST_CHECK_EQUAL(totals.FlopJson(), R"({"update":"undisclosed","total":"7"})");
}

BOOST_AUTO_TEST_CASE(a_figure_that_one_segment_lacks_is_left_out) {
  const SegmentTotals totals =
      Sum({Segment("1", Both("1", "1")), Segment("1", R"({"total":)" + Stated("5") + "}"),
           Segment("1", R"({"update":"undisclosed","total":)" + Stated("5") + "}")});
  BOOST_CHECK_EQUAL(totals.FlopJson(), R"({"total":"11"})");
}

BOOST_AUTO_TEST_CASE(an_overflow_is_refused) {
  SegmentTotals flop = Sum({Segment("0", Both("0", kMax128))});
  CHECK_ERROR(flop.Add(Segment("0", Both("0", "1"))), ErrorCode::kMalformed, "overflow");
  SegmentTotals update = Sum({Segment("0", Both(kMax128, kMax128))});
  CHECK_ERROR(update.Add(Segment("0", Both("1", "0"))), ErrorCode::kMalformed, "overflow");
  SegmentTotals tokens = Sum({Segment("\"18446744073709551615\"", Both("0", "0"))});
  CHECK_ERROR(tokens.Add(Segment("1", Both("0", "0"))), ErrorCode::kMalformed, "overflow");
}

BOOST_AUTO_TEST_CASE(only_segments_are_summed) {
  auto predicate =
      ValueOf(CompleteDraft(
                  Kind::kDevice,
                  R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"})",
                  "d", {}),
              "draft");
  const auto bundle = ValueOf(KeyNamed("lab").signer->SignPredicate(
                                  std::move(predicate), {LogId(std::array<uint8_t, 32>{}),
                                                         TimestampMs(1), std::string(32, 'a')}),
                              "sign")
                          .bundle;
  SegmentTotals totals;
  CHECK_ERROR(totals.Add(bundle), ErrorCode::kCorruption, "no segment");
  sigstore::Bundle broken = bundle;
  broken.envelope.payload.back() = 'x';
  CHECK_ERROR(totals.Add(broken), ErrorCode::kCorruption, "does not read back");
}

BOOST_AUTO_TEST_SUITE_END()
