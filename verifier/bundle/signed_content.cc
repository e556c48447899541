#include "verifier/bundle/signed_content.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hex.h"
#include "core/utf8.h"
#include "sigstore/dsse.h"
#include "verifier/named_check.h"

namespace carnet::verifier::bundle {
namespace {

using crypto::HashAlgorithm;
using crypto::PublicKey;
using crypto::SignatureCheck;
using crypto::SignatureScheme;
using sigstore::Envelope;
using sigstore::ForeignBundle;
using sigstore::ForeignStatement;
using sigstore::ForeignSubject;
using sigstore::MessageSignature;
using sigstore::StatedDigest;

constexpr SignatureScheme kSchemes[] = {
    SignatureScheme::kEcdsaSha256,  SignatureScheme::kEcdsaSha384, SignatureScheme::kEcdsaSha512,
    SignatureScheme::kEd25519,      SignatureScheme::kEd25519ph,   SignatureScheme::kRsaPkcs1Sha256,
    SignatureScheme::kRsaPssSha256,
};

// The key's own scheme first, then the others that Sigstore's clients use with such keys.
std::vector<SignatureScheme> SchemesOf(const PublicKey& key) {
  std::vector<SignatureScheme> schemes{key.default_scheme()};
  for (const SignatureScheme scheme : kSchemes) {
    if (key.Fits(scheme) && scheme != schemes.front()) schemes.push_back(scheme);
  }
  return schemes;
}

bool SignsEnvelope(const PublicKey& key, SignatureScheme scheme, const Envelope& envelope) {
  const std::string pae = sigstore::PreAuthEncoding(envelope.payload_type, envelope.payload);
  return key.Verify(scheme, AsBytes(pae), envelope.signature) == SignatureCheck::kGood;
}

bool SignsMessage(const PublicKey& key, SignatureScheme scheme, const MessageSignature& message,
                  const Artifact& artifact) {
  if (scheme == SignatureScheme::kEd25519) {
    return artifact.content &&
           key.Verify(scheme, *artifact.content, message.signature) == SignatureCheck::kGood;
  }
  const Bytes* digest = artifact.Find(crypto::HashOf(scheme));
  return digest != nullptr &&
         key.VerifyDigest(scheme, *digest, message.signature) == SignatureCheck::kGood;
}

// Whether the subject has a digest of the artifact, and no other one of the same algorithm.
bool Names(const ForeignSubject& subject, const Artifact& artifact) {
  bool named = false;
  for (const StatedDigest& stated : subject.digests) {
    const Bytes* digest = artifact.Find(stated.algorithm);
    if (digest == nullptr) continue;
    if (Fails("7 no-other-digest", *digest != stated.digest)) return false;
    named = true;
  }
  return named;
}

std::string DigestText(const StatedDigest& digest) {
  return fmt::format("{}:{}", crypto::HashName(digest.algorithm), HexEncode(digest.digest));
}

}  // namespace

const Bytes* Artifact::Find(HashAlgorithm algorithm) const {
  const auto found = std::find_if(digests.begin(), digests.end(), [algorithm](const auto& digest) {
    return digest.algorithm == algorithm;
  });
  return found == digests.end() ? nullptr : &found->digest;
}

Result<std::vector<HashAlgorithm>> WantedDigests(const ForeignBundle& bundle) {
  if (const auto* message = std::get_if<MessageSignature>(&bundle.content)) {
    return std::vector{message->digest_algorithm};
  }
  CARNET_TRY(const ForeignStatement statement,
             ReadSignedStatement(std::get<Envelope>(bundle.content)));
  std::vector<HashAlgorithm> wanted;
  for (const ForeignSubject& subject : statement.subjects) {
    for (const StatedDigest& digest : subject.digests) wanted.push_back(digest.algorithm);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

Result<> CheckContentSignature(const ForeignBundle& bundle, const PublicKey& key,
                               const Artifact& artifact) {
  const auto* message = std::get_if<MessageSignature>(&bundle.content);
  const std::vector<SignatureScheme> schemes = SchemesOf(key);
  const bool good = std::any_of(schemes.begin(), schemes.end(), [&](SignatureScheme scheme) {
    return message != nullptr ? SignsMessage(key, scheme, *message, artifact)
                              : SignsEnvelope(key, scheme, std::get<Envelope>(bundle.content));
  });
  if (!Fails("7 signature", !good)) return Ok();
  return Rejected(
      fmt::format("the signature is not one by this {} key over this {}", key.Name(),
                  std::holds_alternative<Envelope>(bundle.content) ? "envelope" : "artifact"));
}

Result<> CheckMessageDigest(const MessageSignature& message, const Artifact& artifact) {
  const Bytes* digest = artifact.Find(message.digest_algorithm);
  if (digest == nullptr) {
    return Rejected(fmt::format("the bundle names a {} digest, and none of the artifact is known",
                                crypto::HashName(message.digest_algorithm)));
  }
  if (!Fails("7 message-digest", *digest != message.digest)) return Ok();
  return Rejected(fmt::format("the bundle is about {}, not {}",
                              DigestText({message.digest_algorithm, message.digest}),
                              DigestText({message.digest_algorithm, *digest})));
}

Result<ForeignStatement> ReadSignedStatement(const Envelope& envelope) {
  if (Fails("7 payload-type", envelope.payload_type != sigstore::kInTotoPayloadType)) {
    return Rejected(fmt::format("payloadType: expected {}, found {}", sigstore::kInTotoPayloadType,
                                Printable(envelope.payload_type)));
  }
  return sigstore::ReadForeignStatement(envelope.payload);
}

Result<> CheckSubjects(const ForeignStatement& statement, const Artifact& artifact) {
  const bool named =
      std::any_of(statement.subjects.begin(), statement.subjects.end(),
                  [&artifact](const ForeignSubject& subject) { return Names(subject, artifact); });
  if (!Fails("7 subject", !named)) return Ok();
  return Rejected(fmt::format(
      "none of the statement's {} subjects is the artifact, {}", statement.subjects.size(),
      artifact.digests.empty() ? "of which no digest is known" : DigestText(artifact.digests[0])));
}

}  // namespace carnet::verifier::bundle
