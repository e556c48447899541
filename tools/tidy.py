#!/usr/bin/env python3
"""Runs clang-tidy over sources, except those that it found clean before with the same content.

usage: tidy.py BUILD_FOLDER [--checks=CHECKS] SOURCE...

What was clean is remembered by content: of the source, of every file that it includes (system
headers too), or that sources checked together with it include, and of the .clang-tidy files above
it, with the program's version, its arguments and the compile command of
BUILD_FOLDER/compile_commands.json. Paths below the working folder are relative to it, so that
another checkout of the same content is clean too. A finding is never remembered. The memory is in
$CARNET_CHECK_CACHE, or ~/.cache/carnet/tidy: empty files named by a digest, and lists of included
files. Deleting them costs only time.

Most of the time goes to headers. So sources of one folder that must be checked are checked together
first, as one file that includes them; only where that finds something is each checked alone. A
source must therefore not include another.

Prints the findings and, as the last line, how many were checked and how many remembered.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

TIDY = os.environ.get("CLANG_TIDY", "clang-tidy-14")
MAX_LISTS = 8  # of included files, per source: for branches that are worked on in turn
MIN_TOGETHER = 3
MAX_TOGETHER = 8


def digest(*parts):
    """Of texts, each with its length, so that no two lists of texts are hashed alike."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)}:".encode() + part.encode(errors="surrogateescape"))
    return total.hexdigest()


@functools.lru_cache(maxsize=None)
def content_digest(path):
    """None if there is no such file: whatever depended on it must be checked again."""
    try:
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
    except OSError:
        return None


class Cache:
    def __init__(self):
        named = os.environ.get("CARNET_CHECK_CACHE")
        home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        self.folder = pathlib.Path(named or pathlib.Path(home) / "carnet" / "tidy")
        self.folder.mkdir(parents=True, exist_ok=True)

    def lists(self, key):
        try:
            return json.loads((self.folder / f"{key}.json").read_text())
        except (OSError, ValueError):
            return []

    def is_clean(self, key):
        return any(self.clean_file(key, included).exists() for included in self.lists(key))

    def clean_file(self, key, included):
        return self.folder / digest(key, *(f"{path} {content_digest(path)}" for path in included))

    def remember(self, key, included):
        lists = [included] + [other for other in self.lists(key) if other != included]
        temporary = self.folder / f"{key}.{os.getpid()}.tmp"
        temporary.write_text(json.dumps(lists[:MAX_LISTS]))
        temporary.replace(self.folder / f"{key}.json")
        self.clean_file(key, included).touch()


def compile_commands(build):
    """{source, from the working folder: (folder, arguments)}."""
    commands = {}
    for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text()):
        source = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
        commands[source] = entry["directory"], shlex.split(entry["command"])
    return commands


def without_outputs(arguments):
    kept = []
    skip = False
    for argument in arguments:
        if not skip and argument not in ("-o", "-MF", "-MT", "-MD", "-c"):
            kept.append(argument)
        skip = argument in ("-o", "-MF", "-MT")
    return kept


