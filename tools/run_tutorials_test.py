#!/usr/bin/env python3
"""What run_tutorials.py finds in a tutorial, and what it lets pass. The tutorials are made up."""
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

TOOL = pathlib.Path(__file__).with_name("run_tutorials.py")
ONE, TWO = "0123456789abcdef" * 4, "fedcba9876543210" * 4


class Played:
    """What the tool said of a tutorial of this text."""

    def __init__(self, text, *options, environment=None):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            self.tutorial = scratch / "page"
            self.tutorial.write_text(text)
            (scratch / "user").mkdir()
            (scratch / "bin").mkdir()
            (scratch / "bin/carnet").write_text("#!/bin/sh\necho \"carnet $*\"\n")
            (scratch / "bin/carnet").chmod(0o755)
            done = subprocess.run(
                [sys.executable, TOOL, *options, scratch / "bin/carnet", scratch / "run",
                 scratch / "junit.xml", self.tutorial], cwd=scratch / "user", check=False,
                capture_output=True, text=True, env={**os.environ, **(environment or {})})
            self.stderr, self.status, self.text = done.stderr, done.returncode, \
                self.tutorial.read_text()
            case = ElementTree.parse(scratch / "junit.xml").getroot().find("testcase")
            child = next(iter(case), None)
            self.outcome = "passed" if child is None else child.tag
            self.message = "" if child is None else child.get("message")
            self.left = sorted(path.name for path in scratch.iterdir()) + \
                [path.name for path in (scratch / "user").iterdir()]


def console(*lines, before=""):
    return "\n".join(["# Page", "", before, "```console", *lines, "```", ""])


def expect(what, played, outcome, message=""):
    if played.outcome != outcome or message not in played.message or \
            played.status != (1 if outcome == "failure" else 0) or played.stderr:
        sys.exit(f"{what}: {played.outcome}, exit {played.status}: {played.message}\n"
                 f"{played.stderr}expected {outcome}: {message}")


def passes(what, *lines, **options):
    expect(what, Played(console(*lines), **options), "passed")


def fails(what, message, *lines, **options):
    expect(what, Played(console(*lines), **options), "failure", message)


def test_output():
    passes("what is printed", "$ echo one; echo two >&2", "one", "two")
    passes("nothing", "$ true", "$ echo 1", "1")
    fails("another word", "- one\n+ two", "$ echo two", "one")
    fails("a line is missing", "- two", "$ echo one", "one", "two")
    fails("a line too many", "+ two", "$ echo one; echo two", "one")
    fails("only the last line", "below line 7", "$ echo one", "one", "$ echo two; echo", "two")
    for number in ("level 2", "6 of 7", "2 segments", "sha256 in line 12", "8.0e8 stated",
                   "309,633 parameters", "797818880", "exit 12345678", "decision 1"):
        wrong = number.replace("2", "3").replace("6", "5").replace("8", "4").replace("1", "9")
        passes(number, f"$ echo '{number}'", number)
        fails(number, f"+ {number}", f"$ echo '{number}'", wrong)


def test_status():
    passes("as it says", "$ sh -c 'echo no; exit 3'  # exit 3", "no")
    fails("another status", "exit status 2", "$ sh -c 'exit 2'  # exit 3")
    fails("a failure", "exit status 1", "$ false")
    fails("an expected failure", "exit status 0", "$ true  # exit 1")
    fails("the first of two commands", "line 5: false: exit status 1", "$ false", "$ true")
    fails("the end of the shell", "ended the shell", "$ exit 0", "$ true")
    fails("text for a command", "expected a command", "echo one")
    expect("no command", Played("# Page\n"), "failure", "no command")
    expect("a block without an end", Played("```console\n$ true\n"), "failure", "```")


def test_volatile():
    for printed, stands in (
            ("2026-01-02T03:04:05.678Z", "2025-12-31T23:59:59.000Z"),
            ("at most 1.6e12 by the device time", "at most 2.1e13 by the device time"),
            ("1.4e16 FLOP in 1.84 s (peak 3.3e11 FLOP/s): 16036 times what the device can do",
             "1.4e16 FLOP in 20 s (peak 3.3e12 FLOP/s): 9 times what the device can do"),
            ("0.2 % of the devices' peak; 0.2 % of the device's peak",
             "1.7 % of the devices' peak; 1.9 % of the device's peak"),
            ("loss 0.457", "loss 0.5"), ("90 % right", "100 % right"),
            ("the device is the CPU, \"Some\"", "the device is the CPU, \"Other CPU\""),
            ("localhost+0123abcd+" + "A" * 43 + "=", "localhost+abcd0123+" + "B" * 42 + "+="),
            ("on 1 x \"Some\"", "on 1 x \"Other CPU\"")):
        passes(printed, f"$ echo {quoted(printed)}", stands)
    fails("a figure beside a measured one", "+ claims 2", "$ echo 'claims 2 FLOP in 1 s'",
          "claims 3 FLOP in 1 s")
    fails("the name of a log", "+ a", "$ echo a+0123abcd+" + "A" * 43 + "=",
          "b+0123abcd+" + "A" * 43 + "=")


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def test_digests():
    id_of = "$ id_of() { printf %s $1 | sha256sum | cut -c -64; }"
    passes("other digests", id_of, "$ id_of $$; id_of a$$; id_of $$", ONE, TWO, ONE)
    fails("two for one", "- <0>", id_of, "$ id_of $$; id_of a$$", ONE, ONE)
    fails("one for two", "- <1>", id_of, "$ id_of $$; id_of $$", ONE, TWO)
    fails("across commands", "below line 8", id_of, "$ id_of $$", ONE, "$ id_of a$$", ONE)
    short = "$ x=$(id_of $$); echo $x; echo sha256:${x:0:8}…"
    passes("shortened", id_of, short, ONE, f"sha256:{ONE[:8]}…")
    fails("another one shortened", "- sha256:<1>…", id_of, short, ONE, f"sha256:{TWO[:8]}…")
    passes("what a command names", f"$ x={ONE}; echo $x", ONE)
    fails("another than a command names", f"+ {ONE[:8]}", f"$ x={ONE}; echo $x", TWO)


