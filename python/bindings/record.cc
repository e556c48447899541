#include <carnet/record.h>

#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>

#include "python/bindings/bind.h"
#include "python/bindings/drafts.h"
#include "python/bindings/open_ledger.h"
#include "python/bindings/password.h"
#include "python/bindings/paths.h"
#include "python/bindings/run_recorder.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

using Moment = std::optional<DateTime>;

Key LoadKey(const Path& path, const PasswordArgument& password) {
  const AskedPassword asked(password);
  const Password function = asked.function();
  return asked.Use([&] { return Key::Load(path.string(), function); });
}

Key GenerateKey(const Path& prefix, const std::string& password) {
  return WithoutGil([&] { return Key::Generate(prefix.string(), password); });
}

Attestation AttestDraft(OpenLedger& open, const Key& key, const std::string& kind,
                        const Draft& draft, const Moment& now,
                        const std::optional<std::string>& nonce,
                        const std::optional<Model>& files) {
  const Ledger ledger = open.Get();
  const std::string text = DraftText(draft);
  const Time time = TimeOf(now, "now");
  return WithoutGil(
      [&] { return Attest(ledger, key, kind, text, time, nonce.value_or(""), files); });
}

Attestation AttestGiven(OpenLedger& open, const Key& key, const Verdict& verdict) {
  const Ledger ledger = open.Get();
  return WithoutGil([&] { return AttestVerdict(ledger, key, verdict); });
}

std::unique_ptr<SharedRecorder> OpenRecorder(const Path& run_directory, const Key& key,
                                             OpenLedger& open) {
  const Ledger ledger = open.Get();
  return std::make_unique<SharedRecorder>(
      WithoutGil([&] { return RunRecorder::Open(run_directory.string(), key, ledger); }));
}

RecordedStep OpenRun(SharedRecorder& recorder, const Draft& draft, const Moment& now,
                     const std::optional<std::string>& nonce) {
  const std::string text = DraftText(draft);
  const Time time = TimeOf(now, "now");
  return recorder.Record(
      [&](RunRecorder& one) { return one.OpenRun(text, time, nonce.value_or("")); });
}

FilledDraft FillRun(SharedRecorder& recorder, const Draft& given, const Moment& now) {
  const std::string text = DraftText(given);
  const Time time = TimeOf(now, "now");
  return recorder.Record([&](RunRecorder& one) { return one.FillRun(text, time); });
}

FilledDraft FillSegment(SharedRecorder& recorder, const Draft& given, const Model& checkpoint,
                        uint64_t lane, const Moment& now) {
  const std::string text = DraftText(given);
  const Time time = TimeOf(now, "now");
  return recorder.Record(
      [&](RunRecorder& one) { return one.FillSegment(text, lane, checkpoint, time); });
}

void RememberFiles(SharedRecorder& recorder, const Path& path) {
  const std::string absolute = std::filesystem::absolute(path).string();
  recorder.Record([&](RunRecorder& one) { return one.RememberFiles(absolute); });
}

RecordedStep RecordSegment(SharedRecorder& recorder, const Draft& draft, const Model& checkpoint,
                           uint64_t lane, const Moment& now) {
  const std::string text = DraftText(draft);
  const Time time = TimeOf(now, "now");
  return recorder.Record(
      [&](RunRecorder& one) { return one.Segment(text, lane, checkpoint, time); });
}

RecordedStep Complete(SharedRecorder& recorder, const Draft& draft, const Model& model,
                      const Moment& now) {
  const std::string text = DraftText(draft);
  const Time time = TimeOf(now, "now");
  return recorder.Record([&](RunRecorder& one) { return one.Complete(text, model, time); });
}

RecordedStep Abort(SharedRecorder& recorder, const std::string& reason, const Moment& now) {
  const Time time = TimeOf(now, "now");
  return recorder.Record([&](RunRecorder& one) { return one.Abort(reason, time); });
}

RunState ReadState(const Path& run_directory) {
  return WithoutGil([&] { return RunRecorder::ReadState(run_directory.string()); });
}

IssuedPassport Issue(OpenLedger& open, const Key& key, const Gate& gate, const Model& model,
                     const Draft& draft, const std::string& completion, const Moment& now,
                     const std::vector<Model>& parents) {
  const Ledger ledger = open.Get();
  const std::string text = DraftText(draft);
  const Time time = TimeOf(now, "now");
  return WithoutGil(
      [&] { return IssuePassport(ledger, key, gate, model, text, completion, time, parents); });
}

