"""Checks passports as a step of a workflow (action.yml): a summary, annotations, and a status of 0
for a pass, 1 for a refusal, 2 where nobody could tell.

What a passport or a file's name says is a stranger's text. None of it reaches the log or the
summary other than escaped: GitHub would read commands in one and HTML in the other.
"""
import html
import json
import os
import pathlib
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"


class Unknown(Exception):
    """Nobody could tell."""


def shown(text: str) -> str:
    """Without what moves the cursor or turns the direction of writing."""
    return "".join(" " if char in "\r\n\t" else "\ufffd" if unicodedata.category(char)[0] == "C"
                   else char for char in text)


def annotation(text: str) -> str:
    """Of a workflow command, which ends with its line."""
    escaped = shown(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::error title=Passport::{escaped}"


def pointers(model: pathlib.Path) -> list[str]:
    """Files of the model that Git LFS has not fetched."""
    found = []
    for path in sorted(model.rglob("*")) if model.is_dir() else [model]:
        if ".git" not in path.parts and path.is_file() and not path.is_symlink():
            with open(path, "rb") as file:
                if file.read(len(_POINTER)) == _POINTER:
                    found.append(str(path))
    return found


def run(given: Mapping[str, str], path: str, *arguments: str) -> tuple[int, list[Any]]:
    """Status and documents of the command."""
    command = [given["CHECK_CARNET"], *arguments, "--config", "none", "--quiet",
               "--trust", given["CHECK_TRUST"], "--policy", given["CHECK_POLICY"], "--", path]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError as error:
        raise Unknown(f"{given['CHECK_CARNET']}: {error.strerror}") from None
    try:
        lines = done.stdout.splitlines() if "--json-lines" in arguments else [done.stdout]
        documents = [json.loads(line) for line in lines]
        if "error" in documents[-1]:
            raise Unknown(documents[-1]["error"]["message"])
    except (ValueError, IndexError, TypeError):
        raise Unknown(f"carnet ended with status {done.returncode}: "
                      f"{done.stderr.strip()[-500:]}") from None
    return done.returncode, documents


def one(given: Mapping[str, str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The model, and its verdict."""
    model = given["CHECK_MODEL"]
    if found := pointers(pathlib.Path(model)):
        raise Unknown(f"{found[0]} is a Git LFS pointer, not the file: check out with lfs: true")
    passport = ["--passport", given["CHECK_PASSPORT"]] if given["CHECK_PASSPORT"] else []
    status, (verdict,) = run(given, model, "verify", *passport, "--json")
    if {0: "pass", 1: "fail"}.get(status) != verdict["decision"]:
        raise Unknown(f"carnet ended with status {status}, and its verdict is "
                      f"{verdict['decision']}")
    return [(model, verdict)]


def every(given: Mapping[str, str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The models of a folder, and their verdicts."""
    folder = given["CHECK_ALL"]
    if found := pointers(pathlib.Path(folder)):
        raise Unknown(f"{found[0]} is a Git LFS pointer, not the file: check out with lfs: true")
    status, (*entries, last) = run(given, folder, "verify-all", "--json-lines")
    judged = []
    for entry in entries:
        if entry["outcome"] not in ("pass", "fail"):
            why = entry.get("error", {}).get("message", entry["outcome"])
            judged.append((entry["path"], {"decision": "fail", "findings": [
                {"rule": "", "reason": entry["outcome"], "message": why}], "rows": []}))
        else:
            judged.append((entry["path"], entry["verdict"]))
    passed = all(verdict["decision"] == "pass" for _, verdict in judged)
    if not entries or not last["summary"]["complete"] or (status == 0) != passed:
        raise Unknown(f"{folder}: not all models were judged")
    return judged


def summary(judged: list[tuple[str, Mapping[str, Any]]]) -> str:
    parts = []
    for model, verdict in judged:
        lines = [f"{verdict['decision']}: {shown(model)}"]
        for finding in verdict["findings"]:
            rule = f" ({finding['rule']})" if finding["rule"] else ""
            lines.append(f"  {finding['reason']}{rule}: {shown(finding['message'])}")
        lines += [f"  {row['name']:<12}{row['status']:<16}{shown(row['text'])}"
                  for row in verdict["rows"]]
        parts.append(f"<pre>{html.escape(chr(10).join(lines))}</pre>\n")
    return "".join(parts)


def write(variable: str, text: str) -> None:
    if path := os.environ.get(variable):
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)


def main(given: Mapping[str, str]) -> int:
    try:
        judged = every(given) if given.get("CHECK_ALL") else one(given)
    except Unknown as error:
        print(annotation(f"could not tell: {error}"))
        why = html.escape(shown(str(error)))
        write("GITHUB_STEP_SUMMARY", f"<pre>could not tell: {why}</pre>\n")
        write("GITHUB_OUTPUT", "decision=unknown\n")
        return 2
    for model, verdict in judged:
        for finding in verdict["findings"]:
            print(annotation(f"{model}: {finding['reason']}: {finding['message']}"))
    passed = all(verdict["decision"] == "pass" for _, verdict in judged)
    write("GITHUB_STEP_SUMMARY", summary(judged))
    write("GITHUB_OUTPUT", f"decision={'pass' if passed else 'fail'}\n")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(os.environ))
