// What others signed is logged as it came, whole or not at all.
#include "pipeline/append_bundles.h"

#include <functional>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "pipeline/draft.h"
#include "sigstore/dsse.h"
#include "tests/support/certified.h"
#include "tests/support/drafts.h"
#include "tests/support/party_keys.h"
#include "tests/support/real_ledger.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;
using schemas::Kind;

namespace {

using drafts::Hex;

struct World : RealLedger {
  // As whoever has the key `name` signs it, for this ledger; not logged.
  sigstore::Bundle Sign(Kind kind, const std::string& draft, const std::string& name = "lab") {
    return SignFor(ledger().key().id(), kind, draft, *KeyNamed(name).signer);
  }
  sigstore::Bundle SignFor(const LogId& log, Kind kind, const std::string& draft,
                           const signer::Signer& signer) {
    const auto moment = Moment();
    auto predicate = ValueOf(ReadWholeDraft(kind, draft, "draft"), "draft");
    return ValueOf(signer.SignPredicate(std::move(predicate), {log, moment.now, moment.nonce}),
                   "sign")
        .bundle;
  }
  sigstore::Bundle Dataset(const std::string& content, drafts::Texts derived_from = {}) {
    return Sign(Kind::kDataset, DatasetDraft(content, std::move(derived_from)));
  }
  static std::string DatasetDraft(const std::string& content, drafts::Texts derived_from = {}) {
    return drafts::Dataset(
        {.data = Hex(crypto::Sha256Of(content)), .derived_from = std::move(derived_from)});
  }
  static KnownSigners ByKey(const std::string& name = "lab") {
    KnownSigners known;
    known.keys.push_back(ValueOf(crypto::P256PublicKey::ParseSpki(KeyNamed(name).spki()), name));
    return known;
  }
  // As JSON spells it.
  std::string Seen() {
    std::string text;
    for (const char c : ledger().checkpoint()) text += c == '\n' ? "\\n" : std::string(1, c);
    return text;
  }
  Result<std::vector<Attested>> Append(const std::vector<sigstore::Bundle>& bundles,
                                       const KnownSigners& known = ByKey(),
                                       OnFinding on_finding = OnFinding::kRefuse) {
    std::vector<ledger::NamedBundle> given;
    for (const auto& bundle : bundles)
      given.push_back({"line " + std::to_string(given.size() + 1), bundle});
    return AppendBundles(given, known, ledger(), now(), on_finding);
  }
};

StatementId IdOf(const sigstore::Bundle& bundle) {
  return Retag<StatementId>(crypto::Sha256Of(
      sigstore::PreAuthEncoding("application/vnd.in-toto+json", bundle.envelope.payload)));
}

void SignBy(const std::string& name, sigstore::Bundle& bundle) {
  bundle.envelope.signature = KeyNamed(name).key.Sign(
      AsBytes(sigstore::PreAuthEncoding(bundle.envelope.payload_type, bundle.envelope.payload)));
}

sigstore::LogEntry ForeignEntry() {
  sigstore::LogEntry entry{.log_id = LogId(std::array<uint8_t, 32>{7})};
  entry.log_index = 41;
  entry.canonicalized_body = {1, 2, 3};
  return entry;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(append_bundles, World)

BOOST_AUTO_TEST_CASE(logs_a_statement_that_another_signed_and_gives_its_receipt) {
  const auto bundle = Dataset("one");
  const uint64_t before = size();
  REQUIRE_VALUE(const auto appended, Append({bundle}));
  BOOST_REQUIRE_EQUAL(appended.size(), 1u);
  BOOST_CHECK(appended[0].id == IdOf(bundle));
  BOOST_CHECK_EQUAL(appended[0].index.value(), before);
  BOOST_CHECK(!appended[0].repeated && appended[0].notes.empty());
  BOOST_CHECK_EQUAL(size(), before + 1);
  const sigstore::Bundle& logged = appended[0].bundle;
  BOOST_CHECK(logged.envelope.payload == bundle.envelope.payload);
  BOOST_CHECK(logged.envelope.signature == bundle.envelope.signature);
  BOOST_REQUIRE_EQUAL(logged.entries.size(), 1u);
  BOOST_CHECK(logged.entries[0].log_id == ledger().key().id());
  BOOST_CHECK_EQUAL(logged.entries[0].checkpoint, ledger().checkpoint());
}

BOOST_AUTO_TEST_CASE(spaces_in_the_text_are_kept_as_they_were_signed) {
  auto bundle = Dataset("one");
  bundle.envelope.payload.insert(bundle.envelope.payload.begin() + 1, {'\n', ' ', ' '});
  SignBy("lab", bundle);
  REQUIRE_VALUE(const auto appended, Append({bundle}));
  BOOST_CHECK(appended[0].bundle.envelope.payload == bundle.envelope.payload);
  BOOST_CHECK(appended[0].id == IdOf(bundle));
}

BOOST_AUTO_TEST_CASE(a_repeated_call_changes_nothing) {
  const auto bundle = Dataset("one");
  REQUIRE_VALUE(const auto first, Append({bundle}));
  const std::string checkpoint = ledger().checkpoint();
  REQUIRE_VALUE(const auto again, Append({bundle}));
  BOOST_CHECK(again[0].repeated);
  BOOST_CHECK(again[0].index == first[0].index);
  BOOST_CHECK_EQUAL(ledger().checkpoint(), checkpoint);
  // As it came back, with the receipt that it has by now.
  REQUIRE_VALUE(const auto back, Append({first[0].bundle}));
  BOOST_CHECK(back[0].repeated);
  BOOST_CHECK_EQUAL(back[0].bundle.entries.size(), 1u);
}

BOOST_AUTO_TEST_CASE(twice_in_one_call_is_logged_once) {
  const auto bundle = Dataset("one");
  const uint64_t before = size();
  REQUIRE_VALUE(const auto appended, Append({bundle, bundle}));
  BOOST_CHECK_EQUAL(size(), before + 1);
  BOOST_CHECK(!appended[0].repeated && appended[1].repeated);
  BOOST_CHECK(appended[0].index == appended[1].index);
}

BOOST_AUTO_TEST_CASE(another_signature_of_what_is_logged_brings_the_logged_one_back) {
  const auto bundle = Dataset("one");
  auto other = bundle;
  SignBy("lab", other);
  BOOST_REQUIRE(other.envelope.signature != bundle.envelope.signature);
  other.entries.push_back(ForeignEntry());
  REQUIRE_VALUE(const auto first, Append({bundle}));
  REQUIRE_VALUE(const auto second, Append({other}));
  BOOST_CHECK(second[0].repeated);
  BOOST_CHECK(second[0].bundle.envelope.signature == bundle.envelope.signature);
  BOOST_CHECK_EQUAL(second[0].bundle.entries.size(), 1u);
}

// R12: the index of what is referred to is lower.
BOOST_AUTO_TEST_CASE(what_others_refer_to_is_logged_before_them) {
  const auto one = Dataset("one");
  const auto two = Dataset("two", {Hex(IdOf(one))});
  const auto three = Dataset("three", {Hex(IdOf(two)), Hex(IdOf(one))});
  const uint64_t before = size();
  REQUIRE_VALUE(const auto appended, Append({three, two, one}));
  BOOST_CHECK_EQUAL(appended[2].index.value(), before);
  BOOST_CHECK_EQUAL(appended[1].index.value(), before + 1);
  BOOST_CHECK_EQUAL(appended[0].index.value(), before + 2);
  for (const auto& each : appended) {
    BOOST_CHECK(each.notes.empty());
    BOOST_CHECK_EQUAL(each.bundle.entries.at(0).checkpoint, ledger().checkpoint());
  }
}

BOOST_AUTO_TEST_CASE(what_is_referred_to_and_nowhere_is_noted) {
  const auto one = Dataset("one");
  REQUIRE_VALUE(const auto appended, Append({Dataset("two", {Hex(IdOf(one))})}));
  BOOST_REQUIRE_EQUAL(appended[0].notes.size(), 1u);
  BOOST_CHECK(appended[0].notes[0].find(Hex(IdOf(one)) + ", which is not in this ledger") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_is_found_in_the_trust_directory) {
  const trust::Trust trust = MakeTrust();
  REQUIRE_VALUE(const auto appended, Append({Dataset("one")}, {.keys = {}, .trust = &trust}));
  BOOST_CHECK(!appended[0].repeated);
}

trust::Trust TrustInLab(std::set<Kind> kinds, trust::DateWindow dates) {
  trust::TrustedKey lab(ValueOf(crypto::P256PublicKey::ParseSpki(KeyNamed("lab").spki()), "lab"),
                        "lab", "", std::move(kinds), dates);
  std::vector<trust::TrustedKey> keys;
  keys.push_back(std::move(lab));
  return ValueOf(trust::Trust::Create(std::move(keys), {}), "trust");
}

BOOST_AUTO_TEST_CASE(a_key_of_the_trust_directory_signs_its_kinds_in_its_time) {
  const TimestampMs now = Moment().now;
  const uint64_t before = ledger().Read().value()->size().value();
  const trust::Trust others = TrustInLab({Kind::kRun}, {});
  CHECK_ERROR(Append({Dataset("one")}, {.keys = {}, .trust = &others}), ErrorCode::kRejected,
              "line 1: not logged, as the gate would refuse it: key-not-for-kind (R8): lab's key "
              "may not sign statements of kind dataset");
  const trust::Trust ended = TrustInLab({Kind::kDataset}, {.from = {}, .until = now});
  CHECK_ERROR(Append({Dataset("two")}, {.keys = {}, .trust = &ended}), ErrorCode::kRejected,
              "line 1: not logged, as the gate would refuse it: key-not-in-force (R15): ");
  BOOST_CHECK_EQUAL(ledger().Read().value()->size().value(), before);
  REQUIRE_VALUE(const auto appended,
                Append({Dataset("two")}, {.keys = {}, .trust = &ended}, OnFinding::kNote));
  BOOST_REQUIRE_EQUAL(appended[0].notes.size(), 1u);
  BOOST_CHECK(appended[0].notes[0].starts_with(
      "logged, though the gate will refuse it: key-not-in-force (R15): "));
}

BOOST_AUTO_TEST_CASE(entries_of_other_logs_stay_and_those_of_this_one_are_replaced) {
  auto bundle = Dataset("one");
  sigstore::LogEntry old{.log_id = ledger().key().id()};
  old.checkpoint = "old";
  bundle.entries = {old, ForeignEntry()};
  REQUIRE_VALUE(const auto appended, Append({bundle}));
  const auto& entries = appended[0].bundle.entries;
  BOOST_REQUIRE_EQUAL(entries.size(), 2u);
  BOOST_CHECK_EQUAL(entries[0].checkpoint, ledger().checkpoint());
  BOOST_CHECK(entries[1].log_id == ForeignEntry().log_id);
  BOOST_CHECK_EQUAL(entries[1].log_index, 41u);
  BOOST_CHECK(entries[1].canonicalized_body == ForeignEntry().canonicalized_body);
}

struct Refused {
  const char* name;
  sigstore::Bundle (*make)(World&);
  ErrorCode code;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Refused& refused) { return out << refused.name; }

const Refused kRefused[] = {
    {"a_key_that_nobody_gave",
     [](World& world) { return world.Sign(Kind::kDataset, World::DatasetDraft("x"), "cloud"); },
     ErrorCode::kRejected, "of which there is no public key"},
    {"a_hint_that_is_no_digest",
     [](World& world) {
       auto bundle = world.Dataset("x");
       bundle.material = sigstore::PublicKeyHint{"lab"};
       return bundle;
     },
     ErrorCode::kRejected, "publicKey.hint names \"lab\""},
    {"a_hint_alone",
     [](World& world) {
       auto bundle = world.Sign(Kind::kDataset, World::DatasetDraft("x"), "cloud");
       bundle.material = sigstore::HintOf(KeyNamed("lab").id());
       return bundle;
     },
     ErrorCode::kRejected, "head.signer"},
    {"a_signature_by_another_key",
     [](World& world) {
       auto bundle = world.Dataset("x");
       SignBy("cloud", bundle);
       return bundle;
     },
     ErrorCode::kRejected, "signature: not made by this key over this statement"},
    {"a_changed_text",
     [](World& world) {
       auto bundle = world.Dataset("x");
       bundle.envelope.payload.insert(bundle.envelope.payload.begin() + 1, ' ');
       return bundle;
     },
     ErrorCode::kRejected, "signature: not made by this key over this statement"},
    {"another_payload_type",
     [](World& world) {
       auto bundle = world.Dataset("x");
       bundle.envelope.payload_type = "text/plain";
       SignBy("lab", bundle);
       return bundle;
     },
     ErrorCode::kRejected, "payload type: not in-toto's"},
    {"no_statement_of_ours",
     [](World& world) {
       auto bundle = world.Dataset("x");
       const std::string text =
           R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":")" +
           std::string(64, 'a') + R"("}}],"predicateType":"https://slsa.dev/provenance/v1",)" +
           R"("predicate":{}})";
       bundle.envelope.payload = ToBytes(AsBytes(text));
       SignBy("lab", bundle);
       return bundle;
     },
     ErrorCode::kMalformed, "predicateType"},
    {"a_statement_for_another_ledger",
     [](World& world) {
       return world.SignFor(LogId(std::array<uint8_t, 32>{9}), Kind::kDataset,
                            World::DatasetDraft("x"), world.lab());
     },
     ErrorCode::kRejected, "head.ledger: the statement is meant for ledger 09"},
    {"a_time_to_come",
     [](World& world) {
       world.clock_ms += 3'600'000;
       auto bundle = world.Dataset("x");
       world.clock_ms -= 3'600'000;
       return bundle;
     },
     ErrorCode::kRejected, "not logged, as the gate would refuse it: future-time (R29)"},
    {"a_run_on_what_is_not_there",
     [](World& world) {
       return world.Sign(Kind::kRun, drafts::Run({.datasets = drafts::Texts{std::string(64, 'a')},
                                                  .seen = world.Seen()}));
     },
     ErrorCode::kRejected, "not logged, as no passport of this run could be issued"},
    {"too_many_time_stamps",
     [](World& world) {
       auto bundle = world.Dataset("x");
       bundle.timestamps.resize(schemas::kMaxStoredTimestamps + 1, {1});
       return bundle;
     },
     ErrorCode::kRejected, "time stamps: at most"},
};

