#include "verifier/bundle/read_passport.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "schemas/limits.h"
#include "tests/support/test.h"

namespace carnet::verifier::bundle {
namespace {

const std::string kZeros(64, '0');

std::string Repeated(std::string_view text, size_t count, std::string_view between = "") {
  std::string out;
  out.reserve(count * (text.size() + between.size()));
  for (size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : between).append(text);
  return out;
}

std::string Statement(const std::string& kind, const std::string& subject_digest,
                      const std::string& fields) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"id","digest":{"sha256":")" +
         subject_digest + R"("}}],"predicateType":"urn:carnet:)" + kind +
         R"(:v1","predicate":{"head":{"signer":"key:)" + kZeros + R"(","ledger":")" + kZeros +
         R"(","created":"2026-01-01T00:00:00.000Z","nonce":"00112233445566778899aabbccddeeff"},)" +
         fields + "}}";
}

// S3, S7: the subject is the hash of the canonical id.
std::string Device(const std::string& ek) {
  const std::string id = "tpm:ek:" + ek;
  const auto subject = crypto::Sha256Of("carnet-device-id-v1\n" + id);
  return Statement("device", HexEncode(subject.span()),
                   R"("id":")" + id + R"(","units":1,"vendor":"maker","chip":"h100-sxm5")");
}

// A resale list as long as a line allows.
std::string Allocation(size_t devices, uint64_t device_ms) {
  const auto subject =
      crypto::Sha256Of(std::string("carnet-allocation-id-v1\n00112233445566778899aabbccddeeff"));
  return Statement(
      "allocation", HexEncode(subject.span()),
      R"("holders":["key:)" + kZeros + R"("],"devices":[")" + Repeated(kZeros, devices, "\",\"") +
          R"("],"window":{"from":"2026-01-01T00:00:00.000Z","to":"2026-01-02T00:00:00.000Z"},)" +
          R"("device_ms":)" + std::to_string(device_ms));
}

