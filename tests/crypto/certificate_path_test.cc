#include <boost/json.hpp>

#include <algorithm>

#include "core/base64.h"
#include "crypto/certificate.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

using test::CertificateSpec;
using test::MakeAuthority;
using test::MakeCertificate;
using test::TestAuthority;
using test::TestKey;
using test::TestKeyKind;
using test::TestNameForm;

using Path = std::vector<Certificate>;

constexpr TimestampMs kNow(1'700'000'000'000);

Certificate Read(const Bytes& der) {
  REQUIRE_VALUE(auto certificate, Certificate::Parse(der));
  return certificate;
}

Certificate LeafOf(const TestAuthority& issuer, CertificateSpec spec = {.common_name = "leaf"}) {
  return Read(MakeCertificate(spec, TestKey::Generate(TestKeyKind::kP256), &issuer));
}

Certificate Of(const TestAuthority& authority) { return Read(authority.certificate); }

// Root, intermediate and leaf.
struct Chain {
  explicit Chain(const CertificateSpec& root_spec = {.common_name = "root"},
                 const CertificateSpec& ca_spec = {.common_name = "ca"},
                 const CertificateSpec& leaf_spec = {.common_name = "leaf"})
      : root(MakeAuthority(root_spec)),
        ca(MakeAuthority(ca_spec, &root)),
        leaf(LeafOf(ca, leaf_spec)) {}

  Result<Path> Find(TimestampMs at = kNow) const {
    return FindPath(leaf, std::vector{Of(ca)}, std::vector{Of(root)}, at);
  }

  TestAuthority root;
  TestAuthority ca;
  Certificate leaf;
};

BOOST_AUTO_TEST_SUITE(certificate_path)

BOOST_AUTO_TEST_CASE(finds_the_path_of_an_honest_chain) {
  const Chain chain;
  REQUIRE_VALUE(const Path path, chain.Find());
  BOOST_CHECK((path == Path{chain.leaf, Of(chain.ca), Of(chain.root)}));
}

BOOST_AUTO_TEST_CASE(ends_at_an_anchor_that_is_an_intermediate_or_the_leaf) {
  const Chain chain;
  REQUIRE_VALUE(const Path partial, FindPath(chain.leaf, {}, std::vector{Of(chain.ca)}, kNow));
  BOOST_CHECK((partial == Path{chain.leaf, Of(chain.ca)}));
  REQUIRE_VALUE(const Path alone, FindPath(chain.leaf, {}, std::vector{chain.leaf}, kNow));
  BOOST_CHECK(alone == Path{chain.leaf});
}

