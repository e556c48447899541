"""The folder in which clients are installed, each by its ordinary package manager.

Nothing is installed anywhere else. What is there already, at the pinned version, is not fetched
again; a marker file is written last, so a fetch that broke off is begun anew.
"""
import os
import pathlib
import shutil
import sys

from outcome import Absent
from process import run

FETCH_SECONDS = 1500  # cosign is compiled from source

COSIGN = "3.1.3"
SIGSTORE_JS = {"@sigstore/verify": "4.1.3", "@sigstore/bundle": "5.0.1",
               "@sigstore/protobuf-specs": "0.5.2", "@sigstore/mock": "0.13.0"}
SIGSTORE_PYTHON = {"sigstore": "4.5.0"}
# It imports OpenSSL, which it does not ask for.
MODEL_SIGNING = {"model-signing": "1.1.1", "pyOpenSSL": "26.4.0"}


def say(text):
    print(f"interop: {text}", file=sys.stderr, flush=True)


def needed(program):
    found = shutil.which(program)
    if not found:
        raise Absent(f"{program} is not installed")
    return found


class Cache:
    def __init__(self, folder, fetch=True):
        self.folder, self.fetch = pathlib.Path(folder).resolve(), fetch
        self.folder.mkdir(parents=True, exist_ok=True)

    def once(self, what, client, install):
        """Runs `install` unless it has been done for exactly `what`."""
        marker = self.folder / "fetched" / what.replace("/", "_")
        if marker.exists():
            return
        if not self.fetch:
            raise Absent(f"{what} is not in the cache, and nothing was to be fetched")
        say(f"fetching {what} with {client}")
        done = install()
        if done.verdict != "yes":
            raise Absent(f"{client} could not fetch {what}: {done.last_line()}")
        marker.parent.mkdir(exist_ok=True)
        marker.write_text("")

    def cosign(self):
        go = needed("go")
        env = {**os.environ, "GOBIN": str(self.folder / "bin"), "GOPATH": str(self.folder / "go"),
               "GOCACHE": str(self.folder / "go-build"), "GOFLAGS": "-modcacherw"}
        package = "github.com/sigstore/cosign/v3/cmd/cosign"
        self.once(f"cosign {COSIGN}", "go", lambda: run(
            [go, "install", f"{package}@v{COSIGN}"], env=env, seconds=FETCH_SECONDS))
        return self.folder / "bin/cosign"

    def node_packages(self):
        """Folder whose node_modules has all of SIGSTORE_JS."""
        needed("node")
        npm, folder = needed("npm"), self.folder / "npm"
        wanted = [f"{name}@{version}" for name, version in SIGSTORE_JS.items()]
        folder.mkdir(exist_ok=True)
        self.once(", ".join(wanted), "npm", lambda: run(
            [npm, "install", "--prefix", folder, "--cache", self.folder / "npm-cache",
             "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error", *wanted],
            seconds=FETCH_SECONDS))
        return folder

    def environment(self, name, packages):
        """The Python of a virtual environment with these packages."""
        folder = self.folder / f"venv-{name}"
        python = folder / "bin/python"
        wanted = [f"{package}=={version}" for package, version in packages.items()]

        def install():
            made = run([sys.executable, "-m", "venv", "--clear", folder])
            if made.verdict != "yes":
                return made
            return run([python, "-m", "pip", "install", "--quiet",
                        "--disable-pip-version-check", *wanted], seconds=FETCH_SECONDS)

        self.once(", ".join(wanted), "pip", install)
        return python
