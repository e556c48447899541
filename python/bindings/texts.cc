#include "python/bindings/texts.h"

namespace carnet::python {
namespace {

constexpr size_t kMostDigits = 100;  // more than any FLOP; int() takes the square of the time

}  // namespace

nb::str Given(std::string_view text) {
  PyObject* decoded =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace");
  if (decoded == nullptr) throw nb::python_error();
  return nb::steal<nb::str>(decoded);
}

TupleOf<nb::str> Given(const std::vector<std::string>& texts) {
  nb::list list;
  for (const std::string& text : texts) list.append(Given(text));
  return TupleOf<nb::str>(nb::tuple(list));
}

OptionalText TextOrNone(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return Given(text);
}

nb::int_ IntOf(const std::string& decimal) { return nb::int_(Given(decimal)); }

OptionalInt IntOrNone(const std::string& decimal) {
  const bool digits = decimal.find_first_not_of("0123456789") == decimal.npos;
  if (decimal.empty() || !digits || decimal.size() > kMostDigits) return std::nullopt;
  return IntOf(decimal);
}

}  // namespace carnet::python