def test_left_out():
    four = "$ echo a b; echo c; echo d; echo e"
    passes("the middle", four, "a b", "…", "e")
    passes("twice", four, "…", "c", "…", "e")
    passes("nothing left out", four, "a b", "c", "…", "d", "e")
    passes("the rest of a line", four, "a …", "…")
    fails("before what is left out", "+ a b", four, "a c", "…", "e")
    fails("after it", "+ e", four, "a b", "…", "f")
    fails("between", "+ c", four, "…", "x", "…", "e")
    passes("the rest behind a processor of another number of words",
           "$ echo 'on 1 x \"AMD EPYC\" (peak 5 FLOP/s), b c'",
           'on 1 x "Intel Xeon Processor" (peak 7 FLOP/s), b …')
    fails("before the rest of a line", "+ a b", four, "x …", "…")
    fails("too few lines", "- f", four, "a b", "c", "d", "e", "…", "f")


def test_missing():
    note = "<!-- may be missing: the package -->"
    gone = console("$ echo no network; false", before=note)
    expect("a package", Played(gone), "skipped", "missing: the package: no network")
    expect("nothing after it", Played(gone + console("$ false")), "skipped")
    expect("a difference before it", Played(console("$ echo a", "b") + gone), "failure", "+ a")
    expect("a failure before it", Played(console("$ false") + gone), "failure", "exit status 1")
    expect("only the next block", Played(console("$ true", before=note) + console("$ false")),
           "failure", "exit status 1")
    expect("what is there", Played(console("$ echo a", "b", before=note)), "failure", "+ a")


def test_shell():
    passes("variables, functions and folders stay", "$ A=1; f() { echo $A; }", "$ mkdir x && cd x",
           "$ f; basename \"$PWD\"", "1", "x")
    passes("it begins in an empty folder and an empty HOME", "$ ls -A; ls -A ~; pwd", "/home/me")
    passes("continued lines", "$ echo a \\", ">     b", "a b", "$ echo c \\", "  d", "c d")
    passes("a text", "$ cat <<'X'", "> one", "> X", "one")
    passes("commands read nothing", "$ cat; read a  # exit 1")
    passes("settings stay out", "$ env | grep ^CARNET_ | cut -d= -f1", "CARNET_SOURCE",
           environment={"CARNET_LEDGER": "/nowhere"})
    passes("the command", "$ carnet verify", "carnet verify")
    passes("pip's settings", "$ echo $PIP_FIND_LINKS $https_proxy", "a b",
           environment={"PIP_FIND_LINKS": "a", "https_proxy": "b"})
    with tempfile.TemporaryDirectory() as home:
        file = pathlib.Path(home) / ".config/pip/pip.conf"
        file.parent.mkdir(parents=True)
        file.write_text("# mine\n")
        caller = {name: value for name, value in os.environ.items() if name != "PIP_CONFIG_FILE"}
        os.environ.pop("PIP_CONFIG_FILE", None)
        passes("pip's file", "$ cat $PIP_CONFIG_FILE", "# mine",
               environment={**caller, "HOME": home})
    text = "```sh say.sh\necho said\n```\n" + console("$ sh say.sh", "said")
    expect("a file", Played(text), "passed")
    text = console("$ mkdir x && cd x") + "```sh say.sh\necho said\n```\n" + console(
        "$ sh ../say.sh", "said")
    played = Played(text)
    expect("a file where the shell began", played, "passed")
    if played.left != ["bin", "junit.xml", "page", "run", "user"]:
        sys.exit(f"it wrote outside its folder: {played.left}")


def test_write():
    text = console(f"$ echo {TWO} | rev | rev; echo a b; echo c; echo d",
                   "x", "$ echo 3 in 4 s", "3 in 5 s")
    written = Played(text, "--write")
    expect("to write", written, "passed")
    if written.text != text.replace("\nx\n", f"\n{TWO}\na b\nc\nd\n").replace("5 s", "4 s"):
        sys.exit(f"wrote {written.text}")
    expect("what was written", Played(written.text), "passed")
    text = console("$ echo a b; echo c; echo d e", "x …", "…", "d …")
    written = Played(text, "--write").text
    if written != text.replace("x …", "a b"):
        sys.exit(f"wrote {written}")
    for kept in (console("$ echo 1 in 2 s", "1 in 3 s"), console("$ echo a", "b", "$ false")):
        if Played(kept, "--write").text != kept:
            sys.exit(f"wrote over {kept}")


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    for test in tests:
        test()
    print(f"run_tutorials_test: {len(tests)} tests passed")


if __name__ == "__main__":
    main()