BOOST_AUTO_TEST_CASE(works_for_every_kind_of_key) {
  for (const auto kind :
       {TestKeyKind::kP384, TestKeyKind::kP521, TestKeyKind::kEd25519, TestKeyKind::kRsa2048}) {
    const TestAuthority root = MakeAuthority({.common_name = "root"}, nullptr, kind);
    BOOST_CHECK(FindPath(LeafOf(root), {}, std::vector{Of(root)}, kNow).has_value());
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_no_anchor_signed) {
  const Chain chain;
  const TestAuthority other = MakeAuthority({.common_name = "root"});
  const TestAuthority stranger = MakeAuthority({.common_name = "stranger"});
  const auto find = [&](const TestAuthority& anchor) {
    return FindPath(chain.leaf, std::vector{Of(chain.ca)}, std::vector{Of(anchor)}, kNow);
  };
  CHECK_ERROR(find(stranger), ErrorCode::kRejected,
              "CN=leaf: unable to get local issuer certificate");
  CHECK_ERROR(find(other), ErrorCode::kRejected, "CN=root: authority and subject key identifier");
  CHECK_ERROR(FindPath(chain.leaf, {}, std::vector{Of(chain.root)}, kNow), ErrorCode::kRejected,
              "unable to get local issuer certificate");
  CHECK_ERROR(FindPath(chain.leaf, std::vector{Of(chain.ca)}, {}, kNow), ErrorCode::kRejected,
              "unable to get local issuer certificate");
}

// As a certificate of Sigstore has none.
BOOST_AUTO_TEST_CASE(a_refused_certificate_without_a_subject_has_no_name_in_the_message) {
  const TestAuthority root = MakeAuthority({.common_name = "root"});
  const auto path = FindPath(LeafOf(root, {}), {}, {}, kNow);
  BOOST_REQUIRE(!path);
  BOOST_CHECK_EQUAL(path.error().message, "unable to get local issuer certificate");
}

// Without key identifiers nothing but the signature tells them apart.
BOOST_AUTO_TEST_CASE(refuses_an_anchor_of_the_right_name_that_did_not_sign) {
  const CertificateSpec spec{.common_name = "root", .key_identifiers = false};
  const TestAuthority root = MakeAuthority(spec), other = MakeAuthority(spec);
  const Certificate leaf = LeafOf(root, {.common_name = "leaf", .key_identifiers = false});
  BOOST_CHECK(FindPath(leaf, {}, std::vector{Of(root)}, kNow).has_value());
  CHECK_ERROR(FindPath(leaf, {}, std::vector{Of(other)}, kNow), ErrorCode::kRejected,
              "CN=leaf: certificate signature failure");
}

BOOST_AUTO_TEST_CASE(finds_the_intermediate_that_signed_among_those_of_its_name) {
  for (const bool identifiers : {true, false}) {
    const TestAuthority root = MakeAuthority({.common_name = "root"});
    const CertificateSpec spec{.common_name = "ca", .key_identifiers = identifiers};
    const TestAuthority right = MakeAuthority(spec, &root), wrong = MakeAuthority(spec, &root);
    const Certificate leaf = LeafOf(right, {.common_name = "leaf", .key_identifiers = identifiers});
    const Path expected{leaf, Of(right), Of(root)};
    for (const auto& [first, second] : {std::pair(right, wrong), std::pair(wrong, right)}) {
      REQUIRE_VALUE(const Path path, FindPath(leaf, std::vector{Of(first), Of(second)},
                                              std::vector{Of(root)}, kNow));
      BOOST_CHECK(path == expected);
      REQUIRE_VALUE(const Path partial,
                    FindPath(leaf, {}, std::vector{Of(first), Of(second)}, kNow));
      BOOST_CHECK((partial == Path{leaf, Of(right)}));
    }
  }
}

// More than there are paths that are tried: those that did not sign are no part of any.
BOOST_AUTO_TEST_CASE(finds_the_intermediate_that_signed_among_many) {
  const TestAuthority root = MakeAuthority({.common_name = "root"});
  const CertificateSpec spec{.common_name = "ca", .key_identifiers = false};
  std::vector<Certificate> given;
  for (int i = 0; i < 15; ++i) given.push_back(Of(MakeAuthority(spec, &root)));
  const TestAuthority right = MakeAuthority(spec, &root);
  given.push_back(Of(right));
  const Certificate leaf = LeafOf(right, {.common_name = "leaf", .key_identifiers = false});
  REQUIRE_VALUE(const Path path, FindPath(leaf, given, std::vector{Of(root)}, kNow));
  BOOST_CHECK(path.at(1) == Of(right));
}

// One key in two certificates, of which one has expired or leads nowhere: both orders.
BOOST_AUTO_TEST_CASE(comes_back_from_a_certificate_that_leads_nowhere) {
  const TestAuthority root = MakeAuthority({.common_name = "root"});
  const TestAuthority stranger = MakeAuthority({.common_name = "stranger"});
  const TestAuthority ca = MakeAuthority({.common_name = "ca"}, &root);
  const TestAuthority astray{
      ca.key, MakeCertificate({.common_name = "ca", .is_ca = true}, ca.key, &stranger)};
  const TestAuthority expired{
      ca.key, MakeCertificate(
                  {.common_name = "ca", .not_after = TimestampMs(1'600'000'000'000), .is_ca = true},
                  ca.key, &root)};
  const Certificate leaf = LeafOf(ca);
  std::vector<Certificate> given{Of(ca), Of(astray), Of(expired)};
  for (int order = 0; order < 3; ++order) {
    std::rotate(given.begin(), given.begin() + 1, given.end());
    REQUIRE_VALUE(const Path path, FindPath(leaf, given, std::vector{Of(root)}, kNow));
    BOOST_CHECK((path == Path{leaf, Of(ca), Of(root)}));
  }
}

struct Window {
  const char* at_fault;
  CertificateSpec root{.common_name = "root"};
  CertificateSpec ca{.common_name = "ca"};
  CertificateSpec leaf{.common_name = "leaf"};
};

// Each in turn is valid in one second only, whose whole length counts.
BOOST_AUTO_TEST_CASE(refuses_a_chain_of_which_one_is_not_valid) {
  Window windows[3] = {{"CN=root"}, {"CN=ca"}, {"CN=leaf"}};
  CertificateSpec* const narrow[] = {&windows[0].root, &windows[1].ca, &windows[2].leaf};
  for (size_t i = 0; i < 3; ++i) {
    narrow[i]->not_before = narrow[i]->not_after = kNow;
    const Chain chain(windows[i].root, windows[i].ca, windows[i].leaf);
    const std::string name = windows[i].at_fault;
    BOOST_CHECK(chain.Find(kNow).has_value());
    BOOST_CHECK(chain.Find(TimestampMs(kNow.value() + 999)).has_value());
    CHECK_ERROR(chain.Find(TimestampMs(kNow.value() + 1000)), ErrorCode::kRejected,
                name + ": certificate has expired");
    CHECK_ERROR(chain.Find(TimestampMs(kNow.value() - 1)), ErrorCode::kRejected,
                name + ": certificate is not yet valid");
  }
}

BOOST_AUTO_TEST_CASE(refuses_an_expired_anchor_that_is_an_intermediate) {
  const Chain chain({.common_name = "root"},
                    {.common_name = "ca", .not_after = TimestampMs(1'600'000'000'000)});
  CHECK_ERROR(FindPath(chain.leaf, {}, std::vector{Of(chain.ca)}, kNow), ErrorCode::kRejected,
              "CN=ca: certificate has expired");
}

BOOST_AUTO_TEST_CASE(refuses_an_issuer_that_is_no_ca) {
  const TestAuthority root = MakeAuthority({.common_name = "root"});
  const TestKey key = TestKey::Generate(TestKeyKind::kP256);
  const TestAuthority fake{key,
                           MakeCertificate({.common_name = "ca", .key_usage = false}, key, &root)};
  CHECK_ERROR(FindPath(LeafOf(fake), std::vector{Of(fake)}, std::vector{Of(root)}, kNow),
              ErrorCode::kRejected, "CN=ca: invalid CA certificate");
  CHECK_ERROR(FindPath(LeafOf(fake), {}, std::vector{Of(fake)}, kNow), ErrorCode::kRejected,
              "CN=ca: invalid CA certificate");
  const TestAuthority signer{key, MakeCertificate({.common_name = "ca"}, key, &root)};
  CHECK_ERROR(FindPath(LeafOf(signer), std::vector{Of(signer)}, std::vector{Of(root)}, kNow),
              ErrorCode::kRejected, "CN=ca: key usage does not include certificate signing");
}

// OpenSSL takes an anchor for a CA that says so in its key usage alone.
BOOST_AUTO_TEST_CASE(refuses_an_anchor_without_basic_constraints) {
  const TestAuthority root = MakeAuthority({.common_name = "root", .constraints = false});
  CHECK_ERROR(FindPath(LeafOf(root), {}, std::vector{Of(root)}, kNow), ErrorCode::kRejected,
              "CN=root: invalid CA certificate");
}

BOOST_AUTO_TEST_CASE(refuses_a_path_longer_than_a_ca_allows) {
  const Chain allowed({.common_name = "root", .path_length = 1});
  BOOST_CHECK(allowed.Find().has_value());
  const Chain chain({.common_name = "root", .path_length = 0});
  CHECK_ERROR(chain.Find(), ErrorCode::kRejected, "path length constraint exceeded");
}

// {permitted: rfc822Name "good.example"}
constexpr uint8_t kOnlyGoodExample[] = {0x30, 0x12, 0xa0, 0x10, 0x30, 0x0e, 0x81, 0x0c, 'g', 'o',
                                        'o',  'd',  '.',  'e',  'x',  'a',  'm',  'p',  'l', 'e'};

BOOST_AUTO_TEST_CASE(keeps_name_constraints) {
  const CertificateSpec ca{.common_name = "ca",
                           .extensions = {{"2.5.29.30", ToBytes(kOnlyGoodExample), true}}};
  const auto named = [&](const std::string& email) {
    return Chain({.common_name = "root"}, ca, {.names = {{TestNameForm::kEmail, email}}});
  };
  BOOST_CHECK(named("a@good.example").Find().has_value());
  CHECK_ERROR(named("a@evil.example").Find(), ErrorCode::kRejected, "permitted subtree violation");
}

BOOST_AUTO_TEST_CASE(refuses_unknown_critical_extensions_anywhere) {
  const CertificateSpec odd{.common_name = "odd", .extensions = {{"1.2.3.4", {5, 0}, true}}};
  const CertificateSpec root{.common_name = "root"}, ca{.common_name = "ca"};
  CHECK_ERROR(Chain(root, ca, odd).Find(), ErrorCode::kRejected,
              "CN=odd: unhandled critical extension");
  CHECK_ERROR(Chain(root, odd).Find(), ErrorCode::kRejected, "unhandled critical extension");
  CHECK_ERROR(Chain(odd).Find(), ErrorCode::kRejected, "unhandled critical extension");
}

BOOST_AUTO_TEST_CASE(refuses_sha1) {
  const CertificateSpec root{.common_name = "root"}, ca{.common_name = "ca"};
  CHECK_ERROR(Chain(root, ca, {.common_name = "leaf", .sha1 = true}).Find(), ErrorCode::kRejected,
              "signature digest algorithm too weak");
  CHECK_ERROR(Chain(root, {.common_name = "ca", .sha1 = true}).Find(), ErrorCode::kRejected,
              "signature digest algorithm too weak");
  // Nobody relies on what an anchor says of itself.
  BOOST_CHECK(Chain({.common_name = "root", .sha1 = true}).Find().has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_changed_certificate) {
  const Chain chain;
  Bytes der = chain.leaf.der();
  const std::string_view name = "leaf";
  const auto at = std::search(der.begin(), der.end(), name.begin(), name.end());
  BOOST_REQUIRE(at != der.end());
  *at = 'L';
  CHECK_ERROR(FindPath(Read(der), std::vector{Of(chain.ca)}, std::vector{Of(chain.root)}, kNow),
              ErrorCode::kRejected, "CN=Leaf: certificate signature failure");
}

// A chain as long as may be, and one that is longer.
BOOST_AUTO_TEST_CASE(finds_paths_of_eight_certificates_and_no_more) {
  std::vector<TestAuthority> cas{MakeAuthority({.common_name = "0"})};
  for (int i = 1; i < 8; ++i) {
    cas.push_back(MakeAuthority({.common_name = std::to_string(i)}, &cas.back()));
  }
  std::vector<Certificate> given;
  for (const TestAuthority& ca : cas) given.push_back(Of(ca));
  const std::vector anchors{given.front()};
  REQUIRE_VALUE(const Path path, FindPath(LeafOf(cas[6]), given, anchors, kNow));
  BOOST_CHECK_EQUAL(path.size(), 8u);
  CHECK_ERROR(FindPath(LeafOf(cas[7]), given, anchors, kNow), ErrorCode::kRejected,
              "certificate chain too long");
}

// Each could have signed each: without a bound there are more paths than can be tried.
BOOST_AUTO_TEST_CASE(gives_up_on_certificates_that_all_signed_each_other) {
  const TestKey key = TestKey::Generate(TestKeyKind::kP256);
  const CertificateSpec spec{.common_name = "ca", .is_ca = true, .key_identifiers = false};
  std::vector<Certificate> given;
  for (uint64_t serial = 1; serial <= 16; ++serial) {
    CertificateSpec one = spec;
    one.serial = serial;
    given.push_back(Read(MakeCertificate(one, key)));
  }
  const TestAuthority root = MakeAuthority({.common_name = "root"});
  CHECK_ERROR(FindPath(given.front(), given, std::vector{Of(root)}, kNow), ErrorCode::kRejected,
              "CN=ca: certificate chain too long");
}

std::vector<Certificate> ChainOf(const std::filesystem::path& bundle) {
  const auto json = boost::json::parse(test::Slurp(bundle));
  std::vector<Certificate> chain;
  const auto& material = json.at("verificationMaterial").at("x509CertificateChain");
  for (const auto& one : material.at("certificates").as_array()) {
    const auto der = Base64Decode(std::string_view(one.at("rawBytes").as_string()));
    chain.push_back(Read(der.value()));
  }
  return chain;
}

// The leaf is a CA whose subject is its issuer's name.
BOOST_AUTO_TEST_CASE(finds_the_paths_of_the_openssfs_certificate_bundles,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  const auto folder = test::VectorsFolder() / "model-signing";
  REQUIRE_VALUE(const auto anchors,
                Certificate::ParsePem(test::Slurp(folder / "keys/ca-cert.pem")));
  constexpr TimestampMs kInside(1'750'000'000'000), kAfter(2'100'000'000'000);
  int seen = 0;
  for (const char* name : {"v0.2.0", "v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0"}) {
    const auto chain =
        ChainOf(folder / "bundles" / (name + std::string("-certificate")) / "model.sig");
    BOOST_REQUIRE_GE(chain.size(), 2u);
    BOOST_CHECK(chain.front().is_ca() && chain.front().self_issued());
    const auto rest = std::span(chain).subspan(1);
    REQUIRE_VALUE(const Path path, FindPath(chain.front(), rest, anchors, kInside));
    BOOST_CHECK_EQUAL(path.size(), 3u);
    CHECK_ERROR(FindPath(chain.front(), rest, anchors, kAfter), ErrorCode::kRejected,
                "certificate has expired");
    ++seen;
  }
  BOOST_CHECK_EQUAL(seen, 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
