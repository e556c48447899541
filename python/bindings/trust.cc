#include <nanobind/stl/string.h>

#include <optional>

#include <carnet/verify.h>

#include "python/bindings/bind.h"
#include "python/bindings/paths.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

Trust LoadTrust(const Path& folder) {
  return WithoutGil([&] { return Trust::Load(folder.string()); });
}

Policy LoadPolicy(const Path& path, const std::optional<DateTime>& at) {
  const Time date = TimeOf(at, "at");
  return WithoutGil([&] { return Policy::Load(path.string(), date); });
}

Policy ShippedPolicy(const std::string& id, const std::optional<DateTime>& at) {
  return ValueOf(Policy::Shipped(id, TimeOf(at, "at")));
}

Policy FindPolicy(const std::string& name, const std::optional<Path>& trust,
                  const std::optional<DateTime>& at) {
  const Time date = TimeOf(at, "at");
  return WithoutGil([&] { return Policy::Find(name, PathOrEmpty(trust), date); });
}

Chips LoadChips(const Path& path, const Trust& trust) {
  return WithoutGil([&] { return Chips::Load(path.string(), trust); });
}

void BindPolicy(nb::module_& module) {
  nb::class_<Policy>(module, "Policy", nb::is_final(),
                     "Thresholds of compute, judged for a date, by default now.")
      .def_static("shipped", &ShippedPolicy, nb::arg("id"), nb::kw_only(),
                  nb::arg("at") = nb::none(),
                  "One of `shipped_ids`. Raises NotFound for any other, ValueError for a date "
                  "without a time zone.")
      .def_static("load", &LoadPolicy, nb::arg("path"), nb::kw_only(), nb::arg("at") = nb::none(),
                  "A .toml file (docs/formats.md). Raises NotFound, IoError, Malformed, with file, "
                  "key and line.")
      .def_static("find", &FindPolicy, nb::arg("name"), nb::arg("trust") = nb::none(),
                  nb::kw_only(), nb::arg("at") = nb::none(),
                  "As `carnet verify --policy`: a file that ends in .toml, else "
                  "`policies/<name>.toml` in the trust directory if that is there, else a shipped "
                  "policy. Raises what `load` and `shipped` do.")
      .def_static(
          "shipped_ids", [] { return Given(Policy::ShippedIds()); },
          "The ids of the policies that come with Carnet.")
      .def_prop_ro(
          "id", [](const Policy& policy) { return Given(policy.id()); }, "Its id.")
      .def_prop_ro(
          "title", [](const Policy& policy) { return Given(policy.title()); },
          "What it is, in words.")
      .def_prop_ro(
          "sha256", [](const Policy& policy) { return Given(policy.sha256()); },
          "SHA-256 of the file's bytes, lowercase hex.")
      .def("__repr__",
           [](const Policy& policy) { return nb::str("Policy({!r})").format(Given(policy.id())); })
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

}  // namespace

void BindTrust(nb::module_& module) {
  nb::class_<Trust>(module, "Trust", nb::is_final(),
                    "Whose keys count, for what, until when: a trust directory, as it was when it "
                    "was loaded.")
      .def_static("load", &LoadTrust, nb::arg("folder"),
                  "Reads a trust directory (docs/formats.md). Raises, with the file's name: "
                  "NotFound, IoError, Malformed, Unsupported (a key's type), Rejected (a pinned "
                  "checkpoint that the log's keys did not sign).")
      .def_prop_ro(
          "folder", [](const Trust& trust) { return Given(trust.folder()); },
          "The directory, as it was given.")
      .def("__repr__",
           [](const Trust& trust) { return nb::str("Trust({!r})").format(Given(trust.folder())); })
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
  BindPolicy(module);
  nb::class_<Chips>(module, "Chips", nb::is_final(),
                    "A catalogue of accelerators, whose peaks bound what a run can have computed: "
                    "the shipped one, what the trust directory adds, and what a file adds.")
      .def_static(
          "load", &LoadChips, nb::arg("path"), nb::arg("trust"),
          "A .csv file (docs/formats.md), which goes before both. Raises NotFound, IoError, "
          "Malformed, with file, line and column.")
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

}  // namespace carnet::python
