// How the parts of api/ access what a public value holds. Never installed.
#pragma once

#include <memory>
#include <utility>

namespace carnet {

struct Internals {
  template <typename Face>
  static auto& StateOf(const Face& face) {
    return *face.state_;
  }
  // A value that holds this state.
  template <typename Face, typename... Parts>
  static Face Make(Parts&&... parts) {
    return Face(std::make_shared<typename Face::State>(
        typename Face::State{std::forward<Parts>(parts)...}));
  }
};

}  // namespace carnet
