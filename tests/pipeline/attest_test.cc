#include "pipeline/attest.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "pipeline/draft.h"
#include "pipeline/own_statement.h"
#include "schemas/readers.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/real_ledger.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

const std::string kDevice =
    R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5","host":"h"})";

Result<schemas::Predicate> Complete(const std::string& draft, Kind kind = Kind::kDevice) {
  return ReadWholeDraft(kind, draft, "device.json");
}

const std::string kDatasetDraft = R"({"name":"texts","sources":[{"kind":"public"}]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(drafts)

struct BadDraft {
  const char* name;
  std::string draft;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadDraft& bad) { return out << bad.name; }

const BadDraft kBadDrafts[] = {
    {"head",
     R"({"head":{},"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"})",
     "head"},
    {"unknown_field", With(R"("colour":"red")", kDevice), "colour"},
    {"unknown_nested_field",
     With(R"("location":{"jurisdiction":"undisclosed","colour":"red"})", kDevice),
     "location.colour"},
    {"missing_field", R"({"id":"aws:i-0123456789abcdef0","vendor":"AWS","chip":"h100-sxm5"})",
     "units"},
    {"wrong_type",
     R"({"id":"aws:i-0123456789abcdef0","units":"1","vendor":"AWS","chip":"h100-sxm5"})", "units"},
    {"fraction",
     R"({"id":"aws:i-0123456789abcdef0","units":1.5,"vendor":"AWS","chip":"h100-sxm5"})", "units"},
    {"null", With(R"("cluster":null)", kDevice), "cluster"},
    {"duplicate_key", With(R"("units":1)", kDevice), "units"},
    {"trailing_bytes", kDevice + "x", ""},
    {"truncated", kDevice.substr(0, kDevice.size() - 1), ""},
    {"empty", "", ""},
    {"list", "[]", "must be a JSON object, not"},
    {"not_utf8", With("\"vendor\xff\":1", kDevice), ""},
};

BOOST_DATA_TEST_CASE(names_file_and_field_of_a_bad_draft, kBadDrafts, bad) {
  const auto read = Complete(bad.draft);
  CHECK_ERROR(read, ErrorCode::kMalformed, "device.json:1:");
  CHECK_ERROR(read, ErrorCode::kMalformed, bad.message);
}

BOOST_AUTO_TEST_CASE(names_the_item_of_a_list) {
  const std::string draft =
      test::drafts::Stretch({.device = std::string(64, '0'), .allocation = std::string(64, '0')});
  std::string bad = draft;
  bad.replace(bad.find(R"("units")"), 7, R"("colour":1,"units")");
  CHECK_ERROR(ReadWholeDraft(Kind::kSegment, bad, "segment.json"), ErrorCode::kMalformed,
              "usage[0].colour");
}

Draft Parsed(std::string_view text) { return ValueOf(Draft::Parse(text, "device.json"), "draft"); }

BOOST_AUTO_TEST_CASE(refuses_a_field_that_carnet_sets) {
  CHECK_ERROR(Parsed(kDevice).Read(Kind::kDevice, {"vendor"}), ErrorCode::kMalformed,
              "device.json:1:43: vendor: is set by carnet; leave it out");
}

BOOST_AUTO_TEST_CASE(fields_that_are_set_obey_the_rules_of_those_that_are_given) {
  const Draft draft = Parsed(R"({"id":"aws:i-0123456789abcdef0","units":1,"chip":"h100-sxm5"})");
  const auto complete = [&](const char* vendor) {
    auto device = ValueOf(draft.Read(Kind::kDevice, {"vendor"}), "read");
    if (vendor != nullptr) schemas::BuilderOf<wire::Device>(device).setVendor(vendor);
    return draft.Complete(std::move(device));
  };
  REQUIRE_VALUE(const auto predicate, complete("AWS"));
  const auto device = schemas::ReaderOf<wire::Device>(predicate);
  BOOST_CHECK_EQUAL(schemas::TextOf(device.getVendor()), "AWS");
  BOOST_CHECK_EQUAL(schemas::TextOf(device.getChip()), "h100-sxm5");
  CHECK_ERROR(complete(nullptr), ErrorCode::kMalformed,
              "device.json:1:1: vendor: required, but absent");
  CHECK_ERROR(complete("two\nlines"), ErrorCode::kMalformed,
              "device.json:1:1: vendor: control or invisible character");
  CHECK_ERROR(complete("undisclosed"), ErrorCode::kMalformed,
              "device.json:1:1: vendor: may not be \"undisclosed\"");
}

