// A proof that changes in memory, after the rows that it is made of were read and found good. Rows
// are read once for all that a call proves, so that no change of a row can make a proof wrong whose
// two roots are right; the linker's --wrap leads merkle::FoldProof through here
// (carnet_alter_proofs in tests/CMakeLists.txt). For one thread.
#pragma once

namespace carnet::test {

// While it lives, the first proof that is made and has a hash is altered in one bit of its last.
class AlteredProof {
 public:
  AlteredProof();
  AlteredProof(const AlteredProof&) = delete;
  AlteredProof& operator=(const AlteredProof&) = delete;
  ~AlteredProof();

  bool fired() const;
};

}  // namespace carnet::test
