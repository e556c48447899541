#include "python/bindings/errors.h"

#include <nanobind/nanobind.h>

#include "python/bindings/texts.h"

namespace carnet::python {
namespace {

const char* ClassOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed:
      return "Malformed";
    case ErrorCode::kNotFound:
      return "NotFound";
    case ErrorCode::kRejected:
      return "Rejected";
    case ErrorCode::kConflict:
      return "Conflict";
    case ErrorCode::kCorruption:
      return "Corruption";
    case ErrorCode::kIo:
      return "IoError";
    case ErrorCode::kUnsupported:
      return "Unsupported";
  }
  return "Error";
}

}  // namespace

void Raise(const Error& error) {
  const nb::object raised = nb::module_::import_("carnet._errors").attr(ClassOf(error.code));
  PyErr_SetObject(raised.ptr(), Given(error.message).ptr());
  throw nb::python_error();
}

}  // namespace carnet::python
