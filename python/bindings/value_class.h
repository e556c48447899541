// Classes that are to Python what its frozen dataclasses are: attributes that cannot be set, equal
// where all of them are equal, and a repr that names them.
#pragma once

#include <nanobind/nanobind.h>

#include <initializer_list>
#include <string>

#include "python/bindings/texts.h"
#include "python/bindings/times.h"

namespace carnet::python {

// `repr` of a value of those attributes, and whether two are equal, and the hash.
nb::str FieldsRepr(nb::handle value, nb::handle names);
bool AreEqual(nb::handle one, nb::handle other, nb::handle names);
Py_hash_t HashOf(nb::handle value, nb::handle names);

// For `__reduce__`: raises TypeError.
nb::object RefuseToPickle(nb::handle value);
inline const nb::sig kNeverReturns{"def __reduce__(self) -> typing.NoReturn"};

template <typename T>
class ValueClass {
 public:
  ValueClass(nb::module_& module, const char* name, const char* doc)
      : class_(module, name, nb::is_final(), doc) {}

  // What `get` makes of a `const T&`.
  template <typename Get>
  ValueClass& Property(const char* name, Get get, const char* doc) {
    class_.def_prop_ro(name, get, doc);
    names_.append(name);
    return *this;
  }
  template <typename Member>
  ValueClass& Field(const char* name, Member T::*member, const char* doc) {
    return Property(
        name, [member](const T& value) { return Given(value.*member); }, doc);
  }
  // None where it is empty.
  ValueClass& Maybe(const char* name, std::string T::*member, const char* doc) {
    return Property(
        name, [member](const T& value) { return TextOrNone(value.*member); }, doc);
  }
  // A decimal text, as int.
  ValueClass& Number(const char* name, std::string T::*member, const char* doc) {
    return Property(
        name, [member](const T& value) { return IntOf(value.*member); }, doc);
  }
  ValueClass& MaybeNumber(const char* name, std::string T::*member, const char* doc) {
    return Property(
        name, [member](const T& value) { return IntOrNone(value.*member); }, doc);
  }

  // What its repr names, where that is not everything.
  ValueClass& ShownBy(std::initializer_list<const char*> names) {
    for (const char* name : names) shown_.append(name);
    return *this;
  }

  // The last call: the class, for what else it has.
  nb::class_<T>& Done() {
    const nb::tuple names(names_);
    class_.attr("__match_args__") = names;
    const nb::tuple shown(nb::len(shown_) == 0 ? names_ : shown_);
    class_.def("__repr__", [shown](nb::handle self) { return FieldsRepr(self, shown); });
    class_.def(
        "__eq__",
        [names](nb::handle self, nb::handle other) { return AreEqual(self, other, names); },
        nb::sig("def __eq__(self, other: object, /) -> bool"));
    class_.def("__hash__", [names](nb::handle self) { return HashOf(self, names); });
    class_.def("__reduce__", &RefuseToPickle, kNeverReturns);
    return class_;
  }

 private:
  nb::class_<T> class_;
  nb::list names_, shown_;
};

}  // namespace carnet::python
