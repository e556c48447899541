#!/usr/bin/env python3
"""Runs clang-tidy over sources, except those that it found clean before with the same content.

usage: tidy.py BUILD_FOLDER [--checks=CHECKS] SOURCE...

What was clean is remembered by content: of the source, of every file that it includes (system
headers too) and of the .clang-tidy files above it, with the program's version, its arguments and
the compile command of BUILD_FOLDER/compile_commands.json. Paths below the working folder are
relative to it, so that another checkout of the same content is clean too. A finding is never
remembered. The memory is in $CARNET_CHECK_CACHE, or ~/.cache/carnet/tidy: empty files named by a
digest, and lists of included files. Deleting them costs only time.

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
import time

TIDY = os.environ.get("CLANG_TIDY", "clang-tidy-14")
MAX_LISTS = 8  # of included files, per source: for branches that are worked on in turn


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


def included_by(folder, arguments):
    """The source and all that it includes, by the compiler; None if it does not compile."""
    kept = []
    skip = False
    for argument in arguments:
        if not skip and argument not in ("-o", "-MF", "-MT", "-MD", "-c"):
            kept.append(argument)
        skip = argument in ("-o", "-MF", "-MT")
    done = subprocess.run([*kept, "-M"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    listed = done.stdout.partition(":")[2].replace("\\\n", " ")
    root = os.getcwd() + os.sep
    paths = {os.path.normpath(os.path.join(folder, path)) for path in shlex.split(listed)}
    return sorted(path.removeprefix(root) for path in paths)


def settings_above(source):
    """The .clang-tidy files that apply to a source: [(path, content)]."""
    folders = [pathlib.Path(source).parent, *pathlib.Path(source).parent.parents]
    files = [folder / ".clang-tidy" for folder in folders]
    return [f"{file} {content_digest(str(file))}" for file in files if file.exists()]


def check(source, build, options, command, cache, version):
    """(whether it is clean, whether that was remembered, what clang-tidy printed)."""
    folder, arguments = command
    root = os.getcwd()
    key = digest(version, *options, source, *settings_above(source),
                 *(argument.replace(root, "") for argument in arguments))
    if cache.is_clean(key):
        return True, True, ""
    started = time.time()
    included = included_by(folder, arguments)
    done = subprocess.run([TIDY, "-p", build, "--quiet", *options, source], capture_output=True,
                          text=True, check=False)
    clean = done.returncode == 0 and not done.stdout.strip()
    # A file that was changed meanwhile may not be the one that was found clean.
    if clean and included and all(os.stat(path).st_mtime < started for path in included):
        cache.remember(key, included)
    noise = [line for line in done.stderr.splitlines() if "generated." not in line]
    return clean, False, done.stdout + "".join(f"{line}\n" for line in noise)


def main(build, *arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    sources = [os.path.normpath(argument) for argument in arguments if argument not in options]
    version = subprocess.run([TIDY, "--version"], capture_output=True, text=True,
                             check=True).stdout
    commands = compile_commands(build)
    unknown = [source for source in sources if source not in commands]
    if unknown:
        print("no compile command: " + " ".join(unknown))
        return 1
    cache = Cache()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(
            lambda source: check(source, build, options, commands[source], cache, version),
            sources))
    for _, _, output in results:
        print(output, end="")
    remembered = sum(result[1] for result in results)
    print(f"clang-tidy: {len(results) - remembered} sources checked, {remembered} remembered as "
          "clean")
    return 0 if all(result[0] for result in results) else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
