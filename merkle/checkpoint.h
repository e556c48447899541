// C2SP checkpoints v1.0.0: origin, tree size, base64 root, extension lines; signed as a note.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/signed_note.h"

namespace carnet::merkle {

struct Checkpoint {
  std::string origin;
  TreeSize size;
  RootHash root;
  std::vector<std::string> extensions;  // read, never written

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Which origins are read: those that CheckOrigin accepts, or also Rekor v1's form.
enum class Origins { kPlain, kAny };

// The text of a note. Errors: malformed (also: an empty tree whose root is not the empty root).
Result<Checkpoint> ParseUnverifiedCheckpoint(std::string_view note_text,
                                             Origins origins = Origins::kPlain);

// Rekor v1's form, `<hostname> - <tree id>`: such a log signs under the host name alone.
bool IsRekorV1Origin(std::string_view origin);
// Requires a checkpoint without extension lines.
std::string CheckpointText(const Checkpoint& checkpoint);

// Errors: malformed for an origin that no checkpoint may have: one that is empty, is longer than
// 255 bytes, contains white space, '+' or control characters, or has Rekor v1's form
// `<hostname> - <digits>`.
Result<> CheckOrigin(std::string_view origin);

// A checkpoint that a known key of its origin has signed. Only Verify makes one.
class VerifiedCheckpoint {
 public:
  // Checks: 1 note syntax; 2 checkpoint syntax; 3 origin equal to `key.name()`; 4 every signature
  // line of `key`. Not checked: other signers; consistency with other checkpoints.
  // Errors: malformed, rejected.
  static Result<VerifiedCheckpoint> Verify(std::string_view note, const NoteKey& key);
  // The same for a note that was parsed already, so that its checkpoint could say which key.
  static Result<VerifiedCheckpoint> Verify(const SignedNote& note, const NoteKey& key);

  const Checkpoint& checkpoint() const { return checkpoint_; }
  TreeSize size() const { return checkpoint_.size; }
  const RootHash& root() const { return checkpoint_.root; }
  const std::string& text() const { return text_; }  // the note without its signature lines

 private:
  VerifiedCheckpoint(Checkpoint checkpoint, std::string text);
  Checkpoint checkpoint_;
  std::string text_;
};

// Requires a checkpoint of `key.name()` without extension lines.
std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteKey& key,
                           const crypto::Ed25519PrivateKey& private_key);

}  // namespace carnet::merkle
