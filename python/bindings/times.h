// datetime.datetime, with a time zone, for the library's times.
#pragma once

#include <carnet/verify.h>
#include <nanobind/nanobind.h>

#include <optional>

#include "python/bindings/texts.h"

namespace carnet::python {

bool IsDateTime(PyObject* object);

class DateTime : public nb::object {
  NB_OBJECT(DateTime, nb::object, "datetime.datetime", IsDateTime)
};

// Cut to whole milliseconds; without one, the system's clock. Raises ValueError, naming the
// parameter, for one without a time zone: the same numbers are another moment elsewhere.
Time TimeOf(const std::optional<DateTime>& given, const char* parameter);

// In UTC.
DateTime Given(Time time);

}  // namespace carnet::python
