// Identities and authorities of a trust directory.
#include "trust/load_trust.h"

#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/test_sigstore.h"
#include "tests/support/vectors.h"
#include "trust/add_identity.h"

namespace carnet::trust {
namespace {

using schemas::Kind;
using test::ScratchFolder;
using test::TestNameForm;

constexpr std::string_view kJane =
    "party = \"lab\"\n"
    "[[identity]]\n"
    "issuer = \"https://accounts.example.org\"\n"
    "subject = \"jane@example.org\"\n"
    "kinds = [\"dataset\", \"run\"]\n"
    "name = \"jane\"\n"
    "from = \"2026-01-01\"\n"
    "[[identity.sizes]]\n"
    "origin = \"rekor2.example.org\"\n"
    "from = 3\n"
    "[[identity]]\n"
    "issuer = \"https://token.example.org\"\n"
    "subject_regexp = 'https://git\\.example/lab/.*'\n"
    "kinds = [\"segment\"]\n"
    "[identity.extensions]\n"
    "source-repository-uri = \"https://git.example/lab/model\"\n"
    "[identity.extensions_regexp]\n"
    "build-config-uri = 'https://git\\.example/lab/model/train\\.yml@.*'\n";

struct IdentityFolder {
  explicit IdentityFolder(std::string_view lab = kJane) {
    folder.Write("trusted_root.json", Sigstore().root.Json());
    folder.Write("parties/lab.toml", std::string(lab));
  }
  static const test::TestSigstore& Sigstore() {
    static const test::TestSigstore sigstore;
    return sigstore;
  }
  Result<Trust> Load() const { return LoadTrust(folder.str()); }

