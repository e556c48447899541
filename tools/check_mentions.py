#!/usr/bin/env python3
"""Refuses a mention of a document that is not in the repository.

usage: check_mentions.py [REPOSITORY]

Each mention of a `*.md` in a text that git tracks (or would) must name a document that git tracks
(or would), by its path from the folder of the text, from the root, or from docs/. A document that
is elsewhere is cited by its address (https://...) or by its name without the ending. Tables of data
are not texts, and the page and terms that come with a model (core/not_covered.cc) are no documents. Prints the file, line and mention of each error; exits 1 when there is one.
"""
import pathlib
import re
import subprocess
import sys

# Addresses first: a mention within one is not ours. The rest is a path as it appears in prose.
MENTION = re.compile(r"[a-z][a-z0-9+.-]*://\S+|(?<![\w*<>{}$])[\w./-]*\w\.md(?![\w*])")

OF_A_MODEL = re.compile(r"(^|/)(readme(_\w*)?|license|notice|use_policy)\.md$", re.IGNORECASE)


def tracked(root):
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
        capture_output=True, check=True).stdout.decode()
    return sorted(name for name in set(listing.split("\0")) if (root / name).is_file())


def normal(path):
    """`a/../b` and `./b` as `b`; None where it leaves the repository."""
    parts = []
    for part in path.split("/"):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def places(name, mention):
    folder = name.rpartition("/")[0]
    return {normal(f"{base}/{mention}") for base in (folder, "", "docs")}


def dangling(root):
    names = tracked(root)
    documents = {name for name in names if name.endswith(".md")}
    for name in names:
        if name.endswith((".tsv", ".csv")):
            continue  # data: names of files, not mentions
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not a text
        for number, line in enumerate(text.splitlines(), 1):
            for found in MENTION.findall(line):
                if "://" in found or (".." not in found and OF_A_MODEL.search(found)):
                    continue
                if not places(name, found) & documents:
                    yield f"{name}:{number}: {found} is not in the repository"


def main(root):
    problems = list(dangling(pathlib.Path(root)))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or [pathlib.Path(__file__).parent.parent]))
