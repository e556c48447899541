#!/usr/bin/env python3
"""Installs the libraries into a prefix, and builds programs outside the tree against them.

usage: consumers_test.py BUILD FOLDER JUNIT_XML

The programs are README.md's snippets, verbatim, built in three ways: with CMake, with pkg-config,
from C. Each must say yes to an honest passport, no to one whose model was changed, and that it
could not tell if there is no trust directory.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "examples"), str(HERE.parent / "cli")]

import demo  # noqa: E402
import recorded_run  # noqa: E402
import story_test  # noqa: E402

CXX, CC = os.environ.get("CXX", "c++"), os.environ.get("CC", "cc")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
LIBRARIES = ("verify", "ledger", "record")
# In public headers: nothing of the libraries beneath, no folder of ours, no macro.
STANDARD_HEADER = re.compile(r"<([a-z_]+|std[a-z]+\.h|carnet/[a-z]+\.h)>")
FOREIGN = re.compile(r"boost|capnp|\bkj\b|rocksdb|openssl|\bEVP_|sodium|toml", re.IGNORECASE)


class World:
    """The prefix, the snippets, and one model with its passport."""

    def __init__(self, build, folder):
        self.build, self.folder = pathlib.Path(build).resolve(), pathlib.Path(folder).resolve()
        self.prefix, self.snippets = self.folder / "prefix", self.folder / "snippets"
        self.place = self.folder / "place"  # where programs run: its trust/ is what they trust

    def run(self, *command, cwd=None, expect=0, **environment):
        done = subprocess.run([str(part) for part in command], cwd=cwd or self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env={**os.environ, **environment})
        if done.returncode != expect:
            raise AssertionError(f"{command[0]} ended with {done.returncode}, not {expect}:\n"
                                 + done.stdout)
        return done.stdout

    def pkg_config(self, *options, prefix=None):
        found = self.run("pkg-config", *options,
                         PKG_CONFIG_PATH=f"{(prefix or self.prefix)}/lib/pkgconfig")
        return found.split()

    def check_answers(self, program, **environment):
        """The program's three answers."""
        honest, changed = self.place / "models/honest", self.place / "models/changed"
        passport = self.place / "passport.sigstore.jsonl"

        def answer(model, status, cwd=self.place):
            return self.run(program, model, passport, cwd=cwd, expect=status, **environment)

        assert answer(honest, 0) == "yes\n"
        assert answer(changed, 1) == "no\n"
        assert answer(honest, 3, cwd=self.folder).startswith("could not tell")


def install(world):
    if world.folder.exists():
        shutil.rmtree(world.folder)
    world.snippets.mkdir(parents=True)
    world.run("cmake", "--install", world.build, "--prefix", world.prefix)


def issue_a_passport(world):
    demo.OUT = world.folder / "story"
    demo.CARNET = world.prefix / "bin/carnet"
    story = demo.Story()
    story.train = recorded_run.train_by_commands
    demo.prepare()
    demo.make_keys_and_ledger(story)
    demo.attest_hardware_and_data(story)
    demo.train_base(story)
    honest = world.place / "models/honest"
    shutil.copytree(demo.OUT / "models" / demo.BASE, honest)
    shutil.copytree(honest, world.place / "models/changed")
    (world.place / "models/changed/config.json").write_text('{"changed":true}\n')
    shutil.copy(demo.OUT / f"passports/{demo.BASE}.passport.sigstore.jsonl",
                world.place / "passport.sigstore.jsonl")
    shutil.copytree(demo.OUT / "trust", world.place / "trust")


def take_snippets_from_the_readme(world):
    """The block that includes verify.h, and the block that includes carnet.h."""
    blocks = re.findall(r"^```(?:cpp|c)\n(.*?)^```$", (ROOT / "README.md").read_text(),
                        re.MULTILINE | re.DOTALL)
    for header, folder in (("carnet/verify.h", "cpp"), ("carnet/carnet.h", "c")):
        found = [block for block in blocks if header in block]
        assert len(found) == 1, f"{len(found)} blocks in README.md with {header}"
        (world.snippets / folder).mkdir()
        (world.snippets / folder / "snippet.h").write_text(found[0])


def public_headers_alone_are_installed(world):
    installed = {str(path.relative_to(world.prefix / "include"))
                 for path in (world.prefix / "include").rglob("*") if path.is_file()}
    assert installed == {f"carnet/{path.name}" for path in (ROOT / "include/carnet").iterdir()}


