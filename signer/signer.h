// Signer: one P-256 key, with or without a certificate for it, that turns predicates into signed
// statements (S1, S3). It decides the head, the subjects and the bytes; its caller decides what is
// said. Before it is signed, every statement is read back by the reader that verifiers use, so
// nothing is signed that they refuse; after it, the signature is verified, so no broken token or
// command gets into a bundle. Const methods are thread safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/timestamp.h"
#include "crypto/ecdsa.h"
#include "crypto/secret_bytes.h"
#include "schemas/predicate.h"
#include "schemas/subjects.h"
#include "signer/attestation_key.h"
#include "sigstore/bundle.h"
#include "sigstore/parsed_statement.h"

namespace carnet::signer {

// What the head states besides the signer. The nonce is 32 random lowercase hex digits, chosen by
// the caller because commitments in the predicate may already depend on it (S1, S8).
struct SignRequest {
  LogId ledger;
  TimestampMs created;
  std::string nonce;
};

struct SignedStatement {
  sigstore::ParsedStatement statement;  // as read back
  sigstore::Bundle bundle;              // without log entries

  const StatementId& id() const { return statement.id(); }
  const Bytes& payload() const { return bundle.envelope.payload; }
  const Bytes& signature() const { return bundle.envelope.signature; }
};

// Asks a time stamping authority for a token over these bytes: an RFC 3161 response, DER.
using TimestampSource = std::function<Result<Bytes>(ByteSpan signature)>;
// Adds its token to the bundle. A signature with a certificate counts with one only, taken while
// the certificate is valid; nothing here checks that. Errors: the source's, malformed (no token).
Result<> Stamp(SignedStatement& statement, const TimestampSource& source);

class Signer {
 public:
  explicit Signer(std::unique_ptr<const AttestationKey> key)
      : key_(std::move(key)), id_(key_->public_key().id()) {}
  // A key at hand. Errors: malformed, unsupported (a key of another type, named in the message).
  static Result<std::unique_ptr<Signer>> FromPkcs8(const crypto::SecretBytes& pkcs8);

  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  // The same key, whose signer is the identity of this certificate for it (S1). Errors: malformed,
  // unsupported, rejected (it is for another key, or of no one identity).
  static Result<std::unique_ptr<Signer>> Certified(std::unique_ptr<Signer> signer,
                                                   ByteSpan certificate);

  const AttestationKey& key() const { return *key_; }
  const crypto::P256PublicKey& public_key() const { return key_->public_key(); }
  const KeyId& key_id() const { return public_key().id(); }
  // Who its statements say has signed: the certificate's identity, or the key.
  const SignerId& id() const { return id_; }
  const Bytes& certificate() const { return certificate_; }  // empty: there is none

  // The statement as it will be signed, so that it can be judged first. Requires a draft of any
  // kind except a verdict. Errors: malformed (nonce, or what schemas/validate.h refuses once there
  // is a head).
  Result<sigstore::ParsedStatement> Prepare(schemas::Predicate draft,
                                            const SignRequest& request) const;
  // DER signature over a digest of whatever is no statement of ours. Errors: those of the key; io
  // where its signature is not good by its public key.
  Result<Bytes> SignDigest(const Sha256Digest& digest) const;
  // Errors: as SignDigest.
  Result<SignedStatement> Sign(sigstore::ParsedStatement prepared) const;
  // Both, with the errors of both.
  Result<SignedStatement> SignPredicate(schemas::Predicate draft, const SignRequest& request) const;

  // A nonce that follows from `name` for statements of this kind in this ledger, so that a repeated
  // call has the same one; without the key it cannot be guessed (S1, S8). Errors: unsupported for a
  // key that can only sign.
  Result<std::string> NonceFor(std::string_view name, schemas::Kind kind,
                               const LogId& ledger) const;

  // Requires a verdict. `model` is its subject. Errors: malformed; those of Sign.
  Result<SignedStatement> SignVerdict(const schemas::Predicate& verdict,
                                      const ModelDigest& model) const;

 private:
  std::unique_ptr<const AttestationKey> key_;
  SignerId id_;
  Bytes certificate_;
};

}  // namespace carnet::signer
