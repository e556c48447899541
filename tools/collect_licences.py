#!/usr/bin/env python3
"""Copies the copyright file of every library that NOTICE lists, as Debian's packages bring it.

usage: collect_licences.py FOLDER COMPILER

Each origin in NOTICE (archive or header) is looked up with the compiler, its package with dpkg.
"""
import gzip
import pathlib
import re
import shutil
import subprocess
import sys

import notice

LARGE = 100_000  # bytes; beyond, as Boost's two megabytes, it is compressed


def path_of(origin, compiler):
    if origin.endswith(".a"):
        command = [compiler, f"-print-file-name={origin}"]
        return pathlib.Path(subprocess.run(command, check=True, text=True,
                                           stdout=subprocess.PIPE).stdout.strip()).resolve()
    header = pathlib.Path("/usr/include") / origin
    if header.exists():
        return header
    machine = subprocess.run([compiler, "-print-multiarch"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
    return pathlib.Path("/usr/include") / machine / origin


def copyright_of(path):
    done = subprocess.run(["dpkg-query", "--search", str(path)], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise SystemExit(f"collect_licences: {path} is of no package: {done.stdout.strip()}")
    package = done.stdout.split(":")[0]
    return pathlib.Path("/usr/share/doc") / package / "copyright"


def main(folder, compiler):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, _, origins in notice.table((notice.ROOT / "NOTICE").read_text()):
        text = copyright_of(path_of(origins[0], compiler)).read_bytes()
        file = re.sub(r"[^a-z0-9+]+", "-", name.lower())
        if len(text) > LARGE:
            (folder / f"{file}.gz").write_bytes(gzip.compress(text, mtime=0))
        else:
            (folder / file).write_bytes(text)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
