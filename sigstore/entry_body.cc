#include "sigstore/entry_body.h"

#include <fmt/core.h>

#include <utility>

#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/certificate.h"
#include "json/reader.h"
#include "sigstore/key_details.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

// An entry has no more; against comparisons of signatures that nobody made.
constexpr size_t kMaxSignatures = 8;

Error In(const Error& error, json::Value value) {
  return Malformed(error.message).In(value.Path());
}

// `{"algorithm":"sha256","value":"<hex>"}`, as Rekor v1 writes digests.
Result<StatedDigest> ReadHexDigest(const StrictObject& parent, std::string_view field) {
  CARNET_TRY(const StrictObject hash, parent.Object(field, {"algorithm", "value"}));
  CARNET_TRY(const std::string_view name, hash.RequiredText("algorithm"));
  CARNET_TRY(const std::string_view hex, hash.RequiredText("value"));
  for (const auto algorithm : {crypto::HashAlgorithm::kSha256, crypto::HashAlgorithm::kSha384,
                               crypto::HashAlgorithm::kSha512}) {
    if (name != crypto::HashName(algorithm)) continue;
    auto digest = HexDecode(hex);
    if (!digest || digest->size() != crypto::DigestSize(algorithm)) {
      return FieldError(*hash.Find("value"), fmt::format("must be a {} digest in hex", name));
    }
    return StatedDigest{algorithm, *std::move(digest)};
  }
  return FieldError(*hash.Find("algorithm"), "must be sha256, sha384 or sha512");
}

Result<Bytes> ReadSignatureBytes(const StrictObject& object, std::string_view field) {
  CARNET_TRY(Bytes signature, object.Base64(field));
  if (signature.empty()) return object.Missing(field);
  return signature;
}

// PEM of a certificate or a public key.
Result<LoggedSignature> ReadPemVerifier(json::Value value, ByteSpan pem, Bytes signature) {
  const std::string_view text = AsText(pem);
  if (text.find("-----BEGIN CERTIFICATE-----") != text.npos) {
    const auto certificates = crypto::Certificate::ParsePem(text);
    if (!certificates) return In(certificates.error(), value);
    return LoggedSignature{std::move(signature), {}, certificates->front().der()};
  }
  const auto key = crypto::PublicKey::ParsePem(text);
  if (!key) return In(key.error(), value);
  return LoggedSignature{std::move(signature), key->spki(), {}};
}

Result<LoggedSignature> ReadHashedRekord001Signature(const StrictObject& spec) {
  CARNET_TRY(const StrictObject signature, spec.Object("signature", {"content", "publicKey"}));
  CARNET_TRY(Bytes content, ReadSignatureBytes(signature, "content"));
  CARNET_TRY(const StrictObject key, signature.Object("publicKey", {"content"}));
  CARNET_TRY(const Bytes pem, key.Base64("content"));
  return ReadPemVerifier(*signature.Find("publicKey"), pem, std::move(content));
}

Result<EntryBody> ReadHashedRekord001(const StrictObject& root) {
  CARNET_TRY(const StrictObject spec, root.Object("spec", {"data", "signature"}));
  CARNET_TRY(const StrictObject data, spec.Object("data", {"hash"}));
  CARNET_TRY(StatedDigest digest, ReadHexDigest(data, "hash"));
  CARNET_TRY(LoggedSignature signature, ReadHashedRekord001Signature(spec));
  return EntryBody{EntryKind::kHashedRekord001, std::move(digest), {std::move(signature)}};
}

Result<Bytes> ReadRawBytes(const StrictObject& verifier, std::string_view field) {
  CARNET_TRY(const StrictObject wrapped, verifier.Object(field, {"rawBytes"}));
  CARNET_TRY(Bytes der, wrapped.Base64("rawBytes"));
  if (der.empty()) return wrapped.Missing("rawBytes");
  return der;
}

Result<StatedDigest> ReadRawDigest(const StrictObject& record) {
  CARNET_TRY(const StrictObject data, record.Object("data", {"algorithm", "digest"}));
  CARNET_TRY(const auto algorithm, ReadHashAlgorithm(data, "algorithm"));
  CARNET_TRY(const json::Value value, data.Field("digest"));
  CARNET_TRY(Bytes digest, Base64Of(value, data.spelling()));
  if (digest.size() != crypto::DigestSize(algorithm)) {
    return FieldError(value, fmt::format("must be {} bytes", crypto::DigestSize(algorithm)));
  }
  return StatedDigest{algorithm, std::move(digest)};
}

Result<EntryBody> ReadHashedRekord002(const StrictObject& root) {
  CARNET_TRY(const StrictObject spec, root.Object("spec", {"hashedRekordV002"}));
  CARNET_TRY(const StrictObject record, spec.Object("hashedRekordV002", {"data", "signature"}));
  CARNET_TRY(StatedDigest digest, ReadRawDigest(record));
  CARNET_TRY(const StrictObject signature, record.Object("signature", {"content", "verifier"}));
  CARNET_TRY(Bytes content, ReadSignatureBytes(signature, "content"));
  CARNET_TRY(const StrictObject verifier,
             signature.Object("verifier", {"keyDetails", "publicKey", "x509Certificate"}));
  CARNET_TRY(const std::string_view name, verifier.RequiredText("keyDetails"));
  const KeyDetails* details = FindKeyDetails(name);
  if (details == nullptr) {
    return FieldError(*verifier.Find("keyDetails"),
                      fmt::format("\"{}\" is not known", Printable(name)));
  }
  LoggedSignature logged{std::move(content), {}, {}};
  if (verifier.Find("publicKey").has_value() == verifier.Find("x509Certificate").has_value()) {
    return FieldError(*signature.Find("verifier"),
                      "must have exactly one of publicKey and x509Certificate");
  }
  if (verifier.Find("publicKey")) {
    CARNET_TRY(logged.spki, ReadRawBytes(verifier, "publicKey"));
  } else {
    CARNET_TRY(logged.certificate, ReadRawBytes(verifier, "x509Certificate"));
  }
  return EntryBody{
      EntryKind::kHashedRekord002, std::move(digest), {std::move(logged)}, details->kind};
}