def headers_show_nothing_internal(world):
    for path in sorted((world.prefix / "include").rglob("*.h")):
        code = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        code = re.sub(r"//.*", "", code)
        assert not FOREIGN.search(code), f"{path.name}: {FOREIGN.search(code).group()}"
        for included in re.findall(r"#\s*include\s*(\S+)", code):
            assert STANDARD_HEADER.fullmatch(included), f"{path.name} includes {included}"
        if path.name not in ("export.h", "carnet.h"):
            assert "#define" not in code, f"{path.name} defines a macro"


def each_header_compiles_alone(world):
    for path in sorted((ROOT / "include/carnet").iterdir()):
        source = world.folder / "alone"
        source.write_text(f"#include <carnet/{path.name}>\ntypedef int alone;\n")
        flags = ["-fsyntax-only", *WARNINGS, f"-I{world.prefix}/include", source]
        world.run(CXX, "-std=c++20", "-x", "c++", *flags)
        if path.name in ("export.h", "carnet.h"):
            world.run(CC, "-std=c99", "-x", "c", *flags)


def only_what_is_public_is_exported(world):
    for name in LIBRARIES:
        listed = world.run("nm", "--dynamic", "--defined-only", "--format=posix",
                           world.prefix / f"lib/libcarnet-{name}.so")
        symbols = [line.split()[0].partition("@")[0] for line in listed.splitlines()]
        assert symbols, f"libcarnet-{name}.so exports nothing"
        wrong = [symbol for symbol in symbols
                 if not re.match(r"carnet_[a-z]|_ZNK?6carnet\d+[A-Z]", symbol)]
        assert not wrong, f"libcarnet-{name}.so exports {wrong[:5]}"


def verify_holds_nothing_that_signs_or_stores(world):
    needed = world.run("readelf", "--dynamic", world.prefix / "lib/libcarnet-verify.so")
    assert "librocksdb" not in needed
    archive = world.run("nm", "--defined-only", "--format=posix",
                        world.prefix / "lib/libcarnet-verify.a")
    assert "_ZN6carnet8verifier" in archive
    for namespace in ("_ZN6carnet6signer", "_ZN6carnet6ledger", "_ZN6carnet8pipeline"):
        assert namespace not in archive, f"libcarnet-verify.a holds {namespace}"


def cmake_consumer(world, kind):
    build = world.folder / f"cmake-{kind}"
    static = "ON" if kind == "static" else "OFF"
    world.run("cmake", "-S", HERE / "find_package", "-B", build, "-G", "Ninja",
              f"-DCMAKE_PREFIX_PATH={world.prefix}", f"-DCMAKE_CXX_COMPILER={CXX}",
              f"-DMAIN={HERE}/main.cc", f"-DSNIPPETS={world.snippets}/cpp",
              f"-DCarnet_USE_STATIC_LIBS={static}")
    world.run("cmake", "--build", build)
    assert ("libcarnet-verify" in world.run("readelf", "--dynamic", build / "consumer")) \
        == (kind == "shared")
    world.check_answers(build / "consumer")


def cmake_finds_the_shared_library(world):
    cmake_consumer(world, "shared")


def cmake_finds_the_static_library(world):
    cmake_consumer(world, "static")


def cmake_refuses_another_version(world):
    build = world.folder / "cmake-version"
    project = world.folder / "version"
    project.mkdir()
    text = (HERE / "find_package/CMakeLists.txt").read_text()
    (project / "CMakeLists.txt").write_text(text.replace("Carnet 0.1", "Carnet 0.2"))
    out = world.run("cmake", "-S", project, "-B", build, "-G", "Ninja",
                    f"-DCMAKE_PREFIX_PATH={world.prefix}", expect=1)
    assert "compatible with requested version" in " ".join(out.split()), out


def pkg_config_finds_the_shared_library(world):
    program = world.folder / "pkg-config-shared"
    world.run(CXX, "-std=c++20", *WARNINGS, f"-I{world.snippets}/cpp", HERE / "main.cc", "-o",
              program, *world.pkg_config("--cflags", "--libs", "carnet-verify"))
    world.check_answers(program, LD_LIBRARY_PATH=str(world.prefix / "lib"))


