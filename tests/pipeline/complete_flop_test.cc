// Expected numbers are worked out by hand in the comments beside them.
#include "pipeline/complete_flop.h"

#include <boost/json.hpp>

#include "json/reader.h"
#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

using json::Document;

const std::string kDevice(64, 'd');

Document Read(const std::string& text) {
  const auto tree = json::Parse(text);
  BOOST_REQUIRE_MESSAGE(tree.has_value(), text);
  return Document::CopyOf(tree->root());
}

// 3.84e11 FLOP/s at fp32, and no figure for anything else.
Result<std::optional<Flop>> Peak(std::string_view device, schemas::Precision precision) {
  BOOST_CHECK_EQUAL(device, kDevice);
  if (precision != schemas::Precision::kFp32) return std::optional<Flop>();
  return std::optional(Flop(384'000'000'000));
}

std::string Segment(const std::string& flop, const std::string& tokens = "1001",
                    const std::string& precision = R"(["fp32"])") {
  return R"({"tokens":)" + tokens + R"(,"precision":)" + precision + R"(,"usage":[{"device":")" +
         kDevice + R"(","units":1,"ms":1000}],"flop":)" + flop + "}";
}

struct Completed {
  boost::json::value segment;
  std::vector<std::string> notes;

  const boost::json::value& update() const { return segment.at("flop").at("update"); }
  const boost::json::value& method(size_t at) const {
    return update().at("methods").as_array().at(at);
  }
};

Completed Complete(const std::string& text) {
  Document segment = Read(text);
  auto notes = CompleteFlop(segment, &Peak);
  BOOST_REQUIRE_MESSAGE(notes.has_value(), (notes ? "" : notes.error().message));
  return {boost::json::parse(segment.Text(json::Layout::kCompact)), *notes};
}

constexpr char kFigure[] =
    R"({"methods":[{"method":"architecture","classes":[{"treatment":"trained","parameters":4096},)"
    R"({"treatment":"lookup","parameters":100,"tables":[]}]},)"
    R"({"method":"hardware","basis":"derived"}],)"
    R"("recomputation_excluded":true,"padding_excluded":true})";

BOOST_AUTO_TEST_SUITE(complete_flop)

BOOST_AUTO_TEST_CASE(a_figure_given_once_is_update_and_total) {
  const Completed done = Complete(Segment(kFigure));
  BOOST_CHECK(done.update() == done.segment.at("flop").at("total"));
  BOOST_CHECK_EQUAL(done.segment.at("flop").as_object().size(), 2U);
  BOOST_CHECK_EQUAL(done.update().at("precision").as_string(), "fp32");
  BOOST_CHECK_EQUAL(done.update().at("method").as_string(), "architecture");
}

BOOST_AUTO_TEST_CASE(the_architectures_result_follows_from_tokens_and_classes) {
  const Completed done = Complete(Segment(kFigure));
  const auto& architecture = done.method(0);
  BOOST_CHECK_EQUAL(architecture.at("tokens").to_number<int>(), 1001);
  BOOST_CHECK_EQUAL(architecture.at("parameters").to_number<int>(), 4196);
  // 1001 * (6 * 4096 + 0 * 100)
  BOOST_CHECK_EQUAL(architecture.at("result").as_string(), "24600576");
  BOOST_CHECK_EQUAL(done.update().at("amount").as_string(), "24600576");
}

BOOST_AUTO_TEST_CASE(every_treatment_has_its_cost_and_attention_counts) {
  const Completed done = Complete(
      Segment(R"({"methods":[{"method":"architecture","attention_per_token":"50","classes":[)"
              R"({"treatment":"trained","parameters":1},{"treatment":"frozen-under-training",)"
              R"("parameters":10},{"treatment":"forward-only","parameters":100},)"
              R"({"treatment":"lookup","parameters":1000}]}]})",
              "3"));
  // 3 * (6 * 1 + 4 * 10 + 2 * 100 + 0 * 1000 + 50)
  BOOST_CHECK_EQUAL(done.method(0).at("result").as_string(), "888");
  BOOST_CHECK_EQUAL(done.method(0).at("parameters").to_number<int>(), 1111);
}

BOOST_AUTO_TEST_CASE(a_derived_utilisation_is_what_the_architecture_amounts_to_rounded_down) {
  const Completed done = Complete(Segment(kFigure));
  BOOST_CHECK(done.notes.empty());
  const auto& hardware = done.method(1);
  BOOST_CHECK_EQUAL(hardware.at("basis").as_string(), "derived");
  const auto& term = hardware.at("terms").as_array().at(0);
  BOOST_CHECK_EQUAL(term.at("units").to_number<int>(), 1);
  BOOST_CHECK_EQUAL(term.at("ms").to_number<int>(), 1000);
  BOOST_CHECK_EQUAL(term.at("peak").as_string(), "384000000000");
  // 24600576 / (1 s * 384e9) = 64.06 millionths; 64 millionths of 384e9 is 24576000
  BOOST_CHECK_EQUAL(term.at("utilisation_ppm").to_number<int>(), 64);
  BOOST_CHECK_EQUAL(hardware.at("result").as_string(), "24576000");
}

