#include "schemas/references.h"

#include "core/hex.h"
#include "schemas/readers.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

using test::Document;
using test::Read;
using test::Replace;

// One line "field digit kind|kind" per reference; the digit is the one that the target repeats.
std::string List(const std::vector<Reference>& references) {
  std::string list;
  for (const Reference& reference : references) {
    list +=
        std::string(reference.field) + " " + HexEncode(reference.target.span()).substr(0, 1) + " ";
    for (size_t i = 0; i < reference.allowed.size(); ++i) {
      list += (i > 0 ? "|" : "") + std::string(KindName(reference.allowed[i]));
    }
    list += "\n";
  }
  return list;
}

struct Case {
  Kind kind;
  const char* references;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << KindName(c.kind); }

// docs/rules.md S2, for the documents of documents.cc.
const std::vector<Case> kCases = {
    {Kind::kDataset, "sources[].generator 3 passport\nderived_from[] 5 dataset\n"},
    {Kind::kDevice, ""},
    {Kind::kAllocation, "parent d allocation\ndevices[] e device\ndevices[] f device\n"},
    {Kind::kRun,
     "inputs[].statement 4 passport|completion|segment\ndatasets[].statement 5 dataset\n"
     "devices[] a device\nallocations[] b allocation\n"},
    {Kind::kSegment,
     "run 3 run\nprevious 4 segment\nweights_from 5 segment\nusage[].device 7 device\n"
     "usage[].allocation 8 allocation\nusage[].device 7 device\n"},
    {Kind::kCompletion, "run 3 run\nlast[] 4 segment\nlast[] 5 segment\n"},
    {Kind::kPassport, "completion 3 completion\n"},
    {Kind::kVerdict, ""},
};

BOOST_DATA_TEST_CASE(strong_references_of_each_kind, kCases) {
  REQUIRE_VALUE(const Predicate predicate, Read(sample.kind, Document(sample.kind)));
  BOOST_CHECK_EQUAL(List(StrongReferences(predicate)), sample.references);
  BOOST_CHECK(ListsWithRepeatedTargets(StrongReferences(predicate)).empty());
}

BOOST_AUTO_TEST_CASE(undisclosed_lists_hold_no_reference) {
  const std::string text =
      Replace(Document(Kind::kRun), R"([{"statement":"#5","role":"train"}])", R"("undisclosed")");
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kRun, text));
  BOOST_CHECK_EQUAL(StrongReferences(predicate).size(), 3);
}

std::string Repeated(Kind kind, std::string_view from, std::string_view to) {
  REQUIRE_VALUE(const Predicate predicate, Read(kind, Replace(Document(kind), from, to)));
  std::string lists;
  for (std::string_view list : ListsWithRepeatedTargets(StrongReferences(predicate)))
    lists += std::string(list) + ",";
  return lists;
}

BOOST_AUTO_TEST_CASE(lists_that_repeat_a_target_are_named) {
  BOOST_CHECK_EQUAL(Repeated(Kind::kCompletion, R"(["#4","#5"])", R"(["#4","#4"])"), "last,");
  BOOST_CHECK_EQUAL(Repeated(Kind::kDataset, R"(["#5"])", R"(["#5","#1","#5","#5"])"),
                    "derived_from,");
  BOOST_CHECK_EQUAL(Repeated(Kind::kAllocation, R"(["#e","#f"])", R"(["#f","#f"])"), "devices,");
  BOOST_CHECK_EQUAL(Repeated(Kind::kRun, R"([{"statement":"#5","role":"train"}])",
                             R"([{"statement":"#5"},{"statement":"#6"},{"statement":"#5"}])"),
                    "datasets,");
  BOOST_CHECK_EQUAL(Repeated(Kind::kRun, R"("model":"undisclosed","statement":"undisclosed")",
                             R"("model":"#3","statement":"#4")"),
                    "");  // as another type
  BOOST_CHECK_EQUAL(
      Repeated(Kind::kRun,
               R"({"type":"distilled-from","model":"undisclosed","statement":"undisclosed"})",
               R"({"type":"merged-from","model":"#3","statement":"#4"})"),
      "inputs,");
  BOOST_CHECK_EQUAL(Repeated(Kind::kRun, R"("devices":["#a"],"allocations":["#b"])",
                             R"("devices":["#a","#a"],"allocations":["#b","#b"])"),
                    "allocations,devices,");
}

BOOST_AUTO_TEST_CASE(one_target_in_two_lists_is_not_a_repetition) {
  BOOST_CHECK_EQUAL(Repeated(Kind::kRun, R"("allocations":["#b"])", R"("allocations":["#a"])"), "");
  BOOST_CHECK_EQUAL(Repeated(Kind::kSegment, R"("weights_from":"#5")", R"("weights_from":"#4")"),
                    "");
}

}  // namespace
}  // namespace carnet::schemas