void BindRecordParts(nb::module_& module) {
  ValueClass<Attestation>(module, "Attestation", "A statement that is signed and logged.")
      .Field("statement", &Attestation::statement, "Its id, hex.")
      .Field("index", &Attestation::index, "Of its leaf in the log, from 0.")
      .Field("bundle", &Attestation::bundle, "The Sigstore bundle, JSON, with its receipt.")
      .Done();
  ValueClass<RecordedStep>(module, "RecordedStep", "A step of a run that is signed and logged.")
      .Field("step", &RecordedStep::step, "run, segment-<lane>-<seq>, completion.")
      .Field("statement", &RecordedStep::statement, "Its id, hex.")
      .Field("index", &RecordedStep::index, "Of its leaf in the log, from 0.")
      .Field("repeated", &RecordedStep::repeated, "Whether it was signed and logged already.")
      .Done();
  ValueClass<RunState>(module, "RunState", "How far a run is recorded.")
      .Field("outcome", &RunState::outcome, "not opened, open, completed, aborted.")
      .Maybe("run", &RunState::run, "Statement id, hex; None before it is opened.")
      .Maybe("completion", &RunState::completion, "Statement id, hex; None before it is closed.")
      .Field("segments", &RunState::segments, "How many are recorded, for each lane.")
      .Field("next_steps", &RunState::next_steps,
             "The step where it goes on, for each lane; 0 without a segment.")
      .Field("unlogged_steps", &RunState::unlogged_steps,
             "Signed without a receipt yet: repeat the call.")
      .Done();
  ValueClass<IssuedPassport>(module, "IssuedPassport", "A passport that the gate let pass.")
      .Field("statement", &IssuedPassport::statement, "Its statement's id, hex.")
      .Property(
          "passport",
          [](const IssuedPassport& issued) {
            return nb::bytes(issued.passport.data(), issued.passport.size());
          },
          "The file: one bundle a line.")
      .Property(
          "verdict", [](const IssuedPassport& issued) { return issued.verdict; },
          "What the gate said of it.")
      .Done();
}

void BindKey(nb::module_& module) {
  nb::class_<Key>(
      module, "Key", nb::is_final(),
      "A private P-256 key, wiped when nothing refers to it any more. Safe from several "
      "threads.")
      .def_static("load", &LoadKey, nb::arg("path"), nb::arg("password") = nb::none(),
                  "cosign's encrypted PEM, or PKCS#8. `password` is a str, or is called for one if "
                  "the key is encrypted. Raises, with the path: IoError, NotFound, Malformed, "
                  "Rejected (wrong password), Unsupported; and what the call raises.")
      .def_static("generate", &GenerateKey, nb::arg("prefix"), nb::arg("password"),
                  "Writes `<prefix>.key`, encrypted in cosign's format, and `<prefix>.pub`. Raises "
                  "Conflict (either is there), IoError.")
      .def_prop_ro(
          "id", [](const Key& key) { return Given(key.id()); },
          "As in statements: key:<hex SHA-256 of the public key's SPKI>.")
      .def_prop_ro(
          "public_key", [](const Key& key) { return Given(key.public_key()); }, "PEM.")
      .def("__repr__", [](const Key& key) { return nb::str("Key({!r})").format(Given(key.id())); })
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

constexpr const char* kAttestDoc = R"(Signs and logs one statement.

Args:
    kind: dataset, device, allocation, run, segment, completion or passport.
    draft: the predicate without a head (docs/formats.md), as JSON text or a mapping.
    now: the time of the statement, by default the system's clock.
    nonce: 32 random lowercase hex digits, by default drawn. A repeated call with the same one
        returns the statement that is logged already.
    files: of a data set: adds what is known about its files.

Raises:
    Malformed: kind, draft or nonce.
    Conflict: the nonce is used, with other content.
    And as `Ledger.append`.)";

constexpr const char* kAttestVerdictDoc =
    R"(Signs a verdict as an SLSA verification summary about the model, and logs it.

For those who trust this key and need not judge again. A no is signed as one. `carnet verify --vsa
FILE --ledger LEDGER` does the same in one step.

Raises:
    Rejected: it names no passport for the model under a checkpoint: it would be about nothing.
    And as `Ledger.append`.)";

constexpr const char* kRecorderDoc = R"(One training run, driven from inside the job.

Its state is in the run directory: a job that crashes goes on where it stopped, no step is signed
twice, and a repeated call returns what was recorded. Calls from several threads wait for each
other. `with carnet.RunRecorder.open(...) as recorder:` frees the directory at its end, as `close`
does.

