#include "core/signer_id.h"

bool Signed(const carnet::SignerId& signer, const carnet::KeyId& key) {
#ifdef MISUSE
  return signer == key;
#else
  return signer == carnet::SignerId(key);
#endif
}
