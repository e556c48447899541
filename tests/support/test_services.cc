#include "tests/support/test_services.h"

#include <fmt/core.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <boost/json.hpp>

#include "tests/support/pki_openssl.h"

namespace carnet::test {
namespace {

namespace json = boost::json;

std::string Text(const json::value& value) { return std::string(value.as_string()); }

Bytes SpkiOf(const std::string& pem) {
  const Owned<BIO, BIO_free_all> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Owned<EVP_PKEY, EVP_PKEY_free> key(
      PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  Must(key != nullptr, "public key");
  return DerOf(key.get(), i2d_PUBKEY);
}

// RFC 7515: base64url without padding.
std::string TokenPart(const std::string& text) {
  std::string part = TestBase64(AsBytes(text));
  for (char& c : part) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return part.substr(0, part.find('='));
}

std::string ServiceJson(const std::string& url, int version) {
  return fmt::format(
      R"([{{"url":"{}","majorApiVersion":{},"validFor":{{"start":"2020-01-01T00:00:00Z"}},)"
      R"("operator":"example.org"}}])",
      url, version);
}

}  // namespace

TestServices::TestServices(TimestampMs at)
    : now(at),
      issuer(&sigstore.intermediate),
      http_([this](const HttpAsked& asked_now) { return Reply(asked_now); }) {}

std::string TestServices::SigningConfig() const {
  return fmt::format(
      R"({{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":{},)"
      R"("rekorTlogUrls":{},"rekorTlogConfig":{{"selector":"ANY"}},"tsaUrls":{},)"
      R"("tsaConfig":{{"selector":"ANY"}}}})",
      ServiceJson(url(), 1), ServiceJson(url(), 2), ServiceJson(url(kStampPath), 1));
}

std::string TestServices::IdentityToken() const {
  return IdentityToken(fmt::format(
      R"({{"iss":"{}","sub":"1234","email":"{}","email_verified":true,"aud":"sigstore","exp":{}}})",
      kTestIssuer, kTestIdentity, now.value() / 1'000 + 3'600));
}

std::string TestServices::IdentityToken(const std::string& claims) const {
  return TokenPart(R"({"alg":"ES256","typ":"JWT"})") + "." + TokenPart(claims) + "." +
         TokenPart("unsigned");
}

HttpReply TestServices::Reply(const HttpAsked& asked_now) {
  asked.push_back(asked_now.path);
  const auto other = instead.find(asked_now.path);
  if (other != instead.end()) return other->second;
  if (asked_now.path == kFulcioPath) return Certify(asked_now.body);
  if (asked_now.path == kStampPath) return Stamp(asked_now.body);
  if (asked_now.path == kRekorPath) return Log(asked_now.body);
  return {404, "text/plain", "nothing here"};
}

HttpReply TestServices::Certify(const std::string& request) const {
  const auto parsed = json::parse(request);
  std::string pem = Text(parsed.at("publicKeyRequest").at("publicKey").at("content"));
  if (certified) certified(pem);
  CertificateSpec spec{.not_before = TimestampMs(now.value() - 300'000),
                       .not_after = TimestampMs(now.value() + 300'000),
                       .names = {{TestNameForm::kEmail, kTestIdentity}},
                       .usages = {"codeSigning"},
                       .extensions = {FulcioIssuerV2(kTestIssuer)},
                       .logs = {{sigstore.ct_key, now}}};
  if (leaf) leaf(spec);
  const Bytes made = MakeCertificate(spec, TestKey::FromSpki(SpkiOf(pem)), issuer);
  const json::array chain = {json::string(CertificatePem(made)),
                             json::string(CertificatePem(issuer->certificate))};
  return {200, "application/json",
          json::serialize(json::object{
              {"signedCertificateEmbeddedSct", {{"chain", {{"certificates", chain}}}}}})};
}

HttpReply TestServices::Stamp(const std::string& request) const {
  const auto* at = reinterpret_cast<const unsigned char*>(request.data());
  const Owned<TS_REQ, TS_REQ_free> parsed(
      d2i_TS_REQ(nullptr, &at, static_cast<long>(request.size())));
  Must(parsed != nullptr, "time-stamp request");
  const ASN1_OCTET_STRING* imprint = TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(parsed.get()));
  const unsigned char* digest = ASN1_STRING_get0_data(imprint);
  uint64_t nonce = 0;
  Must(ASN1_INTEGER_get_uint64(&nonce, TS_REQ_get_nonce(parsed.get())) == 1, "nonce");
  TimestampSpec spec{.signer = sigstore.stamper, .message = {}, .time = now};
  spec.imprint_digest = Bytes(digest, digest + ASN1_STRING_length(imprint));
  spec.nonce = nonce;
  if (stamp) stamp(spec);
  return {200, "application/timestamp-reply", std::string(AsText(MakeTimestamp(spec)))};
}

HttpReply TestServices::Log(const std::string& request) const {
  const auto parsed = json::parse(request).at("hashedRekordRequestV002");
  const auto& verifier = parsed.at("signature").at("verifier").as_object();
  const char* const kind = verifier.contains("publicKey") ? "publicKey" : "x509Certificate";
  std::string text = fmt::format(
      R"({{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{{"hashedRekordV002":{{"data":{{)"
      R"("algorithm":"SHA2_256","digest":"{}"}},"signature":{{"content":"{}","verifier":{{)"
      R"("keyDetails":"{}","{}":{{"rawBytes":"{}"}}}}}}}}}}}})",
      Text(parsed.at("digest")), Text(parsed.at("signature").at("content")),
      Text(verifier.at("keyDetails")), kind, Text(verifier.at(kind).at("rawBytes")));
  if (body) body(text);
  EntryParts made = sigstore.Add(text);
  if (entry) entry(made);
  return {201, "application/json", made.Json()};
}

}  // namespace carnet::test
