#include "signer/signer.h"

#include <utility>

#include "core/check.h"
#include "core/hex.h"
#include "schemas/validate.h"
#include "sigstore/dsse.h"
#include "sigstore/signer_certificate.h"
#include "sigstore/statement.h"

namespace carnet::signer {
namespace {

constexpr size_t kNonceDigits = 32;

// R1: a line is at most 4 MiB. In base64 this is 4,000,000 bytes; the rest is for the signature and
// the receipt.
constexpr size_t kMaxPayloadBytes = 3'000'000;

Result<> CheckNonce(std::string_view nonce) {
  if (nonce.size() == kNonceDigits && HexDecode(nonce)) return Ok();
  return Malformed("nonce: must be 32 lowercase hex digits");
}

Result<sigstore::ParsedStatement> ReadBack(const std::string& payload) {
  if (payload.size() > kMaxPayloadBytes) {
    return Malformed("statement: " + std::to_string(payload.size()) +
                     " bytes, more than a line of a passport can hold");
  }
  auto read = sigstore::ParsedStatement::Parse(ToBytes(AsBytes(payload)));
  if (!read) return Malformed("statement cannot be signed: " + read.error().message);
  return read;
}

}  // namespace

Result<> Stamp(SignedStatement& statement, const TimestampSource& source) {
  CARNET_TRY(Bytes token, source(statement.signature()));
  if (token.empty()) return Malformed("time stamp: empty");
  statement.bundle.timestamps.push_back(std::move(token));
  return Ok();
}

Result<std::unique_ptr<Signer>> Signer::FromPkcs8(const crypto::SecretBytes& pkcs8) {
  CARNET_TRY(crypto::P256PrivateKey key, crypto::P256PrivateKey::ParsePkcs8(pkcs8));
  const SignerId id(key.public_key().id());
  return std::unique_ptr<Signer>(new Signer(std::move(key), id, {}));
}

Result<std::unique_ptr<Signer>> Signer::Certified(ByteSpan certificate) const {
  CARNET_TRY(const auto read, sigstore::ReadSignerCertificate(certificate));
  if (read.key.id() != key_id()) return Rejected("the certificate is for another key");
  CARNET_TRY(auto key, crypto::P256PrivateKey::ParsePkcs8(key_.ToPkcs8()));
  return std::unique_ptr<Signer>(new Signer(std::move(key), read.signer, ToBytes(certificate)));
}

Result<sigstore::ParsedStatement> Signer::Prepare(schemas::Predicate draft,
                                                  const SignRequest& request) const {
  CARNET_CHECK(schemas::HasHead(draft.kind()));
  CARNET_TRY_VOID(CheckNonce(request.nonce));
  draft.SetHead({.signer = id(),
                 .ledger = request.ledger,
                 .created = request.created,
                 .nonce = request.nonce});
  CARNET_TRY_VOID(schemas::Validate(draft));
  return ReadBack(sigstore::WriteStatement(draft, schemas::SubjectsOf(draft)));
}

Result<SignedStatement> Signer::SignPredicate(schemas::Predicate draft,
                                              const SignRequest& request) const {
  CARNET_TRY(auto prepared, Prepare(std::move(draft), request));
  return Sign(std::move(prepared));
}

std::string Signer::NonceFor(std::string_view name, schemas::Kind kind, const LogId& ledger) const {
  std::string context = "carnet-nonce-v1\n";
  context += std::string(schemas::KindName(kind)) + "\n" + HexEncode(ledger.span()) + "\n";
  context += name;
  return HexEncode(key_.Derive(AsBytes(context)).span()).substr(0, kNonceDigits);
}

Result<SignedStatement> Signer::SignVerdict(const schemas::Predicate& verdict,
                                            const ModelDigest& model) const {
  CARNET_CHECK(verdict.kind() == schemas::Kind::kVerdict);
  CARNET_TRY_VOID(schemas::Validate(verdict));
  CARNET_TRY(auto prepared,
             ReadBack(sigstore::WriteStatement(verdict, schemas::VerdictSubject(model))));
  return Sign(std::move(prepared));
}

SignedStatement Signer::Sign(sigstore::ParsedStatement prepared) const {
  const std::string pae =
      sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, prepared.payload());
  SignedStatement out{std::move(prepared), {}};
  if (certificate_.empty()) {
    out.bundle.material = sigstore::HintOf(key_id());
  } else {
    out.bundle.material = sigstore::Certificate{certificate_};
  }
  out.bundle.envelope.payload_type = sigstore::kInTotoPayloadType;
  out.bundle.envelope.payload = out.statement.payload();
  out.bundle.envelope.signature = key_.Sign(AsBytes(pae));
  return out;
}

}  // namespace carnet::signer