  ScratchFolder folder;
};

struct Claim {
  std::string issuer = "https://accounts.example.org";
  test::TestName name = {TestNameForm::kEmail, "jane@example.org"};
  std::vector<test::TestExtension> more = {};
};

sigstore::SignerCertificate CertificateOf(const Claim& claim) {
  static const test::TestKey key = test::TestKey::Generate(test::TestKeyKind::kP256);
  auto extensions = claim.more;
  extensions.push_back(test::FulcioIssuerV2(claim.issuer));
  const Bytes der =
      test::MakeCertificate({.names = {claim.name}, .extensions = std::move(extensions)}, key);
  REQUIRE_VALUE(auto certificate, sigstore::ReadSignerCertificate(der));
  return certificate;
}

Claim Workflow() {
  return {"https://token.example.org",
          {TestNameForm::kUri, "https://git.example/lab/model/train.yml@refs/heads/main"},
          {{"1.3.6.1.4.1.57264.1.12", test::DerUtf8String("https://git.example/lab/model")},
           {"1.3.6.1.4.1.57264.1.18",
            test::DerUtf8String("https://git.example/lab/model/train.yml@refs/heads/main")}}};
}

BOOST_AUTO_TEST_SUITE(identities)

BOOST_AUTO_TEST_CASE(are_read_with_the_authorities_that_vouch_for_them) {
  const IdentityFolder files;
  REQUIRE_VALUE(const Trust trust, files.Load());
  const CertificateTrust& certificates = trust.certificates();
  BOOST_CHECK_EQUAL(certificates.authorities.size(), 1u);
  BOOST_CHECK_EQUAL(certificates.authorities[0].chain.size(),
                    IdentityFolder::Sigstore().root.certificate_authorities[0].chain.size());
  BOOST_CHECK_EQUAL(certificates.certificate_logs.size(), 1u);
  BOOST_CHECK_EQUAL(certificates.timestamp_authorities.size(), 1u);
  BOOST_REQUIRE_EQUAL(certificates.identities.size(), 2u);
  const TrustedIdentity& jane = certificates.identities[0];
  BOOST_CHECK_EQUAL(jane.party, "lab");
  BOOST_CHECK_EQUAL(jane.name, "jane");
  BOOST_CHECK((jane.kinds == std::set<Kind>{Kind::kDataset, Kind::kRun}));
  BOOST_CHECK_EQUAL(jane.dates.from.value().value(), 1'767'225'600'000);  // date -ud 2026-01-01
  BOOST_CHECK_EQUAL(jane.sizes.at("rekor2.example.org").from.value(), 3u);
  BOOST_CHECK_EQUAL(jane.ToString(), "jane@example.org of https://accounts.example.org");
  BOOST_CHECK_EQUAL(
      certificates.identities[1].ToString(),
      R"(/https://git\.example/lab/.*/ of https://token.example.org, source-repository-uri )"
      R"(https://git.example/lab/model, build-config-uri )"
      R"(/https://git\.example/lab/model/train\.yml@.*/)");
}

BOOST_AUTO_TEST_CASE(take_certificates_that_say_all_that_they_ask_for) {
  const IdentityFolder files;
  REQUIRE_VALUE(const Trust trust, files.Load());
  const auto taken_by = [&](const Claim& claim) {
    std::string names;
    for (const TrustedIdentity* each : trust.FindIdentities(CertificateOf(claim))) {
      names += each->name.empty() ? "workflow" : each->name;
    }
    return names;
  };
  BOOST_CHECK_EQUAL(taken_by({}), "jane");
  BOOST_CHECK_EQUAL(taken_by(Workflow()), "workflow");
  BOOST_CHECK_EQUAL(taken_by({"https://accounts.example.org/"}), "");
  BOOST_CHECK_EQUAL(taken_by({"https://ACCOUNTS.example.org"}), "");
  for (const char* name : {"Jane@example.org", "jane@example.org ", "xjane@example.org"}) {
    BOOST_CHECK_EQUAL(taken_by({"https://accounts.example.org", {TestNameForm::kEmail, name}}), "");
  }
  Claim other_issuer = Workflow();
  other_issuer.issuer = "https://accounts.example.org";
  BOOST_CHECK_EQUAL(taken_by(other_issuer), "");
  Claim around = Workflow();
  around.name.text = "https://evil.example/?https://git.example/lab/x";
  BOOST_CHECK_EQUAL(taken_by(around), "");
  for (const size_t which : {0u, 1u}) {
    Claim absent = Workflow();
    absent.more.erase(absent.more.begin() + static_cast<std::ptrdiff_t>(which));
    BOOST_CHECK_EQUAL(taken_by(absent), "");
    Claim other = Workflow();
    other.more[which].value = test::DerUtf8String("https://git.example/lab/model2");
    BOOST_CHECK_EQUAL(taken_by(other), "");
    Claim raw = Workflow();  // as the old extensions were: no DER inside
    raw.more[which].value = ToBytes(AsBytes("https://git.example/lab/model"));
    BOOST_CHECK_EQUAL(taken_by(raw), "");
  }
}

struct Spoilt {
  const char* name;
  const char* from;
  const char* to;
  const char* message;
};

std::ostream& operator<<(std::ostream& out, const Spoilt& spoilt) { return out << spoilt.name; }

const Spoilt kSpoilt[] = {
    {"no_issuer", "issuer = \"https://accounts.example.org\"\n", "",
     "identity[0].issuer: is missing"},
    {"neither_subject", "subject = \"jane@example.org\"\n", "",
     "expected one of subject and subject_regexp"},
    {"both_subjects", "subject = \"jane@example.org\"\n",
     "subject = \"jane@example.org\"\nsubject_regexp = \"x\"\n",
     "expected one of subject and subject_regexp"},
    {"no_expression", "'https://git\\.example/lab/.*'", "'('", "subject_regexp: not a regular"},
    {"empty_subject", "\"jane@example.org\"", "\"\"", "subject"},
    {"an_unknown_key", "name = \"jane\"", "nome = \"jane\"", "nome"},
    {"an_issuer_by_expression", "issuer = \"https://accounts.example.org\"",
     "issuer_regexp = \".*\"", "issuer_regexp"},
    {"an_unknown_kind", "\"run\"]", "\"ruin\"]", "unknown kind"},
    {"no_kinds", "kinds = [\"segment\"]", "kinds = []", "kinds"},
    {"an_unknown_extension", "source-repository-uri", "source-repository-url",
     "source-repository-url: no such extension; did you mean \"source-repository-uri\"?"},
    {"an_extension_twice", "build-config-uri", "source-repository-uri",
     "source-repository-uri: appears more than once"},
    {"no_expression_of_an_extension", "train\\.yml@.*'", "train\\.yml@.*['", "not a regular"},
    {"sizes_of_no_log", "rekor2.example.org", "log.example",
     "tree sizes of \"log.example\", which is not a trusted log"},
    {"dates_that_end_before", "from = \"2026-01-01\"",
     "from = \"2026-01-01\"\nuntil = \"2025-01-01\"", "dates end before they begin"},
    {"a_date_that_is_none", "from = \"2026-01-01\"", "from = \"soon\"", "must be a date"},
};

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kSpoilt), spoilt) {
  std::string text(kJane);
  const size_t at = text.find(spoilt.from);
  BOOST_REQUIRE(at != text.npos);
  text.replace(at, std::string_view(spoilt.from).size(), spoilt.to);
  const IdentityFolder files(text);
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, spoilt.message);
  BOOST_CHECK(
      files.Load().error().message.find(std::string_view(spoilt.name) == "dates_that_end_before"
                                            ? "jane@example.org"
                                            : "lab.toml") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_one_that_is_listed_twice) {
  const std::string one = "[[identity]]\nissuer = \"i\"\nsubject = \"s\"\nkinds = [\"run\"]\n";
  const IdentityFolder twice("party = \"lab\"\n" + one + one);
  CHECK_ERROR(twice.Load(), ErrorCode::kMalformed, "s of i: listed more than once");
  const IdentityFolder files("party = \"lab\"\n" + one);
  files.folder.Write("parties/other.toml", "party = \"other\"\n" + one);
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "s of i: listed more than once");
}