BOOST_AUTO_TEST_CASE(rules_across_fields_hold_for_the_whole) {
  const Draft draft =
      Parsed(R"({"id":"aws:i-0123456789abcdef0","vendor":"AWS","chip":"h100-sxm5"})");
  REQUIRE_VALUE(auto device, draft.Read(Kind::kDevice, {"units"}));
  schemas::BuilderOf<wire::Device>(device).initUnits().setValue(0);
  CHECK_ERROR(draft.Complete(std::move(device)), ErrorCode::kMalformed,
              "device.json:1:1: units: must be at least 1");
}

BOOST_AUTO_TEST_CASE(a_field_that_the_caller_reads_is_left_out) {
  const Draft draft = Parsed(With(R"("location":7)", kDevice));
  CHECK_ERROR(draft.Read(Kind::kDevice, {}), ErrorCode::kMalformed, "location");
  REQUIRE_VALUE(const auto device, draft.Read(Kind::kDevice, {}, {"location"}));
  BOOST_CHECK(!schemas::ReaderOf<wire::Device>(device).hasLocation());
}

BOOST_AUTO_TEST_CASE(drafts_that_say_the_same_are_the_same) {
  REQUIRE_VALUE(const auto one, Parsed(R"({"b": [1, 2],  "a":"x"})").Canonical());
  REQUIRE_VALUE(const auto two, Parsed("{\"a\":\"\\u0078\",\n\"b\":[1,2]}").Canonical());
  REQUIRE_VALUE(const auto other, Parsed(R"({"a":"x","b":[2,1]})").Canonical());
  BOOST_CHECK_EQUAL(one, R"({"a":"x","b":[1,2]})");
  BOOST_CHECK_EQUAL(one, two);
  BOOST_CHECK_NE(one, other);
}

