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
#include "verifier/named_check.h"

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
    if (Fails("6b line-key-id", line.short_id != ShortIdOf(log))) continue;
    if (Fails("6b line-name", named == Named::kByHost && line.name != log.name)) continue;
    if (Fails("6b one-line", found != nullptr))
      return Rejected("more than one signature line of " + log.name);
    found = &line;
  }
  if (found == nullptr) {
    return Rejected(fmt::format("no signature line of {} with key id {}", log.name,
                                HexEncode(ByteSpan(log.checkpoint_key_id).first(4))));
  }
  return found;
}

Result<> CheckOriginOf(const merkle::Checkpoint& checkpoint, const LogKey& log, Named named) {
  if (!Fails("6b origin", named == Named::kByHost && checkpoint.origin != log.name)) return Ok();
  return Rejected(
      fmt::format("expected origin {}, found {}", log.name, Printable(checkpoint.origin)));
}

Error WrongBody(std::string_view what) { return Rejected(fmt::format("log entry body: {}", what)); }

bool IsHashedRekord(EntryKind kind) {
  return kind == EntryKind::kHashedRekord001 || kind == EntryKind::kHashedRekord002;
}

Result<> CheckMessageBody(const EntryBody& body, const MessageSignature& message) {
  if (Fails("6d message-kind", !IsHashedRekord(body.kind))) {
    return WrongBody("is of an attestation, but the bundle holds a message signature");
  }
  const sigstore::StatedDigest stated{message.digest_algorithm, message.digest};
  // An Ed25519ph entry states SHA-512, whatever the bundle's hint is; 7 compares the artifact.
  if (Fails("6d message-algorithm", body.digest.algorithm != stated.algorithm)) {
    return WrongBody(fmt::format("expected a {} digest, found {}",
                                 crypto::HashName(stated.algorithm),
                                 crypto::HashName(body.digest.algorithm)));
  }
  if (Fails("6d message-digest", body.digest.digest != stated.digest)) {
    return WrongBody(fmt::format("expected digest {}, found {}", HexEncode(stated.digest),
                                 HexEncode(body.digest.digest)));
  }
  return Ok();
}

Result<> CheckEnvelopeBody(const EntryBody& body, const Envelope& envelope) {
  const std::string pae = sigstore::PreAuthEncoding(envelope.payload_type, envelope.payload);
  const ByteSpan covered = IsHashedRekord(body.kind) ? AsBytes(pae) : ByteSpan(envelope.payload);
  if (Fails("6d envelope-digest",
            body.digest.digest != crypto::DigestOf(body.digest.algorithm, covered))) {
    return WrongBody(fmt::format("digest {} is not that of the {}", HexEncode(body.digest.digest),
                                 IsHashedRekord(body.kind) ? "envelope" : "payload"));
  }
  if (Fails("6d payload-type", body.payload_type && *body.payload_type != envelope.payload_type)) {
    return WrongBody(fmt::format("expected payload type {}, found {}",
                                 Printable(envelope.payload_type), Printable(*body.payload_type)));
  }
  return Ok();
}

bool IsSame(ByteSpan logged, ByteSpan certificate) {
  return std::equal(logged.begin(), logged.end(), certificate.begin(), certificate.end());
}

Result<> CheckSignatureOf(const EntryBody& body, const BundleFacts& facts) {
  // A bundle has one signature: an entry with others beside it is about another envelope.
  if (Fails("6d one-signature", body.signatures.size() != 1)) {
    return WrongBody(fmt::format("expected 1 signature, found {}", body.signatures.size()));
  }
  const LoggedSignature& logged = body.signatures.front();
  if (Fails("6d signature", logged.signature != facts.bundle.signature())) {
    return WrongBody("its signature is not the bundle's");
  }
  const bool by_key = facts.certificate.empty();
  if (Fails("6d key", by_key && logged.spki != facts.key.spki())) {
    return WrongBody("its key is not the given one");
  }
  if (Fails("6d certificate", !by_key && !IsSame(logged.certificate, facts.certificate))) {
    return WrongBody("its certificate is not the bundle's");
  }
  if (Fails("6d key-kind", body.key_kind && *body.key_kind != facts.key.kind())) {
    return WrongBody(fmt::format("states another kind of key than the {} key that has signed",
                                 facts.key.Name()));
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
  const auto checked = log.key.Verify(log.scheme, AsBytes(note.text), line->signature);
  if (Fails("6b signature", checked != crypto::SignatureCheck::kGood)) {
    return Rejected(fmt::format("the signature of {} is not good", log.name));
  }
  return checkpoint;
}

Result<> CheckForeignInclusion(const LogEntry& entry, const merkle::Checkpoint& checkpoint) {
  // Rekor v1 numbers its shards' entries through: its outer index is another number, signed by the
  // promise.
  const bool one_index = !merkle::IsRekorV1Origin(checkpoint.origin);
  if (Fails("6c index", one_index && entry.log_index != entry.proof_log_index)) {
    return Rejected(fmt::format("logIndex is {}, but inclusionProof.logIndex {}", entry.log_index,
                                entry.proof_log_index));
  }
  if (Fails("6c size", entry.proof_tree_size != checkpoint.size.value())) {
    return Rejected(fmt::format("inclusionProof.treeSize is {}, but the checkpoint's {}",
                                entry.proof_tree_size, checkpoint.size.value()));
  }
  if (Fails("6c root", entry.proof_root_hash != ToBytes(checkpoint.root.span()))) {
    return Rejected("inclusionProof.rootHash is not the checkpoint's");
  }
  auto leads = merkle::CheckInclusion(LeafIndex(entry.proof_log_index), checkpoint.size,
                                      merkle::HashLeaf(entry.canonicalized_body), entry.proof,
                                      checkpoint.root);
  if (Fails("6c proof", !leads)) return leads;
  return Ok();
}

Result<> CheckForeignBody(const EntryBody& body, const BundleFacts& facts) {
  CARNET_TRY_VOID(CheckSignatureOf(body, facts));
  if (const auto* message = std::get_if<MessageSignature>(&facts.bundle.content)) {
    return CheckMessageBody(body, *message);
  }
  return CheckEnvelopeBody(body, std::get<Envelope>(facts.bundle.content));
}

}  // namespace carnet::verifier::bundle
