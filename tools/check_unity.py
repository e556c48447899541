#!/usr/bin/env python3
"""Checks that the sources of each library compile as one.

usage: check_unity.py BUILD_FOLDER

CI compiles several sources of a library at once. Which ones come together changes with every new
source; so no two of a library may give one name to different things, not even in unnamed
namespaces. All of a library are compiled together here, by the commands of
BUILD_FOLDER/compile_commands.json, without making code. Left out is what CMake leaves out too:
sources with flags of their own, or with SKIP_UNITY_BUILD_INCLUSION in the CMakeLists.txt beside
them. Prints what the compiler says; exit 1 if it says anything.

What the compiler takes without a word is looked for by name: a function of an unnamed namespace that
is called as one of core/*.h, which it would hide from the other sources.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

TARGET = re.compile(r"CMakeFiles/(.+?)\.dir/")


def compiled_alone(source):
    lists = source.parent / "CMakeLists.txt"
    words = re.findall(r"set_source_files_properties\(([^)]*)SKIP_UNITY_BUILD_INCLUSION ON\)",
                       lists.read_text() if lists.exists() else "")
    return source.name in " ".join(words).split()


def split(command):
    """(the command without output and source, the output)"""
    words = shlex.split(command["command"])
    at = words.index("-o")
    kept = words[:at] + words[at + 2:]
    dependency = {"-MD", "-c", command["file"]}
    out = []
    for word in kept:
        if out and out[-1] in ("-MT", "-MF"):
            out.pop()
        elif word not in dependency:
            out.append(word)
    return out, words[at + 1]


def libraries(build):
    """{target: (command, sources)} of all that has at least two sources."""
    found = collections.defaultdict(list)
    for command in json.loads((build / "compile_commands.json").read_text()):
        words, output = split(command)
        source = pathlib.Path(command["directory"], command["file"])
        if source.suffix == ".cc" and not compiled_alone(source):
            found[TARGET.search(output).group(1)].append((words, source))
    together = {}
    for target, parts in sorted(found.items()):
        usual, _ = collections.Counter(tuple(words) for words, _ in parts).most_common(1)[0]
        sources = [source for words, source in parts if tuple(words) == usual]
        if len(sources) > 1:
            together[target] = (list(usual), sources)
    return together


def compile_as_one(words, sources, folder):
    with tempfile.NamedTemporaryFile("w", suffix=".cc") as file:
        file.writelines(f'#include "{source}"\n' for source in sources)
        file.flush()
        done = subprocess.run([*words, "-fsyntax-only", file.name], cwd=folder, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode(errors="replace") if done.returncode else ""


DECLARED = re.compile(r"^(?:inline |constexpr )*[A-Za-z_][\w:<>,&* ]*[ &*](\w+)\(", re.MULTILINE)
UNNAMED = re.compile(r"^namespace \{$(.*?)^\}  // namespace$", re.MULTILINE | re.DOTALL)


def hidden_names(sources):
    root = pathlib.Path(os.path.commonpath(sources))
    core = {name for header in root.glob("core/*.h") for name in DECLARED.findall(header.read_text())}
    for source in sources:
        if source.parent.name == "core":
            continue
        for body in UNNAMED.findall(source.read_text()):
            for name in sorted(core.intersection(DECLARED.findall(body))):
                yield f"{source}: {name} hides the function of core/ in other sources\n"


def main(build):
    build = pathlib.Path(build).resolve()
    found = libraries(build)
    if not found:
        sys.exit(f"{build}: no library with two sources")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = pool.map(lambda each: compile_as_one(*each, build), found.values())
        complaints = [text for text in said if text]
    complaints += hidden_names([source for _, sources in found.values() for source in sources])
    print("".join(complaints), end="")
    print(f"{len(found)} libraries, {sum(len(sources) for _, sources in found.values())} sources")
    return 1 if complaints else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