BOOST_AUTO_TEST_CASE(a_draft_is_asked_for_its_fields) {
  BOOST_CHECK(Parsed(R"({"size":{}})").Find("size").has_value());
  BOOST_CHECK(!Parsed(R"({"x":{"size":1}})").Find("size"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dataset_drafts)

BOOST_AUTO_TEST_CASE(digest_files_and_size_come_from_the_files) {
  const auto files = MakeModel("texts");
  // S5, spelt out: the sums file of two files, ordered by path.
  std::string sums;
  for (const char* part : {"config", "weights"}) {
    sums += HexEncode(crypto::Sha256Of("texts " + std::string(part)).span()) +
            (part == std::string("config") ? "  config.json\n" : "  model.safetensors\n");
  }
  REQUIRE_VALUE(const auto predicate, DatasetDraft(kDatasetDraft, "d", files));
  const auto dataset = schemas::ReaderOf<wire::Dataset>(predicate);
  BOOST_CHECK(schemas::DigestOf<Sha256Digest>(dataset.getData()) == crypto::Sha256Of(sums));
  BOOST_CHECK(dataset.getDataBasis() == wire::DataBasis::FILES);
  BOOST_REQUIRE_EQUAL(dataset.getFiles().size(), 2U);
  BOOST_CHECK_EQUAL(schemas::TextOf(dataset.getFiles()[0].getPath()), "config.json");
  const size_t bytes = std::string("texts config").size() + std::string("texts weights").size();
  BOOST_CHECK_EQUAL(dataset.getSize().getBytes().getValue(), bytes);
}

BOOST_AUTO_TEST_CASE(a_size_that_is_stated_stays) {
  REQUIRE_VALUE(const auto predicate,
                DatasetDraft(With(R"("size":{"bytes":"undisclosed","records":7})", kDatasetDraft),
                             "d", MakeModel("texts")));
  const auto size = schemas::ReaderOf<wire::Dataset>(predicate).getSize();
  BOOST_CHECK(size.getBytes().isUndisclosed());
  BOOST_CHECK_EQUAL(size.getRecords().getValue(), 7U);
}

BOOST_AUTO_TEST_CASE(another_size_than_the_files_is_refused) {
  CHECK_ERROR(DatasetDraft(With(R"("size":{"bytes":1})", kDatasetDraft), "d", MakeModel("texts")),
              ErrorCode::kMalformed, "size.bytes: not the sum of the files' bytes");
}

BOOST_AUTO_TEST_CASE(what_the_files_say_may_not_be_stated) {
  for (const char* field : {"data", "data_basis", "files"}) {
    CHECK_ERROR(
        DatasetDraft(With("\"" + std::string(field) + "\":1", kDatasetDraft), "d", MakeModel("t")),
        ErrorCode::kMalformed, std::string("d:1:2: ") + field + ": is set by carnet");
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(attesting)

BOOST_AUTO_TEST_CASE(an_attested_statement_is_logged_with_its_receipt) {
  RealLedger world;
  const uint64_t before = world.size();
  REQUIRE_VALUE(auto draft, Complete(kDevice));
  REQUIRE_VALUE(const auto attested,
                Attest(std::move(draft), world.lab(), world.ledger(), world.Moment()));
  BOOST_CHECK_EQUAL(attested.index.value(), before);
  BOOST_REQUIRE_EQUAL(attested.bundle.entries.size(), 1U);
  BOOST_CHECK_EQUAL(attested.bundle.entries[0].log_index, before);
  BOOST_CHECK_EQUAL(attested.bundle.entries[0].proof_tree_size, before + 1);
  REQUIRE_VALUE(const auto entry, world.Read()->EntryAt(attested.index));
  BOOST_CHECK(entry.id == attested.id);
  BOOST_CHECK(entry.signer == world.lab().id());
}

BOOST_AUTO_TEST_CASE(the_same_statement_again_keeps_its_first_index) {
  RealLedger world;
  const Moment moment = world.Moment();
  REQUIRE_VALUE(auto first, Complete(kDevice));
  REQUIRE_VALUE(auto second, Complete(kDevice));
  REQUIRE_VALUE(const auto one, Attest(std::move(first), world.lab(), world.ledger(), moment));
  const uint64_t size = world.size();
  REQUIRE_VALUE(const auto two, Attest(std::move(second), world.lab(), world.ledger(), moment));
  BOOST_CHECK(one.id == two.id);
  BOOST_CHECK(one.index == two.index);
  BOOST_CHECK_EQUAL(world.size(), size);
}

struct RepeatedCall {
  RealLedger world;
  std::string nonce = std::string(32, '7');

  Result<Attested> Call(Result<schemas::Predicate> draft, const std::string& key = "lab",
                        bool chosen = true) {
    const Moment now = world.Moment();  // later at each call
    return Attest(ValueOf(std::move(draft), "draft"), *KeyNamed(key).signer, world.ledger(),
                  {now.now, nonce, chosen});
  }
  Result<Attested> Texts(const std::string& files, const std::string& name = "texts") {
    return Call(DatasetDraft(R"({"name":")" + name + R"(","sources":[{"kind":"public"}]})", "d",
                             MakeModel(files)));
  }
  void CheckRepeats(const Result<Attested>& again, const Attested& first) {
    BOOST_REQUIRE_MESSAGE(again.has_value(), (again ? "" : again.error().message));
    BOOST_CHECK(again->repeated);
    BOOST_CHECK(again->id == first.id);
    BOOST_CHECK(again->index == first.index);
    BOOST_CHECK_EQUAL(again->bundle.entries.size(), 1U);
  }
};

BOOST_FIXTURE_TEST_CASE(a_chosen_nonce_answers_later_calls_with_what_is_logged, RepeatedCall) {
  REQUIRE_VALUE(const auto device, Call(Complete(kDevice)));
  BOOST_CHECK(!device.repeated);
  REQUIRE_VALUE(const auto texts, Texts("texts"));  // another kind: its own statement
  BOOST_CHECK(!texts.repeated);
  const uint64_t size = world.size();
  CheckRepeats(Call(Complete(kDevice)), device);
  CheckRepeats(Texts("texts"), texts);
  BOOST_CHECK_EQUAL(world.size(), size);
}

// A nonce that was drawn has no earlier call.
BOOST_FIXTURE_TEST_CASE(a_nonce_that_is_not_chosen_is_not_looked_up, RepeatedCall) {
  REQUIRE_VALUE(const auto first, Call(Complete(kDevice)));
  REQUIRE_VALUE(const auto second, Call(Complete(kDevice), "lab", false));
  BOOST_CHECK(!second.repeated && second.id != first.id);
}

BOOST_FIXTURE_TEST_CASE(other_content_under_a_used_nonce_is_a_conflict_that_names_both,
                        RepeatedCall) {
  REQUIRE_VALUE(const auto device, Call(Complete(kDevice)));
  REQUIRE_VALUE(const auto texts, Texts("texts"));
  const uint64_t size = world.size();
  const std::string with_host = With(R"("cluster":{"name":"c"})", kDevice);
  const std::string id = HexEncode(device.id.span());
  CHECK_ERROR(Call(Complete(with_host)), ErrorCode::kConflict,
              "statement sha256:" + id + " at entry " + std::to_string(device.index.value()) +
                  " was recorded with this nonce or idempotency key, but with other content; it "
                  "differs in: cluster");
  // The subject is another too: found among what the signer logged.
  CHECK_ERROR(Texts("other files"), ErrorCode::kConflict,
              "sha256:" + HexEncode(texts.id.span()) + " at entry");
  CHECK_ERROR(Texts("texts", "other texts"), ErrorCode::kConflict, "it differs in: name");
  BOOST_CHECK_EQUAL(world.size(), size);
}

// Whoever guesses or repeats another's nonce gains nothing and blocks nothing.
BOOST_FIXTURE_TEST_CASE(anothers_nonce_is_not_ones_own, RepeatedCall) {
  REQUIRE_VALUE(const auto strangers, Call(Complete(kDevice), "stranger"));
  REQUIRE_VALUE(const auto own, Call(Complete(kDevice)));
  BOOST_CHECK(!own.repeated && own.id != strangers.id);
}

BOOST_AUTO_TEST_CASE(what_is_prepared_is_judged_and_not_logged) {
  RealLedger world;
  const uint64_t size = world.size();
  REQUIRE_VALUE(auto draft, Complete(kDevice));
  const Moment moment = world.Moment();
  REQUIRE_VALUE(const auto prepared,
                PrepareStatement(draft.Clone(), world.lab(), world.ledger(), moment));
  BOOST_CHECK_EQUAL(world.size(), size);
  REQUIRE_VALUE(const auto attested, Attest(std::move(draft), world.lab(), world.ledger(), moment));
  BOOST_CHECK(prepared.statement.id() == attested.id);
}

BOOST_AUTO_TEST_CASE(the_head_says_key_ledger_time_and_nonce) {
  RealLedger world;
  const Moment moment = world.Moment();
  REQUIRE_VALUE(auto draft, Complete(kDevice));
  REQUIRE_VALUE(const auto attested, Attest(std::move(draft), world.lab(), world.ledger(), moment));
  REQUIRE_VALUE(const auto statement, ReadOwnStatement(attested.bundle));
  const schemas::Predicate& predicate = statement.predicate();
  BOOST_REQUIRE(predicate.head().has_value());
  BOOST_CHECK(predicate.head()->signer == world.lab().id());
  BOOST_CHECK(predicate.head()->ledger == world.ledger().key().id());
  BOOST_CHECK(predicate.head()->created == moment.now);
  BOOST_CHECK_EQUAL(predicate.head()->nonce, moment.nonce);
}

BOOST_AUTO_TEST_CASE(refuses_a_bad_nonce_and_logs_nothing) {
  RealLedger world;
  const uint64_t before = world.size();
  REQUIRE_VALUE(auto draft, Complete(kDevice));
  CHECK_ERROR(Attest(std::move(draft), world.lab(), world.ledger(), {world.now(), "ABC"}),
              ErrorCode::kMalformed, "nonce");
  BOOST_CHECK_EQUAL(world.size(), before);
}

BOOST_AUTO_TEST_CASE(refuses_a_bundle_of_another_key_or_ledger) {
  RealLedger world;
  REQUIRE_VALUE(auto draft, Complete(kDevice));
  REQUIRE_VALUE(const auto attested,
                Attest(std::move(draft), world.lab(), world.ledger(), world.Moment()));
  REQUIRE_VALUE(const auto stranger, crypto::P256PublicKey::ParseSpki(KeyNamed("cloud").spki()));
  CHECK_ERROR(AppendBundle(attested.bundle, stranger, world.ledger()), ErrorCode::kRejected,
              "head.signer: names " + SignerId(world.lab().public_key().id()).ToString());
  const crypto::P256PublicKey& key = world.lab().public_key();
  const auto another = world.AnotherLedger();
  CHECK_ERROR(AppendBundle(attested.bundle, key, *another), ErrorCode::kRejected, "ledger");
  sigstore::Bundle tampered = attested.bundle;
  tampered.envelope.signature.back() ^= 1;
  CHECK_ERROR(AppendBundle(tampered, key, world.ledger()), ErrorCode::kRejected, "signature");
}

BOOST_AUTO_TEST_SUITE_END()
