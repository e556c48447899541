#include "pipeline/segment_totals.h"

#include "json/writer.h"
#include "pipeline/draft.h"
#include "pipeline/own_statement.h"
#include "schemas/codec.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

const std::string kZeros(64, '0');
const std::string kMax128 = "340282366920938463463374607431768211455";

std::string Stated(const std::string& amount) { return drafts::SingleFigure(amount, "declared"); }

// A segment with these tokens (JSON) and figures (JSON object).
schemas::Predicate Segment(const std::string& tokens, const std::string& flop) {
  const std::string draft =
      drafts::Segment({.run = kZeros,
                       .after_json = R"({"index":0,"root":)" + Quoted(kZeros) + "}",
                       .model = kZeros,
                       .tokens_json = tokens,
                       .flop_json = flop});
  return ValueOf(ReadWholeDraft(Kind::kSegment, draft, "segment"), "draft");
}

std::string Both(const std::string& update, const std::string& total) {
  return R"({"update":)" + Stated(update) + R"(,"total":)" + Stated(total) + "}";
}

template <typename... Segments>
SegmentTotals Sum(const Segments&... segments) {
  SegmentTotals totals;
  (static_cast<void>(ValueOf(totals.Add(segments), "add")), ...);
  return totals;
}

// The totals as a completion states them, in JSON.
std::string JsonOf(const SegmentTotals& totals) {
  auto completion = schemas::Predicate::New(Kind::kCompletion);
  totals.SetIn(completion);
  json::Writer writer;
  schemas::WritePredicate(completion, writer);
  return writer.Take();
}
std::string Json(const std::string& tokens, const std::string& flop) {
  return R"({"tokens":)" + tokens + R"(,"flop":)" + flop + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(segment_totals)

BOOST_AUTO_TEST_CASE(sums_are_exact) {
  const SegmentTotals totals =
      Sum(Segment("7", Both("100", "170141183460469231731687303715884105728")),
          Segment("\"9007199254740993\"", Both("23", "1")));
  BOOST_CHECK_EQUAL(JsonOf(totals),
                    Json("\"9007199254741000\"",
                         R"({"update":"123","total":"170141183460469231731687303715884105729"})"));
}

BOOST_AUTO_TEST_CASE(nothing_sums_to_zero) {
  BOOST_CHECK_EQUAL(JsonOf(SegmentTotals()), Json("0", R"({"update":"0","total":"0"})"));
}

BOOST_AUTO_TEST_CASE(counts_are_spelt_by_their_size) {
  const std::string none = R"({"update":"0","total":"0"})";
  const auto most = Segment("9007199254740991", Both("0", "0"));
  BOOST_CHECK_EQUAL(JsonOf(Sum(most)), Json("9007199254740991", none));
  BOOST_CHECK_EQUAL(JsonOf(Sum(most, Segment("1", Both("0", "0")))),
                    Json("\"9007199254740992\"", none));
}

BOOST_AUTO_TEST_CASE(one_undisclosed_term_hides_the_sum) {
  const SegmentTotals totals =
      Sum(Segment("1", Both("1", "1")),
          Segment("\"undisclosed\"", R"({"update":"undisclosed","total":)" + Stated("5") + "}"),
          Segment("1", Both("1", "1")));
  BOOST_CHECK_EQUAL(JsonOf(totals),
                    Json("\"undisclosed\"", R"({"update":"undisclosed","total":"7"})"));
}

BOOST_AUTO_TEST_CASE(a_figure_that_one_segment_lacks_is_left_out) {
  const SegmentTotals totals =
      Sum(Segment("1", Both("1", "1")), Segment("1", R"({"total":)" + Stated("5") + "}"),
          Segment("1", R"({"update":"undisclosed","total":)" + Stated("5") + "}"));
  BOOST_CHECK_EQUAL(JsonOf(totals), Json("3", R"({"total":"11"})"));
}

BOOST_AUTO_TEST_CASE(an_overflow_is_found_and_cannot_be_stated) {
  const std::string most = "\"18446744073709551615\"";
  for (const auto& [first, second, stated] :
       {std::tuple(Segment("2", Both("3", kMax128)), Segment("2", Both("3", "1")),
                   Json("4", R"({"update":"6","total":"undisclosed"})")),
        std::tuple(Segment("2", Both(kMax128, "3")), Segment("2", Both(kMax128, "3")),
                   Json("4", R"({"update":"undisclosed","total":"6"})")),
        std::tuple(Segment(most, Both("3", "3")), Segment("1", Both("3", "3")),
                   Json("\"undisclosed\"", R"({"update":"6","total":"6"})"))}) {
    BOOST_CHECK(Sum(first).CheckSums().has_value());
    const SegmentTotals totals = Sum(first, second, Segment("0", Both("0", "0")));
    CHECK_ERROR(totals.CheckSums(), ErrorCode::kMalformed, "overflow");
    BOOST_CHECK_EQUAL(JsonOf(totals), stated);
  }
}

BOOST_AUTO_TEST_CASE(only_segments_are_summed) {
  const auto device = ValueOf(ReadWholeDraft(Kind::kDevice, drafts::Device(), "d"), "draft");
  SegmentTotals totals;
  CHECK_ERROR(totals.Add(device), ErrorCode::kCorruption, "not a segment");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(own_statements)

BOOST_AUTO_TEST_CASE(a_recorded_statement_that_was_damaged_does_not_read_back) {
  auto draft = ValueOf(ReadWholeDraft(Kind::kDevice, drafts::Device(), "d"), "draft");
  sigstore::Bundle bundle = ValueOf(KeyNamed("lab").signer->SignPredicate(
                                        std::move(draft), {LogId(std::array<uint8_t, 32>{}),
                                                           TimestampMs(1), std::string(32, 'a')}),
                                    "sign")
                                .bundle;
  BOOST_CHECK(ReadOwnStatement(bundle).has_value());
  bundle.envelope.payload.back() = 'x';
  CHECK_ERROR(ReadOwnStatement(bundle), ErrorCode::kCorruption, "cannot be read back");
}

BOOST_AUTO_TEST_SUITE_END()
