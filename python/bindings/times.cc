#include "python/bindings/times.h"

#include <string>

namespace carnet::python {
namespace {

nb::object Module() { return nb::module_::import_("datetime"); }

nb::object Epoch() {
  const nb::object module = Module();
  const nb::object utc = module.attr("timezone").attr("utc");
  return module.attr("datetime")(1970, 1, 1, 0, 0, 0, 0, utc);
}

}  // namespace

bool IsDateTime(PyObject* object) {
  return PyObject_IsInstance(object, Module().attr("datetime").ptr()) == 1;
}

Time TimeOf(const std::optional<DateTime>& given, const char* parameter) {
  if (!given) return Now();
  if (given->attr("utcoffset")().is_none()) {
    const std::string why = std::string(parameter) +
                            ": a datetime without a time zone is not a moment: give one with "
                            "tzinfo, such as datetime.now(timezone.utc)";
    throw nb::value_error(why.c_str());
  }
  const nb::object millisecond = Module().attr("timedelta")(nb::arg("milliseconds") = 1);
  const nb::object since = (nb::object(*given) - Epoch()).attr("__floordiv__")(millisecond);
  return Time(std::chrono::milliseconds(nb::cast<int64_t>(since)));
}

DateTime Given(Time time) {
  const int64_t milliseconds = time.time_since_epoch().count();
  const nb::object since = Module().attr("timedelta")(nb::arg("milliseconds") = milliseconds);
  return nb::borrow<DateTime>(Epoch() + since);
}

}  // namespace carnet::python
