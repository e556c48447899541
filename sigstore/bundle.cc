#include "sigstore/bundle.h"

#include <fmt/core.h>

#include "core/base64.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sigstore/bundle_fields.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr std::string_view kOldMediaType = "application/vnd.dev.sigstore.bundle+json;version=";

Result<> CheckMediaType(const StrictObject& bundle) {
  CARNET_TRY(const std::string_view type, bundle.RequiredText("mediaType"));
  if (type == kBundleMediaType) return Ok();
  if (type.starts_with(kOldMediaType)) {
    const std::string_view version = type.substr(kOldMediaType.size());
    if (version == "0.3") return Ok();
    return Unsupported(
        fmt::format("mediaType: expected bundle version 0.3, found {}", Printable(version)));
  }
  return Unsupported(fmt::format("mediaType: \"{}\" is not a bundle v0.3", Printable(type)));
}

// Exactly one of a hint and a certificate.
Result<VerificationMaterial> ReadSignerOf(const StrictObject& material) {
  if (material.Find("x509CertificateChain")) {
    return Unsupported(
        "verificationMaterial.x509CertificateChain: expected the signer's certificate alone, in "
        "`certificate`");
  }
  if (!material.Find("certificate")) {
    CARNET_TRY(const StrictObject key, material.Object("publicKey", {"hint"}));
    CARNET_TRY(const std::string_view hint, key.RequiredText("hint"));
    return VerificationMaterial(PublicKeyHint{std::string(hint)});
  }
  if (material.Find("publicKey")) {
    return FieldError(*material.Find("publicKey"), "must not stand beside a certificate");
  }
  CARNET_TRY(const StrictObject certificate, material.Object("certificate", {"rawBytes"}));
  CARNET_TRY(Bytes der, certificate.Base64("rawBytes"));
  if (der.empty()) return certificate.Missing("rawBytes");
  return VerificationMaterial(Certificate{std::move(der)});
}

Result<> ReadMaterial(const StrictObject& bundle, Bundle& out) {
  CARNET_TRY(
      const StrictObject material,
      bundle.Object("verificationMaterial", {"publicKey", "certificate", "x509CertificateChain",
                                             "tlogEntries", "timestampVerificationData"}));
  CARNET_TRY(out.material, ReadSignerOf(material));
  CARNET_TRY(out.entries, ReadLogEntries(material, ProofIs::kRequired));
  CARNET_TRY(out.timestamps, ReadTimestamps(material));
  return Ok();
}

void WriteEnvelope(json::Writer& writer, const Envelope& envelope) {
  writer.Key("dsseEnvelope").BeginObject();
  BytesField(writer, "payload", envelope.payload);
  TextField(writer, "payloadType", envelope.payload_type);
  writer.Key("signatures").BeginArray().BeginObject();
  BytesField(writer, "sig", envelope.signature);
  writer.EndObject().EndArray().EndObject();
}

}  // namespace

PublicKeyHint HintOf(const KeyId& key) { return {Base64Encode(key.span())}; }

std::optional<KeyId> ParseKeyHint(std::string_view hint) { return Base64DecodeTo<KeyId>(hint); }

Result<Bundle> ReadBundle(std::string_view json) {
  if (json.ends_with('\n')) json.remove_suffix(1);
  CARNET_TRY(const json::Tree tree, json::Parse(json, kDocumentLimits));
  if (!json.ends_with('}')) return Malformed("not a JSON object, or trailing data after it");
  CARNET_TRY(const StrictObject bundle,
             StrictObject::Open(tree.root(), {"mediaType", "verificationMaterial",
                                              "messageSignature", "dsseEnvelope"}));
  CARNET_TRY_VOID(CheckMediaType(bundle));
  if (bundle.Find("messageSignature")) {
    return Unsupported("messageSignature: expected a DSSE attestation, found a message signature");
  }
  Bundle out;
  CARNET_TRY_VOID(ReadMaterial(bundle, out));
  CARNET_TRY(out.envelope, ReadEnvelope(bundle));
  return out;
}

std::string WriteBundle(const Bundle& bundle) {
  json::Writer writer;
  writer.BeginObject().Member("mediaType", kBundleMediaType);
  WriteVerificationMaterial(writer, bundle.material, bundle.entries, bundle.timestamps);
  WriteEnvelope(writer, bundle.envelope);
  writer.EndObject();
  return writer.Take();
}

}  // namespace carnet::sigstore
