#!/usr/bin/env python3
"""Makes the .deb of a build, installs it into a scratch root with dpkg, uses it there, removes it.

usage: package_test.py BUILD FOLDER JUNIT_XML

The scratch root contains nothing else, so dependencies are not checked in it: that they are stated
is a separate case. The programs run with this machine's libraries.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tools"), str(HERE.parent / "cli")]

import notice  # noqa: E402
import story_test  # noqa: E402


class World:
    def __init__(self, build, folder):
        self.build, self.folder = pathlib.Path(build).resolve(), pathlib.Path(folder).resolve()
        self.root = self.folder / "root"
        self.deb = None

    def run(self, *command, expect=0, **environment):
        done = subprocess.run([str(part) for part in command], cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env={**os.environ, **environment})
        if done.returncode != expect:
            raise AssertionError(f"{command[0]} ended with {done.returncode}, not {expect}:\n"
                                 + done.stdout)
        return done.stdout

    def dpkg(self, *arguments):
        if os.geteuid() != 0:
            raise story_test.Skipped("dpkg installs as root only")
        return self.run("dpkg", f"--root={self.root}", "--force-depends", "--force-not-root",
                        "--force-script-chrootless",  # an empty root has no shell
                        *arguments)

    def field(self, name):
        return self.run("dpkg-deb", "--field", self.deb, name).strip()


def make_the_package(world):
    if world.folder.exists():
        shutil.rmtree(world.folder)
    for part in ("updates", "info"):
        (world.root / "var/lib/dpkg" / part).mkdir(parents=True)
    (world.root / "var/lib/dpkg/status").touch()
    world.run("cpack", "-G", "DEB", "--config", world.build / "CPackConfig.cmake", "-B",
              world.folder / "made")
    found = list((world.folder / "made").rglob("*.deb"))
    assert len(found) == 1, found
    world.deb = found[0]


def it_states_what_its_libraries_need(world):
    assert world.field("Package") == "carnet"
    depends = world.field("Depends")
    for needed in ("libc6", "libssl3", "libsodium23", "libcapnp", "librocksdb", "libboost-json"):
        assert needed in depends, f"{needed} is not in {depends}"


def it_holds_what_belongs_to_it(world):
    listed = world.run("dpkg-deb", "--contents", world.deb)
    libraries = [f"libcarnet-{name}.{kind}" for name in ("verify", "ledger", "record")
                 for kind in ("a", "so")]
    headers = [f"include/carnet/{path.name}" for path in (ROOT / "include/carnet").iterdir()]
    for wanted in ("/usr/bin/carnet", *libraries, *headers, "CarnetConfig.cmake",
                   "carnet-verify.pc", "man/man1/carnet.1", "bash-completion/completions/carnet",
                   "zsh/vendor-completions/_carnet", "fish/vendor_completions.d/carnet.fish",
                   "doc/carnet/copyright", "doc/carnet/NOTICE"):
        assert wanted in listed, f"{wanted} is not in the package"


def it_brings_the_licences_of_what_is_linked(world):
    listed = world.run("dpkg-deb", "--contents", world.deb)
    names = [name for name, _, _ in notice.table((ROOT / "NOTICE").read_text())]
    assert len(names) > 10
    assert listed.count("/doc/carnet/licences/") == len(names) + 1  # and the folder


def dpkg_installs_it(world):
    world.dpkg("--install", world.deb)
    assert "install ok installed" in world.dpkg("--status", "carnet")


def what_was_installed_works(world):
    if not (world.root / "usr/bin/carnet").exists():
        raise story_test.Skipped("dpkg installs as root only")
    out = world.run(world.root / "usr/bin/carnet", "--version",
                    LD_LIBRARY_PATH=str(world.root / "usr/lib"))
    assert out.startswith("carnet 0."), out
    (world.folder / "main.c").write_text(
        '#include <carnet/carnet.h>\n#include <stdio.h>\n'
        'int main(void) { return puts(carnet_version()) < 0; }\n')
    flags = world.run("pkg-config", "--cflags", "--libs", "carnet-verify",
                      PKG_CONFIG_PATH=":".join(str(path.parent) for path in
                                               world.root.rglob("carnet-verify.pc"))).split()
    world.run(os.environ.get("CC", "cc"), "main.c", "-o", "main", *flags)
    folder = next(world.root.rglob("libcarnet-verify.so")).parent
    assert world.run("./main", LD_LIBRARY_PATH=str(folder)).startswith("0.")


def dpkg_removes_it(world):
    world.dpkg("--purge", "carnet")
    left = [path for path in (world.root / "usr").rglob("*") if path.is_file()] \
        if (world.root / "usr").exists() else []
    assert not left, left


CASES = [
    (make_the_package, True), (it_states_what_its_libraries_need, False),
    (it_holds_what_belongs_to_it, False), (it_brings_the_licences_of_what_is_linked, False),
    (dpkg_installs_it, True), (what_was_installed_works, False), (dpkg_removes_it, False),
]


def main(build, folder, junit):
    results = story_test.play(CASES, World(build, folder))
    story_test.write_junit(junit, results, suite="package")
    return 1 if any(outcome == "failure" for _, outcome, _ in results) else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