std::string BundleLine(const std::string& payload, Bytes signature = {1, 2, 3}) {
  sigstore::Bundle bundle;
  bundle.material = sigstore::PublicKeyHint{"hint"};
  bundle.envelope = {std::string(sigstore::kInTotoPayloadType), ToBytes(AsBytes(payload)),
                     std::move(signature), ""};
  return sigstore::WriteBundle(bundle) + "\n";
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  BOOST_REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

struct Outcome {
  PassportFile file;
  Findings findings;
};

Outcome Read(std::string_view bytes) {
  Outcome outcome;
  outcome.file = ReadPassport(bytes, outcome.findings);
  return outcome;
}

void CheckOnly(const Outcome& outcome, int rule, std::string_view reason, std::string_view text,
               std::optional<size_t> line) {
  const auto findings = outcome.findings.Sorted();
  BOOST_REQUIRE_EQUAL(findings.size(), 1);
  BOOST_CHECK_EQUAL(findings[0].rule(), rule);
  BOOST_CHECK_EQUAL(RejectReasonName(findings[0].reason()), reason);
  BOOST_CHECK_MESSAGE(findings[0].message.find(text) != std::string::npos,
                      "message \"" << findings[0].message << "\" lacks \"" << text << "\"");
  BOOST_CHECK(findings[0].line == line);
}

BOOST_AUTO_TEST_SUITE(read_passport)

BOOST_AUTO_TEST_CASE(keeps_lines_in_order_with_their_statement_ids) {
  const std::string a = Device(kZeros), b = Device(std::string(64, '1'));
  const Outcome outcome = Read(BundleLine(a) + BundleLine(b));
  BOOST_CHECK(outcome.findings.empty());
  BOOST_REQUIRE_EQUAL(outcome.file.lines.size(), 2);
  const Line& second = outcome.file.lines[1];
  BOOST_CHECK_EQUAL(second.number, 2);
  BOOST_CHECK(second.kind() == schemas::Kind::kDevice);
  // DSSE's pre-authentication encoding, written out.
  const std::string pae =
      "DSSEv1 28 application/vnd.in-toto+json " + std::to_string(b.size()) + " " + b;
  BOOST_CHECK(second.id == Retag<StatementId>(crypto::Sha256Of(pae)));
  BOOST_CHECK(outcome.file.Find(second.id) == &second);
}

struct Malformed {
  std::string_view name;
  std::string bytes;
  std::string_view text;
  std::optional<size_t> line;
};
std::ostream& operator<<(std::ostream& out, const Malformed& malformed) {
  return out << malformed.name;
}

std::vector<Malformed> MalformedFiles() {
  const std::string good = BundleLine(Device(kZeros));
  const std::string bare = good.substr(0, good.size() - 1);
  return {
      {"empty file", "", "the file is empty", {}},
      {"no last LF", bare, "does not end in LF", 1},
      {"only CR LF", bare + "\r\n", "a carriage return", 1},
      {"CR inside", "{\r" + good.substr(1), "a carriage return", 1},
      {"byte order mark", "\xEF\xBB\xBF" + good, "a byte order mark", 1},
      {"byte order mark later", good + "\xEF\xBB\xBF" + good, "a byte order mark", 2},
      {"empty first line", "\n" + good, "an empty line", 1},
      {"empty last line", good + "\n", "an empty line", 2},
  };
}

BOOST_DATA_TEST_CASE(refuses_malformed_lines, boost::unit_test::data::make(MalformedFiles()),
                     malformed) {
  CheckOnly(Read(malformed.bytes), 1, "malformed-line", malformed.text, malformed.line);
}

BOOST_AUTO_TEST_CASE(a_line_may_have_4_mib_and_no_byte_more) {
  const std::string good = BundleLine(Device(kZeros));
  const std::string longest(schemas::kMaxLineBytes, ' ');
  CheckOnly(Read(longest + "\n" + good), 2, "malformed-bundle", "", 1);
  const Outcome outcome = Read(longest + " \n" + good);
  CheckOnly(outcome, 1, "too-large", "a line of 4194305 bytes", 1);
  BOOST_CHECK_EQUAL(outcome.file.lines.size(), 1);
}

BOOST_AUTO_TEST_CASE(a_file_over_256_mib_is_not_read) {
  const Outcome outcome = Read(std::string(schemas::kMaxPassportBytes + 1, '\n'));
  CheckOnly(outcome, 1, "too-large", "268435457 bytes", {});
}

BOOST_AUTO_TEST_CASE(a_million_junk_lines_are_not_read) {
  const Outcome outcome = Read(Repeated("junk\n", 1'000'000));
  CheckOnly(outcome, 1, "too-large", "more than 200000 lines", {});
  BOOST_CHECK(outcome.file.lines.empty());
}

BOOST_AUTO_TEST_CASE(as_many_junk_lines_as_allowed_leave_100_findings) {
  const Outcome outcome = Read(Repeated("{}\n", 200'000));
  BOOST_CHECK_EQUAL(outcome.findings.total(), 200'000);
  BOOST_CHECK_EQUAL(outcome.findings.Sorted().size(), 100);
  BOOST_CHECK(outcome.findings.HasRule(2) && !outcome.findings.HasRule(1));
}

BOOST_AUTO_TEST_CASE(more_than_a_million_references_leave_no_line) {
  std::string bytes;
  for (uint64_t i = 0; i < 25; ++i) bytes += BundleLine(Allocation(40'000, i));
  const Outcome fits = Read(bytes);
  BOOST_CHECK(fits.findings.empty());
  BOOST_CHECK_EQUAL(fits.file.lines.size(), 25);
  const Outcome outcome = Read(bytes + BundleLine(Allocation(1, 25)));
  CheckOnly(outcome, 1, "too-large", "more than 1000000 references", 26);
  BOOST_CHECK(outcome.file.lines.empty() && outcome.file.by_id.empty());
}

struct Wrong {
  std::string_view name;
  std::string line;
  int rule;
  std::string_view reason;
  std::string_view text;
};
std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.name; }

std::vector<Wrong> WrongLines() {
  const std::string device = Device(kZeros);
  const std::string good = BundleLine(device);
  const auto statement = [&device](std::string_view from, std::string_view to) {
    return BundleLine(Replaced(device, from, to));
  };
  return {
      {"no JSON", "hello\n", 2, "malformed-bundle", ""},
      {"two values", good.substr(0, good.size() - 1) + "{}\n", 2, "malformed-bundle", ""},
      {"not UTF-8", Replaced(good, "hint\":\"hint", "hint\":\"\xff"), 2, "malformed-bundle", ""},
      {"NUL", std::string("{\0}\n", 4), 2, "malformed-bundle", ""},
      {"other payload type", Replaced(good, "vnd.in-toto+json", "vnd.in-toto+yaml"), 2,
       "wrong-payload-type", "application/vnd.in-toto+yaml"},
      {"payload no statement", BundleLine("{}"), 3, "malformed-statement", ""},
      {"unknown kind", statement("urn:carnet:device:v1", "urn:carnet:device:v2"), 3, "unknown-kind",
       "urn:carnet:device:v2"},
      {"unknown field", statement("\"units\":1", "\"units\":1,\"colour\":1"), 3, "bad-field",
       "colour"},
      {"other subject", statement("\"name\":\"id\"", "\"name\":\"model\""), 3, "wrong-subjects",
       "model"},
  };
}

BOOST_DATA_TEST_CASE(refuses_lines_that_are_no_statement_of_ours,
                     boost::unit_test::data::make(WrongLines()), wrong) {
  const std::string other = BundleLine(Device(std::string(64, '2')));
  const Outcome outcome = Read(other + wrong.line);
  CheckOnly(outcome, wrong.rule, wrong.reason, wrong.text, 2);
  BOOST_CHECK_EQUAL(outcome.file.lines.size(), 1);
}

BOOST_AUTO_TEST_CASE(a_statement_stands_once_whatever_its_signature) {
  const std::string device = Device(kZeros);
  const Outcome outcome = Read(BundleLine(device, {1}) + BundleLine(device, {2}));
  CheckOnly(outcome, 4, "duplicate-statement", "line 1", 2);
  BOOST_REQUIRE_EQUAL(outcome.file.lines.size(), 1);
  BOOST_CHECK(outcome.file.lines[0].bundle.envelope.signature == Bytes{1});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::bundle
