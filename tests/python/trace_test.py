"""carnet.trace, against the command, as a graph and as a picture."""
import json
import os
import shutil
import subprocess
import sys
import unittest

import carnet
from recorded import UPDATE_FLOP, command, recorded

try:
    import networkx
except ImportError:
    networkx = None

HAS_DOT = shutil.which("dot") is not None


class TraceTest(unittest.TestCase):
    def setUp(self):
        self.ledger = recorded().folder / "ledger"
        self.trace = carnet.trace(recorded().model.digest, self.ledger)

    def said(self, output):
        return command("trace", recorded().model.digest, "--ledger", self.ledger, "--format",
                       output, "--direction", "ancestors")

    def test_every_format_is_the_commands(self):
        self.assertEqual(json.loads(self.trace.to_json()), json.loads(self.said("json")))
        self.assertEqual(self.trace.to_dot(), self.said("dot"))
        self.assertEqual(self.trace.to_tree(), self.said("tree"))
        self.assertEqual(str(self.trace), self.trace.to_tree())

    def test_its_nodes_are_the_statements_and_its_sums_the_compute(self):
        self.assertEqual(self.trace.nodes[0].id, recorded().issued.statement)
        self.assertEqual(sorted(node.kind for node in self.trace.nodes),
                         ["allocation", "completion", "dataset", "device", "passport", "run",
                          "segment", "segment"])
        self.assertEqual([(each.amount, each.lower_bound) for each in self.trace.sums],
                         [(UPDATE_FLOP, False)])
        segment = next(node for node in self.trace.nodes if node.kind == "segment")
        self.assertEqual(segment.flop, UPDATE_FLOP // 2)
        self.assertEqual(segment.run, recorded().run.statement)
        self.assertIsNone(self.trace.nodes[0].run)
        self.assertEqual(self.trace.unknown_parents, ())

    def test_a_ledger_may_be_open_and_a_policy_named(self):
        with carnet.Ledger.open(self.ledger) as ledger:
            for each in (ledger, ledger.read()):
                self.assertEqual(carnet.trace(recorded().model.digest, each).to_json(),
                                 self.trace.to_json())
        other = carnet.trace("sha256:" + recorded().model.digest[:8], self.ledger,
                             policy=carnet.Policy.shipped("eu-gpai"))
        self.assertEqual(other.sums[0].policy, "eu-gpai")
        with self.assertRaisesRegex(carnet.Malformed, "nonsense"):
            carnet.trace("nonsense", self.ledger)
        with self.assertRaises(carnet.NotFound):
            carnet.trace("0" * 64, self.ledger)
        with self.assertRaises(carnet.NotFound):
            carnet.trace("0" * 64, self.ledger / "nowhere")

    @unittest.skipUnless(networkx, "no package networkx")
    def test_its_graph_has_each_statement_and_each_reference(self):
        graph = self.trace.graph()
        self.assertEqual(set(graph), {node.id for node in self.trace.nodes})
        self.assertEqual(graph.number_of_edges(), len(self.trace.edges))
        self.assertTrue(networkx.is_directed_acyclic_graph(graph))
        self.assertEqual(networkx.descendants(graph, recorded().issued.statement),
                         set(graph) - {recorded().issued.statement})
        self.assertEqual(graph.nodes[recorded().dataset]["kind"], "dataset")
        flop = sum(data["flop"] for _, data in graph.nodes(data=True)
                   if data["kind"] == "segment")
        self.assertEqual(flop, UPDATE_FLOP)

    def test_without_networkx_it_says_what_to_install(self):
        script = ("import sys; sys.modules['networkx'] = None; import carnet\n"
                  "try: carnet.trace(sys.argv[1], sys.argv[2]).graph()\n"
                  "except ImportError as error: print(error)")
        done = subprocess.run([sys.executable, "-c", script, recorded().model.digest, self.ledger],
                              capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout,
                         "Trace.graph() needs the package networkx: pip install networkx\n")

    @unittest.skipUnless(HAS_DOT, "no program dot")
    def test_a_notebook_shows_the_picture(self):
        shown = self.trace._repr_html_()
        self.assertTrue(shown.startswith("<svg"))
        self.assertTrue(self.trace.to_svg().endswith("</svg>\n"))
        self.assertNotIn("<!DOCTYPE", shown)

    def test_without_dot_a_notebook_shows_the_tree(self):
        path = os.environ["PATH"]
        os.environ["PATH"] = "/nowhere"
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        with self.assertRaisesRegex(carnet.NotFound, "dot is not installed"):
            self.trace.to_svg()
        self.assertTrue(self.trace._repr_html_().startswith("<pre>"))
