#include "statements/set_builder.h"

#include <functional>

#include "crypto/sha256.h"
#include "schemas/limits.h"
#include "statements/read_lines.h"
#include "tests/statements/payloads.h"
#include "tests/support/test.h"

namespace carnet::statements {
namespace {

using test::AllocationPayload;
using test::BundleOf;
using test::DevicePayload;

const std::string kOne = DevicePayload(std::string(64, '1'));
const std::string kTwo = DevicePayload(std::string(64, '2'));

// DSSE's pre-authentication encoding, written out.
StatementId IdOf(const std::string& payload) {
  return Retag<StatementId>(crypto::Sha256Of("DSSEv1 28 application/vnd.in-toto+json " +
                                             std::to_string(payload.size()) + " " + payload));
}

BOOST_AUTO_TEST_SUITE(set_builder)

BOOST_AUTO_TEST_CASE(keeps_the_statements_of_bundles_in_order) {
  const std::vector<sigstore::Bundle> bundles = {BundleOf(kOne), BundleOf(kTwo)};
  REQUIRE_VALUE(const StatementSet set, FromBundles(bundles));
  BOOST_REQUIRE_EQUAL(set.size(), 2);
  BOOST_CHECK(set[0].id == IdOf(kOne));
  BOOST_CHECK(set[1].id == IdOf(kTwo));
  BOOST_CHECK_EQUAL(set[1].number, 2);
  BOOST_CHECK(set.Find(IdOf(kTwo)) == &set[1]);
  BOOST_CHECK_EQUAL(set.PlaceOf(set[1]), 1);
  BOOST_CHECK(set.Find(IdOf("{}")) == nullptr);
}

BOOST_AUTO_TEST_CASE(bundles_and_their_lines_make_one_set) {
  const std::vector<sigstore::Bundle> bundles = {BundleOf(kTwo), BundleOf(kOne)};
  std::string lines;
  for (const auto& bundle : bundles) lines += sigstore::WriteBundle(bundle) + "\n";
  const auto read = ReadLines(lines, [](const Refused& refused) { BOOST_ERROR(refused.message); });
  REQUIRE_VALUE(const StatementSet set, FromBundles(bundles));
  BOOST_REQUIRE_EQUAL(read.statements.size(), set.size());
  BOOST_REQUIRE_EQUAL(read.bundles.size(), set.size());
  for (size_t i = 0; i < set.size(); ++i) {
    BOOST_CHECK(read.statements[i].id == set[i].id);
    BOOST_CHECK_EQUAL(read.statements[i].number, set[i].number);
    BOOST_CHECK(read.bundles[i].envelope == bundles[i].envelope);
  }
}

struct RefusedCase {
  const char* name;
  std::function<void(sigstore::Bundle&)> spoil;
  ErrorCode code;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const RefusedCase& c) { return out << c.name; }

void SetPayload(sigstore::Bundle& bundle, const std::string& payload) {
  bundle.envelope.payload = ToBytes(AsBytes(payload));
}

const RefusedCase kRefusedCases[] = {
    {"other_payload_type", [](auto& b) { b.envelope.payload_type = "text/plain"; },
     ErrorCode::kMalformed,
     "bundle 2: dsseEnvelope.payloadType: expected \"application/vnd.in-toto+json\", found "
     "\"text/plain\""},
    {"not_a_statement", [](auto& b) { SetPayload(b, "{}"); }, ErrorCode::kMalformed, "bundle 2: "},
    {"same_statement_again", [](auto& b) { SetPayload(b, kOne); }, ErrorCode::kMalformed,
     "bundle 2: repeats the statement of line 1"},
    {"over_4_mib", [](auto& b) { SetPayload(b, std::string(schemas::kMaxLineBytes + 1, ' ')); },
     ErrorCode::kRejected,
     "bundle 2: the statement has 4194305 bytes, more than the 4194304 allowed"},
};

BOOST_DATA_TEST_CASE(refuses_all_for_one_bad_bundle, kRefusedCases, c) {
  std::vector<sigstore::Bundle> bundles = {BundleOf(kOne), BundleOf(kTwo)};
  c.spoil(bundles[1]);
  CHECK_ERROR(FromBundles(bundles), c.code, c.message);
}

BOOST_AUTO_TEST_CASE(refuses_more_than_a_million_references) {
  std::vector<sigstore::Bundle> bundles;
  for (uint64_t i = 0; i < 25; ++i) bundles.push_back(BundleOf(AllocationPayload(40'000, i)));
  BOOST_CHECK(FromBundles(bundles).has_value());
  bundles.push_back(BundleOf(AllocationPayload(1, 25)));
  CHECK_ERROR(FromBundles(bundles), ErrorCode::kRejected,
              "bundle 26: more than 1000000 references");
}

BOOST_AUTO_TEST_CASE(refuses_more_statements_than_a_passport_may_have) {
  SetBuilder builder;
  for (size_t number = 1; number <= schemas::kMaxPassportLines + 1; ++number) {
    const std::string tail = std::to_string(number);
    const std::string payload = DevicePayload(std::string(64 - tail.size(), '0') + tail);
    const auto refused = builder.AddPayload(AsBytes(payload), number);
    BOOST_REQUIRE_EQUAL(refused.has_value(), number > schemas::kMaxPassportLines);
    if (!refused) continue;
    BOOST_CHECK(refused->fault == Fault::kTooLarge);
    BOOST_CHECK_EQUAL(refused->message, "more than 200000 statements");
  }
  BOOST_CHECK_EQUAL(builder.Take().size(), schemas::kMaxPassportLines);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::statements
