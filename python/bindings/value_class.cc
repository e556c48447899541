#include "python/bindings/value_class.h"

namespace carnet::python {
namespace {

nb::tuple Attributes(nb::handle value, nb::handle names) {
  nb::list list;
  for (const nb::handle name : names) list.append(value.attr(name));
  return nb::tuple(list);
}

}  // namespace

nb::str FieldsRepr(nb::handle value, nb::handle names) {
  nb::list parts;
  for (const nb::handle name : names) {
    parts.append(nb::str("{}={!r}").format(name, value.attr(name)));
  }
  return nb::str("{}({})").format(value.type().attr("__name__"), nb::str(", ").attr("join")(parts));
}

bool AreEqual(nb::handle one, nb::handle other, nb::handle names) {
  return one.type().is(other.type()) && Attributes(one, names).equal(Attributes(other, names));
}

Py_hash_t HashOf(nb::handle value, nb::handle names) { return nb::hash(Attributes(value, names)); }

nb::object RefuseToPickle(nb::handle value) {
  const nb::str why = nb::str(
                          "a carnet.{} cannot be pickled or copied: keep the files that it comes "
                          "from, or the text that it gives")
                          .format(value.type().attr("__name__"));
  throw nb::type_error(why.c_str());
}

}  // namespace carnet::python
