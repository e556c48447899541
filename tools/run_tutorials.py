#!/usr/bin/env python3
"""Runs the tutorials, and compares what their commands print with what is printed in them.

usage: run_tutorials.py [--write] CARNET FOLDER JUNIT_XML TUTORIAL...

FOLDER is made anew, and nothing outside it is written. A tutorial is Markdown. A fenced block of
`console` has commands after `$ `, continued after a final backslash or by lines after `> `, and
below each what it printed on either stream. A command that ends with `# exit 1` must fail so, any
other must succeed. All commands of a tutorial run in one shell, which begins in an empty folder;
CARNET_SOURCE is the folder of Carnet's sources. A block with a file's name after its language
(`python train.py`) becomes that file in the folder where the shell began.

What was printed must be the same line by line, but for

  - a line `…`, which stands for any number of lines, and ` …` at a line's end, for the rest of it;
  - VOLATILE, below: times and what is measured;
  - digests and ids: any other will do, but the same one wherever the tutorial has the same, and
    exactly the one that a command names.

`--write` puts what was printed into the tutorial. Where a command fails in a block that follows a
line `<!-- may be missing: WHAT -->`, such as a package from the network, the rest of the tutorial
is skipped, and reported so.
"""
import difflib
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(__file__).resolve().parent.parent
SECONDS = 300  # a command
MAY_BE_MISSING = re.compile(r"<!-- may be missing: (.+) -->")
EXIT = re.compile(r"# exit (\d+)$")
ANY_LINES, REST = "…", " …"
WORD = re.compile(r'(?:"[^"]*"|\S)+')
NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
# What differs from run to run and from machine to machine, with the words round it.
VOLATILE = [
    (re.compile(pattern.replace("NUMBER", NUMBER)), name) for pattern, name in (
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z", "TIME"),
        (r"(?<=\bin )NUMBER(?= m?s\b)", "N"),
        (r"NUMBER(?= by the device time)", "N"),
        (r"(?<=had time for )NUMBER(?= more)", "N"),
        (r"NUMBER(?= % of the devices?'s? peak)", "N"),
        (r"NUMBER(?= times what the device)", "N"),
        (r"(?<=\(peak )NUMBER(?= FLOP/s\))", "N"),
        (r"(?<=the peak is ).*(?= FLOP/s)", "N"),
        (r"(?<=loss )NUMBER|NUMBER(?= % right)", "N"),
        (r"(?<=\bCPU, )\".*?\"|(?<=\bx )\".*?\"|(?<=\")1 x [^\"]+(?=\")", "CPU"),
        (r"\+[0-9a-f]{8}\+[A-Za-z0-9+/]{43,}={0,2}", "+ID+BASE64"),
        (r"[A-Za-z0-9+/]{43,}={0,2}(?![0-9a-f])", "BASE64"))
]
# Whole, or as many digits as Carnet prints of a digest.
DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b|(?<=sha256:)[0-9a-f]{8,16}(?=…)")


class Skipped(Exception):
    pass


class Failed(Exception):
    pass


class Settled:
    """Lines without what is volatile; digests are numbered as they first appear, but for those
    that a command names, which are what they are."""

    def __init__(self, named=()):
        self.named, self.digests = named, {}

    def line(self, line):
        line = DIGEST.sub(self.number, line)
        for pattern, name in VOLATILE:
            line = pattern.sub(name, line)
        return line.rstrip()

    def number(self, digest):
        begin = digest.group()[:8]
        return begin if begin in self.named else \
            f"<{self.digests.setdefault(begin, len(self.digests))}>"


