// The subjects of a statement, derived from its predicate (S3): a reader compares
// them, a signer writes them, nobody chooses them.
#pragma once

#include <string>
#include <vector>

#include "core/digests.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

struct Subject {
  std::string name;
  SubjectDigest digest;

  friend bool operator==(const Subject&, const Subject&) = default;
};

// In S3's order: `model`, `tensors/<set>`…, `oms`, `files/<path>`… (all or none, at most 1,024
// subjects together); `data`; or `id`. Requires a head, from whose nonce the ids of runs and
// allocations come (a verdict needs none: its subject is not in its predicate, so `model` is given
// by the caller of VerdictSubject). Requires kind() != kVerdict.
std::vector<Subject> SubjectsOf(const Predicate& predicate);

std::vector<Subject> VerdictSubject(const ModelDigest& model);

// `id` of a device: SHA-256("carnet-device-id-v1\n" || canonical id).
SubjectDigest IdOfDevice(std::string_view canonical_id);
// `id` of a run or allocation: SHA-256("carnet-<kind>-id-v1\n" || nonce as text).
SubjectDigest IdFromNonce(Kind kind, std::string_view nonce);

}  // namespace carnet::schemas
