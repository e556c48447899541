// What the library's values are in Python: str, int, tuples, and None for what is absent, which in
// C++ is an empty text or a 0.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carnet::python {

namespace nb = nanobind;

using OptionalText = std::optional<nb::str>;
using OptionalInt = std::optional<nb::int_>;
template <typename T>
using TupleOf = nb::typed<nb::tuple, T, nb::ellipsis>;

// Bytes that are no UTF-8, which no signed text contains, are shown as \xNN.
nb::str Given(std::string_view text);
TupleOf<nb::str> Given(const std::vector<std::string>& texts);

// None for an empty one.
OptionalText TextOrNone(std::string_view text);
// A decimal as an int: sums of FLOP go beyond 64 bits.
nb::int_ IntOf(const std::string& decimal);
// None for what is no decimal.
OptionalInt IntOrNone(const std::string& decimal);

inline bool Given(bool value) { return value; }
inline int Given(int value) { return value; }
inline uint64_t Given(uint64_t value) { return value; }

template <typename T>
std::optional<T> Given(const std::optional<T>& value) {
  return value;
}

template <typename T>
TupleOf<T> Given(const std::vector<T>& values) {
  nb::list list;
  for (const T& value : values) list.append(nb::cast(value));
  return TupleOf<T>(nb::tuple(list));
}

}  // namespace carnet::python
