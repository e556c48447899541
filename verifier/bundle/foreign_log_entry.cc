#include "verifier/bundle/foreign_log_entry.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/byte_reader.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "merkle/signed_note.h"
#include "sigstore/dsse.h"

namespace carnet::verifier::bundle {
namespace {

using sigstore::EntryBody;
using sigstore::EntryKind;
using sigstore::Envelope;
using sigstore::LogEntry;
using sigstore::LoggedSignature;
using sigstore::LogKey;
using sigstore::MessageSignature;

uint32_t ShortIdOf(const LogKey& log) {
  return ByteReader(ByteSpan(log.checkpoint_key_id).first(4)).U32Be().value();
}

// Rekor v1 logs sign under names of their own choice, with the id of their tree; all others under
// the host of their base URL (rekor-tiles).
enum class Named { kByHost, kFreely };

// The one line that the log's key has signed, if its name and id are to be believed.
Result<const merkle::NoteSignature*> FindLine(const merkle::SignedNote& note, const LogKey& log,
                                              Named named) {
  const merkle::NoteSignature* found = nullptr;
  for (const merkle::NoteSignature& line : note.signatures) {
    if (line.short_id != ShortIdOf(log)) continue;
    if (named == Named::kByHost && line.name != log.name) continue;
    if (found != nullptr) return Rejected("more than one signature line of " + log.name);
    found = &line;
  }
  if (found == nullptr) {
    return Rejected(fmt::format("no signature line of {} with key id {}", log.name,
                                HexEncode(ByteSpan(log.checkpoint_key_id).first(4))));
  }
  return found;
}

Result<> CheckOriginOf(const merkle::Checkpoint& checkpoint, const LogKey& log, Named named) {
  if (named == Named::kFreely || checkpoint.origin == log.name) return Ok();
  return Rejected(
      fmt::format("expected origin {}, found {}", log.name, Printable(checkpoint.origin)));
}

Error WrongBody(std::string_view what) { return Rejected(fmt::format("log entry body: {}", what)); }

bool IsHashedRekord(EntryKind kind) {
  return kind == EntryKind::kHashedRekord001 || kind == EntryKind::kHashedRekord002;
}

Result<> CheckMessageBody(const EntryBody& body, const MessageSignature& message) {
  if (!IsHashedRekord(body.kind)) {
    return WrongBody("is of an attestation, but the bundle holds a message signature");
  }
  const sigstore::StatedDigest stated{message.digest_algorithm, message.digest};
  // An Ed25519ph entry states SHA-512, whatever the bundle's hint is; 7 compares the artifact.
  if (body.digest.algorithm != stated.algorithm) {
    return WrongBody(fmt::format("expected a {} digest, found {}",
                                 crypto::HashName(stated.algorithm),
                                 crypto::HashName(body.digest.algorithm)));
  }
  if (body.digest.digest != stated.digest) {
    return WrongBody(fmt::format("expected digest {}, found {}", HexEncode(stated.digest),
                                 HexEncode(body.digest.digest)));
  }
  return Ok();
}

Result<> CheckEnvelopeBody(const EntryBody& body, const Envelope& envelope) {
  const std::string pae = sigstore::PreAuthEncoding(envelope.payload_type, envelope.payload);
  const ByteSpan covered = IsHashedRekord(body.kind) ? AsBytes(pae) : ByteSpan(envelope.payload);
  if (body.digest.digest != crypto::DigestOf(body.digest.algorithm, covered)) {
    return WrongBody(fmt::format("digest {} is not that of the {}", HexEncode(body.digest.digest),
                                 IsHashedRekord(body.kind) ? "envelope" : "payload"));
  }
  if (body.payload_type && *body.payload_type != envelope.payload_type) {
    return WrongBody(fmt::format("expected payload type {}, found {}",
                                 Printable(envelope.payload_type), Printable(*body.payload_type)));
  }
  return Ok();
}

bool IsOf(const LoggedSignature& logged, const BundleFacts& facts) {
  if (facts.certificate.empty()) return logged.spki == facts.key.spki();
  return std::equal(logged.certificate.begin(), logged.certificate.end(), facts.certificate.begin(),
                    facts.certificate.end());
}

Result<> CheckSignatureOf(const EntryBody& body, const BundleFacts& facts) {
  // A bundle has one signature: an entry with others beside it is about another envelope.
  if (body.signatures.size() != 1) {
    return WrongBody(fmt::format("expected 1 signature, found {}", body.signatures.size()));
  }
  const LoggedSignature& logged = body.signatures.front();
  if (logged.signature != facts.bundle.signature()) {
    return WrongBody("its signature is not the bundle's");
  }
  if (!IsOf(logged, facts)) {
    return WrongBody(facts.certificate.empty() ? "its key is not the given one"
                                               : "its certificate is not the bundle's");
  }
  if (body.scheme && !facts.key.Fits(*body.scheme)) {
    return WrongBody(fmt::format("states {}, which a {} key does not make",
                                 crypto::SchemeName(*body.scheme), facts.key.Name()));
  }
  return Ok();
}

}  // namespace

Result<merkle::Checkpoint> JudgeForeignCheckpoint(const LogEntry& entry, const LogKey& log) {
  CARNET_TRY(const merkle::SignedNote note, merkle::ParseUnverifiedNote(entry.checkpoint));
  CARNET_TRY(merkle::Checkpoint checkpoint,
             merkle::ParseUnverifiedCheckpoint(note.text, merkle::Origins::kAny));
  const Named named = merkle::IsRekorV1Origin(checkpoint.origin) ? Named::kFreely : Named::kByHost;
  CARNET_TRY_VOID(CheckOriginOf(checkpoint, log, named));
  CARNET_TRY(const merkle::NoteSignature* line, FindLine(note, log, named));
  if (log.key.Verify(log.scheme, AsBytes(note.text), line->signature) !=
      crypto::SignatureCheck::kGood) {
    return Rejected(fmt::format("the signature of {} is not good", log.name));
  }
  return checkpoint;
}

Result<> CheckForeignInclusion(const LogEntry& entry, const merkle::Checkpoint& checkpoint) {
  // Rekor v1 numbers its shards' entries through: its outer index is another number, signed by the
  // promise.
  if (!merkle::IsRekorV1Origin(checkpoint.origin) && entry.log_index != entry.proof_log_index) {
    return Rejected(fmt::format("logIndex is {}, but inclusionProof.logIndex {}", entry.log_index,
                                entry.proof_log_index));
  }
  if (entry.proof_tree_size != checkpoint.size.value()) {
    return Rejected(fmt::format("inclusionProof.treeSize is {}, but the checkpoint's {}",
                                entry.proof_tree_size, checkpoint.size.value()));
  }
  if (entry.proof_root_hash != ToBytes(checkpoint.root.span())) {
    return Rejected("inclusionProof.rootHash is not the checkpoint's");
  }
  return merkle::CheckInclusion(LeafIndex(entry.proof_log_index), checkpoint.size,
                                merkle::HashLeaf(entry.canonicalized_body), entry.proof,
                                checkpoint.root);
}

Result<> CheckForeignBody(const EntryBody& body, const BundleFacts& facts) {
  CARNET_TRY_VOID(CheckSignatureOf(body, facts));
  if (const auto* message = std::get_if<MessageSignature>(&facts.bundle.content)) {
    return CheckMessageBody(body, *message);
  }
  return CheckEnvelopeBody(body, std::get<Envelope>(facts.bundle.content));
}

}  // namespace carnet::verifier::bundle
