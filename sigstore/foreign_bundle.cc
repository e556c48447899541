#include "sigstore/foreign_bundle.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/utf8.h"
#include "json/reader.h"
#include "sigstore/bundle_fields.h"
#include "sigstore/key_details.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {
namespace {

constexpr json::Limits kBundleLimits = {
    .max_bytes = kMaxBundleBytes, .max_members = 1'024, .allow_null = true};

constexpr std::string_view kVersionedMediaType =
    "application/vnd.dev.sigstore.bundle+json;version=";

Result<BundleVersion> ReadVersion(const StrictObject& bundle) {
  CARNET_TRY(const std::string_view type, bundle.RequiredText("mediaType"));
  if (type == kBundleMediaType) return BundleVersion::k03;
  if (type.starts_with(kVersionedMediaType)) {
    const std::string_view version = type.substr(kVersionedMediaType.size());
    if (version == "0.1") return BundleVersion::k01;
    if (version == "0.2") return BundleVersion::k02;
    if (version == "0.3") return BundleVersion::k03;
  }
  return Unsupported(
      fmt::format("mediaType: \"{}\" is not a bundle of version 0.1, 0.2 or 0.3", Printable(type)));
}

Result<Bytes> CertificateBytes(const StrictObject& certificate) {
  CARNET_TRY(Bytes der, certificate.Base64("rawBytes"));
  if (der.empty()) return certificate.Missing("rawBytes");
  return der;
}

Result<CertificateChain> ReadChain(const StrictObject& material) {
  CARNET_TRY(const StrictObject chain, material.Object("x509CertificateChain", {"certificates"}));
  CertificateChain out;
  CARNET_TRY(auto item, chain.FirstItem("certificates", kMaxChainCertificates));
  if (!item) return chain.Missing("certificates[0]");
  for (; item; item = item->next()) {
    CARNET_TRY(const StrictObject certificate, chain.Item(*item, {"rawBytes"}));
    CARNET_TRY(Bytes der, CertificateBytes(certificate));
    out.certificates.push_back(std::move(der));
  }
  return out;
}

Result<ForeignMaterial> ReadKeyMaterial(const StrictObject& material, BundleVersion version) {
  size_t found = 0;
  for (const auto field : {"publicKey", "certificate", "x509CertificateChain"}) {
    if (material.Find(field)) ++found;
  }
  if (found != 1) {
    return Malformed(
        fmt::format("verificationMaterial: expected exactly one of publicKey, "
                    "certificate and x509CertificateChain, found {}",
                    found));
  }
  if (material.Find("publicKey")) {
    CARNET_TRY(const StrictObject key, material.Object("publicKey", {"hint"}));
    CARNET_TRY(const std::string_view hint, key.Text("hint"));
    return ForeignMaterial(PublicKeyHint{std::string(hint)});
  }
  if (material.Find("certificate")) {
    if (version != BundleVersion::k03) {
      return Malformed("verificationMaterial.certificate: only bundles of version 0.3 have one");
    }
    CARNET_TRY(const StrictObject certificate, material.Object("certificate", {"rawBytes"}));
    CARNET_TRY(Bytes der, CertificateBytes(certificate));
    return ForeignMaterial(Certificate{std::move(der)});
  }
  if (version == BundleVersion::k03) {
    return Malformed(
        "verificationMaterial.x509CertificateChain: bundles of version 0.3 have one certificate "
        "instead");
  }
  CARNET_TRY(CertificateChain chain, ReadChain(material));
  return ForeignMaterial(std::move(chain));
}

Result<> CheckEntry(const LogEntry& entry, size_t index, BundleVersion version) {
  if (version != BundleVersion::k01 || !entry.signed_entry_timestamp.empty()) return Ok();
  return Malformed(fmt::format(
      "verificationMaterial.tlogEntries[{}].inclusionPromise: missing, though a bundle of version "
      "0.1 must have one",
      index));
}

Result<> ReadMaterialInto(const StrictObject& bundle, ForeignBundle& out) {
  CARNET_TRY(
      const StrictObject material,
      bundle.Object("verificationMaterial", {"publicKey", "certificate", "x509CertificateChain",
                                             "tlogEntries", "timestampVerificationData"}));
  CARNET_TRY(out.material, ReadKeyMaterial(material, out.version));
  const bool old = out.version == BundleVersion::k01;
  CARNET_TRY(out.entries, ReadLogEntries(material, old ? ProofIs::kOptional : ProofIs::kRequired));
  for (size_t i = 0; i < out.entries.size(); ++i) {
    CARNET_TRY_VOID(CheckEntry(out.entries[i], i, out.version));
  }
  CARNET_TRY(out.timestamps, ReadTimestamps(material));
  return Ok();
}

Result<MessageSignature> ReadMessageSignature(const StrictObject& bundle) {
  CARNET_TRY(const StrictObject message,
             bundle.Object("messageSignature", {"messageDigest", "signature"}));
  CARNET_TRY(const StrictObject digest, message.Object("messageDigest", {"algorithm", "digest"}));
  CARNET_TRY(const auto algorithm, ReadHashAlgorithm(digest, "algorithm"));
  CARNET_TRY(Bytes bytes, digest.Base64("digest"));
  if (bytes.size() != crypto::DigestSize(algorithm)) {
    return Malformed(fmt::format("messageSignature.messageDigest.digest: must be {} bytes",
                                 crypto::DigestSize(algorithm)));
  }
  CARNET_TRY(Bytes signature, message.Base64("signature"));
  if (signature.empty()) return message.Missing("signature");
  return MessageSignature{algorithm, std::move(bytes), std::move(signature)};
}

Result<> ReadContent(const StrictObject& bundle, ForeignBundle& out) {
  const bool message = bundle.Find("messageSignature").has_value();
  if (message == bundle.Find("dsseEnvelope").has_value()) {
    return Malformed(fmt::format("expected exactly one of messageSignature and dsseEnvelope, {}",
                                 message ? "found both" : "found neither"));
  }
  if (message) {
    CARNET_TRY(out.content, ReadMessageSignature(bundle));
    return Ok();
  }
  CARNET_TRY(Envelope envelope, ReadEnvelope(bundle));
  if (envelope.signature.empty()) return Malformed("dsseEnvelope.signatures[0].sig: missing");
  out.content = std::move(envelope);
  return Ok();
}

}  // namespace

const Bytes& ForeignBundle::signature() const {
  if (const auto* envelope = std::get_if<Envelope>(&content)) return envelope->signature;
  return std::get<MessageSignature>(content).signature;
}

Result<ForeignBundle> ReadForeignBundle(std::string_view json) {
  CARNET_TRY(const json::Tree tree, json::Parse(json, kBundleLimits));
  CARNET_TRY(const StrictObject bundle, StrictObject::Open(tree.root(),
                                                           {"mediaType", "verificationMaterial",
                                                            "messageSignature", "dsseEnvelope"},
                                                           Spelling::kProto3));
  ForeignBundle out{};
  CARNET_TRY(out.version, ReadVersion(bundle));
  CARNET_TRY_VOID(ReadMaterialInto(bundle, out));
  CARNET_TRY_VOID(ReadContent(bundle, out));
  return out;
}

}  // namespace carnet::sigstore
