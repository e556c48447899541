// R5-R8, R11, R15-R17 for lines with a certificate; R10 for a log key whose time is over. Data set
// "texts" of the honest story is what is certified, by an identity of the lab.
#include <algorithm>

#include "core/base64.h"
#include "core/hex.h"
#include "tests/passport/attack.h"
#include "tests/support/certified.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;
using schemas::Kind;
using sigstore::TextPattern;

void Trust(World& w) {
  w.certificates = TrustInPki();
  w.certificates.identities.push_back(Jane());
}

World CertifiedWorld() {
  World world = FineTuneWorld();
  Trust(world);
  world.At("texts").certified.emplace();
  return world;
}

// An edit of how "texts" is certified.
std::function<void(World&)> With(std::function<void(Certification&)> edit) {
  return [edit = std::move(edit)](World& w) {
    Trust(w);
    edit(w.At("texts").certified.emplace());
  };
}

std::function<void(World&)> WithLeaf(std::function<void(CertificateSpec&)> edit) {
  return With([edit = std::move(edit)](Certification& c) { c.edit_leaf = edit; });
}

std::function<void(World&)> WithStamp(std::function<void(TimestampSpec&)> edit) {
  return With([edit = std::move(edit)](Certification& c) { c.edit_stamp = edit; });
}

// An edit of what is trusted, of an honest line.
std::function<void(World&)> Trusting(std::function<void(World&)> edit) {
  return [edit = std::move(edit)](World& w) {
    Trust(w);
    w.At("texts").certified.emplace();
    edit(w);
  };
}

// Everything that the lab says is said by jane, with a certificate of her own each time.
void CertifyAll(World& w, const std::string& key) {
  for (Statement& statement : w.story) {
    if (statement.key == key) statement.certified.emplace();
  }
  for (const char* run : {"base.run", "chat.run"})
    w.Set(run, "/recorders", R"(["@person:jane@lab.example"])");
  w.Set("lease", "/holders", R"(["@person:jane@lab.example"])");
}

// Jane's name under another type, by an authority that lets its clients choose.
std::function<void(World&)> NamesakeOfJane(TestNameForm form) {
  return WithLeaf([form](CertificateSpec& leaf) { leaf.names = {{form, kJane}}; });
}

uint64_t CreatedOfTexts() { return FineTuneWorld().At("texts").created; }

TimestampMs After(uint64_t created, int64_t ms) {
  return TimestampMs(static_cast<uint64_t>(static_cast<int64_t>(created) + ms));
}

constexpr int64_t kMinute = 60'000;

}  // namespace

