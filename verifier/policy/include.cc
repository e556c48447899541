#include <algorithm>

#include "verifier/policy/policy.h"

namespace carnet::verifier::policy {

Policy Including(Policy policy, const Policy& other) {
  Requirements& own = policy.requirements;
  const Requirements& more = other.requirements;
  own.data_used_stated = own.data_used_stated || more.data_used_stated;
  own.intended_deployment_stated =
      own.intended_deployment_stated || more.intended_deployment_stated;
  own.nothing_undisclosed = own.nothing_undisclosed || more.nothing_undisclosed;
  own.not_retrospective = own.not_retrospective || more.not_retrospective;
  std::erase_if(own.may_be_unattested, [&more](const std::string& row) {
    const auto& rows = more.may_be_unattested;
    return std::find(rows.begin(), rows.end(), row) == rows.end();
  });
  policy.included.push_back(other.id + " sha256:" + other.digest.substr(0, 8) + "…");
  policy.thresholds.insert(policy.thresholds.end(), other.thresholds.begin(),
                           other.thresholds.end());
  return policy;
}

}  // namespace carnet::verifier::policy
