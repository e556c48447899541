// C2SP tlog-proof: a receipt as one text file with index, inclusion proof and signed checkpoint.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/proof.h"

namespace carnet::merkle {

struct TlogProof {
  Bytes extra;  // unauthenticated; empty when absent
  LeafIndex index;
  InclusionProof proof;
  std::string checkpoint;  // the signed note, verbatim
};

inline constexpr size_t kMaxTlogProofBytes = 256 * 1024;  // a note, 64 hashes, and `extra`

// Checks syntax only, including that of the checkpoint. Errors: malformed.
Result<TlogProof> ParseTlogProof(std::string_view text);
std::string WriteTlogProof(const TlogProof& proof);

}  // namespace carnet::merkle
