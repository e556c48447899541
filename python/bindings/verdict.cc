#include <carnet/verify.h>

#include "python/bindings/bind.h"
#include "python/bindings/value_class.h"

namespace carnet::python {
namespace {

void BindRows(nb::module_& module) {
  ValueClass<Row>(module, "Row", "One check of the gate and what became of it.")
      .Field("name", &Row::name,
             "model, signatures, log, identity, lineage, time, compute, custody, hardware, policy.")
      .Field("status", &Row::status,
             "pass, fail, undisclosed, unattested, not applicable, not checked.")
      .Field("text", &Row::text, "What was found, in words.")
      .Done();
  ValueClass<Finding>(module, "Finding", "A rule that failed.")
      .Field("rule", &Finding::rule, "Its number, 1 to 40 (docs/rules.md).")
      .Field("reason", &Finding::reason,
             "Why, as one word of docs/rules.md, such as "
             "\"beyond-physics\".")
      .Field("anchor", &Finding::anchor, "Of the reason in docs/rules.md; stable.")
      .Field("message", &Finding::message, "Names the field and both values.")
      .Maybe("hint", &Finding::hint, "What would resolve it, or None.")
      .Maybe("statement", &Finding::statement, "Id of the statement it is about, hex, or None.")
      .Property(
          "line",
          [](const Finding& finding) {
            return finding.line == 0 ? std::nullopt : std::optional(finding.line);
          },
          "Of the passport, from 1, or None.")
      .Done();
}

void BindThresholds(nb::module_& module) {
  ValueClass<Threshold>(module, "Threshold",
                        "A threshold of the policy, as a fact. Amounts are FLOP.")
      .Field("policy", &Threshold::policy, "Id of the policy.")
      .Field("id", &Threshold::id, "Its own id within the policy.")
      .Field("state", &Threshold::state, "met, not met, undisclosed, not in force.")
      .Field("why", &Threshold::why, "What decided it, such as lower-bound or not-in-force.")
      .MaybeNumber("lower", &Threshold::lower, "FLOP: no less was done. None: unknown.")
      .MaybeNumber("stated", &Threshold::stated,
                   "FLOP; with `lower_bound`, the part that is disclosed.")
      .MaybeNumber("upper", &Threshold::upper, "FLOP: no more can have been done. None: unknown.")
      .Field("lower_bound", &Threshold::lower_bound, "Whether a term is undisclosed or missing.")
      .Field("bounds", &Threshold::bounds, "In words, with who counter-signed the device time.")
      .Field("comparison", &Threshold::comparison, "\">\" or \">=\".")
      .Number("limit", &Threshold::limit, "FLOP.")
      .Field("rule", &Threshold::rule, "The text's own words for it.")
      .Field("status", &Threshold::status, "in force, guidance, proposed, rescinded.")
      .Field("source", &Threshold::source, "Where the text is.")
      .Done();
  ValueClass<FlopSum>(module, "FlopSum", "Compute summed along the lineage.")
      .Number("amount", &FlopSum::amount, "FLOP, exact.")
      .Field("lower_bound", &FlopSum::lower_bound, "Whether a term is undisclosed or missing.")
      .Done();
}

void BindContext(nb::module_& module) {
  ValueClass<TreeHead>(module, "TreeHead", "The log, as the passport shows it.")
      .Field("origin", &TreeHead::origin, "The log's permanent name.")
      .Field("size", &TreeHead::size, "Entries.")
      .Field("root", &TreeHead::root, "Root hash, hex.")
      .Done();
  ValueClass<IncludedPolicy>(module, "IncludedPolicy",
                             "A policy that counts with the one asked for.")
      .Field("id", &IncludedPolicy::id, "Its id.")
      .Field("sha256", &IncludedPolicy::sha256, "SHA-256 of the file's bytes, hex.")
      .Done();
  ValueClass<OwnChips>(module, "OwnChips", "A chip catalogue that went before the shipped one.")
      .Field("of", &OwnChips::of, "Whose: trust (the trust directory's), caller.")
      .Field("sha256", &OwnChips::sha256, "SHA-256 of the file's bytes, hex.")
      .Done();
}

bool RefuseTruth(nb::handle) {
  throw nb::type_error(
      "a carnet.Verdict is neither true nor false: use .passed, which is False for every no");
}

nb::object AsHtml(nb::handle verdict) {
  return nb::module_::import_("carnet._notebook").attr("verdict_html")(verdict);
}

void BindFacts(ValueClass<Verdict>& verdict) {
  verdict.Field("level", &Verdict::level, "0 to 5 (docs/levels.md).")
      .Field("level_name", &Verdict::level_name, "none, stated, complete, counter-signed, …")
      .Field("missing", &Verdict::missing, "To the next level, in words.")
      .Field("not_checked", &Verdict::not_checked, "What no rule examines, in words.")
      .Field("warnings", &Verdict::warnings, "In words.")
      .Maybe("passport", &Verdict::passport,
             "Statement id; None if the file has none for this model.")
      .Maybe("model", &Verdict::model, "Digest of the files that were read, hex.")
      .Maybe("name", &Verdict::name, "The model's, as the passport states it.")
      .Maybe("only_with_base", &Verdict::only_with_base,
             "Of an adapter: digest of the model that it only works with, or \"undisclosed\".")
      .Field("attestations", &Verdict::attestations, "How many lines the passport has.")
      .Field("checkpoint", &Verdict::checkpoint, "The log's head that the passport shows, or None.")
      .Field("parameter_update", &Verdict::parameter_update,
             "FLOP that updated parameters, along every edge that carries weights, or None.")
      .Field("cumulative", &Verdict::cumulative, "FLOP in all, along the lineage, or None.")
      .Field("policy", &Verdict::policy, "Id of the policy.")
      .Field("policy_sha256", &Verdict::policy_sha256, "SHA-256 of its file's bytes, hex.")
      .Field("included", &Verdict::included, "Policies that count besides.")
      .Field("chips", &Verdict::chips, "Chip catalogues that went before the shipped one.")
      .Field("at", &Verdict::at, "The date for which the policy was judged, UTC.")
      .Field("now", &Verdict::now, "When it was judged, as it was given, UTC.");
}

}  // namespace

void BindVerdict(nb::module_& module) {
  BindRows(module);
  BindThresholds(module);
  BindContext(module);
  ValueClass<Verdict> verdict(module, "Verdict",
                              "What the gate says of a model and its passport, with its reasons. "
                              "Has no truth value: ask `passed`.");
  verdict
      .Property(
          "decision",
          [](const Verdict& value) { return nb::str(value.passed() ? "pass" : "fail"); },
          "\"pass\" or \"fail\".")
      .Property("passed", &Verdict::passed, "Whether every rule holds.")
      .Maybe("reason", &Verdict::reason, "Of the first finding; None on a pass.")
      .Field("rows", &Verdict::rows, "The checks, in their order.")
      .Field("findings", &Verdict::findings, "The rules that failed, by number; at most 100.")
      .Field("findings_total", &Verdict::findings_total, "How many there are.")
      .Field("thresholds", &Verdict::thresholds, "Of the policies, as facts.");
  BindFacts(verdict);
  verdict.ShownBy({"decision", "reason", "name", "model", "policy"})
      .Done()
      .def(
          "to_json", [](const Verdict& value) { return Given(value.ToJson()); },
          "The document that `carnet verify --json` prints (docs/formats.md).")
      .def("__str__", [](const Verdict& value) { return Given(value.ToText()); })
      .def("__bool__", &RefuseTruth)
      .def("_repr_html_", &AsHtml, nb::sig("def _repr_html_(self) -> str"));
}

}  // namespace carnet::python
