#include "schemas/predicate.h"

#include "json/writer.h"
#include "schemas/readers.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

using test::Document;
using test::Read;
using test::Replace;

constexpr std::string_view kNonce = "0123456789abcdef0123456789abcdef";

std::string Text(const Predicate& predicate) {
  json::Writer writer;
  WritePredicate(predicate, writer);
  return writer.Take();
}

Predicate Honest(Kind kind, const std::string& text) {
  auto read = Read(kind, text);
  if (!read) BOOST_FAIL(read.error().message);
  return std::move(read).value();
}

BOOST_DATA_TEST_CASE(a_clone_says_the_same, test::AllKinds()) {
  const Predicate predicate = Honest(sample, Document(sample));
  const Predicate clone = predicate.Clone();
  BOOST_CHECK(clone.kind() == sample);
  BOOST_CHECK_EQUAL(Text(clone), Document(sample));
  BOOST_CHECK(clone.head() == predicate.head());
}

BOOST_AUTO_TEST_CASE(a_clone_is_changed_alone) {
  const Predicate run = Honest(Kind::kRun, Document(Kind::kRun));
  Predicate clone = run.Clone();
  Head head = *clone.head();
  head.nonce = std::string(32, 'f');
  clone.SetHead(head);
  BuilderOf<wire::Run>(clone).setEnvironment("another");
  BOOST_CHECK_EQUAL(Text(run), Document(Kind::kRun));
  BOOST_CHECK_EQUAL(clone.head()->nonce, head.nonce);
}

BOOST_AUTO_TEST_CASE(a_head_makes_no_difference) {
  for (const KindRow& row : kKinds) {
    if (!row.has_head) continue;
    const Predicate one = Honest(row.kind, Document(row.kind));
    const Predicate other =
        Honest(row.kind, Replace(Document(row.kind), kNonce, std::string(32, 'f')));
    BOOST_CHECK_NE(Text(one), Text(other));
    BOOST_CHECK_MESSAGE(EqualIgnoringHead(one, other), row.name);
    BOOST_CHECK_MESSAGE(EqualIgnoringHead(one, one), row.name);
  }
  BOOST_CHECK(EqualIgnoringHead(Predicate::New(Kind::kRun), Predicate::New(Kind::kRun)));
  const Predicate draft = Predicate::New(Kind::kDevice);
  Predicate with_head = Predicate::New(Kind::kDevice);
  with_head.SetHead({SignerId(KeyId(std::array<uint8_t, 32>{1})), LogId(std::array<uint8_t, 32>{2}),
                     TimestampMs(3), std::string(32, 'a')});
  BOOST_CHECK(EqualIgnoringHead(draft, with_head));
  BOOST_CHECK(EqualIgnoringHead(with_head, draft));
}

struct Difference {
  const char* name;
  Kind kind;
  const char* from;
  const char* to;
};
std::ostream& operator<<(std::ostream& out, const Difference& each) { return out << each.name; }

const Difference kDifferences[] = {
    {"text", Kind::kPassport, R"("name":"tiny")", R"("name":"tine")"},
    {"a field more", Kind::kRun, R"("lanes":2,)", ""},
    {"count", Kind::kRun, R"("lanes":2,)", R"("lanes":3,)"},
    {"digest", Kind::kPassport, R"("completion":"#3")", R"("completion":"#4")"},
    {"enumerant", Kind::kRun, R"("kind":"fine-tune")", R"("kind":"ablation")"},
    {"undisclosed", Kind::kSegment, R"("tokens":"9007199254740993")", R"("tokens":"undisclosed")"},
    {"flop", Kind::kPassport, R"("cumulative":"12")", R"("cumulative":"13")"},
    {"order of a list", Kind::kPassport, R"("edges":["fine-tuned-from","synthetic-data-from"])",
     R"("edges":["synthetic-data-from","fine-tuned-from"])"},
    {"an item more", Kind::kSegment, R"("precision":["bf16","fp32"])", R"("precision":["bf16"])"},
    {"an empty list", Kind::kPassport, R"("restrictions":["no weapons"],)",
     R"("restrictions":[],)"},
    {"a verdict's", Kind::kVerdict, R"("PASSED")", R"("FAILED")"},
};

BOOST_DATA_TEST_CASE(any_other_field_does, kDifferences) {
  const std::string text = Document(sample.kind);
  const Predicate one = Honest(sample.kind, text);
  const Predicate other = Honest(sample.kind, Replace(text, sample.from, sample.to));
  BOOST_CHECK(!EqualIgnoringHead(one, other));
  BOOST_CHECK(!EqualIgnoringHead(other, one));
}

BOOST_AUTO_TEST_CASE(an_absent_list_is_not_an_empty_one) {
  const std::string text = Document(Kind::kPassport);
  const Predicate absent =
      Honest(Kind::kPassport, Replace(text, R"("restrictions":["no weapons"],)", ""));
  const Predicate empty = Honest(
      Kind::kPassport, Replace(text, R"("restrictions":["no weapons"],)", R"("restrictions":[],)"));
  BOOST_CHECK(!EqualIgnoringHead(absent, empty));
}

BOOST_AUTO_TEST_CASE(kinds_differ) {
  BOOST_CHECK(!EqualIgnoringHead(Predicate::New(Kind::kRun), Predicate::New(Kind::kDevice)));
}

BOOST_AUTO_TEST_CASE(what_builders_set_equals_what_was_read) {
  const Predicate read = Honest(Kind::kDevice, Document(Kind::kDevice));
  Predicate built = read.Clone();
  auto device = BuilderOf<wire::Device>(built);
  device.setVendor("nvidia");
  device.setChip("h100-sxm");
  device.initUnits().setValue(2);
  BOOST_CHECK(EqualIgnoringHead(read, built));
  device.initUnits().setValue(3);
  BOOST_CHECK(!EqualIgnoringHead(read, built));
}

}  // namespace
}  // namespace carnet::schemas
