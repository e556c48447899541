#include "signer/signer.h"

const carnet::KeyId& Sign(const carnet::signer::Signer& signer) {
#ifdef MISUSE
  static const carnet::signer::Signer kSigner = signer;
#else
  static const carnet::signer::Signer& kSigner = signer;
#endif
  return kSigner.key_id();
}
