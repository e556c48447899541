#include <utility>

#include "crypto/secret_bytes.h"

carnet::crypto::SecretBytes Take(carnet::crypto::SecretBytes secret) {
#ifdef MISUSE
  return carnet::crypto::SecretBytes(secret);
#else
  return carnet::crypto::SecretBytes(std::move(secret));
#endif
}
