// A statement of somebody else's keeps to the limits, and its digests have their algorithms'
// sizes. A statement of ours is read to the same subjects.
#include <cstddef>
#include <cstdint>

#include <variant>

#include "core/check.h"
#include "sigstore/foreign_statement.h"
#include "sigstore/statement.h"

using namespace carnet::sigstore;

namespace {

void CheckLimits(const ForeignStatement& statement) {
  CARNET_CHECK(!statement.predicate_type.empty());
  CARNET_CHECK(statement.subjects.size() <= kMaxForeignSubjects);
  for (const ForeignSubject& subject : statement.subjects) {
    CARNET_CHECK(subject.digests.size() <= 3);
    for (const StatedDigest& stated : subject.digests) {
      CARNET_CHECK(stated.digest.size() == carnet::crypto::DigestSize(stated.algorithm));
    }
  }
}

void CheckSame(const ForeignStatement& general, const Statement& ours) {
  CARNET_CHECK(general.subjects.size() == ours.subjects.size());
  for (size_t i = 0; i < ours.subjects.size(); ++i) {
    const auto& digests = general.subjects[i].digests;
    CARNET_CHECK(digests.size() == 1);
    CARNET_CHECK(digests[0].algorithm == carnet::crypto::HashAlgorithm::kSha256);
    CARNET_CHECK(digests[0].digest == carnet::ToBytes(ours.subjects[i].digest.span()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto general = ReadForeignStatement({data, size});
  if (general) CheckLimits(*general);
  const auto read = ReadStatement({data, size});
  const auto* ours = std::get_if<Statement>(&read);
  if (ours == nullptr || ours->subjects.size() > kMaxForeignSubjects) return 0;
  CARNET_CHECK(general.has_value());
  CheckSame(*general, *ours);
  return 0;
}
