#include "crypto/encode_pkcs8.h"

#include "core/check.h"

namespace carnet::crypto {

SecretBytes EncodePkcs8(const PKCS8_PRIV_KEY_INFO& info) {
  const int size = i2d_PKCS8_PRIV_KEY_INFO(&info, nullptr);
  CARNET_CHECK(size > 0);
  SecretBytes der(static_cast<size_t>(size));
  uint8_t* at = der.ExposeMutable().data();
  CARNET_CHECK(i2d_PKCS8_PRIV_KEY_INFO(&info, &at) == size);
  return der;
}

}  // namespace carnet::crypto
