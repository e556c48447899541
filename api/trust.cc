#include "trust/load_trust.h"

#include "api/verify_state.h"

namespace carnet {

Result<Trust> Trust::Load(const std::string& folder) {
  CARNET_TRY(trust::Trust loaded, trust::LoadTrust(folder));
  return Trust(std::make_shared<const State>(State{std::move(loaded), folder}));
}

Trust::Trust(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Trust::~Trust() = default;

const std::string& Trust::folder() const { return state_->folder; }

}  // namespace carnet