std::string Block(const std::string& issuer, const std::string& subject,
                  const std::string& more = "") {
  return "[[identity]]\nissuer = '" + issuer + "'\n" + subject + "\nkinds = [\"run\"]\n" + more;
}

std::string Extension(const char* table, const std::string& value) {
  return std::string("[identity.") + table + "]\nbuild-config-uri = '" + value + "'\n";
}

const std::string kLong = "https://github.com/example/" + std::string(80, 'm') +
                          "/.github/workflows/train.yml@refs/heads/";

struct Pair {
  const char* name;
  std::string first;
  std::string second;
};

std::ostream& operator<<(std::ostream& out, const Pair& pair) { return out << pair.name; }

// Two each that are not the same, however alike a message shows them.
const Pair kPairs[] = {
    {"subjects_that_differ_at_the_end", Block("i", "subject = '" + kLong + "a'"),
     Block("i", "subject = '" + kLong + "b'")},
    {"issuers_that_differ_at_the_end", Block(kLong + "a", "subject = 's'"),
     Block(kLong + "b", "subject = 's'")},
    {"extensions_that_differ_at_the_end",
     Block("i", "subject = 's'", Extension("extensions", kLong + "a")),
     Block("i", "subject = 's'", Extension("extensions", kLong + "b"))},
    {"a_text_and_an_expression", Block("i", "subject = '/x/'"), Block("i", "subject_regexp = 'x'")},
    {"a_text_and_an_expression_alike", Block("i", "subject = 'x'"),
     Block("i", "subject_regexp = 'x'")},
    {"an_extension_by_text_and_by_expression",
     Block("i", "subject = 's'", Extension("extensions", "x")),
     Block("i", "subject = 's'", Extension("extensions_regexp", "x"))},
    {"an_extension_and_none", Block("i", "subject = 's'"),
     Block("i", "subject = 's'", Extension("extensions", "x"))},
    {"a_subject_that_reads_like_subject_and_issuer", Block("c", "subject = 'a of b'"),
     Block("b of c", "subject = 'a'")},
};

BOOST_DATA_TEST_CASE(takes_side_by_side, boost::unit_test::data::make(kPairs), pair) {
  const IdentityFolder files("party = \"lab\"\n" + pair.first + pair.second);
  REQUIRE_VALUE(const Trust trust, files.Load());
  const auto& identities = trust.certificates().identities;
  BOOST_REQUIRE_EQUAL(identities.size(), 2u);
  BOOST_CHECK(identities[0].ToString() != identities[1].ToString() ||
              std::string_view(pair.name).starts_with("an_extension_by"));
  for (const std::string& one : {pair.first, pair.second}) {
    const IdentityFolder twice("party = \"lab\"\n" + one + one);
    CHECK_ERROR(twice.Load(), ErrorCode::kMalformed, "listed more than once");
  }
}

// Whoever reviews a directory sees who is at the end of an expression.
BOOST_AUTO_TEST_CASE(are_shown_to_their_end) {
  const std::string tail = "|mallory@evil\\.example";
  const IdentityFolder files("party = \"lab\"\n" +
                             Block("https://accounts.example.org",
                                   "subject_regexp = '" + std::string(300, 'a') + tail + "'"));
  REQUIRE_VALUE(const Trust trust, files.Load());
  BOOST_CHECK_EQUAL(trust.certificates().identities[0].ToString(),
                    "/" + std::string(300, 'a') + tail + "/ of https://accounts.example.org");
}

