#include "crypto/secret_bytes.h"

bool Compare(const carnet::crypto::SecretBytes& a, const carnet::crypto::SecretBytes& b) {
#ifdef MISUSE
  return a == b;
#else
  return a.size() == b.size();
#endif
}
