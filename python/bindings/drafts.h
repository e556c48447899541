// Drafts, which are JSON: a text, or a mapping that json.dumps makes one of.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace carnet::python {

bool IsDraft(PyObject* object);

class Draft : public nanobind::object {
  NB_OBJECT(Draft, nanobind::object, "str | collections.abc.Mapping[str, typing.Any]", IsDraft)
};

// Raises what json.dumps does, and ValueError for NaN and infinities, which JSON does not have.
std::string DraftText(const Draft& draft);

}  // namespace carnet::python
