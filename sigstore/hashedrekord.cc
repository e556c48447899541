#include "sigstore/hashedrekord.h"

#include <optional>

#include "core/base64.h"

namespace carnet::sigstore {
namespace {

// RFC 8785: members sorted, no white space. Base64 needs no escapes.
constexpr std::string_view kBeforeDigest =
    R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{)"
    R"("data":{"algorithm":"SHA2_256","digest":")";
constexpr std::string_view kBeforeSignature = R"("},"signature":{"content":")";
constexpr std::string_view kBeforeSpki =
    R"(","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":")";
constexpr std::string_view kBeforeCertificate =
    R"(","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":")";
constexpr std::string_view kEnd = R"("}}}}}})";

// The base64 value after `before`, taken off the front of `rest` up to its closing quote.
std::optional<Bytes> TakeValue(std::string_view& rest, std::string_view before) {
  if (!rest.starts_with(before)) return std::nullopt;
  rest.remove_prefix(before.size());
  const std::string_view value = rest.substr(0, rest.find('"'));
  rest.remove_prefix(value.size());
  return Base64Decode(value);
}

std::string BodyOf(const StatementId& statement, ByteSpan signature, std::string_view before,
                   ByteSpan verifier) {
  std::string body;
  body.reserve(512 + verifier.size() * 2);
  body.append(kBeforeDigest).append(Base64Encode(statement.span()));
  body.append(kBeforeSignature).append(Base64Encode(signature));
  body.append(before).append(Base64Encode(verifier));
  body.append(kEnd);
  return body;
}

}  // namespace

std::string WriteHashedRekord(const StatementId& statement, ByteSpan signature, ByteSpan spki) {
  return BodyOf(statement, signature, kBeforeSpki, spki);
}

std::string WriteCertifiedHashedRekord(const StatementId& statement, ByteSpan signature,
                                       ByteSpan certificate) {
  return BodyOf(statement, signature, kBeforeCertificate, certificate);
}

std::string WriteHashedRekord(const HashedRekord& record) {
  if (record.certificate.empty()) {
    return WriteHashedRekord(record.statement, record.signature, record.spki);
  }
  return WriteCertifiedHashedRekord(record.statement, record.signature, record.certificate);
}

Result<HashedRekord> ReadHashedRekord(std::string_view body) {
  std::string_view rest = body;
  const auto digest = TakeValue(rest, kBeforeDigest);
  if (!digest) return Malformed("log entry body: not a hashedrekord 0.0.2 in canonical form");
  const auto statement = StatementId::FromSpan(*digest);
  if (!statement) return Malformed("log entry body: digest must be 32 bytes");
  auto signature = TakeValue(rest, kBeforeSignature);
  if (!signature) return Malformed("log entry body: bad signature.content");
  const bool certified = rest.starts_with(kBeforeCertificate);
  auto verifier = TakeValue(rest, certified ? kBeforeCertificate : kBeforeSpki);
  if (!verifier || (certified && verifier->empty())) {
    return Malformed("log entry body: bad signature.verifier");
  }
  if (rest != kEnd) return Malformed("log entry body: does not end with the verifier");
  HashedRekord record{*statement, *std::move(signature), {}};
  (certified ? record.certificate : record.spki) = *std::move(verifier);
  return record;
}

}  // namespace carnet::sigstore
