#include "ledger/log_identity.h"

#include "ledger/keyspace.h"
#include "ledger/store.h"
#include "merkle/checkpoint.h"

namespace carnet::ledger {
namespace {

Result<merkle::NoteKey> KeyOfMeta(ByteSpan value) {
  CARNET_TRY(const Meta meta, DecodeMeta(value));
  const auto origin = merkle::CheckOrigin(meta.origin);
  if (!origin) return Corruption("origin: " + origin.error().message);
  const auto key = crypto::Ed25519PublicKey::FromRaw(meta.public_key);
  if (!key) return Corruption("public key: " + key.error().message);
  auto note_key = merkle::NoteKey::Create(meta.origin, *key);
  if (!note_key) return Corruption("origin: " + note_key.error().message);
  return note_key;
}

}  // namespace

Result<merkle::NoteKey> ReadLogKey(const Store& store) {
  const std::string row = SingleKey(RowClass::kMeta);
  CARNET_TRY(const std::string value, store.Need(row));
  auto key = KeyOfMeta(AsBytes(value));
  if (!key) return store.InRow(row, key.error());
  return key;
}

}  // namespace carnet::ledger
