#!/usr/bin/env python3
"""Checks the sources against the layer table of docs/architecture.md, and their sizes and names.

usage: check_layers.py [ROOT]

Errors, one per line as `file:line: what`, exit 1:
  - an include that goes upward or sideways, or that names no project folder
  - a source of python/ that includes more of the project than its public headers
  - a public header that includes more than the standard library and its like, or defines a macro
    (except the one of export.h, and C's); one that a folder below api/ includes (except result.h)
  - a third-party library included outside the folder that wraps it (bench/ and tests/ may)
  - a name that says nothing (util, common, helpers, misc, types, manager)
  - a source of more than 500 lines
  - another parser of numbers or of hex outside core/ (tests/ may)
  - a TODO without the number of an issue
Warnings, exit 0: a header of more than 200 lines, a source of more than 300 (tests/ may).
Functions that are too long are found by clang-tidy.
"""
import os
import pathlib
import re
import sys

# One tuple per layer, lowest first. Folders of one layer never include each other.
LAYERS = (
    ("core",), ("crypto",), ("gpu", "merkle"), ("json",), ("artifact", "schemas"), ("sigstore",),
    ("statements", "trust"), ("ledger", "signer", "verifier"), ("remote",), ("pipeline",), ("api",), ("server",),
    ("cli",),
    ("python", "web", "bench", "tests"),
)
LAYER_OF = {folder: layer for layer, folders in enumerate(LAYERS) for folder in folders}
OUTERMOST = len(LAYERS) - 1
ANY_LIBRARY = {"bench", "tests"}
FACE = "include"  # the public headers
ON_THE_FACE = "python"  # as a program of somebody else
OTHER_FOLDERS = {"cmake", "data", "docs", "examples", "policies", "tools"}  # no C++ in these

FACE_VOCABULARY = "carnet/result.h"  # the type of every folder's errors
FACE_MACROS = {"export.h", "carnet.h"}
STANDARD_HEADER = re.compile(r"[a-z_]+|std[a-z]+\.h")

# Within verifier/: files directly in it first, then these folders, then gate.* and
# those that it is made of.
VERIFIER_ORDER = ("bundle", "identity", "lineage", "compute", "custody", "hardware", "policy",
                  "model_signing")
VERIFIER_GATE = len(VERIFIER_ORDER) + 1

# (pattern of the include, name, places that may include it).
LIBRARIES = (
    (r"openssl/", "OpenSSL", ("crypto/",)),
    (r"sodium(\.h|/)", "libsodium", ("crypto/",)),
    (r"rocksdb/", "RocksDB", ("ledger/",)),
    (r"(capnp|kj)/", "Cap'n Proto", ("schemas/", "server/")),
    (r"boost/json", "Boost.JSON", ("json/",)),
    (r"boost/test/", "Boost.Test", ()),
    (r"toml(\+\+|plusplus)?[./]", "toml++", ("trust/toml_table.cc",)),
    (r"utf8proc\.h", "utf8proc", ("artifact/",)),
    (r"re2/", "RE2", ("sigstore/identity_pattern.cc",)),
    (r"curl/", "libcurl", ("remote/",)),
    (r"p11-kit/", "PKCS#11", ("signer/pkcs11_header.h",)),
    (r"CLI/", "CLI11", ("cli/",)),
    (r"nanobind/", "nanobind", ("python/",)),
    (r"microhttpd", "libmicrohttpd", ("server/",)),
)
ONE_FILE_ONLY = {"toml++", "CLI11"}  # each file that includes them costs seconds of compile time

EMPTY_NAMES = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "managers"}
EMPTY_WHOLE_NAMES = EMPTY_NAMES | {"types"}  # `media_types.h` says something, `types.h` does not

HEADER_LINES, SOURCE_LINES, MOST_LINES = 200, 300, 500

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SECOND_PARSER = re.compile(
    r"\b(stou?ll?|stou?l|stoi|strtou?ll?|atoi|atoll?|from_chars|sscanf)\s*\("
    r"|[\"']0123456789(abcdef|ABCDEF)")
# RFC 8785 writes doubles as ECMAScript does, which nothing in core/ needs.
PARSER_FOLDERS, PARSER_FILES = {"core", "tests"}, {"json/canonical.cc"}
BARE_TODO = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")


class Report:
    def __init__(self):
        self.errors, self.warnings = [], []

    def error(self, path, line, what):
        self.errors.append(f"{path}:{line}: {what}")

    def warn(self, path, line, what):
        self.warnings.append(f"{path}:{line}: warning: {what}")


def is_cpp(path):
    return path.suffix in (".h", ".cc")


def project_files(root):
    """Every file of the project's folders, as paths from the root; without build output."""
    for folder in sorted(set(LAYER_OF) | OTHER_FOLDERS | {FACE}):
        for where, folders, files in os.walk(root / folder):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
            for name in sorted(files):
                yield (pathlib.Path(where) / name).relative_to(root)


def check_top_folders(root, report):
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        name = folder.name
        if name.startswith(".") or name in LAYER_OF or name in OTHER_FOLDERS or name in (FACE, "build"):
            continue
        if any(is_cpp(path) for path in folder.rglob("*")):
            report.error(name, 1, "folder with sources that the layer table does not name")


def check_name(path, report):
    for part in path.parts:
        stem = part.partition(".")[0].lower()
        words = set(re.split(r"[_-]", stem))
        if stem in EMPTY_WHOLE_NAMES or words & EMPTY_NAMES:
            report.error(path, 1, f"\"{part}\" is a name that says nothing")


