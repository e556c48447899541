#include "schemas/kind.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "schemas/readers.h"
#include "schemas/struct_plan.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

// How a child process that does this ends: the number of its signal, 0 if there is none.
template <typename Act>
int SignalOf(Act act) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);  // what CARNET_CHECK says is not a failure here
    act();
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

BOOST_AUTO_TEST_CASE(kinds_and_predicate_types_name_each_other) {
  for (const KindRow& row : kKinds) {
    BOOST_CHECK(ParseKindName(KindName(row.kind)) == row.kind);
    BOOST_CHECK(ParsePredicateType(PredicateType(row.kind)) == row.kind);
  }
  BOOST_CHECK_EQUAL(PredicateType(Kind::kSegment), "urn:carnet:segment:v1");
  BOOST_CHECK_EQUAL(PredicateType(Kind::kVerdict), "https://slsa.dev/verification_summary/v1");
  BOOST_CHECK(!ParsePredicateType("urn:carnet:segment:v2"));
  BOOST_CHECK(!ParsePredicateType("urn:carnet:audit:v1"));
  BOOST_CHECK(!ParseKindName("Segment"));
}

BOOST_AUTO_TEST_CASE(stored_numbers_never_change) {
  const Kind in_order[] = {Kind::kDataset, Kind::kDevice,     Kind::kAllocation, Kind::kRun,
                           Kind::kSegment, Kind::kCompletion, Kind::kPassport,   Kind::kVerdict};
  uint8_t number = 0;
  for (const Kind kind : in_order) {
    BOOST_CHECK_EQUAL(RowOf(kind).stored, ++number);
    BOOST_CHECK(KindOfStored(number) == kind);
  }
  BOOST_CHECK(!KindOfStored(0));
  BOOST_CHECK(!KindOfStored(kKinds.size() + 1));
}

BOOST_AUTO_TEST_CASE(a_kind_has_a_head_exactly_where_its_struct_has_one) {
  for (const KindRow& row : kKinds) {
    BOOST_CHECK_EQUAL(SchemaOf(row.kind).findFieldByName("head") != nullptr, row.has_head);
  }
}

BOOST_AUTO_TEST_CASE(all_kinds_but_a_verdict_may_be_in_a_passport) {
  for (const KindRow& row : kKinds) {
    BOOST_CHECK_EQUAL(row.in_passport, row.kind != Kind::kVerdict);
  }
}

BOOST_AUTO_TEST_CASE(a_struct_belongs_to_the_kind_of_its_name) {
  for (const KindRow& row : kKinds) {
    std::string name = SchemaOf(row.kind).getShortDisplayName().cStr();
    name.front() = static_cast<char>(name.front() - 'A' + 'a');
    BOOST_CHECK_EQUAL(name, row.name);
  }
  BOOST_CHECK(kKindOf<wire::Run> == Kind::kRun);
  BOOST_CHECK(kKindOf<wire::Verdict> == Kind::kVerdict);
}

BOOST_AUTO_TEST_CASE(a_predicate_is_read_as_its_own_kind_only) {
  Predicate run = Predicate::New(Kind::kRun);
  BOOST_CHECK_EQUAL(SignalOf([&] { static_cast<void>(ReaderOf<wire::Run>(run)); }), 0);
  BOOST_CHECK_EQUAL(SignalOf([&] { static_cast<void>(BuilderOf<wire::Run>(run)); }), 0);
  BOOST_CHECK_EQUAL(SignalOf([&] { static_cast<void>(ReaderOf<wire::Segment>(run)); }), SIGABRT);
  BOOST_CHECK_EQUAL(SignalOf([&] { static_cast<void>(BuilderOf<wire::Segment>(run)); }), SIGABRT);
}

BOOST_AUTO_TEST_CASE(a_visitor_is_given_the_fields_of_the_predicates_kind) {
  for (const KindRow& row : kKinds) {
    const Predicate predicate = Predicate::New(row.kind);
    const Kind visited = VisitFields(
        predicate, []<typename Reader>(Reader) { return kKindOf<typename Reader::Reads>; });
    BOOST_CHECK(visited == row.kind);
  }
}

}  // namespace
}  // namespace carnet::schemas