Result<std::vector<LoggedSignature>> ReadSignatures(
    const StrictObject& parent, Result<LoggedSignature> (*read)(const StrictObject&, json::Value)) {
  std::vector<LoggedSignature> out;
  CARNET_TRY(auto item, parent.FirstItem("signatures", kMaxSignatures));
  if (!item) return parent.Missing("signatures[0]");
  for (; item; item = item->next()) {
    CARNET_TRY(LoggedSignature signature, read(parent, *item));
    out.push_back(std::move(signature));
  }
  return out;
}

Result<LoggedSignature> ReadDsseSignature(const StrictObject& parent, json::Value value) {
  CARNET_TRY(const StrictObject signature, parent.Item(value, {"signature", "verifier"}));
  CARNET_TRY(Bytes content, ReadSignatureBytes(signature, "signature"));
  CARNET_TRY(const Bytes pem, signature.Base64("verifier"));
  return ReadPemVerifier(value, pem, std::move(content));
}

// `envelopeHash` is over the envelope as its signer's client spelt it, which no bundle keeps: it
// cannot be checked, and says nothing that the others do not.
Result<EntryBody> ReadDsse(const StrictObject& root) {
  CARNET_TRY(const StrictObject spec,
             root.Object("spec", {"envelopeHash", "payloadHash", "signatures"}));
  CARNET_TRY_VOID(ReadHexDigest(spec, "envelopeHash"));
  CARNET_TRY(StatedDigest digest, ReadHexDigest(spec, "payloadHash"));
  CARNET_TRY(auto signatures, ReadSignatures(spec, ReadDsseSignature));
  return EntryBody{EntryKind::kDsse001, std::move(digest), std::move(signatures)};
}

// Here the signature's base64 is in base64 again, as is the PEM.
Result<LoggedSignature> ReadIntotoSignature(const StrictObject& parent, json::Value value) {
  CARNET_TRY(const StrictObject signature, parent.Item(value, {"publicKey", "sig", "keyid"}));
  CARNET_TRY(const Bytes text, ReadSignatureBytes(signature, "sig"));
  auto content = Base64Decode(AsText(text));
  if (!content) return FieldError(*signature.Find("sig"), "must be base64 of base64");
  CARNET_TRY(const Bytes pem, signature.Base64("publicKey"));
  return ReadPemVerifier(value, pem, *std::move(content));
}

Result<EntryBody> ReadIntoto(const StrictObject& root) {
  CARNET_TRY(const StrictObject spec, root.Object("spec", {"content"}));
  CARNET_TRY(const StrictObject content,
             spec.Object("content", {"envelope", "hash", "payloadHash"}));
  CARNET_TRY_VOID(ReadHexDigest(content, "hash"));  // as dsse's envelopeHash
  CARNET_TRY(StatedDigest digest, ReadHexDigest(content, "payloadHash"));
  CARNET_TRY(const StrictObject envelope,
             content.Object("envelope", {"payload", "payloadType", "signatures"}));
  CARNET_TRY(const std::string_view payload_type, envelope.RequiredText("payloadType"));
  CARNET_TRY(auto signatures, ReadSignatures(envelope, ReadIntotoSignature));
  return EntryBody{EntryKind::kIntoto002, std::move(digest), std::move(signatures), std::nullopt,
                   std::string(payload_type)};
}

struct KnownKind {
  std::string_view kind;
  std::string_view version;
  Result<EntryBody> (*read)(const StrictObject& root);
};

constexpr KnownKind kKnownKinds[] = {{"hashedrekord", "0.0.1", ReadHashedRekord001},
                                     {"hashedrekord", "0.0.2", ReadHashedRekord002},
                                     {"dsse", "0.0.1", ReadDsse},
                                     {"intoto", "0.0.2", ReadIntoto}};

}  // namespace

Result<EntryBody> ReadEntryBody(std::string_view body, std::string_view stated_kind,
                                std::string_view stated_version) {
  CARNET_TRY(const json::Tree tree, json::Parse(body, kForeignLimits));
  CARNET_TRY(const StrictObject root,
             StrictObject::Open(tree.root(), {"apiVersion", "kind", "spec"}, Spelling::kProto3));
  CARNET_TRY(const std::string_view kind, root.RequiredText("kind"));
  CARNET_TRY(const std::string_view version, root.RequiredText("apiVersion"));
  if (kind != stated_kind || version != stated_version) {
    return Malformed(fmt::format("is a {} {}, but kindVersion says {} {}", Printable(kind),
                                 Printable(version), Printable(stated_kind),
                                 Printable(stated_version)));
  }
  for (const KnownKind& known : kKnownKinds) {
    if (kind == known.kind && version == known.version) return known.read(root);
  }
  return Malformed(
      fmt::format("is a {} {}; known are hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and "
                  "intoto 0.0.2",
                  Printable(kind), Printable(version)));
}

}  // namespace carnet::sigstore
