"""The package as its users get it: what it exports, its types, and what importing it costs."""
import ast
import inspect
import os
import pathlib
import re
import resource
import subprocess
import sys
import unittest

import carnet

PACKAGE = pathlib.Path(carnet.__file__).parent
MOST_IMPORT_MS = 50  # beyond the interpreter; measured: 18


class PackageTest(unittest.TestCase):
    def test_everything_public_is_exported_and_documented(self):
        for name in carnet.__all__:
            one = getattr(carnet, name)
            if name != "__version__":
                self.assertTrue(inspect.getdoc(one), name)
                self.assertEqual(one.__module__.partition(".")[0], "carnet", name)
        public = {name for name in vars(carnet) if not name.startswith("_")}
        self.assertEqual(public, set(carnet.__all__) - {"__version__"})

    def test_methods_and_attributes_are_documented(self):
        for name in carnet.__all__:
            one = getattr(carnet, name)
            if inspect.isclass(one) and not issubclass(one, carnet.Error):
                for member, value in vars(one).items():
                    if not member.startswith("_") and member not in ("info",):
                        self.assertTrue(inspect.getdoc(value), f"{name}.{member}")

    def test_the_stub_types_all_of_the_extension(self):
        stub = ast.parse((PACKAGE / "_carnet.pyi").read_text())
        typed = {node.name if hasattr(node, "name") else node.target.id for node in stub.body
                 if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AnnAssign))}
        extension = {name for name in vars(sys.modules["carnet._carnet"])
                     if not name.startswith("_")}
        self.assertEqual(typed, extension)
        self.assertTrue((PACKAGE / "py.typed").is_file())
        text = (PACKAGE / "_carnet.pyi").read_text()
        self.assertNotRegex(text, r"std::|carnet::|: object = \.\.\.,")

    def test_the_version_is_the_projects(self):
        source = pathlib.Path(__file__).resolve().parents[2] / "CMakeLists.txt"
        stated = re.search(r"project\(carnet VERSION ([0-9.]+)", source.read_text())[1]
        self.assertEqual(carnet.__version__, stated)

    def test_importing_it_is_quick_and_brings_nothing_heavy(self):
        """By processor time, as other work on the machine is no cost of the import."""
        def cheapest(code):
            return min(self.milliseconds(code) for _ in range(5))

        self.assertLess(cheapest("import carnet") - cheapest("pass"), MOST_IMPORT_MS)
        done = subprocess.run([sys.executable, "-c", "import carnet, sys; print(*sys.modules)"],
                              capture_output=True, text=True, check=True)
        loaded = set(done.stdout.split())
        for heavy in ("torch", "numpy", "networkx", "json", "asyncio", "carnet._notebook",
                      "carnet._lineage_graph"):
            self.assertNotIn(heavy, loaded)

    def milliseconds(self, code):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    def test_it_leaks_nothing_that_the_interpreter_finds_at_its_end(self):
        done = subprocess.run([sys.executable, "-c", "import carnet; carnet.Policy.shipped_ids()"],
                              capture_output=True, text=True, check=True,
                              env={**os.environ, "CARNET_LEAK_WARNINGS": "1"})
        self.assertEqual(done.stderr, "")

    def test_what_a_program_still_holds_at_its_end_is_not_told(self):
        held = ("import carnet, ctypes; policy = carnet.Policy.shipped('hub-default'); "
                "ctypes.pythonapi.Py_IncRef(ctypes.py_object(policy))")
        for told in (False, True):
            done = subprocess.run(
                [sys.executable, "-c", held], capture_output=True, text=True, check=True,
                env={**os.environ, **({"CARNET_LEAK_WARNINGS": "1"} if told else {})})
            self.assertEqual("leaked" in done.stderr, told, done.stderr)
