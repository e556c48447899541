#include <carnet/trace.h>

#include <nanobind/stl/string.h>

#include "python/bindings/bind.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

Trace TraceOf(const LedgerReader& ledger, const std::string& subject, const Policy& policy) {
  return WithoutGil([&] { return Trace::Of(ledger, subject, policy); });
}

nb::str SvgOf(const Trace& trace) {
  return Given(WithoutGil([&] { return trace.ToSvg(); }));
}

// Of a part of the package that is imported when it is first asked for.
auto FromModule(const char* module, const char* function) {
  return [module, function](nb::handle trace) {
    return nb::module_::import_(module).attr(function)(trace);
  };
}

void BindTraceParts(nb::module_& module) {
  ValueClass<TraceNode>(module, "TraceNode", "A statement of the lineage.")
      .Field("id", &TraceNode::id, "Statement id, hex.")
      .Field("index", &TraceNode::index, "Of its leaf in the log, from 0.")
      .Field("kind", &TraceNode::kind,
             "passport, completion, segment, run, dataset, device, allocation, verdict.")
      .Field("signer", &TraceNode::signer, "As statements name it: key:<hex>.")
      .Field("label", &TraceNode::label, "Such as \"segment 3\", or a model's name.")
      .MaybeNumber("flop", &TraceNode::flop, "FLOP; None if it has no total of its own.")
      .Maybe("run", &TraceNode::run, "Of a segment: its run's statement id, hex.")
      .Done();
  ValueClass<TraceEdge>(module, "TraceEdge", "A reference from one statement to another.")
      .Property(
          "source", [](const TraceEdge& edge) { return edge.from; },
          "Index into the nodes: the one that refers.")
      .Property(
          "target", [](const TraceEdge& edge) { return edge.to; },
          "Index into the nodes: the one that it refers to.")
      .Field("label", &TraceEdge::label,
             "The field, or the type of the edge: \"fine-tuned-from\", \"completion\", …")
      .Done();
  ValueClass<TraceSum>(module, "TraceSum", "Compute along the lineage, as a threshold counts it.")
      .Field("policy", &TraceSum::policy, "Id of the policy.")
      .Field("threshold", &TraceSum::threshold, "Its own id within the policy.")
      .Field("figure", &TraceSum::figure, "update or total.")
      .Number("amount", &TraceSum::amount, "FLOP, exact.")
      .Field("lower_bound", &TraceSum::lower_bound, "Whether a term is undisclosed or missing.")
      .MaybeNumber("limit", &TraceSum::limit, "FLOP.")
      .Done();
}

}  // namespace

void BindTrace(nb::module_& module) {
  BindTraceParts(module);
  nb::class_<Trace>(module, "Trace", nb::is_final(),
                    "The lineage behind a model, run, statement or any digest that a ledger knows, "
                    "and the compute summed along it. Verifies nothing except that the ledger's "
                    "rows agree.")
      .def_static("of", &TraceOf, nb::arg("ledger"), nb::arg("subject"), nb::arg("policy"),
                  "`subject` is a statement id or else a digest, hex, with or without \"sha256:\" "
                  "before it, or its first six digits or more. Raises Malformed (subject), "
                  "NotFound, Corruption, IoError.")
      .def_prop_ro(
          "nodes", [](const Trace& trace) { return Given(trace.nodes()); },
          "The first is the subject.")
      .def_prop_ro(
          "edges", [](const Trace& trace) { return Given(trace.edges()); },
          "References among the nodes.")
      .def_prop_ro(
          "sums", [](const Trace& trace) { return Given(trace.sums()); },
          "Compute, as the policy's thresholds count it.")
      .def_prop_ro(
          "unknown_parents", [](const Trace& trace) { return Given(trace.unknown_parents()); },
          "Edges that lead to nothing that the ledger knows.")
      .def(
          "to_json", [](const Trace& trace) { return Given(trace.ToJson()); },
          "Every statement (docs/formats.md).")
      .def(
          "to_tree", [](const Trace& trace) { return Given(trace.ToTree()); },
          "For people; a run's segments are one node.")
      .def(
          "to_dot", [](const Trace& trace) { return Given(trace.ToDot()); }, "For Graphviz.")
      .def("to_svg", &SvgOf,
           "A picture, drawn by Graphviz' program `dot`. Raises NotFound where it is not "
           "installed, IoError.")
      .def("graph", FromModule("carnet._lineage_graph", "graph_of"),
           nb::sig("def graph(self) -> networkx.MultiDiGraph"),
           "The lineage as a networkx.MultiDiGraph: a node for each statement, by its id, with "
           "the attributes of TraceNode; an edge from the statement that refers, with its label. "
           "Raises ImportError without the package networkx.")
      .def("__str__", [](const Trace& trace) { return Given(trace.ToTree()); })
      .def("_repr_html_", FromModule("carnet._notebook", "trace_html"),
           nb::sig("def _repr_html_(self) -> str"))
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

}  // namespace carnet::python
