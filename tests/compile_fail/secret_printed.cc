#include <iostream>

#include "crypto/secret_bytes.h"

void Print(const carnet::crypto::SecretBytes& secret) {
#ifdef MISUSE
  std::cerr << secret;
#else
  std::cerr << secret.size();
#endif
}