BOOST_DATA_TEST_CASE_F(World, one_that_is_refused_keeps_all_out_and_is_named, kRefused, refused) {
  const uint64_t before = size();
  const auto good = Dataset("good");
  const auto appended = Append({good, refused.make(*this)});
  CHECK_ERROR(appended, refused.code, "line 2: ");
  CHECK_ERROR(appended, refused.code, refused.message);
  BOOST_CHECK_EQUAL(size(), before);
}

BOOST_AUTO_TEST_CASE(what_the_gate_would_refuse_is_logged_where_that_is_wanted) {
  clock_ms += 3'600'000;
  const auto bundle = Dataset("x");
  clock_ms -= 3'600'000;
  REQUIRE_VALUE(const auto appended, Append({bundle}, ByKey(), OnFinding::kNote));
  BOOST_REQUIRE_EQUAL(appended[0].notes.size(), 1u);
  BOOST_CHECK(appended[0].notes[0].starts_with("logged, though the gate will refuse it: "));
}

// The ledger takes one completion of a run: none of the call is logged, and the second is named.
BOOST_AUTO_TEST_CASE(two_that_the_ledger_cannot_both_have_are_named) {
  const auto run = Sign(Kind::kRun, RunDraft({.seen = Seen()}));
  const auto segment = [&](const std::string& tokens) {
    return Sign(
        Kind::kSegment,
        drafts::Segment({.run = Hex(IdOf(run)),
                         .after_json = R"({"index":3,"root":")" + std::string(64, 'a') + R"("})",
                         .model = std::string(64, 'b'),
                         .tokens_json = tokens,
                         .from_ms = clock_ms - 1'000,
                         .to_ms = clock_ms,
                         .flop_json = drafts::SegmentFlop(drafts::Figure({}))}));
  };
  const uint64_t before = size();
  const auto appended = Append({segment("1000"), segment("1001"), run}, ByKey(), OnFinding::kNote);
  CHECK_ERROR(appended, ErrorCode::kConflict, "line 2: ");
  BOOST_CHECK_EQUAL(size(), before);
}

