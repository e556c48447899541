// Result<T>: a value or an Error, with the member names of std::expected (C++23). One error type
// for all of Carnet; programs branch on the code, people read the message. A passport that is
// refused is not an Error: see Verdict in <carnet/verify.h>.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

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

struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;  // lower case, no full stop; names file, field or step

  // The same error, in the context of something larger: "<where>: <message>".
  Error In(std::string_view where) const& { return {code, std::string(where) + ": " + message}; }
};

struct Void {};  // the value of a Result without one

template <typename T = Void>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Asking an error for its value, or a value for its error, ends the program.
  T& value() & { return *Require(std::get_if<0>(&state_)); }
  const T& value() const& { return *Require(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(value()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return *Require(std::get_if<1>(&state_)); }
  const Error& error() const& { return *Require(std::get_if<1>(&state_)); }
  Error&& error() && { return std::move(error()); }

 private:
  template <typename Wanted>
  static Wanted* Require(Wanted* wanted) {
    if (wanted == nullptr) {
      std::fputs("carnet: bug: a Result was read as what it is not\n", stderr);
      std::abort();
    }
    return wanted;
  }

  std::variant<T, Error> state_;
};

inline Result<Void> Ok() { return Void{}; }

}  // namespace carnet