Steps raise Malformed (draft), Conflict (recorded with another draft, or closed), Rejected (another
key's or ledger's run), NotFound (no run is open), and what `Ledger.append` does. Drafts are JSON
text or mappings (docs/formats.md); `now` is by default the system's clock.)";

void BindRecorder(nb::module_& module) {
  nb::class_<SharedRecorder>(module, "RunRecorder", nb::is_final(), kRecorderDoc)
      .def_static("open", &OpenRecorder, nb::arg("run_directory"), nb::arg("key"),
                  nb::arg("ledger"), "Raises Conflict (another recorder), IoError.")
      .def("open_run", &OpenRun, nb::arg("draft"), nb::kw_only(), nb::arg("now") = nb::none(),
           nb::arg("nonce") = nb::none(), "Opens the run.")
      .def("segment", &RecordSegment, nb::arg("draft"), nb::arg("checkpoint"), nb::kw_only(),
           nb::arg("lane") = 0, nb::arg("now") = nb::none(),
           "Records what led to a checkpoint, since the one before.")
      .def("complete", &Complete, nb::arg("draft"), nb::arg("model"), nb::kw_only(),
           nb::arg("now") = nb::none(),
           "Closes the run. Also raises Rejected where the model is not what the last segments "
           "ended with.")
      .def("abort", &Abort, nb::arg("reason"), nb::kw_only(), nb::arg("now") = nb::none(),
           "Closes the run without a model.")
      .def("fill_run", &FillRun, nb::arg("given"), nb::kw_only(), nb::arg("now") = nb::none(),
           "The draft of `open_run` from what the caller states, as `carnet run open` fills it: "
           "the revision of the code in the working directory, `inputs` and `initial`; or the one "
           "with which the run was opened. Raises Malformed, naming what nobody said, and Conflict "
           "where it was opened with other values.")
      .def("fill_segment", &FillSegment, nb::arg("given"), nb::arg("checkpoint"), nb::kw_only(),
           nb::arg("lane") = 0, nb::arg("now") = nb::none(),
           "The draft of `segment` from what the caller states, as `carnet run segment` fills it: "
           "it begins where the lane's last one ended, ends now, used all planned devices, and "
           "its FLOP are computed from tokens and parameters, all of them as trained unless "
           "`flop` says more. Raises Malformed, naming what nobody said, and Conflict where it was "
           "recorded with other values.")
      .def("remember_files", &RememberFiles, nb::arg("path"),
           "Where the files of the last step are, so that `carnet check` finds them. Raises "
           "IoError.")
      .def_static("read_state", &ReadState, nb::arg("run_directory"),
                  "Needs neither key nor ledger. Raises NotFound, IoError, Malformed, Corruption.")
      .def("close", &SharedRecorder::Close, "Frees the run directory. No step can follow.")
      .def(
          "__enter__", [](nb::handle self) { return nb::borrow(self); },
          nb::sig("def __enter__(self) -> RunRecorder"))
      .def(
          "__exit__", [](SharedRecorder& recorder, const nb::args&) { recorder.Close(); },
          nb::sig("def __exit__(self, *args: object) -> None"))
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

constexpr const char* kIssueDoc =
    R"(Collects what the completion refers to, signs and logs the passport, and checks the file with
the gate before it is handed out.

Args:
    draft: the passport's predicate without a head, as JSON text or a mapping.
    completion: statement id of the run's completion, hex.
    now: the time of the statement, by default the system's clock.
    parents: models that it was trained from: their tensors show which of its own are frozen.

Raises:
    Rejected: the gate's first finding; nothing is handed out.
    NotFound: a statement is not in this ledger.
    Malformed, Conflict, and as `Ledger.append`.)";

}  // namespace

void BindRecord(nb::module_& module) {
  BindRecordParts(module);
  BindKey(module);
  module.def("attest", &AttestDraft, nb::arg("ledger"), nb::arg("key"), nb::arg("kind"),
             nb::arg("draft"), nb::kw_only(), nb::arg("now") = nb::none(),
             nb::arg("nonce") = nb::none(), nb::arg("files") = nb::none(), kAttestDoc);
  module.def("attest_verdict", &AttestGiven, nb::arg("ledger"), nb::arg("key"), nb::arg("verdict"),
             kAttestVerdictDoc);
  BindRecorder(module);
  module.def("issue_passport", &Issue, nb::arg("ledger"), nb::arg("key"), nb::arg("gate"),
             nb::arg("model"), nb::arg("draft"), nb::arg("completion"), nb::kw_only(),
             nb::arg("now") = nb::none(), nb::arg("parents") = nb::tuple(), kIssueDoc);
}

}  // namespace carnet::python
