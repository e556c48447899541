// What the folders add to Result and Error of <carnet/result.h>: short makers of each error, and
// macros that pass errors on. The type itself is public, so that one type serves inside and
// outside.
#pragma once

#include <carnet/result.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/check.h"

namespace carnet {

std::string_view ErrorCodeName(ErrorCode code);

inline Error Malformed(std::string message) { return {ErrorCode::kMalformed, std::move(message)}; }
inline Error NotFound(std::string message) { return {ErrorCode::kNotFound, std::move(message)}; }
inline Error Rejected(std::string message) { return {ErrorCode::kRejected, std::move(message)}; }
inline Error Conflict(std::string message) { return {ErrorCode::kConflict, std::move(message)}; }
inline Error Corruption(std::string message) {
  return {ErrorCode::kCorruption, std::move(message)};
}
inline Error Io(std::string message) { return {ErrorCode::kIo, std::move(message)}; }
inline Error Unsupported(std::string message) {
  return {ErrorCode::kUnsupported, std::move(message)};
}

}  // namespace carnet

// CARNET_TRY(declaration, expression): binds the value, or returns the error to the caller.
// CARNET_TRY_VOID(expression): the same where the value is not needed.
#define CARNET_TRY_JOIN_(a, b) a##b
#define CARNET_TRY_JOIN(a, b) CARNET_TRY_JOIN_(a, b)
#define CARNET_TRY_IMPL(tmp, declaration, ...)         \
  auto tmp = (__VA_ARGS__);                            \
  if (!tmp.has_value()) return std::move(tmp).error(); \
  declaration = std::move(tmp).value()
#define CARNET_TRY(declaration, ...) \
  CARNET_TRY_IMPL(CARNET_TRY_JOIN(try_result_, __LINE__), declaration, __VA_ARGS__)
#define CARNET_TRY_VOID(...)                                      \
  do {                                                            \
    if (auto try_result = (__VA_ARGS__); !try_result.has_value()) \
      return std::move(try_result).error();                       \
  } while (false)
