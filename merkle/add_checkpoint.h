// C2SP tlog-witness v1.0.0, body of `add-checkpoint`: a consistency proof as one text file, from an
// old size to a signed checkpoint. What a witness takes, anyone can check offline.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/proof.h"

namespace carnet::merkle {

struct AddCheckpoint {
  TreeSize old_size;
  ConsistencyProof proof;  // empty where old_size is 0
  std::string checkpoint;  // the signed note, verbatim
};

// Checks syntax only, including that of the checkpoint. Errors: malformed.
Result<AddCheckpoint> ParseAddCheckpoint(std::string_view text);
std::string WriteAddCheckpoint(const AddCheckpoint& body);

}  // namespace carnet::merkle
