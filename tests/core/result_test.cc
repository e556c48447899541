#include "core/result.h"

#include <memory>

#include "core/digests.h"
#include "core/strong_u64.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

Result<std::unique_ptr<int>> Half(int value) {
  if (value % 2 != 0) return Malformed("odd");
  return std::make_unique<int>(value / 2);
}

Result<int> Quarter(int value) {
  CARNET_TRY(const std::unique_ptr<int> half, Half(value));
  CARNET_TRY(const auto quarter, Half(*half));
  return *quarter;
}

Result<> CheckQuarter(int value) {
  CARNET_TRY_VOID(Quarter(value));
  return Ok();
}

BOOST_AUTO_TEST_SUITE(result)

BOOST_AUTO_TEST_CASE(try_passes_values_and_errors_on) {
  REQUIRE_VALUE(const int quarter, Quarter(8));
  BOOST_CHECK_EQUAL(quarter, 2);
  CHECK_ERROR(Quarter(6), ErrorCode::kMalformed, "odd");
  CHECK_ERROR(Quarter(5), ErrorCode::kMalformed, "odd");
  BOOST_CHECK(CheckQuarter(4).has_value());
  CHECK_ERROR(CheckQuarter(6), ErrorCode::kMalformed, "odd");
}

BOOST_AUTO_TEST_CASE(an_error_says_what_it_is_part_of) {
  const Error error = NotFound("no such file").In("passport").In("line 3");
  BOOST_CHECK_EQUAL(error.code, ErrorCode::kNotFound);
  BOOST_CHECK_EQUAL(error.message, "line 3: passport: no such file");
}

BOOST_AUTO_TEST_CASE(every_code_has_a_name) {
  const std::vector<std::string_view> names{"malformed",  "not-found", "rejected",   "conflict",
                                            "corruption", "io",        "unsupported"};
  const std::vector<Error> errors{Malformed(""),  NotFound(""), Rejected(""),   Conflict(""),
                                  Corruption(""), Io(""),       Unsupported("")};
  for (size_t i = 0; i < errors.size(); ++i) {
    BOOST_CHECK_EQUAL(ErrorCodeName(errors[i].code), names[i]);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strong_values)

static_assert(!std::is_convertible_v<uint64_t, LeafIndex>);
static_assert(!std::is_convertible_v<LeafHash, NodeHash>);
static_assert(!std::is_constructible_v<LeafHash, NodeHash>);
static_assert(!std::is_default_constructible_v<LeafHash>);

BOOST_AUTO_TEST_CASE(a_tree_contains_the_indices_below_its_size) {
  BOOST_CHECK(TreeSize(3).Contains(LeafIndex(2)));
  BOOST_CHECK(!TreeSize(3).Contains(LeafIndex(3)));
  BOOST_CHECK(!TreeSize(0).Contains(LeafIndex(0)));
}

BOOST_AUTO_TEST_CASE(fixed_bytes_come_from_exactly_their_size) {
  BOOST_CHECK(LeafHash::FromSpan(Bytes(32)));
  BOOST_CHECK(!LeafHash::FromSpan(Bytes(31)));
  BOOST_CHECK(!LeafHash::FromSpan(Bytes(33)));
}

BOOST_AUTO_TEST_CASE(fixed_bytes_compare_from_the_first_byte) {
  Bytes low(32), high(32);
  low[31] = 0xff;
  high[0] = 1;
  BOOST_CHECK(*LeafHash::FromSpan(low) < *LeafHash::FromSpan(high));
  BOOST_CHECK(Retag<NodeHash>(*LeafHash::FromSpan(low)) == *NodeHash::FromSpan(low));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
