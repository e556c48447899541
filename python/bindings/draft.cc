#include <carnet/draft.h>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "python/bindings/bind.h"
#include "python/bindings/drafts.h"
#include "python/bindings/open_ledger.h"
#include "python/bindings/paths.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

using Moment = std::optional<DateTime>;

FilledDraft Dataset(const Path& path, const Draft& given) {
  const std::string text = DraftText(given);
  return WithoutGil([&] { return FillDataset(path.string(), text); });
}

FilledDraft Passport(OpenLedger& open, const std::string& completion, const Draft& given) {
  const Ledger ledger = open.Get();
  const std::string text = DraftText(given);
  return WithoutGil([&] { return FillPassport(ledger, completion, text); });
}

std::string Report(bool cpu_only) {
  return WithoutGil([&] { return ReportMachine(cpu_only); });
}

AttestedMachine Machine(OpenLedger& open, const Key& key, const std::optional<std::string>& report,
                        const Moment& now) {
  const Ledger ledger = open.Get();
  const Time time = TimeOf(now, "now");
  const std::string text = report ? *report : Report(false);
  return WithoutGil([&] { return AttestMachine(ledger, key, text, time); });
}

std::optional<Project> Find(const std::optional<Path>& named) {
  return WithoutGil([&] { return FindProject(PathOrEmpty(named)); });
}

void BindDraftParts(nb::module_& module) {
  ValueClass<FilledDraft>(module, "FilledDraft", "A draft, filled with what is at hand.")
      .Field("draft", &FilledDraft::draft, "JSON.")
      .Field("notes", &FilledDraft::notes, "What was taken from where, and what is not known.")
      .Done();
  ValueClass<AttestedMachine>(module, "AttestedMachine", "A machine of which a key attested.")
      .Field("statement", &AttestedMachine::statement, "Id of the device statement, hex.")
      .Field("repeated", &AttestedMachine::repeated, "Whether the key had done so before.")
      .Field("notes", &AttestedMachine::notes, "What was taken from where.")
      .Done();
  ValueClass<Project>(module, "Project",
                      "carnet.toml. Paths are as seen from the working directory; None: not given.")
      .Field("path", &Project::path, "Of the file, absolute.")
      .Maybe("ledger", &Project::ledger, "Folder.")
      .Maybe("guard", &Project::guard, "Folder of the ledger's guard.")
      .Maybe("key", &Project::key, "Private key: a file, or what names one elsewhere.")
      .Maybe("trust", &Project::trust, "Folder.")
      .Maybe("policy", &Project::policy, "Id, or .toml file.")
      .Maybe("party_id", &Project::party_id, "Whose project it is.")
      .Maybe("party_name", &Project::party_name, "Its name for people.")
      .Field("warnings", &Project::warnings,
             "Files on the way that were passed over, as a stranger may have written them.")
      .Done();
}

constexpr const char* kDatasetDoc =
    R"(The draft of a data set: `name` and `size` from its files, unless `given` states them.

`attest` takes it, with the files' digests. Raises Malformed, naming what nobody said, and NotFound,
IoError and Rejected for the files.)";

constexpr const char* kPassportDoc =
    R"(The draft of a passport: `intended_deployment` as the completed run states it.

Raises Malformed (given; id) and NotFound (not in this ledger).)";

constexpr const char* kReportDoc =
    R"(What this machine reports of its GPUs, or of its CPU where it has none: JSON text.

Another process of the job, which has the key, may attest it. Reported, not measured: whoever
controls PATH decides what nvidia-smi says. Raises IoError, Malformed, and Rejected where GPUs of
several kinds are here.)";

constexpr const char* kMachineDoc =
    R"(Signs and logs a device statement of a machine, unless this key has done so.

Args:
    report: of `report_machine`, there; by default of this machine.
    now: the time of the statement, by default the system's clock.

Raises Malformed (report; its chip is not in the catalogue: attest it with a draft), and as
`attest`.)";

constexpr const char* kProjectDoc =
    R"(The project's carnet.toml: the one that is named, here or by CARNET_CONFIG; else the first in
the working directory or above it, as far as $HOME. None where there is none, or for "none".

One that a stranger may have written is passed over with a warning, and raises IoError if it was
named. Not for a program that judges models of others there. Raises NotFound, Malformed, IoError.)";

}  // namespace

void BindDraft(nb::module_& module) {
  BindDraftParts(module);
  module.def("fill_dataset", &Dataset, nb::arg("path"), nb::arg("given") = "{}", kDatasetDoc);
  module.def("fill_passport", &Passport, nb::arg("ledger"), nb::arg("completion"),
             nb::arg("given") = "{}", kPassportDoc);
  module.def("report_machine", &Report, nb::kw_only(), nb::arg("cpu_only") = false, kReportDoc);
  module.def("attest_machine", &Machine, nb::arg("ledger"), nb::arg("key"),
             nb::arg("report") = nb::none(), nb::kw_only(), nb::arg("now") = nb::none(),
             kMachineDoc);
  module.def("find_project", &Find, nb::arg("named") = nb::none(), kProjectDoc);
}

}  // namespace carnet::python
