#include "crypto/password_box.h"

#include <sodium.h>

#include <cerrno>
#include <cstring>

#include "core/check.h"
#include "crypto/sodium_ready.h"

namespace carnet::crypto {

Result<SecretBytes> ScryptKey(const SecretBytes& password, ByteSpan salt, ScryptParams params) {
  EnsureSodium();
  SecretBytes key(crypto_secretbox_KEYBYTES);
  const ByteSpan secret = password.Expose();
  const int answer = crypto_pwhash_scryptsalsa208sha256_ll(
      secret.data(), secret.size(), salt.data(), salt.size(), params.n, params.r, params.p,
      key.ExposeMutable().data(), key.size());
  if (answer != 0) return Io(std::string("scrypt: ") + std::strerror(errno));
  return key;
}

Bytes BoxSeal(const SecretBytes& plain, const BoxNonce& nonce, const SecretBytes& key) {
  CARNET_CHECK(key.size() == crypto_secretbox_KEYBYTES);
  Bytes sealed(plain.size() + crypto_secretbox_MACBYTES);
  CARNET_CHECK(crypto_secretbox_easy(sealed.data(), plain.Expose().data(), plain.size(),
                                     nonce.data(), key.Expose().data()) == 0);
  return sealed;
}

Result<SecretBytes> BoxOpen(ByteSpan sealed, const BoxNonce& nonce, const SecretBytes& key) {
  CARNET_CHECK(key.size() == crypto_secretbox_KEYBYTES);
  const auto refused = Rejected("wrong password, or the encrypted bytes were changed");
  if (sealed.size() < crypto_secretbox_MACBYTES) return refused;
  SecretBytes plain(sealed.size() - crypto_secretbox_MACBYTES);
  const int answer = crypto_secretbox_open_easy(plain.ExposeMutable().data(), sealed.data(),
                                                sealed.size(), nonce.data(), key.Expose().data());
  if (answer != 0) return refused;
  return plain;
}

}  // namespace carnet::crypto
