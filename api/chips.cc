#include "api/find_chips.h"
#include "api/verify_state.h"

namespace carnet {

Result<Chips> Chips::Load(const std::string& path, const Trust& trust) {
  CARNET_TRY(auto catalogue, api::FindChips(path, Internals::StateOf(trust).trust));
  return Chips(std::make_shared<const State>(State{std::move(catalogue)}));
}

Chips::Chips(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Chips::~Chips() = default;

}  // namespace carnet