struct LeftOut {
  const char* name;
  std::string segment;
  const char* note;
};
std::ostream& operator<<(std::ostream& out, const LeftOut& left_out) {
  return out << left_out.name;
}

const LeftOut kLeftOut[] = {
    {"unknown_peak", Segment(kFigure, "1001", R"(["bf16"])"),
     "the peak of a device at this precision"},
    {"two_precisions", Segment(kFigure, "1001", R"(["fp32","bf16"])"),
     "the peak of a device at this precision"},
    {"beyond_the_devices", Segment(kFigure, "100000000"), "more than the devices can do"},
    {"next_to_nothing", Segment(kFigure, "1"), "less than a millionth"},
    {"no_tokens", Segment(kFigure, R"("undisclosed")"), "without the architecture's figure"},
};

BOOST_DATA_TEST_CASE(a_utilisation_that_cannot_be_said_is_left_out_and_said_so, kLeftOut,
                     left_out) {
  const Completed done = Complete(left_out.segment);
  BOOST_CHECK_EQUAL(done.update().at("methods").as_array().size(), 1U);
  BOOST_REQUIRE_EQUAL(done.notes.size(), 1U);
  BOOST_CHECK_MESSAGE(done.notes[0].find(left_out.note) != std::string::npos, done.notes[0]);
}

BOOST_AUTO_TEST_CASE(a_measured_utilisation_needs_nothing_else) {
  const Completed done = Complete(Segment(
      R"({"methods":[{"method":"hardware","basis":"mfu","terms":[{"utilisation_ppm":400000}]}]})"));
  // 1 unit * 1 s * 384e9 * 0.4
  BOOST_CHECK_EQUAL(done.method(0).at("result").as_string(), "153600000000");
  BOOST_CHECK_EQUAL(done.update().at("amount").as_string(), "153600000000");
}

BOOST_AUTO_TEST_CASE(what_is_stated_stands) {
  const std::string stated =
      R"({"update":{"amount":"7","method":"architecture","methods":[{"method":"architecture",)"
      R"("result":"8","tokens":2,"parameters":3,"classes":[{"treatment":"trained","parameters":4}]}],)"
      R"("precision":"bf16"},"total":"undisclosed"})";
  Document segment = Read(Segment(stated));
  const Document before = segment;
  BOOST_CHECK(CompleteFlop(segment, &Peak).has_value());
  BOOST_CHECK(segment == before);
}

BOOST_AUTO_TEST_CASE(the_amount_is_the_result_of_the_method_named) {
  const Completed done = Complete(Segment(
      R"({"method":"counter","methods":[{"method":"architecture","classes":[{"treatment":"trained",)"
      R"("parameters":1}]},{"method":"counter","result":"5","source":"s"}]})",
      "1"));
  BOOST_CHECK_EQUAL(done.update().at("amount").as_string(), "5");
  BOOST_CHECK_EQUAL(done.method(0).at("result").as_string(), "6");
}

BOOST_AUTO_TEST_CASE(a_figure_beside_update_is_refused) {
  Document segment = Read(Segment(R"({"methods":[],"update":{}})"));
  CHECK_ERROR(CompleteFlop(segment, &Peak), ErrorCode::kMalformed,
              "flop: a figure that update and");
}

BOOST_AUTO_TEST_CASE(a_figure_of_129_bits_is_refused) {
  Document segment =
      Read(Segment(R"({"methods":[{"method":"architecture","attention_per_token":)"
                   R"("340282366920938463463374607431768211455","classes":[{"treatment":"trained",)"
                   R"("parameters":1}]}]})"));
  CHECK_ERROR(CompleteFlop(segment, &Peak), ErrorCode::kMalformed, "2^128 or more");
}

BOOST_AUTO_TEST_CASE(a_draft_of_another_shape_is_left_to_the_codec) {
  for (const char* flop :
       {"{}", "[]", "7", R"({"methods":7})", R"({"methods":[7,{"method":7}]})", R"({"update":[]})",
        R"({"methods":[{"method":"architecture",)"
        R"("classes":[{"treatment":"melted","parameters":1}]}]})"}) {
    Document segment = Read(Segment(flop));
    BOOST_CHECK_MESSAGE(CompleteFlop(segment, &Peak).has_value(), flop);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
