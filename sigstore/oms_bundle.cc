#include "sigstore/oms_bundle.h"

#include <fmt/core.h>

#include <optional>

#include "artifact/oms_manifest.h"
#include "core/base64.h"
#include "core/check.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/pem.h"
#include "crypto/sha256.h"
#include "json/reader.h"
#include "json/writer.h"
#include "sigstore/bundle.h"
#include "sigstore/bundle_fields.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr size_t kMaxOmsCertificates = 16;  // against time spent on paths
constexpr size_t kMaxOmsLogEntries = 32;

constexpr json::Limits kOmsBundleLimits = {
    .max_bytes = kMaxOmsBundleBytes, .max_members = 1'024, .allow_null = true};

Result<OmsMaterial> ReadOmsKey(const StrictObject& material) {
  CARNET_TRY(const StrictObject key,
             material.Object("publicKey", {"hint", "rawBytes", "keyDetails"}));
  OmsKeyHint out;
  CARNET_TRY(out.hint, key.Text("hint"));
  // The key of the form before 1.1. It is skipped: the verifier has its own.
  CARNET_TRY_VOID(key.Base64("rawBytes"));
  CARNET_TRY_VOID(key.Text("keyDetails"));
  return OmsMaterial(std::move(out));
}

Result<OmsMaterial> ReadOmsChain(const StrictObject& material) {
  CARNET_TRY(const StrictObject chain, material.Object("x509CertificateChain", {"certificates"}));
  CARNET_TRY(auto item, chain.FirstItem("certificates", kMaxOmsCertificates));
  if (!item) return chain.Missing("certificates[0]");
  OmsCertificateChain out;
  for (; item; item = item->next()) {
    CARNET_TRY(const StrictObject certificate, chain.Item(*item, {"rawBytes"}));
    CARNET_TRY(Bytes der, certificate.Base64("rawBytes"));
    out.certificates.push_back(std::move(der));
  }
  return OmsMaterial(std::move(out));
}

// Without a log entry such a certificate, which lives for minutes, proves nothing.
Result<OmsMaterial> ReadOmsSigstore(const StrictObject& material) {
  CARNET_TRY(const StrictObject certificate, material.Object("certificate", {"rawBytes"}));
  CARNET_TRY(Bytes der, certificate.Base64("rawBytes"));
  CARNET_TRY(const auto entry, material.FirstItem("tlogEntries", kMaxOmsLogEntries));
  if (!entry) {
    return Malformed("verificationMaterial: a certificate of Sigstore without tlogEntries");
  }
  return OmsMaterial(OmsSigstoreCertificate{std::move(der)});
}

Result<OmsMaterial> ReadOmsMaterial(const StrictObject& material) {
  const bool key = material.Find("publicKey").has_value();
  const bool chain = material.Find("x509CertificateChain").has_value();
  const bool certificate = material.Find("certificate").has_value();
  if (int{key} + int{chain} + int{certificate} != 1) {
    return Malformed(
        "verificationMaterial: must have one of publicKey, x509CertificateChain and certificate");
  }
  if (key) return ReadOmsKey(material);
  return chain ? ReadOmsChain(material) : ReadOmsSigstore(material);
}

void WriteOmsMaterial(json::Writer& writer, const OmsMaterial& material) {
  writer.Key("verificationMaterial").BeginObject();
  if (const auto* key = std::get_if<OmsKeyHint>(&material)) {
    writer.Key("publicKey").BeginObject().Member("hint", key->hint).EndObject();
  } else {
    const auto* chain = std::get_if<OmsCertificateChain>(&material);
    CARNET_CHECK(chain != nullptr);
    writer.Key("x509CertificateChain").BeginObject().Key("certificates").BeginArray();
    for (const Bytes& der : chain->certificates) {
      writer.BeginObject().Member("rawBytes", Base64Encode(der)).EndObject();
    }
    writer.EndArray().EndObject();
  }
  writer.Key("tlogEntries").BeginArray().EndArray().EndObject();
}

}  // namespace

std::string OmsHintOf(ByteSpan spki) {
  return HexEncode(crypto::Sha256Of(crypto::WritePem("PUBLIC KEY", spki)).span());
}

Result<OmsBundle> ReadOmsBundle(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json, kOmsBundleLimits));
  CARNET_TRY(const StrictObject bundle, StrictObject::Open(tree.root(),
                                                           {"mediaType", "verificationMaterial",
                                                            "messageSignature", "dsseEnvelope"},
                                                           Spelling::kProto3));
  CARNET_TRY(const std::string_view type, bundle.RequiredText("mediaType"));
  if (type != kBundleMediaType) {
    return Unsupported(
        fmt::format("mediaType: expected {}, found {}", kBundleMediaType, Quoted(type)));
  }
  if (bundle.Find("messageSignature")) {
    return Unsupported("messageSignature: expected a DSSE envelope, found a message signature");
  }
  CARNET_TRY(
      const StrictObject object,
      bundle.Object("verificationMaterial", {"publicKey", "certificate", "x509CertificateChain",
                                             "tlogEntries", "timestampVerificationData"}));
  CARNET_TRY(OmsMaterial material, ReadOmsMaterial(object));
  CARNET_TRY(std::vector<Bytes> timestamps, ReadTimestamps(object));
  CARNET_TRY(Envelope envelope, ReadEnvelope(bundle));
  return OmsBundle{std::move(material), std::move(envelope), std::move(timestamps)};
}

std::string WriteOmsBundle(const OmsBundle& bundle) {
  json::Writer writer;
  writer.BeginObject().Member("mediaType", kBundleMediaType);
  WriteOmsMaterial(writer, bundle.material);
  writer.Key("dsseEnvelope").BeginObject();
  writer.Member("payload", Base64Encode(bundle.envelope.payload));
  writer.Member("payloadType", bundle.envelope.payload_type);
  writer.Key("signatures").BeginArray().BeginObject();
  writer.Member("sig", Base64Encode(bundle.envelope.signature));
  writer.Member("keyid", "");
  writer.EndObject().EndArray().EndObject().EndObject();
  return writer.Take();
}

}  // namespace carnet::sigstore
