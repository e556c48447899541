#include "sigstore/log_entry.h"

#include "tests/sigstore/replace.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

// As a Rekor v2 log answers, and a promise, which only v1 gives.
constexpr std::string_view kEntry =
    R"({"logIndex":"735","logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)"
    R"("kindVersion":{"kind":"hashedrekord","version":"0.0.2"},"integratedTime":"17",)"
    R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},"inclusionProof":{"logIndex":"736",)"
    R"("rootHash":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","treeSize":"738",)"
    R"("hashes":["AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="],)"
    R"("checkpoint":{"envelope":"note\n"}},"canonicalizedBody":"Ym9keQ=="})";

constexpr std::string_view kProof =
    R"("inclusionProof":{"logIndex":"736",)"
    R"("rootHash":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","treeSize":"738",)"
    R"("hashes":["AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="],)"
    R"("checkpoint":{"envelope":"note\n"}},)";

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

BOOST_AUTO_TEST_SUITE(foreign_log_entry)

BOOST_AUTO_TEST_CASE(reads_the_answer_of_a_log) {
  REQUIRE_VALUE(const LogEntry entry, ReadForeignLogEntry(kEntry));
  BOOST_CHECK_EQUAL(entry.log_index, 735);
  BOOST_CHECK(entry.has_proof);
  BOOST_CHECK_EQUAL(entry.checkpoint, "note\n");
  BOOST_CHECK_EQUAL(AsText(entry.canonicalized_body), "body");
  REQUIRE_VALUE(const LogEntry null_promise,
                ReadForeignLogEntry(test::Replaced(std::string(kEntry),
                                                   R"({"signedEntryTimestamp":"AAEC"})", "null")));
  BOOST_CHECK(null_promise.signed_entry_timestamp.empty());
}

const Refusal kEntryRefusals[] = {
    {"unknown field", R"({"logIndex":"735")", R"({"x":1,"logIndex":"735")", "x: unknown field"},
    {"no log id", R"("logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)", "",
     "logId: missing"},
    {"no proof", kProof, "", "inclusionProof: missing"},
    {"no checkpoint", R"(,"checkpoint":{"envelope":"note\n"})", "",
     "inclusionProof.checkpoint: missing"},
    {"trailing bytes", R"("canonicalizedBody":"Ym9keQ=="})", R"("canonicalizedBody":"Ym9keQ=="}])",
     "trailing data after the value"},
};

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kEntryRefusals), refusal) {
  CHECK_ERROR(ReadForeignLogEntry(test::Replaced(std::string(kEntry), refusal.from, refusal.to)),
              ErrorCode::kMalformed, refusal.message);
}

BOOST_AUTO_TEST_CASE(refuses_an_answer_above_four_mebibytes) {
  CHECK_ERROR(ReadForeignLogEntry(
                  test::Replaced(std::string(kEntry), "hashedrekord", std::string(4 << 20, 'k'))),
              ErrorCode::kMalformed, "larger than 4194304 bytes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
