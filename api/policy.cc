#include "api/find_policy.h"
#include "api/time.h"
#include "api/verify_state.h"

namespace carnet {

Result<Policy> Policy::Shipped(std::string_view id, Time at) {
  CARNET_TRY(const TimestampMs date, api::TimestampOf(at));
  CARNET_TRY(auto policy, verifier::policy::ShippedPolicy(id, date));
  return Policy(std::make_shared<const State>(State{std::move(policy)}));
}

Result<Policy> Policy::Load(const std::string& path, Time at) {
  CARNET_TRY(const TimestampMs date, api::TimestampOf(at));
  CARNET_TRY(auto policy, api::LoadPolicy(path, date));
  return Policy(std::make_shared<const State>(State{std::move(policy)}));
}

Result<Policy> Policy::Find(const std::string& name, const std::string& trust, Time at) {
  CARNET_TRY(const TimestampMs date, api::TimestampOf(at));
  CARNET_TRY(auto policy, api::FindPolicy(name, trust, date));
  return Policy(std::make_shared<const State>(State{std::move(policy)}));
}

std::vector<std::string> Policy::ShippedIds() { return verifier::policy::ShippedPolicyIds(); }

Policy::Policy(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Policy::~Policy() = default;

const std::string& Policy::id() const { return state_->policy.id; }
const std::string& Policy::title() const { return state_->policy.title; }
const std::string& Policy::sha256() const { return state_->policy.digest; }

}  // namespace carnet
