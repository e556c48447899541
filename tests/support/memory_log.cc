#include "tests/support/memory_log.h"

#include "core/base64.h"
#include "sigstore/hashedrekord.h"
#include "tests/support/party_keys.h"

namespace carnet::test {

MemoryLog::MemoryLog(std::string origin) : origin_(std::move(origin)), tree_({}) { AddKey(0); }

void MemoryLog::AddKey(uint64_t from) {
  const auto& key = LogKeyNamed(origin_ + " " + std::to_string(keys_.size()));
  keys_.push_back(
      {ValueOf(merkle::NoteKey::Create(origin_, key.public_key()), origin_), &key, from});
}

void MemoryLog::RotateAt(uint64_t size) { AddKey(size); }

const MemoryLog::Key& MemoryLog::KeyAt(uint64_t size) const {
  const Key* in_force = &keys_.front();
  for (const Key& key : keys_) {
    if (key.from <= size) in_force = &key;
  }
  return *in_force;
}

uint64_t MemoryLog::Append(std::string body) {
  tree_.Append(body);
  bodies_.push_back(std::move(body));
  return bodies_.size() - 1;
}

void MemoryLog::Clear() {
  bodies_.clear();
  tree_ = ReferenceTree({});
  notes_.clear();
}

LogId MemoryLog::IdAt(uint64_t size) const { return KeyAt(size).note_key.id(); }

merkle::Checkpoint MemoryLog::CheckpointAt(uint64_t size) const {
  return {origin_, TreeSize(size), tree_.Root(size), {}};
}

std::string MemoryLog::NoteAt(uint64_t size) const {
  auto found = notes_.find(size);
  if (found == notes_.end()) found = notes_.emplace(size, Sign(CheckpointAt(size))).first;
  return found->second;
}

std::string MemoryLog::Sign(const merkle::Checkpoint& checkpoint) const {
  const Key& key = KeyAt(checkpoint.size.value());
  return merkle::SignCheckpoint(checkpoint, key.note_key, *key.private_key);
}

sigstore::LogEntry MemoryLog::Receipt(uint64_t index, uint64_t size) const {
  return {.log_index = index,
          .log_id = IdAt(size),
          .kind = std::string(sigstore::kEntryKind),
          .version = std::string(sigstore::kEntryVersion),
          .proof_log_index = index,
          .proof_root_hash = ToBytes(tree_.Root(size).span()),
          .proof_tree_size = size,
          .proof = {tree_.Inclusion(index, 0, size)},
          .checkpoint = NoteAt(size),
          .canonicalized_body = ToBytes(AsBytes(bodies_.at(index)))};
}

trust::TrustedLog MemoryLog::Trusted() const {
  trust::TrustedLog log{.origin = origin_, .keys = {}, .operator_party = {}, .pins = {}};
  for (size_t i = 0; i < keys_.size(); ++i) {
    trust::SizeWindow sizes;
    if (keys_.size() > 1) sizes.from = keys_[i].from;
    if (i + 1 < keys_.size()) sizes.until = keys_[i + 1].from;
    log.keys.push_back({keys_[i].note_key, {}, sizes});
  }
  return log;
}

std::string Greased(const std::string& note) {
  const Bytes signature(68, 0x5a);  // four bytes of key id, 64 of signature
  return note + "\xE2\x80\x94 witness.example " + Base64Encode(signature) + "\n";
}

}  // namespace carnet::test
