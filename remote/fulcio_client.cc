#include "remote/fulcio_client.h"

#include <fmt/core.h>

#include "core/ascii.h"
#include "core/base64.h"
#include "crypto/sha256.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sigstore/key_file.h"

namespace carnet::remote {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr size_t kMaxChain = 8;
constexpr json::Limits kAnswerLimits = {.max_bytes = 256 * 1024, .max_depth = 8, .max_values = 64};

// Over what the token says who it is for: shows that who asks has the private key.
Result<Bytes> ProofOfPossession(const IdentityToken& token, const signer::AttestationKey& key) {
  const Sha256Digest digest = crypto::Sha256Of(token.subject());
  CARNET_TRY(Bytes signature, key.SignDigest(digest));
  if (key.public_key().VerifyDigest(digest, signature) == crypto::SignatureCheck::kGood) {
    return signature;
  }
  return Io("the key gave a signature that is not good by its own public key");
}

std::string CertificateBodyOf(const IdentityToken& token, ByteSpan spki, ByteSpan proof) {
  json::Writer writer;
  writer.BeginObject();
  writer.Key("credentials").BeginObject().Member("oidcIdentityToken", token.text()).EndObject();
  writer.Key("publicKeyRequest").BeginObject();
  writer.Key("publicKey").BeginObject().Member("algorithm", "ECDSA");
  writer.Member("content", sigstore::WritePublicKey(spki)).EndObject();
  writer.Member("proofOfPossession", Base64Encode(proof));
  return writer.EndObject().EndObject().Take();
}

// `root[first][second]…`, where each is an object that has the next.
std::optional<json::Value> Within(json::Value root, std::initializer_list<std::string_view> path) {
  std::optional<json::Value> at = root;
  for (const std::string_view key : path) {
    if (!at || !at->is(json::Type::kObject)) return std::nullopt;
    at = at->Find(key);
  }
  return at;
}

Result<std::string> ChainIn(json::Value answer) {
  if (Within(answer, {"signedCertificateDetachedSct"})) {
    return Unsupported(
        "the certificate's timestamp of a transparency log comes beside it, not in it");
  }
  const auto list = Within(answer, {"signedCertificateEmbeddedSct", "chain", "certificates"});
  if (!list || !list->is(json::Type::kArray) || list->size() == 0 || list->size() > kMaxChain) {
    return Malformed("the answer has no chain of certificates");
  }
  std::string pem;
  for (auto item = list->first_child(); item; item = item->next()) {
    if (!item->is(json::Type::kString)) return Malformed("a certificate in the answer is not text");
    pem += item->string();
    if (!pem.ends_with('\n')) pem += '\n';
  }
  return pem;
}

Result<std::vector<crypto::Certificate>> ReadChain(std::string_view body, ByteSpan spki) {
  CARNET_TRY(const json::Tree tree, json::Parse(body, kAnswerLimits));
  CARNET_TRY(const std::string pem, ChainIn(tree.root()));
  CARNET_TRY(auto chain, crypto::Certificate::ParsePem(pem));
  const Bytes& certified = chain.front().public_key().spki();
  if (!std::equal(certified.begin(), certified.end(), spki.begin(), spki.end())) {
    return Rejected("the certificate is for another key");
  }
  return chain;
}

bool IsOfToken(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

// A service may repeat what it was asked, and a message goes into logs that others read.
std::string WithoutToken(std::string_view message, const IdentityToken& token) {
  constexpr size_t kShortest = 12;  // of what says anything
  std::string out;
  for (size_t at = 0; at < message.size();) {
    size_t end = at;
    while (end < message.size() && IsOfToken(message[end])) ++end;
    const std::string_view run = message.substr(at, end - at);
    const bool secret = run.size() >= kShortest && token.text().find(run) != std::string::npos;
    out += secret ? "[identity token]" : run;
    if (end < message.size()) out += message[end++];
    at = end;
  }
  return out;
}

}  // namespace

Result<std::vector<crypto::Certificate>> AskForCertificate(const IdentityToken& token,
                                                           const signer::AttestationKey& key,
                                                           const Url& authority,
                                                           const HttpClient& http) {
  const Bytes& spki = key.public_key().spki();
  CARNET_TRY(const Bytes proof, ProofOfPossession(token, key));
  HttpRequest request{authority.Under("/api/v2/signingCert"), "ask for a certificate"};
  request.content_type = kJson;
  request.accept = kJson;
  request.body = CertificateBodyOf(token, spki, proof);
  const auto answer = http.SendFor(request, kJson);
  if (!answer) {
    return Error{answer.error().code, WithoutToken(answer.error().message, token)};
  }
  auto chain = ReadChain(answer->body, spki);
  return chain ? std::move(chain) : chain.error().In(request.url.Shown());
}

}  // namespace carnet::remote
