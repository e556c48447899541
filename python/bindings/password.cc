#include "python/bindings/password.h"

#include <nanobind/stl/string.h>

#include <string>

namespace carnet::python {
namespace {

namespace nb = nanobind;

}  // namespace

struct AskedPassword::State {
  nb::object source;  // str or callable; null where none is given
  std::exception_ptr raised;

  ~State() {
    const nb::gil_scoped_acquire acquired;
    source.reset();
    raised = nullptr;
  }

  Result<std::string> Ask() {
    const nb::gil_scoped_acquire acquired;
    try {
      const nb::object answer = nb::isinstance<nb::str>(source) ? source : source();
      if (!nb::isinstance<nb::str>(answer)) {
        throw nb::type_error("password: the callable returned something else than a str");
      }
      return nb::cast<std::string>(answer);
    } catch (...) {
      raised = std::current_exception();
      return Error{ErrorCode::kRejected, "the password was not given"};
    }
  }
};

AskedPassword::AskedPassword(const PasswordArgument& argument) : state_(std::make_shared<State>()) {
  if (argument) {
    std::visit([&](const auto& given) { state_->source = given; }, *argument);
  }
}

Password AskedPassword::function() const {
  if (!state_->source.is_valid()) return nullptr;
  return [state = state_] { return state->Ask(); };
}

void AskedPassword::RethrowRaised() const {
  if (state_->raised) std::rethrow_exception(std::exchange(state_->raised, nullptr));
}

}  // namespace carnet::python
