// C2SP signed notes v1.0.0: text, an empty line, signature lines. Ed25519 keys (type 0x01) are
// checked; other signature types are unknown keys to us, and unknown keys are ignored.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "crypto/ed25519.h"

namespace carnet::merkle {

// Errors: malformed for a name that no key of ours may have: one that is empty, is not UTF-8, or
// contains white space, '+' or control characters.
Result<> CheckKeyName(std::string_view name);

// A key that signs notes, and its name. Its id is SHA-256(name || 0A || 01 || public key); a
// signature line carries the first four bytes of it.
class NoteKey {
 public:
  // Errors: malformed, as CheckKeyName.
  static Result<NoteKey> Create(std::string name, const crypto::Ed25519PublicKey& key);
  // `name+hex8(id)+base64(type || key)`. Errors: malformed, unsupported (another type).
  static Result<NoteKey> ParseVkey(std::string_view vkey);

  std::string ToVkey() const;
  const std::string& name() const { return name_; }
  const crypto::Ed25519PublicKey& key() const { return key_; }
  const LogId& id() const { return id_; }  // all 32 bytes: Sigstore's logId

  friend bool operator==(const NoteKey&, const NoteKey&) = default;

 private:
  NoteKey(std::string name, const crypto::Ed25519PublicKey& key, const LogId& id);
  std::string name_;
  crypto::Ed25519PublicKey key_;
  LogId id_;
};

struct NoteSignature {
  std::string name;
  uint32_t short_id;  // first four bytes of the key's id, big-endian
  Bytes signature;    // after the four bytes
};

struct SignedNote {
  std::string text;  // with its last LF, without the separating empty line
  std::vector<NoteSignature> signatures;
};

inline constexpr size_t kMaxNoteBytes = 64 * 1024;  // S4: `seen`; 16 post-quantum lines fit
inline constexpr size_t kMaxNoteSignatures = 100;   // as golang.org/x/mod/sumdb/note

// Syntax only. Errors: malformed.
Result<SignedNote> ParseUnverifiedNote(std::string_view bytes);

// Checks every signature that claims a known key, of which each may sign once: a note of a hundred
// lines by one key costs no verification at all. Errors: rejected when one of them is bad, when a
// key signs more than once, or when there is none. Returns the indices into `keys` of those that
// signed.
Result<std::vector<size_t>> VerifyNote(const SignedNote& note, std::span<const NoteKey> keys);

// Requires a text that ends in LF.
std::string SignNote(std::string_view text, const NoteKey& key,
                     const crypto::Ed25519PrivateKey& private_key);

}  // namespace carnet::merkle
