#include "signer/signer.h"

#include <utility>

#include "core/check.h"
#include "core/hex.h"
#include "crypto/sha256.h"
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

// A private key in this process's memory.
class KeyAtHand final : public AttestationKey {
 public:
  explicit KeyAtHand(crypto::P256PrivateKey key) : key_(std::move(key)) {}

  const crypto::P256PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> SignDigest(const Sha256Digest& digest) const override {
    return key_.SignDigest(digest);
  }
  Result<Sha256Digest> Derive(ByteSpan context) const override { return key_.Derive(context); }

 private:
  crypto::P256PrivateKey key_;
};

}  // namespace

Result<> Stamp(SignedStatement& statement, const TimestampSource& source) {
  CARNET_TRY(Bytes token, source(statement.signature()));
  if (token.empty()) return Malformed("time stamp: empty");
  statement.bundle.timestamps.push_back(std::move(token));
  return Ok();
}

Result<std::unique_ptr<Signer>> Signer::FromPkcs8(const crypto::SecretBytes& pkcs8) {
  CARNET_TRY(crypto::P256PrivateKey key, crypto::P256PrivateKey::ParsePkcs8(pkcs8));
  return std::make_unique<Signer>(std::make_unique<KeyAtHand>(std::move(key)));
}

Result<std::unique_ptr<Signer>> Signer::Certified(std::unique_ptr<Signer> signer,
                                                  ByteSpan certificate) {
  CARNET_TRY(const auto read, sigstore::ReadSignerCertificate(certificate));
  if (read.key.id() != signer->key_id()) return Rejected("the certificate is for another key");
  signer->id_ = read.signer;
  signer->certificate_ = ToBytes(certificate);
  return signer;
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

Result<std::string> Signer::NonceFor(std::string_view name, schemas::Kind kind,
                                     const LogId& ledger) const {
  std::string context = "carnet-nonce-v1\n";
  context += std::string(schemas::KindName(kind)) + "\n" + HexEncode(ledger.span()) + "\n";
  context += name;
  CARNET_TRY(const Sha256Digest derived, key_->Derive(AsBytes(context)));
  return HexEncode(derived.span()).substr(0, kNonceDigits);
}

Result<SignedStatement> Signer::SignVerdict(const schemas::Predicate& verdict,
                                            const ModelDigest& model) const {
  CARNET_CHECK(verdict.kind() == schemas::Kind::kVerdict);
  CARNET_TRY_VOID(schemas::Validate(verdict));
  CARNET_TRY(auto prepared,
             ReadBack(sigstore::WriteStatement(verdict, schemas::VerdictSubject(model))));
  return Sign(std::move(prepared));
}

Result<Bytes> Signer::SignDigest(const Sha256Digest& digest) const {
  CARNET_TRY(Bytes signature, key_->SignDigest(digest));
  if (public_key().VerifyDigest(digest, signature) == crypto::SignatureCheck::kGood) {
    return signature;
  }
  return Io("the key " + id().ToString() +
            " gave a signature that is not good by its own public key");
}

Result<SignedStatement> Signer::Sign(sigstore::ParsedStatement prepared) const {
  const Sha256Digest digest =
      crypto::Sha256Of(sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, prepared.payload()));
  CARNET_TRY(Bytes signature, SignDigest(digest));
  SignedStatement out{std::move(prepared), {}};
  if (certificate_.empty()) {
    out.bundle.material = sigstore::HintOf(key_id());
  } else {
    out.bundle.material = sigstore::Certificate{certificate_};
  }
  out.bundle.envelope.payload_type = sigstore::kInTotoPayloadType;
  out.bundle.envelope.payload = out.statement.payload();
  out.bundle.envelope.signature = std::move(signature);
  return out;
}

}  // namespace carnet::signer
