// R1-R4: bytes that are not a passport.
#include "core/base64.h"
#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;

TextEdit OnLine(size_t number, TextEdit edit) {
  return [number, edit = std::move(edit)](std::string& file) {
    std::vector<std::string> lines = LinesOf(file);
    edit(lines.at(number));
    file = Joined(lines);
  };
}

// In the first line, the device.
TextEdit OnFirstLine(std::string from, std::string to) {
  return OnLine(0, Replacing(std::move(from), std::move(to)));
}

void EditFile(World& world, TextEdit edit) { world.edit_file = std::move(edit); }

void EditPayload(World& world, const std::string& name, std::string from, std::string to) {
  world.At(name).edit_payload = Replacing(std::move(from), std::move(to));
}

// In the passport, as somebody writes it who does not sign with our software.
void Hide(World& w, const std::string& patterns) {
  EditPayload(w, "chat", "\"flop\":", "\"not_covered\":[" + patterns + "],\"flop\":");
}

}  // namespace

const std::vector<Attack>& ReadingAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"more_lines_than_are_read",
       1,
       R::kTooLarge,
       "more than 200000 lines",
       [](World& w) {
         EditFile(w, [](std::string& file) {
           for (int i = 0; i < 1'000'000; ++i) file += "{}\n";
         });
       },
       {18}},
      {"more_bytes_than_are_read",
       1,
       R::kTooLarge,
       "bytes, more than the 268435456 allowed",
       [](World& w) {
         EditFile(w, [](std::string& file) { file.resize((size_t{256} << 20) + 1, ' '); });
       },
       {18}},
      {"a_line_longer_than_is_read", 1, R::kTooLarge, "the line has 4194305 bytes",
       [](World& w) {
         EditFile(w, [](std::string& file) { file.append(4'194'305, ' ').append("\n"); });
       }},
      {"an_empty_file",
       1,
       R::kMalformedLine,
       "the file is empty",
       [](World& w) { EditFile(w, [](std::string& file) { file.clear(); }); },
       {18}},
      {"a_last_line_without_end", 1, R::kMalformedLine, "does not end in LF",
       [](World& w) { EditFile(w, [](std::string& file) { file.pop_back(); }); }},
      {"trailing_garbage", 1, R::kMalformedLine, "does not end in LF",
       [](World& w) { EditFile(w, [](std::string& file) { file += "x"; }); }},
      {"carriage_returns", 1, R::kMalformedLine, "a carriage return",
       [](World& w) { EditFile(w, OnLine(3, [](std::string& line) { line += "\r"; })); }},
      {"a_byte_order_mark", 1, R::kMalformedLine, "a byte order mark",
       [](World& w) { EditFile(w, [](std::string& file) { file.insert(0, "\xEF\xBB\xBF"); }); }},
      {"an_empty_line", 1, R::kMalformedLine, "the line is empty",
       [](World& w) { EditFile(w, [](std::string& file) { file += "\n"; }); }},
      {"a_truncated_line", 2, R::kMalformedBundle, "",
       [](World& w) {
         EditFile(w, OnLine(2, [](std::string& line) { line.resize(line.size() / 2); }));
       }},
      {"trailing_data_after_a_bundle", 2, R::kMalformedBundle, "",
       [](World& w) { EditFile(w, OnLine(2, [](std::string& line) { line += "{}"; })); }},
      {"a_repeated_key_in_a_bundle", 2, R::kMalformedBundle, "mediaType",
       [](World& w) {
         EditFile(w, OnFirstLine("{\"mediaType\"", "{\"mediaType\":\"x\",\"mediaType\""));
       }},
      {"a_key_repeated_by_escape", 2, R::kMalformedBundle, "mediaType",
       [](World& w) {
         EditFile(w, OnFirstLine("{\"mediaType\"", "{\"media\\u0054ype\":\"x\",\"mediaType\""));
       }},
      {"a_deeply_nested_line", 2, R::kMalformedBundle, "",
       [](World& w) {
         EditFile(w, [](std::string& file) { file.append(2'000'000, '[').append("\n"); });
       }},
      {"a_line_that_is_not_utf8", 2, R::kMalformedBundle, "",
       [](World& w) { EditFile(w, OnFirstLine("{\"mediaType\"", "{\"\xFF\"")); }},
      {"a_field_that_bundles_do_not_have", 2, R::kMalformedBundle, "",
       [](World& w) { EditFile(w, OnFirstLine("{\"mediaType\"", "{\"more\":1,\"mediaType\"")); }},
      {"another_media_type", 2, R::kMalformedBundle, "mediaType",
       [](World& w) { EditFile(w, OnFirstLine("bundle.v0.3+json", "bundle.v0.9+json")); }},
      {"two_signatures", 2, R::kMalformedBundle, "signatures",
       [](World& w) {
         EditFile(w, OnFirstLine("\"signatures\":[", "\"signatures\":[{\"sig\":\"AAAA\"},"));
       }},
      {"no_signature", 2, R::kMalformedBundle, "signatures",
       [](World& w) {
         EditFile(w, OnLine(0, [](std::string& line) {
                    line.erase(line.find("\"signatures\":[") + 14);
                    line += "]}}";
                  }));
       }},
      {"base64_in_another_alphabet", 2, R::kMalformedBundle, "dsseEnvelope.payload",
       [](World& w) { EditFile(w, OnFirstLine("\"payload\":\"", "\"payload\":\"-_-_")); }},
      {"another_payload_type", 2, R::kWrongPayloadType, "dsseEnvelope.payloadType",
       [](World& w) {
         w.At("texts").edit_signed = [](sigstore::Bundle& bundle) {
           auto& envelope = bundle.envelope;
           envelope.payload_type = "application/json";
           envelope.signature = KeyNamed("lab").key.Sign(
               AsBytes(sigstore::PreAuthEncoding("application/json", envelope.payload)));
         };
       }},
      {"a_payload_that_is_not_json", 3, R::kMalformedStatement, "",
       [](World& w) { w.At("texts").edit_payload = [](std::string& text) { text = "hello"; }; }},
      {"another_statement_type", 3, R::kMalformedStatement, "_type",
       [](World& w) { EditPayload(w, "texts", "Statement/v1", "Statement/v2"); }},
      {"a_field_that_statements_do_not_have", 3, R::kMalformedStatement, "more",
       [](World& w) { EditPayload(w, "texts", "{\"_type\"", "{\"more\":1,\"_type\""); }},
      {"a_later_kind", 3, R::kUnknownKind, "urn:carnet:transfer:v1",
       [](World& w) {
         EditPayload(w, "texts", "urn:carnet:dataset:v1", "urn:carnet:transfer:v1");
       }},
      {"a_foreign_kind", 3, R::kUnknownKind, "https://slsa.dev/provenance/v1",
       [](World& w) {
         EditPayload(w, "texts", "urn:carnet:dataset:v1", "https://slsa.dev/provenance/v1");
       }},
      {"an_unknown_field", 3, R::kBadField, "predicate.more: unknown field",
       [](World& w) { EditPayload(w, "texts", "\"data_basis\"", "\"more\":1,\"data_basis\""); }},
      {"a_required_field_absent", 3, R::kBadField, "predicate.data_basis: required",
       [](World& w) { EditPayload(w, "texts", ",\"data_basis\":\"manifest\"", ""); }},
      {"a_null", 3, R::kMalformedStatement, "null",
       [](World& w) { EditPayload(w, "texts", "\"manifest\"", "null"); }},
      {"capital_hex", 3, R::kBadField, "predicate.head.ledger",
       [](World& w) {
         w.At("texts").edit_payload = [](std::string& text) {
           const size_t at = text.find("\"ledger\":\"") + 10;
           text.replace(at, 2, "AB");
         };
       }},
      {"a_first_segment_that_is_not_anchored", 3, R::kBadField, "predicate.after: required",
       [](World& w) {
         w.At("chat.0").edit_payload = [](std::string& text) {
           const size_t from = text.find("\"after\":{");
           text.erase(from, text.find('}', from) + 2 - from);
         };
       }},
      {"weights_behind_a_pattern", 3, R::kBadField, "predicate.not_covered[0]: not a pattern",
       [](World& w) { Hide(w, R"("*.safetensors")"); }},
      {"configuration_behind_a_pattern", 3, R::kBadField, "predicate.not_covered[1]: not a pattern",
       [](World& w) { Hide(w, R"("README.md","config.json")"); }},
      {"a_tokenizer_behind_a_pattern", 3, R::kBadField, "predicate.not_covered[0]: not a pattern",
       [](World& w) { Hide(w, R"("vocab.txt")"); }},
      {"code_behind_a_pattern", 3, R::kBadField, "predicate.not_covered[0]: not a pattern",
       [](World& w) { Hide(w, R"("*.py")"); }},
      {"everything_behind_a_pattern", 3, R::kBadField, "predicate.not_covered[0]: not a pattern",
       [](World& w) { Hide(w, R"("*")"); }},
      {"a_pattern_stated_twice", 3, R::kBadField,
       "predicate.not_covered[1]: appears more than once",
       [](World& w) { Hide(w, R"("*.png","*.png")"); }},
      {"a_file_that_is_stated_and_left_out", 3, R::kBadField,
       "predicate.files[1].path: matches a pattern of not_covered",
       [](World& w) {
         w.models.insert_or_assign("chat", WithFile(w.model("chat"), "logo.png", "x"));
         w.given = w.model("chat");
         Hide(w, R"("*.png")");
       }},
      {"a_subject_of_another_digest", 3, R::kWrongSubjects, "sha256 of \"data\" differs",
       [](World& w) {
         w.At("texts").edit_payload = [](std::string& text) {
           const size_t at = text.find("\"sha256\":\"") + 10;
           text[at] = text[at] == '0' ? '1' : '0';
         };
       }},
      {"a_subject_too_many", 3, R::kWrongSubjects, "is not a subject of this predicate",
       [](World& w) {
         EditPayload(w, "texts", "}}]",
                     R"(}},{"name":"x","digest":{"sha256":")" + std::string(64, '0') + R"("}}])");
       }},
      {"an_aborted_run_of_another_id",
       3,
       R::kWrongSubjects,
       "run_id",
       [](World& w) {
         w.Drop("chat.done", "/model");
         w.Drop("chat.done", "/tensor_roots");
         w.Set("chat.done", "/outcome", R"("aborted")");
         w.Set("chat.done", "/reason", R"("power cut")");
         w.Set("chat.done", "/run_id", R"("@id:base.run")");
       },
       {22}},
      {"one_line_more_than_once", 4, R::kDuplicateStatement, "repeats the statement of line 3",
       [](World& w) { EditFile(w, [](std::string& f) { f += LinesOf(f).at(2) + "\n"; }); }},
      {"one_statement_signed_twice", 4, R::kDuplicateStatement, "repeats the statement of line 3",
       [](World& w) {
         Statement again = w.At("texts");
         again.edit_signed = [](sigstore::Bundle& bundle) {
           bundle.envelope.signature = KeyNamed("lab").key.Sign(AsBytes(
               sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, bundle.envelope.payload)));
         };
         w.story.push_back(again);
       }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(reading)

BOOST_DATA_TEST_CASE(refuses, data::make(ReadingAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(names_line_and_field) {
  World world = FineTuneWorld();
  world.At("texts").edit_payload = Replacing(R"("bytes":1000)", R"("bytes":-1000)");
  const auto verdict = world.Judge();
  CheckRefused(verdict, 3, RejectReason::kBadField, "predicate.size.bytes: not a whole number");
  BOOST_CHECK(verdict.findings.front().line == 3);
  BOOST_CHECK(StatusOf(verdict, "model") == verifier::RowStatus::kNotChecked);
}

BOOST_AUTO_TEST_CASE(junk_lines_cost_little_and_are_listed_a_hundred_times) {
  World world = BaseWorld();
  std::string junk;
  for (int i = 0; i < 199'993; ++i) junk += "{\"a\":1}\n";
  const auto verdict = world.Judge(junk);
  CheckRefused(verdict, 2, RejectReason::kMalformedBundle, "");
  BOOST_CHECK_EQUAL(verdict.findings.size(), verifier::kMaxFindings);
  BOOST_CHECK_EQUAL(verdict.findings_total, 199'993u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
