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
for argument; do case "$argument" in *.cc) source=$argument;; esac; done
included=$(sed -n 's/^#include "\\(\\/.*[.]cc\\)"$/\\1/p' "$source")
echo "$(basename "$source")${included:+ of $(echo "$included" | wc -l)}" >>"$RUNS_FILE"
if grep -q CRASH "$source"; then kill -SEGV $$; fi
if grep -q WARNS "$source"; then echo "$source: warning"; exit 0; fi
if cat "$source" $included one.h include/two.h | grep -q BAD; then
  echo "$source: error: BAD"
  exit 1
fi
"""

FILES = {
    "a.cc": '#include "one.h"\nint a = one;\n',
    "b.cc": "int b = 1;\n",
    "one.h": '#include <two.h>\nint one = two;\n',
    "include/two.h": "int two = 2;\n",
    ".clang-tidy": "Checks: '*'\n",
}
MANY = {f"many/{i}.cc": f"int i{i} = {i};\n" for i in range(10)}
MANY["many/0.cc"] = '#include "../one.h"\n'


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
            for file in ("a.cc", "b.cc", *MANY)]))

    def run(self, *sources):
        """(exit status, the sources that clang-tidy was run over, output)."""
        (self.scratch / "runs").write_text("")
        done = subprocess.run(
            [sys.executable, TOOL, "build", *self.checks, *(sources or ("a.cc", "b.cc"))],
            cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)
        runs = sorted((self.scratch / "runs").read_text().splitlines())
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


def many_are_checked_together(scratch):
    checkout = Checkout(scratch)
    for file, content in MANY.items():
        checkout.write(file, content)
    expect("many", checkout.run(*MANY), 0, ["8.cc", "9.cc", "together.cc of 8"],
           "10 sources checked, 0 remembered")
    expect("many, again", checkout.run(*MANY), 0, [], "0 sources checked, 10 remembered")
    checkout.write("many/3.cc", "int changed;\n")
    expect("one of many", checkout.run(*MANY), 0, ["3.cc"])
    checkout.write("one.h", FILES["one.h"] + "int more;\n")
    expect("what one of many includes", checkout.run(*MANY), 0,
           ["together.cc of 7"])  # all but 3.cc were found clean together with it
    for i in (1, 2, 4, 5):
        checkout.write(f"many/{i}.cc", "int changed_too;\n")
    checkout.write("many/4.cc", "int BAD;\n")
    result = checkout.run(*MANY)
    expect("a finding in one of many", result, 1,
           ["1.cc", "2.cc", "4.cc", "5.cc", "together.cc of 4"], "4.cc: error: BAD")
    expect("the others are remembered", checkout.run(*MANY), 1, ["4.cc"])
    checkout.write("many/4.cc", "int good;\n")
    checkout.write("many/5.cc", '#include "absent.h"\n')
    checkout.write("many/1.cc", "int good;\n")
    expect("one of many that does not compile", checkout.run(*MANY), 0, ["1.cc", "4.cc", "5.cc"])


def main():
    for part in (each_change_is_checked, only_clean_is_remembered, other_checkouts_share_it,
                 many_are_checked_together):
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
