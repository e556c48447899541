// What a passport is judged by, put together from what the caller gives and what is shipped.
#pragma once

#include <optional>

#include "core/result.h"
#include "core/timestamp.h"
#include "trust/trust.h"
#include "verifier/compute/chips.h"
#include "verifier/compute/weight_names.h"
#include "verifier/policy/policy.h"

namespace carnet::verifier {

// Borrows all of it.
struct Measure {
  const trust::Trust& trust;
  const policy::Policy& policy;  // with the trust directory's own hub-default
  const compute::Catalogue& chips;
  const compute::WeightNames& names;
  TimestampMs now;
};

// The shipped chip catalogue with what the trust directory adds to it. Errors: malformed, of that
// directory's chips.csv.
Result<compute::Catalogue> CatalogueFor(const trust::Trust& trust);

class MeasureParts {
 public:
  // Without `chips`, CatalogueFor(trust); with them, they must outlive it, as `trust` must. Errors:
  // malformed, of the trust directory's own hub-default or chips.csv.
  static Result<MeasureParts> Of(const trust::Trust& trust, const policy::Policy& policy,
                                 const compute::Catalogue* chips);

  Measure At(TimestampMs now) const { return {*trust_, policy_, chips(), names_, now}; }

 private:
  MeasureParts(const trust::Trust& trust, policy::Policy policy, compute::WeightNames names)
      : trust_(&trust), policy_(std::move(policy)), names_(std::move(names)) {}
  const compute::Catalogue& chips() const { return given_ != nullptr ? *given_ : *own_; }

  const trust::Trust* trust_;
  policy::Policy policy_;
  compute::WeightNames names_;
  const compute::Catalogue* given_ = nullptr;
  std::optional<compute::Catalogue> own_;
};

}  // namespace carnet::verifier
