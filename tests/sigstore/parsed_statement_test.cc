#include "sigstore/parsed_statement.h"

#include <type_traits>

#include "sigstore/dsse.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

// Nothing but Parse makes one.
static_assert(!std::is_default_constructible_v<ParsedStatement>);
static_assert(!std::is_constructible_v<ParsedStatement, Bytes, Statement>);
static_assert(!std::is_copy_constructible_v<ParsedStatement>);

// The id is what `printf 'carnet-device-id-v1\naws:i-0123456789abcdef0' | sha256sum` prints.
std::string Device() {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"id","digest":{"sha256":")"
         R"(88ce60c2ae8aeb49c5f849798145a73ccd1cbb192357911f1a31162ab7f3df92"}}],"predicateType":"urn:carnet:device:v1","predicate":{"head":{"signer":"key:)" +
         std::string(64, '1') + R"(","ledger":")" + std::string(64, '2') +
         R"(","created":"2024-05-01T12:00:00.000Z","nonce":")" + std::string(32, 'a') +
         R"("},"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"}})";
}

BOOST_AUTO_TEST_SUITE(parsed_statement)

BOOST_AUTO_TEST_CASE(holds_the_bytes_their_id_and_what_they_say) {
  const Bytes payload = ToBytes(AsBytes(Device()));
  REQUIRE_VALUE(ParsedStatement statement, ParsedStatement::Parse(payload));
  BOOST_CHECK(statement.payload() == payload);
  BOOST_CHECK(statement.id() == StatementIdOf(payload));
  BOOST_CHECK(statement.predicate().kind() == schemas::Kind::kDevice);
  BOOST_REQUIRE_EQUAL(statement.subjects().size(), 1U);
  BOOST_CHECK_EQUAL(statement.subjects()[0].name, "id");
  BOOST_CHECK(std::move(statement).TakePayload() == payload);
}

BOOST_AUTO_TEST_CASE(what_the_strict_reader_refuses_is_refused_in_its_words) {
  std::string other = Device();
  other.replace(other.find("device:v1"), 9, "gadget:v1");
  CHECK_ERROR(ParsedStatement::Parse(ToBytes(AsBytes(other))), ErrorCode::kMalformed,
              "predicateType: \"urn:carnet:gadget:v1\" is not known");
  CHECK_ERROR(ParsedStatement::Parse({}), ErrorCode::kMalformed, "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
