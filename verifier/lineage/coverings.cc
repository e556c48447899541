#include "verifier/lineage/coverings.h"

#include "schemas/readers.h"

namespace carnet::verifier::lineage {

NotCovered NotCoveredOf(const Statement& passport) {
  const auto stated = schemas::ReaderOf<wire::Passport>(passport.predicate).getNotCovered();
  const auto patterns = NotCovered::Of(schemas::TextsOf(stated));
  CARNET_CHECK(patterns.has_value());  // R3
  return *patterns;
}

Coverings::Coverings(const artifact::ModelFiles& model) : model_(model) {
  for (const artifact::LeavableFile& file : model.leavable) {
    present_ = present_.With(file.patterns);
  }
}

std::optional<ModelDigest> Coverings::DigestUnder(const Statement& passport) {
  const NotCovered patterns = NotCoveredOf(passport).InBoth(present_);
  const auto known = digests_.find(patterns);
  if (known != digests_.end()) return known->second;
  if (digests_.size() == kMaxCoverings) {
    exhausted_ = true;
    return std::nullopt;
  }
  return digests_.emplace(patterns, artifact::CoveredFiles(model_, patterns).digest())
      .first->second;
}

}  // namespace carnet::verifier::lineage
