// Errors that are gathered while reading goes on, so that whoever mends a trust directory sees all
// of them at once. Private to trust/.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/result.h"

namespace carnet::trust {

using Errors = std::vector<Error>;

// The value, or nothing and one error more.
template <typename T>
std::optional<T> ValueOrNote(Result<T> result, Errors& errors) {
  if (result) return std::move(result).value();
  errors.push_back(std::move(result).error());
  return std::nullopt;
}

}  // namespace carnet::trust
