#!/usr/bin/env python3
"""Runs the tutorials and compares what they print with what is printed here.

usage: run_tutorials.py [--write] CARNET FOLDER JUNIT_XML TUTORIAL...

A tutorial is Markdown. A fenced block of `console` has commands after `$ `, continued by a final
backslash and lines after `> `, and below each what it printed. `# exit 1` at its end says that it
must fail so. A fenced block with a file's name after its language is that file. All commands of a
tutorial run in one shell, which starts in an empty folder. Digests, times and numbers differ from
run to run, everything else may not: `--write` puts what was printed into the tutorial. Where a
command after `<!-- may be missing: WHAT -->` fails, the rest is skipped, and reported so.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

MAY_BE_MISSING = re.compile(r"<!-- may be missing: (.+) -->")
EXIT = re.compile(r"# exit (\d+)$")
SECONDS = 600  # a command
# What differs from run to run, in this order.
VOLATILE = [
    (re.compile(r"\b[0-9a-f]{6,64}(?![0-9a-z])…?"), "HEX"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?"), "TIME"),
    (re.compile(r"\d[\d,]*(\.\d+)?(e[+-]?\d+)?"), "N"),
    (re.compile(r"[ \t]+"), " "),
]


class Skipped(Exception):
    pass


class Differs(Exception):
    pass


def settled(text):
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return text.rstrip()


class Shell:
    """One bash, whose commands' output and status are told apart by a marker."""

    def __init__(self, folder, carnet):
        environment = {"PATH": f"{carnet.parent}:/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                       "HOME": str(folder), "NO_COLOR": "1", "OMP_NUM_THREADS": "1"}
        for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY",
                     "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT"):
            if name in os.environ:
                environment[name] = os.environ[name]
        self.folder, self.environment, self.state = folder, environment, folder.parent / "state"
        self.state.write_text("")

    def run(self, command):
        """What the command printed, on either stream in its order, and its exit status."""
        script = f"source {self.state}; cd \"$TUTORIAL\"\n{command}\ncode=$?\nTUTORIAL=$PWD\n" \
                 f"declare -px > {self.state}\nexit $code\n"
        environment = {"TUTORIAL": str(self.folder), **self.environment}
        done = subprocess.run(["bash", "-c", script], env=environment, cwd=self.folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
        return done.stdout.decode(errors="replace").splitlines(), done.returncode


def take_command(lines, at):
    """The command that begins at `at`, and the line after it."""
    command = [lines[at][2:]]
    at += 1
    while command[-1].endswith("\\") or (at < len(lines) and lines[at].startswith("> ")):
        command.append(lines[at].removeprefix("> "))
        at += 1
    return command, at


def run_console(block, shell, missing):
    """The block with what its commands print now."""
    out, at = [], 0
    while at < len(block):
        if not block[at].startswith("$ "):
            raise Differs(f"expected a command, found: {block[at]}")
        begin = at
        command, at = take_command(block, at)
        out += block[begin:at]
        expected = []
        while at < len(block) and not block[at].startswith("$ "):
            expected.append(block[at])
            at += 1
        printed, status = shell.run("\n".join(command))
        wanted = EXIT.search(command[-1])
        if status != int(wanted.group(1) if wanted else 0):
            if missing:
                raise Skipped(missing)
            raise Differs(f"{command[0]}: exit status {status}\n" + "\n".join(printed))
        out += merged(expected, printed)
    return out


def merged(expected, printed):
    """What was printed; where it agrees with what is expected but for volatile parts, the latter.
    A line of `…` stands for any number of lines."""
    if "…" in expected:
        cut = expected.index("…")
        tail = len(expected) - cut - 1
        if len(printed) >= cut + tail:
            ends = printed[:cut] + ["…"] + printed[len(printed) - tail:]
            return expected if same(expected, ends) else ends
    return expected if same(expected, printed) else printed


def same(one, other):
    return [settled(line) for line in one] == [settled(line) for line in other]


def run_tutorial(path, carnet):
    """The tutorial's text with what its commands print now."""
    lines, out, at, missing = path.read_text().splitlines(), [], 0, None
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / path.stem
        folder.mkdir()
        shell = Shell(folder, carnet)
        while at < len(lines):
            line = lines[at]
            out.append(line)
            at += 1
            note = MAY_BE_MISSING.match(line)
            missing = note.group(1) if note else missing if line.startswith("```") or not line \
                else None
            if not line.startswith("```"):
                continue
            end = lines.index("```", at)
            block, (language, _, name) = lines[at:end], line[3:].partition(" ")
            if language == "console":
                out += run_console(block, shell, missing)
            else:
                out += block
                if name:
                    (folder / name).write_text("\n".join(block) + "\n")
            out.append("```")
            at, missing = end + 1, None
    return "\n".join(out) + "\n"


def outcome_of(path, carnet, write):
    try:
        text = run_tutorial(path, carnet)
    except Skipped as skipped:
        return "skipped", f"missing: {skipped}"
    except (Differs, subprocess.TimeoutExpired) as failed:
        return "failure", str(failed)
    if text == path.read_text():
        return "passed", ""
    if write:
        path.write_text(text)
        return "passed", "written"
    with tempfile.NamedTemporaryFile("w", suffix=".md") as new:
        new.write(text)
        new.flush()
        shown = subprocess.run(["diff", "-u", str(path), new.name], stdout=subprocess.PIPE,
                               check=False).stdout.decode()
    return "failure", f"{path.name} prints something else (tools/run_tutorials.py --write)\n{shown}"


def main(carnet, folder, junit, *tutorials, write=False):
    shutil.rmtree(folder, ignore_errors=True)
    pathlib.Path(folder).mkdir(parents=True)
    tempfile.tempdir = folder
    root = ElementTree.Element("testsuite", name="tutorials", tests=str(len(tutorials)))
    failed = False
    for tutorial in map(pathlib.Path, tutorials):
        outcome, message = outcome_of(tutorial, pathlib.Path(carnet).resolve(), write)
        failed = failed or outcome == "failure"
        case = ElementTree.SubElement(root, "testcase", classname="tutorials", name=tutorial.stem)
        print(f"{tutorial.stem}: {outcome} {message}")
        if outcome != "passed":
            ElementTree.SubElement(case, outcome, message=message)
    ElementTree.ElementTree(root).write(junit, encoding="utf-8", xml_declaration=True)
    return 1 if failed else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    writes = "--write" in arguments
    arguments = [each for each in arguments if each != "--write"]
    if len(arguments) < 4:
        sys.exit(__doc__)
    sys.exit(main(*arguments, write=writes))