BOOST_AUTO_TEST_CASE(refuses_a_folder_of_nobody) {
  const IdentityFolder nobody("party = \"lab\"\n");
  CHECK_ERROR(nobody.Load(), ErrorCode::kMalformed, "no party lists a key or an identity");
}

BOOST_AUTO_TEST_CASE(refuses_an_authority_that_cannot_be_read_with_its_place) {
  const IdentityFolder files;
  test::RootParts root = IdentityFolder::Sigstore().root;
  root.timestamp_authorities[0].chain[0] = {0x30, 0};
  files.folder.Write("trusted_root.json", root.Json());
  CHECK_ERROR(files.Load(), ErrorCode::kMalformed, "timestampAuthorities[0]");
  BOOST_CHECK_EQUAL(FindTrustErrors(files.folder.str()).size(), 1u);
}

// Whoever runs one of them could certify the names of the other's clients.
BOOST_AUTO_TEST_CASE(name_their_authority_where_there_are_several) {
  const std::string jane =
      "party = \"lab\"\n[[identity]]\nissuer = \"https://accounts.example.org\"\n"
      "subject = \"jane@example.org\"\nkinds = [\"run\"]\n";
  test::RootParts root = IdentityFolder::Sigstore().root;
  const std::string own = root.certificate_authorities.front().uri;
  root.certificate_authorities.push_back(root.certificate_authorities.front());
  const auto load = [&](const std::string& authority) {
    const IdentityFolder files(jane + authority);
    files.folder.Write("trusted_root.json", root.Json());
    return files.Load();
  };
  BOOST_CHECK(load("").has_value());  // two certificates of one authority
  root.certificate_authorities.back().uri = "https://ca.cloud.example";
  CHECK_ERROR(load(""), ErrorCode::kMalformed,
              "jane@example.org of https://accounts.example.org: there are 2 certificate "
              "authorities, and each could certify it");
  CHECK_ERROR(load("authority = \"https://ca.nobody.example\"\n"), ErrorCode::kMalformed,
              "issued by \"https://ca.nobody.example\": no certificate authority of that uri");
  REQUIRE_VALUE(const Trust trust, load("authority = \"" + own + "\"\n"));
  BOOST_CHECK_EQUAL(trust.certificates().identities[0].authority, own);
}

// A verified time proves the past, so that now does not count; a date proves nothing about a key.
BOOST_AUTO_TEST_CASE(are_in_force_at_the_time_that_somebody_saw) {
  const IdentityFolder files;
  REQUIRE_VALUE(const Trust trust, files.Load());
  TrustedIdentity jane = trust.certificates().identities[0];
  jane.sizes.clear();
  jane.dates = {TimestampMs(100), TimestampMs(200)};
  BOOST_CHECK(jane.CheckInForceAt({}, TimestampMs(100)).has_value());
  BOOST_CHECK(jane.CheckInForceAt({}, TimestampMs(199)).has_value());
  CHECK_ERROR(jane.CheckInForceAt({}, TimestampMs(99)), ErrorCode::kRejected, "in force from");
  CHECK_ERROR(jane.CheckInForceAt({}, TimestampMs(200)), ErrorCode::kRejected, "in force from");
  const PlaceInLog place{&trust.logs()[0], LeafIndex(5)};
  jane.sizes["rekor2.example.org"] = {5, {}};  // the end stays that of the dates
  BOOST_CHECK(jane.CheckInForceAt(place, TimestampMs(1)).has_value());
  CHECK_ERROR(jane.CheckInForceAt(place, TimestampMs(200)), ErrorCode::kRejected, "in force from");
  jane.sizes["rekor2.example.org"] = {6, {}};
  CHECK_ERROR(jane.CheckInForceAt(place, TimestampMs(150)), ErrorCode::kRejected,
              "log index 5 is outside tree sizes 6");
}

IdentityListing Joe() {
  return {.party = "lab",
          .issuer = "https://accounts.example.org",
          .subject = "joe@example.org",
          .kinds = {Kind::kRun}};
}

