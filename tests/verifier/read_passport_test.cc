#include "verifier/bundle/read_passport.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "schemas/limits.h"
#include "tests/statements/payloads.h"
#include "tests/support/test.h"

namespace carnet::verifier::bundle {
namespace {

namespace test = statements::test;
using test::AllocationPayload;
using test::DevicePayload;

const std::string kZeros = test::kZeroDigest;

std::string Repeated(std::string_view text, size_t count, std::string_view between = "") {
  std::string out;
  out.reserve(count * (text.size() + between.size()));
  for (size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : between).append(text);
  return out;
}

std::string BundleLine(const std::string& payload, Bytes signature = {1, 2, 3}) {
  return sigstore::WriteBundle(test::BundleOf(payload, std::move(signature))) + "\n";
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
  outcome.file = ReadPassport(bytes, 1, outcome.findings);
  return outcome;
}

void CheckOnly(const Outcome& outcome, int rule, std::string_view reason, std::string_view text,
               std::optional<size_t> line) {
  const auto findings = outcome.findings.Sorted();
  BOOST_REQUIRE_EQUAL(findings.size(), 1);
  BOOST_CHECK_EQUAL(findings[0].rule(), rule);
  BOOST_CHECK_EQUAL(RejectReasonName(findings[0].reason()), reason);
  BOOST_CHECK_MESSAGE(
      findings[0].message.find(text) != std::string::npos,
      "message \"" << findings[0].message << "\" does not contain \"" << text << "\"");
  BOOST_CHECK(findings[0].line == line);
}

BOOST_AUTO_TEST_SUITE(read_passport)

BOOST_AUTO_TEST_CASE(keeps_lines_in_order_with_their_statement_ids) {
  const std::string a = DevicePayload(kZeros), b = DevicePayload(std::string(64, '1'));
  const Outcome outcome = Read(BundleLine(a) + BundleLine(b));
  BOOST_CHECK(outcome.findings.empty());
  BOOST_REQUIRE_EQUAL(outcome.file.lines.size(), 2);
  const auto& second = outcome.file.lines[1];
  BOOST_CHECK_EQUAL(second.number, 2);
  BOOST_CHECK(second.kind() == schemas::Kind::kDevice);
  // DSSE's pre-authentication encoding, written out.
  const std::string pae =
      "DSSEv1 28 application/vnd.in-toto+json " + std::to_string(b.size()) + " " + b;
  BOOST_CHECK(second.id == Retag<StatementId>(crypto::Sha256Of(pae)));
  BOOST_CHECK(outcome.file.lines.Find(second.id) == &second);
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
  const std::string good = BundleLine(DevicePayload(kZeros));
  const std::string bare = good.substr(0, good.size() - 1);
  return {
      {"empty file", "", "the file is empty", {}},
      {"no last LF", bare, "does not end in LF", 1},
      {"only CR LF", bare + "\r\n", "a carriage return", 1},
      {"CR inside", "{\r" + good.substr(1), "a carriage return", 1},
      {"byte order mark", "\xEF\xBB\xBF" + good, "a byte order mark", 1},
      {"byte order mark later", good + "\xEF\xBB\xBF" + good, "a byte order mark", 2},
      {"empty first line", "\n" + good, "the line is empty", 1},
      {"empty last line", good + "\n", "the line is empty", 2},
  };
}

BOOST_DATA_TEST_CASE(refuses_malformed_lines, boost::unit_test::data::make(MalformedFiles()),
                     malformed) {
  CheckOnly(Read(malformed.bytes), 1, "malformed-line", malformed.text, malformed.line);
}

BOOST_AUTO_TEST_CASE(a_line_may_have_4_mib_and_no_byte_more) {
  const std::string good = BundleLine(DevicePayload(kZeros));
  const std::string longest(schemas::kMaxLineBytes, ' ');
  CheckOnly(Read(longest + "\n" + good), 2, "malformed-bundle", "", 1);
  const Outcome outcome = Read(longest + " \n" + good);
  CheckOnly(outcome, 1, "too-large", "the line has 4194305 bytes", 1);
  BOOST_CHECK_EQUAL(outcome.file.lines.size(), 1);
}

BOOST_AUTO_TEST_CASE(a_file_over_256_mib_is_not_read) {
  const Outcome outcome = Read(std::string(schemas::kMaxPassportBytes + 1, '\n'));
  CheckOnly(outcome, 1, "too-large", "the file has 268435457 bytes", {});
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

BOOST_AUTO_TEST_CASE(more_than_a_million_references_leave_no_line,
                     *carnet::test::LongOnOneThread()) {
  std::string bytes;
  for (uint64_t i = 0; i < 25; ++i) bytes += BundleLine(AllocationPayload(40'000, i));
  const Outcome fits = Read(bytes);
  BOOST_CHECK(fits.findings.empty());
  BOOST_CHECK_EQUAL(fits.file.lines.size(), 25);
  const Outcome outcome = Read(bytes + BundleLine(AllocationPayload(1, 25)));
  CheckOnly(outcome, 1, "too-large", "more than 1000000 references", 26);
  BOOST_CHECK(outcome.file.lines.empty() && outcome.file.attestations.empty());
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
  const std::string device = DevicePayload(kZeros);
  const std::string good = BundleLine(device);
  const auto statement = [&device](std::string_view from, std::string_view to) {
    return BundleLine(Replaced(device, from, to));
  };
  return {
      {"not JSON", "hello\n", 2, "malformed-bundle", ""},
      {"two values", good.substr(0, good.size() - 1) + "{}\n", 2, "malformed-bundle", ""},
      {"not UTF-8", Replaced(good, "hint\":\"hint", "hint\":\"\xff"), 2, "malformed-bundle", ""},
      {"NUL", std::string("{\0}\n", 4), 2, "malformed-bundle", ""},
      {"other payload type", Replaced(good, "vnd.in-toto+json", "vnd.in-toto+yaml"), 2,
       "wrong-payload-type", "application/vnd.in-toto+yaml"},
      {"more members than any bundle has", "{" + Repeated("\"a\":1", 1'025, ",") + "}\n", 2,
       "malformed-bundle", "an object of more than 1024 members"},
      {"payload that is not a statement", BundleLine("{}"), 3, "malformed-statement", ""},
      {"unknown kind", statement("urn:carnet:device:v1", "urn:carnet:device:v2"), 3, "unknown-kind",
       "urn:carnet:device:v2"},
      {"unknown field", statement("\"units\":1", "\"units\":1,\"colour\":1"), 3, "bad-field",
       "colour"},
      {"other subject", statement("\"name\":\"id\"", "\"name\":\"model\""), 3, "wrong-subjects",
       "model"},
  };
}

BOOST_DATA_TEST_CASE(refuses_lines_that_are_not_one_of_our_statements,
                     boost::unit_test::data::make(WrongLines()), wrong) {
  const std::string other = BundleLine(DevicePayload(std::string(64, '2')));
  const Outcome outcome = Read(other + wrong.line);
  CheckOnly(outcome, wrong.rule, wrong.reason, wrong.text, 2);
  BOOST_CHECK_EQUAL(outcome.file.lines.size(), 1);
}

BOOST_AUTO_TEST_CASE(a_statement_appears_once_whatever_its_signature) {
  const std::string device = DevicePayload(kZeros);
  const Outcome outcome = Read(BundleLine(device, {1}) + BundleLine(device, {2}));
  CheckOnly(outcome, 4, "duplicate-statement", "repeats the statement of line 1", 2);
  BOOST_REQUIRE_EQUAL(outcome.file.lines.size(), 1);
  BOOST_CHECK(outcome.file.attestations[0].bundle.envelope.signature == Bytes{1});
}

// Also across the stretches that are read at once.
BOOST_AUTO_TEST_CASE(file_and_findings_do_not_depend_on_threads) {
  std::string bytes;
  for (size_t i = 0; i < 3'000; ++i) {
    const std::string number = std::to_string(i % 2'900);  // the last hundred again
    const std::string line =
        BundleLine(DevicePayload(std::string(64 - number.size(), '0') + number));
    bytes += i % 157 == 0 ? "junk\n" : i % 211 == 0 ? "\n" : i % 251 == 0 ? "{}\n" : line;
  }
  bytes += "no line feed";
  const auto transcript = [&](unsigned threads) {
    Findings findings;
    const PassportFile file = ReadPassport(bytes, threads, findings);
    BOOST_CHECK_EQUAL(file.attestations.size(), file.lines.size());
    std::string text = std::to_string(findings.total()) + "\n";
    for (const Finding& finding : findings.Sorted()) {
      text += std::to_string(finding.line.value()) + " " + finding.message + "\n";
    }
    for (const auto& line : file.lines) {
      text += std::to_string(line.number) + " " + HexEncode(line.id.span()) + "\n";
    }
    return text;
  };
  const std::string one = transcript(1);
  BOOST_CHECK(one.find("repeats the statement of line") != one.npos);
  BOOST_CHECK(one.find("3001 the last line does not end in LF") != one.npos);
  for (const unsigned threads : {0u, 2u, 3u, 8u}) BOOST_CHECK(transcript(threads) == one);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::bundle