def included_by(folder, arguments):
    """The source and all that it includes, by the compiler; None if it does not compile."""
    done = subprocess.run([*without_outputs(arguments), "-M"], cwd=folder, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        return None
    listed = done.stdout.partition(":")[2].replace("\\\n", " ")
    root = os.getcwd() + os.sep
    paths = {os.path.normpath(os.path.join(folder, path)) for path in shlex.split(listed)}
    return sorted(path.removeprefix(root) for path in paths)


def settings_files(source):
    """The .clang-tidy files that apply to a source, the nearest first."""
    folders = [pathlib.Path(source).parent, *pathlib.Path(source).parent.parents]
    files = [folder / ".clang-tidy" for folder in folders]
    return [str(file) for file in files if file.exists()]


def settings_above(source):
    return [f"{file} {content_digest(file)}" for file in settings_files(source)]


class Checker:
    def __init__(self, build, options):
        self.build, self.options = build, options
        self.version = subprocess.run([TIDY, "--version"], capture_output=True, text=True,
                                      check=True).stdout
        self.commands = compile_commands(build)
        self.cache = Cache()

    def key(self, source):
        root = os.getcwd()
        return digest(self.version, *self.options, source, *settings_above(source),
                      *(argument.replace(root, "") for argument in self.commands[source][1]))

    def is_remembered(self, source):
        return self.cache.is_clean(self.key(source))

    def compiler_and_options(self, source):
        """(the command before its first option, the options but the source and its outputs)."""
        folder, arguments = self.commands[source]
        path = os.path.abspath(source)
        kept = [argument for argument in without_outputs(arguments)
                if os.path.join(folder, argument) != path]
        first = next((i for i, argument in enumerate(kept) if argument.startswith("-")), len(kept))
        return tuple(kept[:first]), tuple(kept[first:])

    def run(self, *arguments):
        """(whether it is clean, what clang-tidy printed)."""
        done = subprocess.run([TIDY, "--quiet", *self.options, *arguments], capture_output=True,
                              text=True, check=False)
        noise = [line for line in done.stderr.splitlines() if "generated." not in line]
        return (done.returncode == 0 and not done.stdout.strip(),
                done.stdout + "".join(f"{line}\n" for line in noise))

    def remember(self, sources, included, started):
        """That they are clean, given all files that they include."""
        for source in sources:
            own = [path for path in included or [] if path == source or path not in sources]
            # A file that was changed meanwhile may not be the one that was found clean.
            if own and all(os.stat(path).st_mtime < started for path in own):
                self.cache.remember(self.key(source), own)

    def check(self, source):
        """(whether it is clean, what clang-tidy printed)."""
        started = time.time()
        included = included_by(*self.commands[source])
        clean, output = self.run("-p", self.build, source)
        if clean:
            self.remember([source], included, started)
        return clean, output

    def check_together(self, sources):
        """The same, of each in turn."""
        if len(sources) >= MIN_TOGETHER and self.are_clean_together(sources):
            return [(True, "")] * len(sources)
        return [self.check(source) for source in sources]

    def are_clean_together(self, sources):
        started = time.time()
        folder = self.commands[sources[0]][0]
        compiler, options = self.compiler_and_options(sources[0])
        settings = settings_files(sources[0])[0]
        with tempfile.TemporaryDirectory() as scratch:
            together = os.path.join(scratch, "together.cc")
            pathlib.Path(together).write_text(
                "".join(f'#include "{os.path.abspath(source)}"\n' for source in sources))
            included = included_by(folder, [*compiler, *options, together])
            if included is None:
                return False
            clean, _ = self.run(f"--config-file={settings}", together, "--", *options)
            if clean:
                self.remember(sources, [path for path in included if path != together], started)
            return clean

    def groups(self, sources):
        """Of those that may be checked together, each small enough."""
        alike = {}
        for source in sources:
            settings = settings_above(source)
            key = (os.path.dirname(source), self.compiler_and_options(source),
                   *(settings or [source]))  # a file to give as clang-tidy's settings is needed
            alike.setdefault(key, []).append(source)
        for members in alike.values():
            for begin in range(0, len(members), MAX_TOGETHER):
                yield members[begin:begin + MAX_TOGETHER]


def main(build, *arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    sources = [os.path.normpath(argument) for argument in arguments if argument not in options]
    checker = Checker(build, options)
    unknown = [source for source in sources if source not in checker.commands]
    if unknown:
        print("no compile command: " + " ".join(unknown))
        return 1
    to_check = [source for source in sources if not checker.is_remembered(source)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [result for group in pool.map(checker.check_together, checker.groups(to_check))
                   for result in group]
    for _, output in results:
        print(output, end="")
    print(f"clang-tidy: {len(to_check)} sources checked, {len(sources) - len(to_check)} "
          "remembered as clean")
    return 0 if all(clean for clean, _ in results) else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
