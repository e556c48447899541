#include "api/password.h"
#include "api/record_state.h"
#include "crypto/random.h"
#include "signer/file_key.h"
#include "sigstore/key_file.h"

namespace carnet {

Result<Key> Key::Load(const std::string& path, const Password& password) {
  CARNET_TRY(auto signer, signer::OpenKey(path, api::SecretOf(password, "the key")));
  return Internals::Make<Key>(std::move(signer));
}

Result<Key> Key::Load(const std::string& path, const std::string& password) {
  return Load(path, [&password]() -> Result<std::string> { return password; });
}

Result<Key> Key::Generate(const std::string& prefix, const std::string& password) {
  const crypto::P256PrivateKey key = crypto::P256PrivateKey::Generate();
  std::array<uint8_t, 32> salt{};
  std::array<uint8_t, 24> nonce{};
  crypto::FillRandom(salt);
  crypto::FillRandom(nonce);
  CARNET_TRY_VOID(signer::WriteKeyPair(prefix, key, crypto::SecretBytes::CopyOf(password),
                                       {salt, crypto::BoxNonce(nonce)}, Overwrite::kForbid));
  return Load(prefix + ".key", password);
}

Key::Key(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Key::~Key() = default;

std::string Key::id() const { return state_->signer->id().ToString(); }
std::string Key::public_key() const {
  return sigstore::WritePublicKey(state_->signer->public_key().spki());
}

}  // namespace carnet
