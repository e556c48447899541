// A log in memory: leaves, and receipts under any size, made with the reference tree. A copy is a
// fork. For one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "merkle/checkpoint.h"
#include "sigstore/bundle.h"
#include "tests/support/reference_tree.h"
#include "trust/trust.h"

namespace carnet::test {

class MemoryLog {
 public:
  explicit MemoryLog(std::string origin);

  const std::string& origin() const { return origin_; }
  uint64_t size() const { return bodies_.size(); }

  // Another key signs the trees of this size and above.
  void RotateAt(uint64_t size);
  uint64_t Append(std::string body);  // its index
  void Clear();                       // keys stay

  LogId IdAt(uint64_t size) const;  // of the key in force
  merkle::Checkpoint CheckpointAt(uint64_t size) const;
  std::string NoteAt(uint64_t size) const;
  // A note with this text by the key in force at its size, true or not.
  std::string Sign(const merkle::Checkpoint& checkpoint) const;
  sigstore::LogEntry Receipt(uint64_t index, uint64_t size) const;

  // Without pins and operator; with tree sizes where the key was rotated.
  trust::TrustedLog Trusted() const;

 private:
  struct Key {
    merkle::NoteKey note_key;
    const crypto::Ed25519PrivateKey* private_key;
    uint64_t from;
  };
  void AddKey(uint64_t from);
  const Key& KeyAt(uint64_t size) const;

  std::string origin_;
  std::vector<Key> keys_;
  std::vector<std::string> bodies_;
  ReferenceTree tree_;
  mutable std::map<uint64_t, std::string> notes_;  // signed so far
};

// The note with one more signature line, by a key that nobody knows.
std::string Greased(const std::string& note);

}  // namespace carnet::test