class Shell:
    """One bash. Each command's output goes to a file, its status to a pipe."""

    def __init__(self, scratch, carnet):
        self.scratch, self.folder = scratch, scratch / "empty"
        for name in ("empty", "home", "tmp"):
            (scratch / name).mkdir(parents=True)
        environment = {
            "PATH": f"{carnet.parent}:/usr/bin:/bin:/usr/local/bin", "HOME": str(scratch / "home"),
            "TMPDIR": str(scratch / "tmp"), "CARNET_SOURCE": str(SOURCE), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "NO_COLOR": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
            **settings_of_pip(), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1"}
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], env=environment, cwd=self.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)

    def run(self, command):
        """What the command printed, on either stream in its order, and its exit status."""
        script, printed = self.scratch / "command", self.scratch / "printed"
        script.write_text(command + "\n")
        self.bash.stdin.write(f"source '{script}' </dev/null >'{printed}' 2>&1; echo $?\n")
        self.bash.stdin.flush()
        if not select.select([self.bash.stdout], [], [], SECONDS)[0]:
            raise Failed(f"{command}: no end after {SECONDS} s")
        status = self.bash.stdout.readline()
        if not status:
            raise Failed(f"{command}: ended the shell")
        text = printed.read_bytes().decode(errors="replace").replace(str(self.folder), "/home/me")
        return text.splitlines(), int(status)

    def end(self):
        try:
            os.killpg(self.bash.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # the shell has ended, and nothing that it started is left
        self.bash.communicate()


def settings_of_pip():
    """How the caller's pip reaches its packages, which the shell's own HOME would hide."""
    kept = {name: value for name, value in os.environ.items()
            if name.startswith("PIP_") or name.lower().endswith("_proxy")
            or name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")}
    for file in (".config/pip/pip.conf", ".pip/pip.conf"):
        if "PIP_CONFIG_FILE" not in kept and (pathlib.Path.home() / file).is_file():
            kept["PIP_CONFIG_FILE"] = str(pathlib.Path.home() / file)
    return kept


def shortened(expected, printed):
    """The printed line without what the expected one leaves out: as many words as that has. What
    is in quotes is one word: the name of a processor has two on one machine and three on another."""
    if not expected.endswith(REST):
        return printed
    words = list(WORD.finditer(printed))[:len(WORD.findall(expected)) - 1]
    return printed[:words[-1].end() if words else 0] + REST


def same(expected, printed):
    """Whether two lines are, whichever digests they name."""
    return Settled().line(expected) == Settled().line(shortened(expected, printed))


def fitted(expected, printed):
    """[(expected line, printed line)], with (ANY_LINES, None); None if they are too many or few."""
    if ANY_LINES not in expected:
        return list(zip(expected, printed)) if len(expected) == len(printed) else None
    cut = expected.index(ANY_LINES)
    for at in range(cut, len(printed) + 1):
        rest = fitted(expected[cut + 1:], printed[at:])
        if rest is not None and all(line == ANY_LINES or same(line, now) for line, now in rest):
            return list(zip(expected[:cut], printed)) + [(ANY_LINES, None)] + rest
    return None


class Tutorial:
    """Plays one tutorial; `text` is what it would say now."""

    def __init__(self, path, shell):
        self.lines, self.shell = path.read_text().splitlines(), shell
        named = {digest[:8] for line in self.lines if line.startswith(("$ ", "> "))
                 for digest in DIGEST.findall(line)}
        self.expected, self.printed = Settled(named), Settled(named)
        self.text, self.differences, self.commands = [], [], 0

    def play(self):
        at, missing = 0, None
        while at < len(self.lines):
            line = self.lines[at]
            self.text.append(line)
            at += 1
            note = MAY_BE_MISSING.fullmatch(line)
            missing = note.group(1) if note else missing
            if line.startswith("```"):
                end = self.lines.index("```", at)
                self.block(line[3:], at, end, missing)
                self.text.append("```")
                at, missing = end + 1, None

    def block(self, info, begin, end, missing):
        language, _, name = info.partition(" ")
        if language == "console":
            self.console(begin, end, missing)
        else:
            self.text += self.lines[begin:end]
        if name:
            (self.shell.folder / name).write_text("\n".join(self.lines[begin:end]) + "\n")

    def console(self, at, end, missing):
        while at < end:
            begin = at
            if not self.lines[at].startswith("$ "):
                raise Failed(f"line {at + 1}: expected a command: {self.lines[at]}")
            command = [self.lines[at][2:]]
            at += 1
            while at < end and (command[-1].endswith("\\") or self.lines[at].startswith("> ")):
                command.append(self.lines[at].removeprefix("> "))
                at += 1
            self.text += self.lines[begin:at]
            self.commands += 1
            expected = []
            while at < end and not self.lines[at].startswith("$ "):
                expected.append(self.lines[at])
                at += 1
            printed, status = self.shell.run("\n".join(command))
            wanted = EXIT.search(command[-1])
            if status != int(wanted.group(1) if wanted else 0):
                said = "\n".join(printed)
                if missing:
                    raise Skipped(f"{missing}: {(printed or ['it failed'])[-1]}")
                raise Failed(f"line {begin + 1}: {command[0]}: exit status {status}\n{said}")
            self.compare(begin, expected, printed)

    def compare(self, begin, expected, printed):
        fit = fitted(expected, printed)
        now = printed if fit is None else [
            line if line == ANY_LINES else shortened(line, new) if same(line, new) else new
            for line, new in fit]
        self.text += now
        # Each line of both, as any may name a digest for the first time.
        expected, now = ([side.line(line) for line in lines] for side, lines in
                         ((self.expected, expected), (self.printed, now)))
        if expected != now:
            changes = [line for line in difflib.ndiff(expected, now) if line[0] in "+-"]
            self.differences.append("\n".join([f"below line {begin + 1}:", *changes]))


def outcome_of(path, scratch, carnet, write):
    shell = Shell(scratch, carnet)
    tutorial = Tutorial(path, shell)
    try:
        tutorial.play()
        if not tutorial.commands:
            raise Failed("it has no command")
        skipped = None
    except Skipped as reason:
        skipped = str(reason)
    except (Failed, OSError, ValueError) as failed:
        return "failure", str(failed)
    finally:
        shell.end()
    if tutorial.differences and write and skipped is None:
        path.write_text("\n".join(tutorial.text) + "\n")
        return "passed", f"{len(tutorial.differences)} commands print something else now"
    if tutorial.differences:
        return "failure", "\n".join(["it prints something else (--write):", *tutorial.differences])
    return ("passed", "") if skipped is None else ("skipped", f"missing: {skipped}")


def main(carnet, folder, junit, *tutorials, write=False):
    shutil.rmtree(folder, ignore_errors=True)
    root = ElementTree.Element("testsuite", name="tutorials", tests=str(len(tutorials)))
    failed = False
    for path in map(pathlib.Path, tutorials):
        scratch = pathlib.Path(folder).resolve() / path.stem
        outcome, message = outcome_of(path, scratch, pathlib.Path(carnet).resolve(), write)
        failed = failed or outcome == "failure"
        case = ElementTree.SubElement(root, "testcase", classname="tutorials", name=path.stem)
        print(f"{path.stem}: {outcome} {message}", flush=True)
        if outcome != "passed":
            ElementTree.SubElement(case, outcome, message=message)
    ElementTree.ElementTree(root).write(junit, encoding="utf-8", xml_declaration=True)
    return 1 if failed else 0


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "--write"]
    if len(arguments) < 4:
        sys.exit(__doc__)
    sys.exit(main(*arguments, write="--write" in sys.argv[1:]))
