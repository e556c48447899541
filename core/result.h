// Result<T>: a value or an Error, with the member names of std::expected (C++23) so that it can
// become an alias of it. One error type for the whole program; callers branch on the code, people
// read the message. A failed verification is not an Error: see verifier/reject_reason.h.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/check.h"

namespace carnet {

enum class ErrorCode {
  kMalformed,    // bytes from outside that do not follow their format
  kNotFound,     // what was asked for does not exist
  kRejected,     // well-formed, but refused for its content (wrong password, bad signature)
  kConflict,     // contradicts what is already recorded
  kCorruption,   // our own stored data does not agree with itself
  kIo,           // the operating system or a library failed
  kUnsupported,  // a known format in a variant that is not supported
};

std::string_view ErrorCodeName(ErrorCode code);

struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;  // lower case, no full stop; names file, field or step

  // The same error, in the context of something larger: "<where>: <message>".
  Error In(std::string_view where) const&;
};

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

struct Void {};  // the value of a Result that carries none

template <typename T = Void>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    CARNET_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    CARNET_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    CARNET_CHECK(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & {
    CARNET_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const& {
    CARNET_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    CARNET_CHECK(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

inline Result<Void> Ok() { return Void{}; }

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
