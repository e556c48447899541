// A password: a str, or what is called for one when a key turns out to be encrypted.
#pragma once

#include <carnet/ledger.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/variant.h>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "python/bindings/errors.h"

namespace carnet::python {

using PasswordArgument = std::optional<
    std::variant<nanobind::str, nanobind::typed<nanobind::callable, nanobind::str()>>>;

class AskedPassword {
 public:
  explicit AskedPassword(const PasswordArgument& argument);

  // For the library, which may keep it and call it without the GIL. Empty where none is given.
  Password function() const;

  // `work` without the GIL; raises what the callable raised rather than what the library makes of
  // its failure.
  template <typename Work>
  auto Use(const Work& work) const {
    auto result = [&] {
      const nanobind::gil_scoped_release released;
      return work();
    }();
    RethrowRaised();
    return ValueOf(std::move(result));
  }

 private:
  struct State;
  void RethrowRaised() const;
  std::shared_ptr<State> state_;  // shared with the functions that the library keeps
};

}  // namespace carnet::python
