// What a program sets is refused for the same reasons, and in the same words, as JSON.
#include "schemas/check_fields.h"

#include <functional>

#include "schemas/readers.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

using test::Document;
using test::Read;

BOOST_DATA_TEST_CASE(what_the_codec_accepts_is_accepted, test::AllKinds()) {
  REQUIRE_VALUE(const Predicate predicate, Read(sample, Document(sample)));
  const auto checked = CheckFields(predicate);
  if (!checked) BOOST_ERROR(checked.error().message);
}

BOOST_DATA_TEST_CASE(an_empty_predicate_lacks_its_first_required_field, test::AllKinds()) {
  CHECK_ERROR(CheckFields(Predicate::New(sample)), ErrorCode::kMalformed, ": required, but absent");
}

template <typename T>
std::function<void(Predicate&)> In(std::function<void(typename T::Builder)> change) {
  return [change = std::move(change)](Predicate& predicate) { change(BuilderOf<T>(predicate)); };
}

struct Change {
  const char* name;
  Kind kind;
  std::function<void(Predicate&)> change;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Change& change) { return out << change.name; }

const std::vector<Change> kChanges = {
    {"required field taken away", Kind::kSegment,
     In<wire::Segment>([](auto segment) { segment.disownModel(); }),
     "predicate.model: required, but absent"},
    {"required enumerant unset", Kind::kRun,
     In<wire::Run>([](auto run) { run.setKind(wire::RunKind::UNSET); }),
     "predicate.kind: required, but absent"},
    {"required field of an item", Kind::kRun,
     In<wire::Run>([](auto run) { run.initDatasets().initItems(2)[1].setRole("train"); }),
     "predicate.datasets[0].statement: required, but absent"},
    {"required variant without value", Kind::kDataset,
     In<wire::Dataset>([](auto dataset) { dataset.initSources(); }),
     "predicate.sources: required, but absent"},
    {"undisclosed digest", Kind::kPassport,
     In<wire::Passport>([](auto passport) { passport.initCompletion().setUndisclosed(); }),
     "predicate.completion: may not be \"undisclosed\""},
    {"undisclosed count", Kind::kSegment,
     In<wire::Segment>([](auto segment) { segment.initSeq().setUndisclosed(); }),
     "predicate.seq: may not be \"undisclosed\""},
    {"undisclosed text", Kind::kPassport,
     In<wire::Passport>([](auto passport) { passport.setName("undisclosed"); }),
     "predicate.name: may not be \"undisclosed\""},
    {"undisclosed text in a list", Kind::kPassport,
     In<wire::Passport>([](auto passport) { passport.initRestrictions(2).set(1, "undisclosed"); }),
     "predicate.restrictions[1]: may not be \"undisclosed\""},
    {"empty text", Kind::kPassport, In<wire::Passport>([](auto passport) { passport.setName(""); }),
     "predicate.name: empty"},
    {"text of spaces", Kind::kRun,
     In<wire::Run>([](auto run) { run.setIntendedDeployment("  \u00a0"); }),
     "predicate.intended_deployment: empty"},
    {"other spelling of undisclosed", Kind::kRun,
     In<wire::Run>([](auto run) { run.setOpenedBy("Undisclosed.\u00a0"); }),
     "predicate.opened_by: must be spelt \"undisclosed\""},
    {"undisclosed after many spaces", Kind::kRun,
     In<wire::Run>([](auto run) { run.setOpenedBy(std::string(100, ' ').append("undisclosed")); }),
     "predicate.opened_by: must be spelt \"undisclosed\""},
    {"no data in a run that trains", Kind::kRun,
     In<wire::Run>([](auto run) { run.initDatasets().initItems(0); }),
     "predicate.datasets: empty in a run that trains"},
    {"empty list", Kind::kPassport,
     In<wire::Passport>([](auto passport) { passport.initFiles(0); }), "predicate.files: empty"},
    {"long list", Kind::kSegment,
     In<wire::Segment>([](auto segment) { segment.initPrecision(10); }),
     "predicate.precision: more than 9 items"},
    {"enumerant unset in a list", Kind::kSegment,
     In<wire::Segment>([](auto segment) { segment.initPrecision(1); }),
     "predicate.precision[0]: unknown value 0"},
    {"enumerant of no schema", Kind::kSegment, In<wire::Segment>([](auto segment) {
       segment.initPrecision(1).set(0, static_cast<wire::Precision>(10));
     }),
     "predicate.precision[0]: unknown value 10"},
    {"line feed in a line", Kind::kCompletion, In<wire::Completion>([](auto completion) {
       completion.initConverted().setTool("a");
       completion.getConverted().setReason("two\nlines");
     }),
     "predicate.converted.reason: control or invisible character at byte 3"},
    {"long text", Kind::kRun,
     In<wire::Run>([](auto run) { run.setEnvironment(std::string(4'097, 'x')); }),
     "predicate.environment: longer than 4096 bytes"},
    {"text of many lines that is too long", Kind::kRun,
     In<wire::Run>([](auto run) { run.setSeen(std::string(64 * 1024 + 1, 'x')); }),
     "predicate.seen: longer than 65536 bytes"},
    {"text that is not UTF-8", Kind::kRun,
     In<wire::Run>([](auto run) { run.setEnvironment("\xff"); }),
     "predicate.environment: not UTF-8"},
    {"short digest", Kind::kPassport, In<wire::Passport>([](auto passport) {
       const uint8_t bytes[31] = {};
       passport.initOmsRoot().setBytes(capnp::Data::Reader(bytes, sizeof bytes));
     }),
     "predicate.oms_root: not 32 bytes"},
    {"signer without its form", Kind::kRun, In<wire::Run>([](auto run) {
       const uint8_t bytes[32] = {};
       run.initRecorders(2)[1].setBytes(capnp::Data::Reader(bytes, sizeof bytes));
       SetSigner(run.getRecorders()[0], SignerId(KeyId(std::array<uint8_t, 32>{1})));
     }),
     "predicate.recorders[1]: not a signer id"},
    {"count above its greatest", Kind::kRun,
     In<wire::Run>([](auto run) { run.initLanes().setValue(100'001); }),
     "predicate.lanes: above 100000"},
    {"rule across fields", Kind::kRun, In<wire::Run>([](auto run) { run.initLanes(); }),
     "predicate.lanes: must be at least 1"},
};

BOOST_DATA_TEST_CASE(what_the_codec_would_refuse_is_refused, kChanges) {
  REQUIRE_VALUE(Predicate predicate, Read(sample.kind, Document(sample.kind)));
  sample.change(predicate);
  CHECK_ERROR(CheckFields(predicate), ErrorCode::kMalformed, sample.message);
}

}  // namespace
}  // namespace carnet::schemas