const std::vector<Attack>& CertificateAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      // what it is
      {"a_certificate_that_is_none", 5, R::kUntrustedCertificate,
       "certificate: ", Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           b.material = sigstore::Certificate{{0x30, 0x03, 0x02, 0x01, 0x01}};
         };
       })},
      {"a_certificate_of_two_identities", 5, R::kUntrustedCertificate,
       "expected one subject alternative name, found 2", Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           Certification two;
           two.edit_leaf = [](CertificateSpec& leaf) {
             leaf.names.push_back({TestNameForm::kEmail, "joe@lab.example"});
           };
           b.material =
               sigstore::Certificate{LeafFor(KeyNamed("lab").spki(), two, CreatedOfTexts())};
         };
       })},
      {"a_certificate_of_an_identity_and_a_machine", 5, R::kUntrustedCertificate,
       "expected one subject alternative name, found 2", Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           Certification two;
           two.edit_leaf = [](CertificateSpec& leaf) {
             leaf.names.push_back({TestNameForm::kAddress, "abcd"});
           };
           b.material =
               sigstore::Certificate{LeafFor(KeyNamed("lab").spki(), two, CreatedOfTexts())};
         };
       })},
      {"a_certificate_for_a_p384_key", 5, R::kUntrustedCertificate, "the certificate's key",
       Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           b.material = sigstore::Certificate{
               LeafFor(TestKey::Generate(TestKeyKind::kP384).Spki(), {}, CreatedOfTexts())};
         };
       })},
      {"a_certificate_of_nobodys_issuer", 5, R::kUntrustedCertificate,
       "does not say who issued its identity", Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           Certification none;
           none.edit_leaf = [](CertificateSpec& leaf) { leaf.extensions.clear(); };
           b.material =
               sigstore::Certificate{LeafFor(KeyNamed("lab").spki(), none, CreatedOfTexts())};
         };
       })},
      // whose it is
      {"an_identity_that_trust_does_not_list", 5, R::kUnknownIdentity,
       "joe@lab.example, as https://accounts.example.org says: the trust directory does not list",
       With([](Certification& c) { c.identity = "joe@lab.example"; })},
      {"an_identity_that_another_issuer_vouches_for", 5, R::kUnknownIdentity,
       "as https://accounts.example.net says",
       With([](Certification& c) { c.issuer = "https://accounts.example.net"; })},
      {"an_identity_around_the_one_that_is_listed", 5, R::kUnknownIdentity,
       "xjane@lab.example.org, as",
       With([](Certification& c) { c.identity = "xjane@lab.example.org"; })},
      {"an_identity_around_a_pattern", 5, R::kUnknownIdentity, "joe@lab.example.org",
       [](World& w) {
         Trust(w);
         w.certificates.identities.back().identity.san =
             ValueOf(TextPattern::Regexp("[a-z]+@lab\\.example"), "pattern");
         w.At("texts").certified.emplace().identity = "joe@lab.example.org";
       }},
      {"an_identity_that_two_patterns_take", 5, R::kUnknownIdentity,
       "lists that 2 times, for lab and for lab2", Trusting([](World& w) {
         w.certificates.identities.push_back(
             Identity("lab2", ValueOf(TextPattern::Regexp(".*@lab\\.example"), "pattern"),
                      {Kind::kDataset}));
       })},
      {"an_identity_from_another_repository", 5, R::kUnknownIdentity, "does not list",
       Trusting([](World& w) {
         w.certificates.identities.back().extensions.push_back(
             {"source-repository-uri", TextPattern::Exactly("https://git.example/lab/model")});
         w.At("texts").certified->edit_leaf = [](CertificateSpec& leaf) {
           leaf.extensions.push_back(
               {"1.3.6.1.4.1.57264.1.12", DerUtf8String("https://git.example/lab/model2")});
         };
       })},
      {"an_identity_that_does_not_say_its_repository", 5, R::kUnknownIdentity, "does not list",
       Trusting([](World& w) {
         w.certificates.identities.back().extensions.push_back(
             {"source-repository-uri", TextPattern::Exactly("https://git.example/lab/model")});
       })},
      // when it signed
      {"a_certificate_without_a_time_stamp", 5, R::kNoVerifiedTime, "there is no time stamp",
       With([](Certification& c) { c.stamp_pki = ""; })},
      {"a_time_stamp_of_a_stranger", 5, R::kNoVerifiedTime, "1 time stamp, none of",
       With([](Certification& c) { c.stamp_pki = "stranger"; })},
      {"a_time_stamp_over_another_signature", 5, R::kNoVerifiedTime, "token of https://tsa.example",
       WithStamp([](TimestampSpec& s) { s.message.push_back(0); })},
      {"a_bad_time_stamp_beside_a_good_one", 5, R::kNoVerifiedTime, "token of https://tsa.example",
       Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           b.timestamps.push_back(StampFor(AsBytes("another signature"), {}, CreatedOfTexts()));
         };
       })},
      {"a_time_stamp_from_the_future", 5, R::kNoVerifiedTime, "which is later than now",
       [](World& w) {
         Trust(w);
         const TimestampMs later(w.now + 1'000);
         w.At("texts").certified.emplace().edit_stamp = [later](TimestampSpec& s) {
           s.time = later;
         };
       }},
      {"a_time_stamp_from_after_the_authoritys_time", 5, R::kNoVerifiedTime,
       "but the authority is trusted from", Trusting([](World& w) {
         w.certificates.timestamp_authorities[0].valid.until = TimestampMs(CreatedOfTexts());
       })},
      // who vouches for it
      {"a_certificate_of_a_stranger", 5, R::kUntrustedCertificate,
       "no trusted authority has issued", With([](Certification& c) { c.pki = "stranger"; })},
      {"a_certificate_that_was_signed_after_its_time", 5, R::kUntrustedCertificate,
       "no trusted authority has issued",
       WithStamp([](TimestampSpec& s) { s.time = After(CreatedOfTexts(), 10 * kMinute); })},
      {"a_certificate_that_was_signed_before_its_time", 5, R::kUntrustedCertificate,
       "no trusted authority has issued",
       WithStamp([](TimestampSpec& s) { s.time = After(CreatedOfTexts(), -2 * kMinute); })},
      {"a_certificate_of_an_authority_whose_time_is_over", 5, R::kUntrustedCertificate,
       "https://ca.example is trusted from", Trusting([](World& w) {
         w.certificates.authorities[0].valid.until = TimestampMs(CreatedOfTexts());
       })},
      {"a_certificate_where_none_is_trusted", 5, R::kUntrustedCertificate,
       "has no certificate authority",
       Trusting([](World& w) { w.certificates.authorities.clear(); })},
      {"a_certificate_for_servers", 5, R::kUntrustedCertificate, "lacks codeSigning",
       WithLeaf([](CertificateSpec& leaf) { leaf.usages = {"timeStamping"}; })},
      {"a_certificate_of_a_ca_as_signer", 5, R::kUntrustedCertificate, "is a CA, not a signer's",
       WithLeaf([](CertificateSpec& leaf) { leaf.is_ca = true; })},
      {"a_certificate_that_no_log_has_seen", 5, R::kBadSct, "has no certificate timestamp",
       WithLeaf([](CertificateSpec& leaf) { leaf.logs.clear(); })},
      {"a_certificate_that_a_strangers_log_has_seen", 5, R::kBadSct,
       "no certificate-transparency log of the trusted root", WithLeaf([](CertificateSpec& leaf) {
         leaf.logs.front().key = PkiNamed("stranger").certificate_log;
       })},
      {"a_certificate_that_a_log_saw_after_its_time", 5, R::kBadSct, "is trusted from",
       Trusting([](World& w) {
         w.certificates.certificate_logs[0].valid.until = TimestampMs(CreatedOfTexts() - 1'000);
       })},
      // the line
      {"a_head_that_names_the_certified_key", 6, R::kSignerMismatch,
       "is signed by identity:", Trusting([](World& w) {
         w.At("texts").edit_payload =
             Replacing(IdText(kJane), "key:" + HexEncode(KeyNamed("lab").id().span()));
       })},
      {"a_head_that_names_the_identity_of_a_key", 6, R::kSignerMismatch, "head.signer is identity:",
       [](World& w) {
         w.At("texts").edit_payload =
             Replacing("key:" + HexEncode(KeyNamed("lab").id().span()), IdText(kJane));
       }},
      {"a_head_that_names_another_identity", 6, R::kSignerMismatch,
       "head.signer is identity:", Trusting([](World& w) {
         w.At("texts").edit_payload = Replacing(IdText(kJane), IdText("joe@lab.example"));
       })},
      {"a_signature_of_another_key_than_the_certified", 7, R::kBadSignature,
       "the certified key of lab's jane@lab.example (as https://accounts.example.org says)",
       [](World& w) {
         Trust(w);
         w.At("texts").certified.emplace();
         w.At("texts").edit_signed = [](sigstore::Bundle& b) {
           b.envelope.signature = KeyNamed("lab2").key.Sign(AsBytes(
               sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, b.envelope.payload)));
           b.timestamps = {StampFor(b.envelope.signature, {}, CreatedOfTexts())};
         };
       }},
      {"an_identity_for_other_kinds", 8, R::kKeyNotForKind,
       "lab's jane@lab.example (as https://accounts.example.org says) may not sign statements of "
       "kind dataset",
       Trusting([](World& w) { w.certificates.identities[0].kinds = {Kind::kRun}; })},
      {"a_leaf_of_the_key_in_place_of_the_certificates", 11, R::kWrongLogBody,
       "this statement, signature and certificate", Trusting([](World& w) {
         w.At("texts").edit_body = [](std::string& body) {
           body = body.substr(0, body.find(R"("x509Certificate")")) +
                  R"("publicKey":{"rawBytes":")" + Base64Encode(KeyNamed("lab").spki()) +
                  R"("}}}}}})";
         };
       })},
      {"a_leaf_of_another_certificate_of_the_identity", 11, R::kWrongLogBody,
       "this statement, signature and certificate", Trusting([](World& w) {
         w.At("texts").edit_receipt = [](sigstore::Bundle& b) {
           Certification again;
           again.edit_leaf = [](CertificateSpec& leaf) { leaf.serial = 2; };
           b.material =
               sigstore::Certificate{LeafFor(KeyNamed("lab").spki(), again, CreatedOfTexts())};
         };
       })},
      {"a_namesake_of_dns", 5, R::kUnknownIdentity, "as a name of type dns, but such a text is of",
       NamesakeOfJane(TestNameForm::kDns)},
      {"a_namesake_by_uri", 5, R::kUnknownIdentity, "as a name of type uri, but such a text is of",
       NamesakeOfJane(TestNameForm::kUri)},
      {"a_namesake_by_other_name", 5, R::kUnknownIdentity,
       "as a name of type other-name, but such a text is of type email",
       NamesakeOfJane(TestNameForm::kOtherName)},
      // in force
      {"an_identity_whose_dates_ended_before_it_signed", 15, R::kKeyNotInForce,
       "in force from any time until", Trusting([](World& w) {
         w.certificates.identities[0].dates.until = TimestampMs(CreatedOfTexts() + 1'000);
       })},
      {"an_identity_before_its_dates", 15, R::kKeyNotInForce, "in force from",
       Trusting([](World& w) {
         w.certificates.identities[0].dates.from = TimestampMs(CreatedOfTexts() + 3'000);
       })},
      {"an_identity_after_its_tree_size", 15, R::kKeyNotInForce, "is outside tree sizes 0 to 1",
       Trusting([](World& w) {
         w.certificates.identities[0].sizes["ledger.example"] = {{}, 1};
       })},
      {"a_statement_from_before_its_certificate", 15, R::kKeyNotInForce,
       "but the certificate is valid from", Trusting([](World& w) {
         w.At("texts").certified->edit_leaf = [](CertificateSpec& leaf) {
           leaf.not_before = After(CreatedOfTexts(), 6 * kMinute);
         };
         w.At("texts").certified->edit_stamp = [](TimestampSpec& s) {
           s.time = After(CreatedOfTexts(), 7 * kMinute);
         };
       })},
      {"a_statement_from_after_its_time_stamp", 15, R::kKeyNotInForce,
       "a time stamp shows that it was signed by", Trusting([](World& w) {
         w.At("texts").certified->edit_leaf = [](CertificateSpec& leaf) {
           leaf.not_before = After(CreatedOfTexts(), -20 * kMinute);
           leaf.logs.front().time = leaf.not_before;
         };
         w.At("texts").certified->edit_stamp = [](TimestampSpec& s) {
           s.time = After(CreatedOfTexts(), -6 * kMinute);
         };
       })},
      // what it may sign for
      {"a_segment_by_an_identity_that_records_nothing", 16, R::kNotTheRunsSigner,
       "signed by lab's jane@lab.example (as https://accounts.example.org says), identity:",
       [](World& w) {
         Trust(w);
         w.At("chat.0").certified.emplace();
       }},
      {"a_passport_by_an_identity_of_another_party", 16, R::kNotTheRunsSigner,
       "signed by lab2, but run",
       [](World& w) {
         Trust(w);
         w.certificates.identities[0].party = "lab2";
         w.At("chat").key = "nobody's";
         w.At("chat").certified.emplace();
       }},
      {"a_passport_by_the_key_of_another_party_than_the_certified_run", 16, R::kNotTheRunsSigner,
       "which it rests on, belongs to lab",
       [](World& w) {
         Trust(w);
         CertifyAll(w, "lab");
         w.At("chat").certified.reset();
         w.At("chat").key = "lab2";
       }},
      {"an_allocation_to_somebody_else_than_the_identity", 17, R::kAllocationOfAnother,
       "the run's signer, identity:",
       [](World& w) {
         Trust(w);
         CertifyAll(w, "lab");
         w.Set("lease", "/holders", R"(["@key:lab"])");
       }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(certificate)

BOOST_DATA_TEST_CASE(refuses, data::make(CertificateAttacks()), attack) { CheckRefused(attack); }

BOOST_AUTO_TEST_CASE(a_line_with_a_certificate_passes) { CheckPasses(CertifiedWorld().Judge()); }

BOOST_AUTO_TEST_CASE(the_verdict_names_who_is_certified_and_by_whom) {
  World world = CertifiedWorld();
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK_EQUAL(verdict.rows[1].text,
                    "14 attestations, 2 keys, 1 identity: cloud, lab; certified: jane@lab.example, "
                    "as https://accounts.example.org says");
}

BOOST_AUTO_TEST_CASE(a_whole_model_may_be_certified) {
  World world = FineTuneWorld();
  Trust(world);
  CertifyAll(world, "lab");
  for (const unsigned threads : {1u, 4u}) CheckPasses(world.Judge(world.Issue(), threads));
}

BOOST_AUTO_TEST_CASE(what_an_identity_signed_in_force_stays_good_after_its_dates) {
  World world = CertifiedWorld();
  world.certificates.identities[0].dates = {TimestampMs(world.At("texts").created + 2'000),
                                            TimestampMs(world.At("texts").created + 2'001)};
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(tree_sizes_of_an_identity_go_before_its_dates) {
  World world = CertifiedWorld();
  world.certificates.identities[0].dates.until = TimestampMs(1);
  world.certificates.identities[0].sizes["ledger.example"] = {0, 1'000};
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(identities_are_listed_by_pattern_and_extension) {
  World world = CertifiedWorld();
  trust::TrustedIdentity& listed = world.certificates.identities[0];
  listed.identity.san = ValueOf(TextPattern::Regexp("[a-z]+@lab\\.example"), "pattern");
  listed.extensions.push_back(
      {"source-repository-uri",
       ValueOf(TextPattern::Regexp("https://git\\.example/lab/.*"), "pattern")});
  world.At("texts").certified->edit_leaf = [](CertificateSpec& leaf) {
    leaf.extensions.push_back(
        {"1.3.6.1.4.1.57264.1.12", DerUtf8String("https://git.example/lab/model")});
  };
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(time_stamps_of_strangers_beside_a_good_one_say_nothing) {
  World world = CertifiedWorld();
  world.At("texts").edit_receipt = [](sigstore::Bundle& bundle) {
    Certification stranger;
    stranger.stamp_pki = "stranger";
    bundle.timestamps.push_back(StampFor(bundle.envelope.signature, stranger, 1'600'000'000'000));
  };
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(without_a_log_of_certificates_the_verdict_says_that_none_was_asked) {
  World world = CertifiedWorld();
  world.certificates.certificate_logs.clear();
  world.At("texts").certified->edit_leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); };
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  const std::string said =
      "certificate timestamps (SCT) of 1 attestation: the trust directory lists no "
      "certificate-transparency log";
  BOOST_CHECK_EQUAL(std::count(verdict.not_checked.begin(), verdict.not_checked.end(), said), 1);
  const auto checked = CertifiedWorld().Judge();
  BOOST_CHECK_EQUAL(std::count(checked.not_checked.begin(), checked.not_checked.end(), said), 0);
}

BOOST_AUTO_TEST_CASE(a_hostile_identity_is_shown_made_printable) {
  World world = CertifiedWorld();
  world.At("texts").edit_receipt = [&](sigstore::Bundle& bundle) {
    Certification hostile;
    hostile.issuer = "https://accounts.example.org\xe2\x80\xae";  // U+202E
    bundle.material =
        sigstore::Certificate{LeafFor(KeyNamed("lab").spki(), hostile, CreatedOfTexts())};
  };
  const auto verdict = world.Judge();
  CheckRefused(verdict, 5, RejectReason::kUntrustedCertificate, "is not plain");
  BOOST_CHECK(Describe(verdict).find("\xe2\x80\xae") == std::string::npos);
}

// A stranger sends 20,000 lines with certificates: only a hundred are judged.
BOOST_AUTO_TEST_CASE(beyond_a_hundred_bad_certificates_none_is_judged) {
  World world = CertifiedWorld();
  world.At("texts").certified->stamp_pki = "";
  for (int i = 0; i < 150; ++i) {
    const std::string name = "more." + std::to_string(i);
    AddDataset(world, name);
    world.At(name).certified = world.At("texts").certified;
  }
  for (const unsigned threads : {1u, 3u}) {
    const auto verdict = world.Judge(world.Issue(), threads);
    const auto refused = std::count_if(
        verdict.findings.begin(), verdict.findings.end(),
        [](const auto& finding) { return finding.reason() == RejectReason::kNoVerifiedTime; });
    BOOST_CHECK_EQUAL(refused, 100);
    const std::string said = "51 signatures after the last bad one listed";
    BOOST_CHECK_EQUAL(std::count(verdict.not_checked.begin(), verdict.not_checked.end(), said), 1);
  }
}

namespace {

// Every line stamped soon after it was made; the log's key is over since a day.
World StampedWorld() {
  World world = FineTuneWorld();
  world.certificates = TrustInPki();
  for (Statement& statement : world.story) statement.stamped.emplace();
  world.log_expiry.emplace("main", TimestampMs(world.now - kDayMs));
  return world;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_log_key_vouches_for_what_was_stamped_before_its_end) {
  World world = StampedWorld();
  for (const unsigned threads : {1u, 4u}) CheckPasses(world.Judge(world.Issue(), threads));
  world.log_expiry.at("main") = TimestampMs(world.story.back().created + 2'001);
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(one_line_that_was_stamped_after_the_end_of_the_logs_key_is_refused) {
  World world = StampedWorld();
  const Statement& last = world.story.back();
  world.log_expiry.at("main") = TimestampMs(last.created + 2'000);
  const auto verdict = world.Judge();
  CheckRefused(verdict, 10, RejectReason::kBadCheckpoint, "no key of ledger.example is in force");
  BOOST_CHECK_EQUAL(verdict.findings.size(), 1);
  BOOST_CHECK(verdict.findings.front().statement == world.IdOf(last.name));
  BOOST_CHECK(verdict.findings.front().hint.find("with a time stamp on every line") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_time_stamp_speaks_for_its_own_line_alone) {
  World world = StampedWorld();
  world.At("texts").stamped.reset();
  CheckRefused(world.Judge(), 10, RejectReason::kBadCheckpoint, "no key of ledger.example");
  world.At("texts").stamped.emplace().stamp_pki = "stranger";
  CheckRefused(world.Judge(), 10, RejectReason::kBadCheckpoint, "no key of ledger.example");
  world.At("texts").stamped.emplace().edit_stamp = [](TimestampSpec& s) { s.message.push_back(1); };
  CheckRefused(world.Judge(), 10, RejectReason::kBadCheckpoint, "no key of ledger.example");
}

// Of a key that is in force its time stamps say nothing, and so refuse nothing.
BOOST_AUTO_TEST_CASE(a_bad_time_stamp_on_a_keys_line_decides_nothing) {
  World world = StampedWorld();
  world.log_expiry.clear();
  world.At("texts").stamped->edit_stamp = [](TimestampSpec& s) { s.message.push_back(1); };
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
