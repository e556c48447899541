#include "verifier/measure.h"

#include <string>
#include <string_view>
#include <utility>

#include "trust/load_trust.h"

namespace carnet::verifier {
namespace {

// A trust directory's own hub-default is part of every policy that is judged with it: a stricter
// one cannot be avoided by choosing another policy.
Result<policy::Policy> EffectivePolicy(const policy::Policy& chosen, const trust::Trust& trust) {
  if (trust.hub_default().empty()) return chosen;
  constexpr std::string_view kName = "policies/hub-default.toml";
  CARNET_TRY(const policy::Policy own, policy::ReadPolicy(trust.hub_default(), kName, chosen.at));
  if (own.id != "hub-default") return Malformed(std::string(kName) + ": id: expected hub-default");
  return own.digest == chosen.digest ? chosen : policy::Including(chosen, own);
}

}  // namespace

Result<compute::Catalogue> CatalogueFor(const trust::Trust& trust) {
  CARNET_TRY(compute::Catalogue catalogue, compute::ShippedCatalogue());
  if (!trust.chips().empty()) {
    CARNET_TRY_VOID(catalogue.Add(trust.chips(), trust::kChipsFile, "trust"));
  }
  return catalogue;
}

Result<MeasureParts> MeasureParts::Of(const trust::Trust& trust, const policy::Policy& policy,
                                      const compute::Catalogue* chips) {
  CARNET_TRY(policy::Policy effective, EffectivePolicy(policy, trust));
  CARNET_TRY(compute::WeightNames names, compute::ShippedWeightNames());
  names.Add(effective.weight_names);
  MeasureParts parts(trust, std::move(effective), std::move(names));
  parts.given_ = chips;
  if (chips == nullptr) {
    CARNET_TRY(parts.own_, CatalogueFor(trust));
  }
  return parts;
}

}  // namespace carnet::verifier
