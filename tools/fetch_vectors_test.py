#!/usr/bin/env python3
"""What fetch_vectors.py writes and what it refuses, with a script in place of `go`, and no network."""
import contextlib
import csv
import hashlib
import importlib.util
import io
import json
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("fetch_vectors", HERE / "fetch_vectors.py")
fetch_vectors = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fetch_vectors)

PLAYER = """#!/bin/sh
case $4 in
  example/proofs@v1 | example/log@main) printf '{"Dir": "%s"}' "$PACKAGES/${4%@*}" ;;
  *) printf '{"Error": "%s: not here"}' "$4"; exit 1 ;;
esac
"""
MEMBERS = {
    "example/proofs/testdata/one[0].json": "{}\n",
    "example/proofs/testdata/two.json": "[]\n",
    "example/log/log_test.go": 'text := `a\nb`\nkey := "secret"\n',
    "example/log/store%2F1/root": "root",
}


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def row(path, content, package, member, parts=""):
    return {"path": path, "sha256": digest(content), "package": package, "member": member,
            "parts": parts and json.dumps(parts)}


PROOFS, LOG = "go example/proofs@v1", "go example/log@v9,main"
ROWS = [
    row("proofs/one.json", "{}\n", PROOFS, "testdata/one[0].json"),
    row("proofs/two.json", "[]\n", PROOFS, "testdata/two.json"),
    row("log/root", "root", LOG, "store*/root"),
    row("log/note", "a\nb\n--secret", LOG, "log_test.go",
        ["text := `([^`]*)`", "=\n--", 'key := "(.*?)"']),
    row("log/keys", "one ", LOG, "log_test.go", ["=one "]),
    row("log/keys", "secret", LOG, "log_test.go", ['"(secret)"']),
]


def run(scratch, rows, name):
    """(exit status, {path: content} of what was written, output)."""
    table, folder = scratch / "table.tsv", scratch / name
    with open(table, "w", encoding="utf-8") as out:
        out.write("\t".join(ROWS[0]) + "\n")
        out.writelines("\t".join(one.values()) + "\n" for one in rows)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = fetch_vectors.main(folder, table)
    files = {str(path.relative_to(folder)): path.read_text()
             for path in folder.rglob("*") if path.is_file()}
    return status, files, output.getvalue()


wrong = []


def expect(what, result, status, files, text):
    if result[0] != status or sorted(result[1]) != sorted(files) or text not in result[2]:
        wrong.append(f"{what}: expected {status}, {files}, {text!r}\n  got {result}")


def check_refusals(scratch):
    log = ["log/keys", "log/note", "log/root"]
    for what, changed, text in (
            ("a digest that differs", {"sha256": digest("other")},
             f"SHA-256 is {digest('[]' + chr(10))}, expected {digest('other')}"),
            ("an absent member", {"member": "testdata/three.json"}, "has no testdata/three.json"),
            ("a pattern of two members", {"member": "testdata/*"}, "has no testdata/*"),
            ("an absent part", {"parts": '["(absent)"]'}, "has no (absent)"),
            ("an absent package", {"package": "go example/other@v1"}, "example/other@v1: not here"),
            ("an absent version", {"package": "go example/proofs@v2"}, "proofs@v2: not here")):
        rows = [dict(one) for one in ROWS]
        rows[1].update(changed)
        kept = log if rows[1]["package"] == PROOFS else log + ["proofs/one.json"]
        expect(what, run(scratch, rows, what), 1, kept, text)


def check_table():
    """The real table: every row is pinned, and it names no package host."""
    with open(fetch_vectors.TABLE, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for one in rows:
        pinned = re.fullmatch(r"(go|pip) [^@ ]+@v?\d[^ ]*", one["package"])
        if not pinned or not re.fullmatch(r"[0-9a-f]{64}", one["sha256"]):
            wrong.append(f"not pinned: {one}")
        if pathlib.PurePath(one["path"]).is_absolute() or ".." in one["path"].split("/"):
            wrong.append(f"outside the folder: {one}")
    if len({one["path"] for one in rows}) != 261:
        wrong.append("the table does not have 261 files")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for name, content in MEMBERS.items():
            path = scratch / "packages" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        (scratch / "bin").mkdir()
        (scratch / "bin" / "go").write_text(PLAYER)
        (scratch / "bin" / "go").chmod(0o755)
        os.environ["PACKAGES"] = str(scratch / "packages")
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{scratch / 'bin'}:{path}"
        result = run(scratch, ROWS, "all")
        expect("all rows", result, 0, {one["path"] for one in ROWS}, "5 of 5 files fetched")
        if result[1].get("log/note") != "a\nb\n--secret" or result[1].get("log/keys") != "one secret":
            wrong.append(f"parts are joined wrongly: {result[1]}")
        check_refusals(scratch)
        (scratch / "bin" / "go").unlink()
        os.environ["PATH"] = str(scratch / "bin")
        expect("no client", run(scratch, ROWS, "none"), 1, [], "go is not installed")
        os.environ["PATH"] = path
    check_table()
    print("\n".join(wrong) or "fetch_vectors: as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
