#!/usr/bin/env python3
"""What tidy.py may remember, and what makes it look again. A script stands in for clang-tidy: it
reports the word BAD, and records each time that it is run."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOOL = pathlib.Path(__file__).with_name("tidy.py")

PLAYER = """#!/bin/sh
if [ "$1" = --version ]; then cat "$VERSION_FILE"; exit 0; fi
for last; do :; done
echo "$last" >>"$RUNS_FILE"
if grep -q CRASH "$last"; then kill -SEGV $$; fi
if grep -q WARNS "$last"; then echo "$last: warning"; exit 0; fi
if cat "$last" one.h include/two.h | grep -q BAD; then echo "$last: error: BAD"; exit 1; fi
"""

FILES = {
    "a.cc": '#include "one.h"\nint a = one;\n',
    "b.cc": "int b = 1;\n",
    "one.h": '#include <two.h>\nint one = two;\n',
    "include/two.h": "int two = 2;\n",
    ".clang-tidy": "Checks: '*'\n",
}


class Checkout:
    def __init__(self, scratch, name="checkout"):
        self.scratch, self.root = scratch, scratch / name
        for file, content in FILES.items():
            self.write(file, content)
        self.flags("-O1")
        self.checks = []
        self.environment = {**os.environ, "CLANG_TIDY": str(scratch / "clang-tidy"),
                            "CARNET_CHECK_CACHE": str(scratch / "cache"),
                            "RUNS_FILE": str(scratch / "runs"),
                            "VERSION_FILE": str(scratch / "version")}

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (1_000_000_000, 1_000_000_000))  # long before any run, and never newer

    def flags(self, flags):
        self.write("build/compile_commands.json", json.dumps([
            {"directory": str(self.root / "build"), "file": str(self.root / file),
             "command": f"c++ {flags} -I{self.root}/include -o {file}.o -c {self.root / file}"}
            for file in ("a.cc", "b.cc")]))

    def run(self, *sources):
        """(exit status, the sources that clang-tidy was run over, output)."""
        (self.scratch / "runs").write_text("")
        done = subprocess.run(
            [sys.executable, TOOL, "build", *self.checks, *(sources or ("a.cc", "b.cc"))],
            cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)
        runs = sorted((self.scratch / "runs").read_text().split())
        return done.returncode, runs, done.stdout + done.stderr


wrong = []


def expect(what, result, status, runs, text=""):
    if result[0] != status or result[1] != runs or text not in result[2]:
        wrong.append(f"{what}: expected {status}, {runs}, {text!r}\n  got {result}")


def each_change_is_checked(scratch):
    checkout = Checkout(scratch)
    expect("first run", checkout.run(), 0, ["a.cc", "b.cc"], "2 sources checked, 0 remembered")
    expect("second run", checkout.run(), 0, [], "0 sources checked, 2 remembered")
    for what, name, content, runs in (
            ("a changed source", "a.cc", FILES["a.cc"] + "int c;\n", ["a.cc"]),
            ("a changed comment", "a.cc", FILES["a.cc"] + "// NOLINT\n", ["a.cc"]),
            ("a changed header", "one.h", FILES["one.h"] + "int more;\n", ["a.cc"]),
            ("a changed header of a header", "include/two.h", "int two = 3;\n", ["a.cc"]),
            ("a header that includes one more", "one.h", '#include "b.cc"\n' + FILES["one.h"],
             ["a.cc"]),
            ("changed settings", ".clang-tidy", "Checks: 'bugprone-*'\n", ["a.cc", "b.cc"])):
        checkout.write(name, content)
        expect(what, checkout.run(), 0, runs)
        expect(f"{what}, again", checkout.run(), 0, [])
        checkout.write(name, FILES[name])
        expect(f"{what}, taken back", checkout.run(), 0, [])
    checkout.flags("-O2")
    expect("changed flags", checkout.run(), 0, ["a.cc", "b.cc"])
    checkout.flags("-O1")
    checkout.checks = ["--checks=-*,misc-*"]
    expect("other checks", checkout.run(), 0, ["a.cc", "b.cc"])
    checkout.checks = []
    (scratch / "version").write_text("clang-tidy 15\n")
    expect("another version", checkout.run(), 0, ["a.cc", "b.cc"])


def only_clean_is_remembered(scratch):
    checkout = Checkout(scratch)
    for what, name, content, status in (
            ("a finding", "a.cc", FILES["a.cc"] + "int BAD;\n", 1),
            ("a finding in a header", "one.h", FILES["one.h"] + "int BAD;\n", 1),
            ("a warning that fails nothing", "a.cc", FILES["a.cc"] + "// WARNS\n", 1),
            ("a crash", "a.cc", FILES["a.cc"] + "// CRASH\n", 1),
            ("a source that does not compile", "a.cc", '#include "absent.h"\n', 0)):
        checkout.write(name, content)
        expect(what, checkout.run("a.cc"), status, ["a.cc"])
        expect(f"{what}, again", checkout.run("a.cc"), status, ["a.cc"])
        checkout.write(name, FILES[name])
    checkout.run("a.cc")
    os.utime(checkout.root / "one.h", None)
    checkout.write("a.cc", FILES["a.cc"] + "int c;\n")
    os.utime(checkout.root / "one.h", (4_000_000_000, 4_000_000_000))  # as if changed meanwhile
    expect("a header newer than the run", checkout.run("a.cc"), 0, ["a.cc"])
    expect("a header newer than the run, again", checkout.run("a.cc"), 0, ["a.cc"])
    expect("an unknown source", checkout.run("one.h"), 1, [], "no compile command: one.h")


def other_checkouts_share_it(scratch):
    Checkout(scratch).run()
    other = Checkout(scratch, "another")
    expect("another checkout", other.run(), 0, [])
    other.write("include/two.h", "int two = 4;\n")
    expect("another checkout, changed", other.run(), 0, ["a.cc"])
    shutil.rmtree(scratch / "cache")
    expect("nothing remembered any more", other.run(), 0, ["a.cc", "b.cc"])


def main():
    for part in (each_change_is_checked, only_clean_is_remembered, other_checkouts_share_it):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            (scratch / "clang-tidy").write_text(PLAYER)
            (scratch / "clang-tidy").chmod(0o755)
            (scratch / "version").write_text("clang-tidy 14\n")
            part(scratch)
    print("\n".join(wrong) or "tidy: as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
