#include "tests/support/certified.h"

#include <map>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/value_of.h"

namespace carnet::test {
namespace {

using schemas::Kind;

sigstore::Authority AuthorityOf(const std::string& name, const Bytes& issuer, const Bytes& root) {
  sigstore::Authority authority{name, {}, {TimestampMs(1'577'836'800'000), {}}};
  for (const Bytes* der : {&issuer, &root}) {
    authority.chain.push_back(ValueOf(crypto::Certificate::Parse(*der), name));
  }
  return authority;
}

WorldPki MakePki(const std::string& name) {
  const TestAuthority root = MakeAuthority({.common_name = name + " root"});
  const TestAuthority stamp_root = MakeAuthority({.common_name = name + " stamp root"});
  const TestKey stamp_key = TestKey::Generate(TestKeyKind::kP256);
  const Bytes stamper = MakeCertificate(
      {.common_name = name + " stamper", .usages = {"timeStamping"}, .usages_critical = true},
      stamp_key, &stamp_root);
  return {root,
          MakeAuthority({.common_name = name + " authority"}, &root),
          stamp_root,
          {stamp_key, stamper},
          TestKey::Generate(TestKeyKind::kP256)};
}

}  // namespace

const WorldPki& PkiNamed(const std::string& name) {
  static std::map<std::string, WorldPki> all;
  auto found = all.find(name);
  if (found == all.end()) found = all.emplace(name, MakePki(name)).first;
  return found->second;
}

Bytes LeafFor(ByteSpan spki, const Certification& how, uint64_t created) {
  constexpr uint64_t kMinute = 60'000;
  const uint64_t second = created / 1000 * 1000;
  const WorldPki& pki = PkiNamed(how.pki);
  CertificateSpec spec{.not_before = TimestampMs(second - kMinute),
                       .not_after = TimestampMs(second + 9 * kMinute),
                       .names = {{TestNameForm::kEmail, how.identity}},
                       .usages = {"codeSigning"},
                       .extensions = {FulcioIssuerV2(how.issuer)},
                       .logs = {{pki.certificate_log, TimestampMs(second)}}};
  if (how.edit_leaf) how.edit_leaf(spec);
  return MakeCertificate(spec, TestKey::FromSpki(spki), &pki.authority);
}

Bytes StampFor(ByteSpan signature, const Certification& how, uint64_t created) {
  TimestampSpec spec{.signer = PkiNamed(how.stamp_pki).stamper,
                     .message = ToBytes(signature),
                     .time = TimestampMs(created + 2'000)};
  if (how.edit_stamp) how.edit_stamp(spec);
  return MakeTimestamp(spec);
}

std::string IdText(const std::string& identity, const std::string& issuer) {
  return "identity:" +
         HexEncode(
             crypto::Sha256Of("carnet-identity-v1\n" + issuer + "\nemail:" + identity).span());
}

sigstore::Authority AuthorityNamed(const std::string& uri, const std::string& pki) {
  return AuthorityOf(uri, PkiNamed(pki).authority.certificate, PkiNamed(pki).root.certificate);
}

trust::CertificateTrust TrustInPki() {
  const WorldPki& pki = PkiNamed("trusted");
  const Bytes log_spki = pki.certificate_log.Spki();
  auto log_key = ValueOf(crypto::PublicKey::ParseSpki(log_spki), "log of certificates");
  trust::CertificateTrust trust;
  trust.authorities.push_back(AuthorityNamed("https://ca.example", "trusted"));
  trust.timestamp_authorities.push_back(
      AuthorityOf("https://tsa.example", pki.stamper.certificate, pki.stamp_root.certificate));
  trust.certificate_logs.push_back({"ctlogs[0]",
                                    "https://ct.example",
                                    "ct.example",
                                    std::move(log_key),
                                    crypto::SignatureScheme::kEcdsaSha256,
                                    Retag<LogId>(crypto::Sha256Of(log_spki)),
                                    {},
                                    {TimestampMs(1'577'836'800'000), {}},
                                    ""});
  return trust;
}

trust::TrustedIdentity Identity(const std::string& party, sigstore::TextPattern subject,
                                std::set<Kind> kinds) {
  return {{sigstore::TextPattern::Exactly(kAccounts), std::move(subject)},
          {},
          {.party = party, .name = {}, .kinds = std::move(kinds), .dates = {}, .sizes = {}}};
}

trust::TrustedIdentity Jane() {
  return Identity("lab", sigstore::TextPattern::Exactly(kJane),
                  {Kind::kDataset, Kind::kRun, Kind::kSegment, Kind::kCompletion, Kind::kPassport});
}

}  // namespace carnet::test