def pkg_config_finds_the_static_library(world):
    """In a prefix without shared libraries, moved from where it was installed."""
    moved = world.folder / "moved"
    shutil.copytree(world.prefix, moved, symlinks=True)
    for path in (moved / "lib").glob("libcarnet-*.so*"):
        path.unlink()
    program = world.folder / "pkg-config-static"
    world.run(CXX, "-std=c++20", *WARNINGS, f"-I{world.snippets}/cpp", HERE / "main.cc", "-o",
              program, *world.pkg_config("--static", "--cflags", "--libs", "carnet-verify",
                                         prefix=moved))
    world.check_answers(program)


def the_shared_library_that_records_is_whole(world):
    """With every symbol bound at the start, as a hardened program has it."""
    program = world.folder / "record-shared"
    world.run(CXX, "-std=c++20", *WARNINGS, HERE / "record.cc", "-o", program,
              *world.pkg_config("--cflags", "--libs", "carnet-record"))
    out = world.run(program, world.folder / "recorded", LD_BIND_NOW="1",
                    LD_LIBRARY_PATH=str(world.prefix / "lib"))
    assert re.fullmatch(r"key:[0-9a-f]{64}\n", out), out


def c_links_the_shared_library(world):
    program = world.folder / "c-shared"
    world.run(CC, "-std=c99", *WARNINGS, f"-I{world.snippets}/c", HERE / "main.c", "-o", program,
              *world.pkg_config("--cflags", "--libs", "carnet-verify"))
    world.check_answers(program, LD_LIBRARY_PATH=str(world.prefix / "lib"))


def a_part_of_another_project_changes_nothing_of_it(world):
    build = world.folder / "subdirectory"
    world.run("cmake", "-S", HERE / "subdirectory", "-B", build, "-G", "Ninja",
              f"-DCARNET={ROOT}", f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_C_COMPILER={CC}",
              "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
    commands = json.loads((build / "compile_commands.json").read_text())
    assert any(entry["file"].endswith("/verifier/gate.cc") for entry in commands)
    for entry in commands:
        assert "-Werror" not in entry["command"], entry["command"]
        if entry["file"].endswith("/main.cc") and "/cli/" not in entry["file"]:
            assert " -W" not in entry["command"] and "-fvisibility" not in entry["command"]
    assert not any("/tests/" in entry["file"] for entry in commands)
    world.run("ninja", "-C", build, "-n", "whole")


def the_commit_is_that_of_each_build(world):
    repository, header = world.folder / "repository", world.folder / "commit.h"
    inner = repository / "tarball"
    inner.mkdir(parents=True)

    def git(*arguments):
        return world.run("git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@b",
                         *arguments).strip()

    def written(source):
        world.run("cmake", f"-DSOURCE={source}", f"-DHEADER={header}", "-P",
                  ROOT / "cmake/write_commit.cmake")
        return re.search(r'"(.*)"', header.read_text())[1]

    git("init", "--quiet")
    seen = set()
    for message in ("one", "two"):
        git("commit", "--quiet", "--allow-empty", "--message", message)
        commit = git("rev-parse", "--short=12", "HEAD")
        assert written(repository) == commit and commit not in seen
        seen.add(commit)
        before = header.stat().st_mtime_ns
        assert written(repository) == commit and header.stat().st_mtime_ns == before
    assert written(inner) == "unknown commit"


CASES = [
    (install, True), (issue_a_passport, True), (take_snippets_from_the_readme, True),
    (public_headers_alone_are_installed, False), (headers_show_nothing_internal, False),
    (each_header_compiles_alone, False), (only_what_is_public_is_exported, False),
    (verify_holds_nothing_that_signs_or_stores, False),
    (cmake_finds_the_shared_library, False), (cmake_finds_the_static_library, False),
    (cmake_refuses_another_version, False), (pkg_config_finds_the_shared_library, False),
    (pkg_config_finds_the_static_library, False), (the_shared_library_that_records_is_whole, False), (c_links_the_shared_library, False),
    (a_part_of_another_project_changes_nothing_of_it, False),
    (the_commit_is_that_of_each_build, False),
]


def main(build, folder, junit):
    results = story_test.play(CASES, World(build, folder))
    story_test.write_junit(junit, results, suite="consumers")
    return 1 if any(outcome == "failure" for _, outcome, _ in results) else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
