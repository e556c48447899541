#!/usr/bin/env python3
"""The commands of the `dev` script that can be told without a build: what they list, accept and
refuse."""
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def dev(*arguments):
    return subprocess.run(("./dev", *arguments), cwd=ROOT, capture_output=True, text=True)


class Dev(unittest.TestCase):
    def test_every_benchmark_that_is_listed_has_a_source_and_the_other_way_round(self):
        listed = dev("bench", "--list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        names = listed.stdout.split()
        self.assertEqual(len(names), len(set(names)))
        sources = {path.stem for path in (ROOT / "bench").glob("*_bench.*")}
        self.assertEqual(set(names), sources)
        # A target of the build's own, all_verify_…_bench, was once taken for one.
        self.assertGreaterEqual(len(names), 15)

    def test_every_listed_program_is_a_target_of_the_bench_folder(self):
        text = (ROOT / "bench/CMakeLists.txt").read_text()
        for source in (ROOT / "bench").glob("*_bench.cc"):
            name = source.stem.removesuffix("_bench")
            self.assertIn(f"carnet_bench({name} ", text)

    def test_an_unknown_command_is_refused_with_the_usage(self):
        result = dev("bensh")
        self.assertEqual(result.returncode, 2)
        self.assertIn("usage: ./dev <command>", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_help_names_every_command_that_is_accepted(self):
        helped = dev("help")
        self.assertEqual(helped.returncode, 0)
        script = (ROOT / "dev").read_text()
        accepted = script[script.rindex("case $command in"):].split(")", 1)[0]
        commands = [word.strip() for word in accepted.split("in", 1)[1].split("|")] + ["test"]
        self.assertGreaterEqual(len(commands), 12)
        for command in commands:
            self.assertRegex(helped.stdout, rf"(?m)^  {command}\b")

    def test_an_unknown_benchmark_is_refused_by_name(self):
        result = dev("bench", "nothing_bench")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("no such benchmark: nothing_bench", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