def verifier_rank(path):
    if len(path.parts) > 2:
        sub = path.parts[1]
        return VERIFIER_ORDER.index(sub) + 1 if sub in VERIFIER_ORDER else None
    return VERIFIER_GATE if path.name.partition(".")[0] in (
            "beside_passport", "claims", "gate", "judge_statement", "judgement", "measure",
            "stated_files", "streamed_check") else 0


def check_within_verifier(path, line, included, report):
    own, other = verifier_rank(path), verifier_rank(included)
    if own is None or other is None:
        report.error(path, line, f"{included}: not one of verifier's {', '.join(VERIFIER_ORDER)}")
    elif other > own:
        report.error(path, line, f"includes upward within verifier/: {included}")


def check_project_include(path, line, included, report):
    own, other = path.parts[0], included.parts[0]
    if other not in LAYER_OF:
        report.error(path, line, f"\"{included}\" does not begin with a folder of the project")
    elif own == other:
        if own == "verifier":
            check_within_verifier(path, line, included, report)
    elif own == ON_THE_FACE:
        report.error(path, line, f"{included}: {own}/ stands on the public headers alone")
    elif LAYER_OF[other] == OUTERMOST and own not in ANY_LIBRARY:
        report.error(path, line, f"includes the outer ring: {included}")
    elif LAYER_OF[other] > LAYER_OF[own]:
        report.error(path, line, f"includes upward: {included}")
    elif LAYER_OF[other] == LAYER_OF[own] != OUTERMOST:
        report.error(path, line, f"includes sideways: {included}")
    if included.name.endswith(".capnp.h") and own not in ANY_LIBRARY | {"schemas", "server"} \
            and path.suffix == ".h":
        report.error(path, line, f"generated {included} in a header above schemas/")


def check_face_line(path, number, line, report):
    match = INCLUDE.match(line)
    if match:
        quote, included = match.groups()
        if quote == '"' or not (STANDARD_HEADER.fullmatch(included)
                                or re.fullmatch(r"carnet/[a-z_]+\.h", included)):
            report.error(path, number, f"a public header includes {included}")
    elif re.match(r"\s*#\s*define\b", line) and path.name not in FACE_MACROS:
        report.error(path, number, "a public header defines a macro")


def check_face_include(path, line, included, report):
    layer = LAYER_OF.get(path.parts[0], 0)
    if layer < LAYER_OF["api"] and included != FACE_VOCABULARY:
        report.error(path, line, f"<{included}>: the public face is above this folder")


def check_library_include(path, line, included, users, report):
    if included.startswith("carnet/"):
        check_face_include(path, line, included, report)
        return
    if path.parts[0] in ANY_LIBRARY:
        return
    if included.startswith("fmt/"):
        if path.suffix != ".cc" or path.parts[0] == "core":
            report.error(path, line, f"<{included}>: fmt belongs in .cc files above core/")
        elif included != "fmt/core.h":
            report.error(path, line, f"<{included}>: <fmt/core.h> is enough, at a quarter of the cost")
        return
    for pattern, name, places in LIBRARIES:
        if not re.match(pattern, included):
            continue
        if not str(path).startswith(places or ("\0",)):
            report.error(path, line, f"<{included}>: {name} belongs in {' '.join(places) or 'tests/'}")
        elif name in ONE_FILE_ONLY and users.setdefault(name, path) != path:
            report.error(path, line, f"<{included}>: {name} is already included by {users[name]}")


def check_size(path, count, report):
    limit = HEADER_LINES if path.suffix == ".h" else SOURCE_LINES
    if count > MOST_LINES:
        report.error(path, count, f"{count} lines, at most {MOST_LINES} are allowed")
    elif count > limit and path.parts[0] != "tests":
        report.warn(path, count, f"{count} lines, at most {limit} is better")


def check_text(path, text, users, report):
    lines = text.splitlines()
    check_size(path, len(lines), report)
    if not is_cpp(path) and path.suffix != ".capnp":
        return
    may_parse = path.parts[0] in PARSER_FOLDERS or str(path) in PARSER_FILES
    for number, line in enumerate(lines, 1):
        if BARE_TODO.search(line):
            report.error(path, number, "a TODO carries the number of its issue: TODO(#12)")
        if not may_parse and SECOND_PARSER.search(line):
            report.error(path, number, "numbers and hex are parsed and printed in core/ only")
        if path.parts[0] == FACE:
            check_face_line(path, number, line, report)
            continue
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, included = match.groups()
        if quote == '"' or included.partition("/")[0] in LAYER_OF and "/" in included:
            check_project_include(path, number, pathlib.PurePosixPath(included), report)
        else:
            check_library_include(path, number, included, users, report)


def check(root):
    report, users = Report(), {}
    check_top_folders(root, report)
    for path in project_files(root):
        check_name(path, report)
        if is_cpp(path) and path.parts[0] in OTHER_FOLDERS:
            report.error(path, 1, "C++ belongs in a folder of the layer table")
        if is_cpp(path) or path.suffix in (".capnp", ".py"):
            check_text(path, (root / path).read_text(encoding="utf-8"), users, report)
    return report


def main(root):
    report = check(pathlib.Path(root))
    for line in report.warnings + report.errors:
        print(line)
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1]))
