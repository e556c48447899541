#include "python/bindings/drafts.h"

#include <nanobind/stl/string.h>

namespace carnet::python {
namespace {

namespace nb = nanobind;

}  // namespace

bool IsDraft(PyObject* object) {
  return PyUnicode_Check(object) != 0 ||
         PyObject_IsInstance(object,
                             nb::module_::import_("collections.abc").attr("Mapping").ptr()) == 1;
}

std::string DraftText(const Draft& draft) {
  if (nb::isinstance<nb::str>(draft)) return nb::cast<std::string>(draft);
  const nb::object text = nb::module_::import_("json").attr("dumps")(
      nb::module_::import_("builtins").attr("dict")(draft), nb::arg("allow_nan") = false);
  return nb::cast<std::string>(text);
}

}  // namespace carnet::python
