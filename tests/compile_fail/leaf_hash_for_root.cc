#include "merkle/check_proof.h"

carnet::Result<> Check(carnet::LeafIndex index, carnet::TreeSize size, const carnet::LeafHash& leaf,
                       const carnet::RootHash& root) {
#ifdef MISUSE
  (void)root;
  return carnet::merkle::CheckInclusion(index, size, leaf, {}, leaf);
#else
  return carnet::merkle::CheckInclusion(index, size, leaf, {}, root);
#endif
}
