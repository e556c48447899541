// Notes and checkpoints: no forged note is verified; what our key signs is; the text of
// a checkpoint has one spelling.
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "crypto/ed25519.h"
#include "merkle/checkpoint.h"

using namespace carnet::merkle;

namespace {

// A key of this process: whatever the input is, it was not signed by it.
const carnet::crypto::Ed25519PrivateKey& PrivateKey() {
  static const auto* const kKey =
      new carnet::crypto::Ed25519PrivateKey(carnet::crypto::Ed25519PrivateKey::Generate());
  return *kKey;
}

void CheckCheckpoint(std::string_view text) {
  const auto checkpoint = ParseUnverifiedCheckpoint(text);
  if (!checkpoint || !checkpoint->extensions.empty()) return;
  CARNET_CHECK(CheckpointText(*checkpoint) == text);
  const auto key = NoteKey::Create(checkpoint->origin, PrivateKey().public_key());
  CARNET_CHECK(key.has_value());
  const auto verified =
      VerifiedCheckpoint::Verify(SignCheckpoint(*checkpoint, *key, PrivateKey()), *key);
  CARNET_CHECK(verified.has_value());
  CARNET_CHECK(verified->checkpoint() == *checkpoint);
}

void CheckNote(std::string_view bytes) {
  const auto note = ParseUnverifiedNote(bytes);
  if (!note) return;
  CARNET_CHECK(!note->signatures.empty() && note->signatures.size() <= kMaxNoteSignatures);
  const auto key = NoteKey::Create(note->signatures.front().name, PrivateKey().public_key());
  if (key) CARNET_CHECK(!VerifyNote(*note, {&*key, 1}).has_value());
  CheckCheckpoint(note->text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = carnet::AsText({data, size});
  CheckNote(bytes);
  CheckCheckpoint(bytes);
  return 0;
}
