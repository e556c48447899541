// The in-toto statement that OpenSSF Model Signing signs (specification v1.0, section 5): which
// files a model consists of. docs/model-signing.md says what is read and what is written.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "artifact/oms_manifest.h"
#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"

namespace carnet::sigstore {

inline constexpr std::string_view kOmsPredicateType = "https://model_signing/signature/v1.0";

struct OmsStatement {
  std::string model_name;  // for people: it identifies nothing
  artifact::OmsManifest manifest;
  Sha256Digest root;  // as the subject states it, and as it was recomputed
};

enum class OmsFault {
  kMalformed,      // not JSON, not of the schema, or it contradicts itself
  kOtherVersion,   // another predicate, among them the one before 1.0
  kUnsupported,    // a hash that is not built in
  kUnsafePath,     // absolute, climbing, or not normalised
  kDuplicate,      // a path or shard twice
  kUntiledShards,  // ranges that do not make up their file
  kWrongRoot,      // the subject is not the digest of the resources
};

struct OmsStatementError {
  OmsFault fault;
  std::string message;
};

// Reads minor versions of 1, resources in any order, the algorithm `sha256-sharded-<N>`, and "."
// for a single file. Unknown fields are accepted in a resource and in the subject only. Checks, in
// this order: JSON, the four fields, the predicate's type, subject and serialization, each resource
// by itself, then all of them together (twice, tiles, ignored), then the root.
std::variant<OmsStatement, OmsStatementError> ReadOmsStatement(ByteSpan payload);

// Compact JSON. Requires a manifest sorted by SortByName, paths that CheckOmsPath accepts, and at
// least one resource.
std::string WriteOmsStatement(std::string_view model_name, const artifact::OmsManifest& manifest);

}  // namespace carnet::sigstore