struct CertifiedWorld : World {
  sigstore::Bundle bundle = Make({});

  sigstore::Bundle Make(const Certification& how) {
    const uint64_t created = Moment().now.value() + 1'000;  // of the statement below
    auto signer = ValueOf(signer::Signer::FromPkcs8(KeyNamed("lab").key.ToPkcs8()), "key");
    signer = ValueOf(
        signer::Signer::Certified(std::move(signer), LeafFor(KeyNamed("lab").spki(), how, created)),
        "certificate");
    auto made = SignFor(ledger().key().id(), Kind::kDataset, DatasetDraft("x"), *signer);
    if (!how.stamp_pki.empty()) made.timestamps = {StampFor(made.envelope.signature, how, created)};
    clock_ms += 5'000;  // after the stamp
    return made;
  }
};

BOOST_FIXTURE_TEST_CASE(a_certificate_is_judged_by_the_trust_directory, CertifiedWorld) {
  const trust::Trust trust = ValueOf(
      [&] {
        auto certificates = TrustInPki();
        certificates.identities.push_back(Jane());
        return trust::Trust::Create({}, {}, {}, {}, std::move(certificates));
      }(),
      "trust");
  const KnownSigners known{.keys = {}, .trust = &trust};
  REQUIRE_VALUE(const auto appended, Append({bundle}, known));
  BOOST_CHECK(appended[0].notes.empty());
  BOOST_CHECK(appended[0].bundle.timestamps == bundle.timestamps);
  CHECK_ERROR(Append({Make({.identity = "eve@lab.example"})}, known), ErrorCode::kRejected,
              "line 1: unknown-identity (R5): ");
  CHECK_ERROR(Append({Make({.stamp_pki = ""})}, known), ErrorCode::kRejected,
              "line 1: no-verified-time (R5): ");
  CHECK_ERROR(Append({Make({.pki = "stranger"})}, known), ErrorCode::kRejected,
              "line 1: untrusted-certificate (R5): ");
}

BOOST_FIXTURE_TEST_CASE(a_certificate_that_nobody_judges_is_taken_and_that_is_said,
                        CertifiedWorld) {
  REQUIRE_VALUE(const auto appended, Append({bundle}, {}));
  BOOST_REQUIRE_EQUAL(appended[0].notes.size(), 1u);
  BOOST_CHECK_EQUAL(appended[0].notes[0],
                    "nobody judged its certificate: there is no trust directory");
  auto forged = bundle;
  SignBy("cloud", forged);
  CHECK_ERROR(Append({forged}, {}), ErrorCode::kRejected,
              "line 1: signature: not made by this key over this statement");
}

BOOST_AUTO_TEST_SUITE_END()
