#include "core/digests.h"

carnet::StatementId Name(const carnet::Sha256Digest& digest) {
#ifdef MISUSE
  return digest;
#else
  return carnet::StatementId(digest.span());
#endif
}
