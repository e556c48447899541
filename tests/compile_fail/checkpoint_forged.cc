#include "merkle/checkpoint.h"

using carnet::merkle::VerifiedCheckpoint;

carnet::Result<VerifiedCheckpoint> Trust(const carnet::merkle::Checkpoint& checkpoint,
                                         const carnet::merkle::NoteKey& key) {
#ifdef MISUSE
  (void)key;
  return VerifiedCheckpoint(checkpoint, "");
#else
  return VerifiedCheckpoint::Verify(checkpoint.origin, key);
#endif
}
