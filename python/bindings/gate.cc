#include <carnet/verify.h>

#include <nanobind/stl/string.h>

#include <optional>
#include <string_view>

#include "python/bindings/bind.h"
#include "python/bindings/paths.h"
#include "python/bindings/reading.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

using Moment = std::optional<DateTime>;

// Immutable, and kept by the caller during the call.
std::string_view Bytes(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

void MakeGate(Gate* place, const Trust& trust, const Policy& policy, const Chips* chips,
              unsigned threads) {
  if (threads == 0) throw nb::value_error("threads: at least 1");
  if (chips == nullptr) {
    new (place) Gate(trust, policy, threads);
  } else {
    new (place) Gate(trust, policy, *chips, threads);
  }
}

Verdict Check(const Gate& gate, const nb::bytes& passport, const Model& model, const Moment& now) {
  const Time time = TimeOf(now, "now");
  return WithoutGil([&, bytes = Bytes(passport)] { return gate.Check(bytes, model, time); });
}

Verdict CheckClaims(const Gate& gate, const nb::bytes& claims, const Model& model,
                    const Moment& now) {
  const Time time = TimeOf(now, "now");
  return WithoutGil([&, bytes = Bytes(claims)] { return gate.CheckClaims(bytes, model, time); });
}

Verdict CheckFile(const Gate& gate, const Path& passport, const Model& model, const Moment& now) {
  const Time time = TimeOf(now, "now");
  return WithoutGil([&] { return gate.CheckFile(passport.string(), model, time); });
}

Verdict CheckModel(const Gate& gate, const Path& model, const std::optional<Path>& passport,
                   const Moment& now, bool follow_links, const Progress& progress) {
  const Time time = TimeOf(now, "now");
  ModelOptions options;
  options.follow_links = follow_links;
  std::optional<Result<Verdict>> verdict;
  ReadWatched(std::move(options), progress, [&](const ModelOptions& watched) {
    verdict = gate.CheckModel(model.string(), time, PathOrEmpty(passport), watched);
  });
  return ValueOf(std::move(*verdict));
}

std::string FindPassportOf(const Path& model) {
  return WithoutGil([&] { return FindPassport(model.string()); });
}

constexpr const char* kGateDoc = R"(Judges passports by a trust directory and a policy.

Whatever is wrong with a passport or a model is a Verdict that did not pass; an exception means that
nobody could tell, and is never a no. A gate keeps what it was made of, never changes, and is safe
from several threads; it is worth keeping for many models.

Args:
    trust: whose keys count.
    policy: which thresholds.
    chips: a catalogue of accelerators; by default the shipped one with what the trust directory
        adds.
    threads: that read and verify the lines of one passport.)";

constexpr const char* kCheckDoc =
    R"(Judges a passport, given as its bytes, of a model that was read.

`now` is the time to judge by, by default the system's clock. Raises Malformed where the trust
directory's own hub-default or chips.csv is.)";

constexpr const char* kCheckModelDoc =
    R"(What `carnet verify` does: reads the model at a path and judges it.

Takes the passport that `find_passport` finds if none is named, and compares a signature of OpenSSF
Model Signing in the model's folder with it, which only this call knows of.

Args:
    model: folder or file.
    passport: its file.
    now: the time to judge by, by default the system's clock.
    follow_links, progress: as of `carnet.digest`.

Raises:
    NotFound, Conflict: there is no passport, or there are several; a file changed while it was read.
    Rejected: the model's files themselves are refused, such as a link that leads outside: a no to
        the model, before any passport is looked at.
    IoError, Malformed: as of `check`.)";

}  // namespace

void BindGate(nb::module_& module) {
  nb::class_<Gate>(module, "Gate", nb::is_final(), kGateDoc)
      .def("__init__", &MakeGate, nb::arg("trust"), nb::arg("policy"),
           nb::arg("chips").none() = nb::none(), nb::arg("threads") = 1)
      .def("check", &Check, nb::arg("passport"), nb::arg("model"), nb::arg("now") = nb::none(),
           kCheckDoc)
      .def(
          "check_claims", &CheckClaims, nb::arg("claims"), nb::arg("model"),
          nb::arg("now") = nb::none(),
          "The same of the passport among the lines of claims.jsonl, the file of all statements of "
          "anybody about a model. Also raises NotFound (no line is a passport) and Conflict "
          "(several count, and the caller has to choose).")
      .def(
          "check_file", &CheckFile, nb::arg("passport"), nb::arg("model"),
          nb::arg("now") = nb::none(),
          "The same for a file; of one called claims.jsonl as `check_claims`. Also raises NotFound "
          "and IoError.")
      .def("check_model", &CheckModel, nb::arg("model"), nb::arg("passport") = nb::none(),
           nb::arg("now") = nb::none(), nb::kw_only(), nb::arg("follow_links") = false,
           nb::arg("progress") = nb::none(), kCheckModelDoc)
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
  module.def("find_passport", &FindPassportOf, nb::arg("model"),
             "Where a model's passport is when nobody says so: `*.passport.sigstore.jsonl` at the "
             "top of its folder, or `<model>.passport.sigstore.jsonl` beside it; where there is "
             "neither, claims.jsonl at the top of the folder. Raises NotFound (none), Conflict "
             "(several), IoError.");
}

}  // namespace carnet::python