BOOST_AUTO_TEST_CASE(are_added_at_the_end_of_their_partys_file) {
  const IdentityFolder files;
  REQUIRE_VALUE(const AddedIdentity added, AddIdentity(files.folder.str(), Joe()));
  BOOST_CHECK_EQUAL(added.identity, "joe@example.org of https://accounts.example.org");
  BOOST_CHECK(!added.new_party && added.party_file.ends_with("parties/lab.toml"));
  const std::string text = test::Slurp(files.folder / "parties/lab.toml");
  BOOST_CHECK_EQUAL(text, std::string(kJane) +
                              "\n[[identity]]\nissuer = \"https://accounts.example.org\"\n"
                              "subject = \"joe@example.org\"\nkinds = [\"run\"]\n");
  IdentityListing all = Joe();
  all.party = "hub";
  all.subject = R"(https://git\.example/hub/.*)";
  all.subject_is = SubjectIs::kExpression;
  all.authority = IdentityFolder::Sigstore().root.certificate_authorities.front().uri;
  all.name = "ci";
  all.dates = {TimestampMs(1'767'225'600'000), TimestampMs(1'798'761'600'000)};
  REQUIRE_VALUE(const AddedIdentity hub, AddIdentity(files.folder.str(), all));
  BOOST_CHECK(hub.new_party && hub.party_file.ends_with("parties/hub.toml"));
  REQUIRE_VALUE(const Trust trust, files.Load());
  BOOST_REQUIRE_EQUAL(trust.certificates().identities.size(), 4u);
  const TrustedIdentity& ci = trust.certificates().identities[0];  // hub before lab
  BOOST_CHECK_EQUAL(ci.party, "hub");
  BOOST_CHECK_EQUAL(ci.name, "ci");
  BOOST_CHECK_EQUAL(ci.authority, all.authority);
  BOOST_CHECK(ci.dates.until == TimestampMs(1'798'761'600'000));  // date -ud 2027-01-01
  BOOST_CHECK(ci.identity.san.Matches("https://git.example/hub/x"));
  BOOST_CHECK(!ci.identity.san.Matches("https://gitXexample/hub/x"));
}

BOOST_AUTO_TEST_CASE(are_added_beside_one_that_differs_at_the_end_or_in_kind) {
  const IdentityFolder files;
  IdentityListing listing = Joe();
  for (const char* end : {"a", "b"}) {
    listing.subject = kLong + end;
    REQUIRE_VALUE(const AddedIdentity added, AddIdentity(files.folder.str(), listing));
    BOOST_CHECK_EQUAL(added.identity, kLong + end + " of https://accounts.example.org");
  }
  listing.subject_is = SubjectIs::kExpression;
  BOOST_CHECK(AddIdentity(files.folder.str(), listing).has_value());
  CHECK_ERROR(AddIdentity(files.folder.str(), listing), ErrorCode::kConflict, "is listed already");
  REQUIRE_VALUE(const Trust trust, files.Load());
  BOOST_CHECK_EQUAL(trust.certificates().identities.size(), 5u);
}

BOOST_AUTO_TEST_CASE(are_not_added_twice_nor_where_they_would_not_read_back) {
  const IdentityFolder files;
  const std::string before = test::Slurp(files.folder / "parties/lab.toml");
  IdentityListing again = Joe();
  again.party = "other";
  again.subject = "jane@example.org";
  CHECK_ERROR(AddIdentity(files.folder.str(), again), ErrorCode::kConflict,
              "jane@example.org of https://accounts.example.org is listed already, of \"lab\"");
  IdentityListing broken = Joe();
  broken.subject = "(";
  broken.subject_is = SubjectIs::kExpression;
  CHECK_ERROR(AddIdentity(files.folder.str(), broken), ErrorCode::kMalformed, "not a regular");
  IdentityListing ended = Joe();
  ended.dates = {TimestampMs(2), TimestampMs(1)};
  CHECK_ERROR(AddIdentity(files.folder.str(), ended), ErrorCode::kMalformed,
              "dates end before they begin");
  IdentityListing nameless = Joe();
  nameless.party = "../lab";
  CHECK_ERROR(AddIdentity(files.folder.str(), nameless), ErrorCode::kMalformed, "a new party");
  CHECK_ERROR(AddIdentity(files.folder / "none", Joe()), ErrorCode::kNotFound, "no such folder");
  BOOST_CHECK_EQUAL(test::Slurp(files.folder / "parties/lab.toml"), before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::trust
