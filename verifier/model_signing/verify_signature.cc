// Steps 1 to 5: from a bundle to the statement that was signed.
#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"
#include "sigstore/dsse.h"
#include "verifier/model_signing/verify.h"

namespace carnet::verifier::model_signing {
namespace {

using sigstore::OmsCertificateChain;
using sigstore::OmsFault;
using sigstore::OmsKeyHint;

std::string_view MethodName(const sigstore::OmsMaterial& material) {
  if (std::holds_alternative<OmsKeyHint>(material)) return "a key";
  if (std::holds_alternative<OmsCertificateChain>(material)) return "a certificate";
  return "Sigstore";
}

bool IsGood(const crypto::PublicKey& key, const sigstore::Envelope& envelope) {
  // With the declared type, whatever it is: step 3 refuses any but one, after the signature.
  const std::string pae = sigstore::PreAuthEncoding(envelope.payload_type, envelope.payload);
  return key.Verify(key.default_scheme(), AsBytes(pae), envelope.signature) ==
         crypto::SignatureCheck::kGood;
}

// Signatures of version 0.2 are over other bytes, so that no good one reaches step 3: what the
// payload says of itself explains it.
std::string OlderForm(const sigstore::Envelope& envelope) {
  const auto read = sigstore::ReadOmsStatement(envelope.payload);
  const auto* error = std::get_if<sigstore::OmsStatementError>(&read);
  if (error == nullptr || error->fault != OmsFault::kOtherVersion) return "";
  return "; " + error->message;
}

Problem BadSignature(const crypto::PublicKey& key, const sigstore::Envelope& envelope) {
  return {Reason::kBadSignature,
          fmt::format("the signature is not that of the {} key over this payload{}", key.Name(),
                      OlderForm(envelope))};
}

bool IsCurve(const crypto::PublicKey& key) {
  return key.kind() == crypto::KeyKind::kP256 || key.kind() == crypto::KeyKind::kP384 ||
         key.kind() == crypto::KeyKind::kP521;
}

// The specification's algorithms, by key and by certificate: ECDSA with the hash of the curve.
std::optional<Problem> CheckKind(const crypto::PublicKey& key) {
  if (IsCurve(key)) return std::nullopt;
  return Problem{Reason::kOtherKey,
                 fmt::format("expected a key on P-256, P-384 or P-521, found {}", key.Name())};
}

std::variant<std::vector<crypto::Certificate>, Problem> ParseChain(
    const OmsCertificateChain& chain) {
  std::vector<crypto::Certificate> certificates;
  for (const Bytes& der : chain.certificates) {
    auto certificate = crypto::Certificate::Parse(der);
    if (!certificate) {
      return Problem{
          Reason::kMalformedBundle,
          fmt::format("certificate {}: {}", certificates.size(), certificate.error().message)};
    }
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

std::string SubjectName(const crypto::Certificate& certificate) {
  return certificate.subject_empty() ? "a certificate without a subject"
                                     : Quoted(certificate.SubjectText());
}

// Said before the path is looked for, which would be refused for the same without saying so
// plainly.
std::optional<Problem> CheckValidity(const crypto::Certificate& leaf, TimestampMs at) {
  if (leaf.ValidAt(at)) return std::nullopt;
  return Problem{Reason::kCertificateNotValid,
                 fmt::format("the certificate of {} is valid from {} to {}, not at {}",
                             SubjectName(leaf), FormatTimestamp(leaf.not_before()),
                             FormatTimestamp(leaf.not_after()), FormatTimestamp(at))};
}

std::optional<Problem> CheckLeaf(const std::vector<crypto::Certificate>& chain,
                                 std::span<const crypto::Certificate> anchors, TimestampMs at) {
  const crypto::Certificate& leaf = chain.front();
  if (auto problem = CheckKind(leaf.public_key())) return problem;
  if (auto problem = CheckValidity(leaf, at)) return problem;
  const auto path = crypto::FindPath(leaf, std::span(chain).subspan(1), anchors, at);
  if (!path) {
    return Problem{Reason::kUntrustedCertificate,
                   fmt::format("no path from the certificate of {} to a given anchor: {}",
                               SubjectName(leaf), path.error().message)};
  }
  return CheckLeafUsage(leaf);
}

Reason ReasonOf(OmsFault fault) {
  switch (fault) {
    case OmsFault::kMalformed:
      return Reason::kMalformedStatement;
    case OmsFault::kOtherVersion:
      return Reason::kOtherVersion;
    case OmsFault::kUnsupported:
      return Reason::kUnsupportedHash;
    case OmsFault::kUnsafePath:
      return Reason::kUnsafePath;
    case OmsFault::kDuplicate:
      return Reason::kDuplicateName;
    case OmsFault::kUntiledShards:
      return Reason::kUntiledShards;
    case OmsFault::kWrongRoot:
      return Reason::kWrongRoot;
  }
  CARNET_CHECK(false);
}

}  // namespace

Problem OtherMethod(const sigstore::OmsBundle& bundle, std::string_view wanted) {
  return {Reason::kOtherMethod, fmt::format("expected a signature by {}, found one by {}", wanted,
                                            MethodName(bundle.material))};
}

std::variant<SignedPayload, Problem> VerifyByKey(const sigstore::OmsBundle& bundle,
                                                 const crypto::PublicKey& key) {
  const auto* material = std::get_if<OmsKeyHint>(&bundle.material);
  if (material == nullptr) return OtherMethod(bundle, "a key");
  if (auto problem = CheckKind(key)) return *problem;
  const std::string own = sigstore::OmsHintOf(key.spki());
  if (!material->hint.empty() && material->hint != own) {
    return Problem{Reason::kOtherKey, fmt::format("signed by the key with the hint {}, not {}",
                                                  Quoted(material->hint), own)};
  }
  if (!IsGood(key, bundle.envelope)) return BadSignature(key, bundle.envelope);
  SignedPayload out{bundle.envelope.payload_type, bundle.envelope.payload, "", {}};
  out.signer = fmt::format("key sha256:{} ({})", HexEncode(key.id().span()), key.Name());
  if (material->hint.empty()) {
    out.warnings.emplace_back(
        "the signature does not say which key made it, as before version 1.1");
  }
  return out;
}

std::variant<SignedPayload, Problem> VerifyByCertificate(
    const sigstore::OmsBundle& bundle, std::span<const crypto::Certificate> anchors,
    TimestampMs at) {
  const auto* material = std::get_if<OmsCertificateChain>(&bundle.material);
  if (material == nullptr) return OtherMethod(bundle, "a certificate");
  const auto parsed = ParseChain(*material);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return *problem;
  const auto& chain = std::get<std::vector<crypto::Certificate>>(parsed);
  if (auto problem = CheckLeaf(chain, anchors, at)) return *problem;
  const crypto::PublicKey& key = chain.front().public_key();
  if (!IsGood(key, bundle.envelope)) return BadSignature(key, bundle.envelope);
  SignedPayload out{bundle.envelope.payload_type, bundle.envelope.payload, "", {}};
  out.signer = fmt::format("certificate of {} ({})", SubjectName(chain.front()), key.Name());
  return out;
}

std::optional<Problem> CheckLeafUsage(const crypto::Certificate& leaf) {
  if (leaf.allows_digital_signature() || leaf.allows_code_signing()) return std::nullopt;
  return Problem{Reason::kCertificateNotForSigning,
                 fmt::format("the certificate of {} allows neither digitalSignature (keyUsage) nor "
                             "codeSigning (extendedKeyUsage)",
                             SubjectName(leaf))};
}

std::variant<sigstore::OmsStatement, Problem> ReadSigned(const SignedPayload& signed_payload) {
  if (signed_payload.payload_type != sigstore::kInTotoPayloadType) {
    return Problem{Reason::kWrongPayloadType,
                   fmt::format("payloadType: expected {}, found {}", sigstore::kInTotoPayloadType,
                               Quoted(signed_payload.payload_type))};
  }
  auto read = sigstore::ReadOmsStatement(signed_payload.payload);
  if (const auto* error = std::get_if<sigstore::OmsStatementError>(&read)) {
    return Problem{ReasonOf(error->fault), error->message};
  }
  return std::get<sigstore::OmsStatement>(std::move(read));
}

}  // namespace carnet::verifier::model_signing
