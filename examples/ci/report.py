"""Tells a GitHub job what carnet said: annotations, the job's summary, outputs.

usage: report.py model|all PATH PASSPORT STATUS SCRATCH     (SCRATCH has verdict.json and errors)
       report.py refusal PATH REASON TEXT
       report.py problem TEXT

Exit status: 0 pass, 10 refused, 20 could not tell. A pass needs the command's status and its
document to say so. All names and texts come from whoever made the model and its passport: they
reach the log, the annotations and the summary through visible(), escaped() and html() only.
"""
import json
import os
import pathlib
import secrets
import sys

STATUS = {"pass": 0, "fail": 10, "not-judged": 20}
WORDS = {"pass": "pass", "fail": "refused", "not-judged": "could not tell"}
POINTER = b"version https://git-lfs.github.com/spec/"
POINTER_BYTES = 1024  # pointers are shorter, says Git LFS
MOST_ANNOTATIONS = 10  # GitHub shows no more of a step
MOST_SUMMARY = 900_000  # GitHub drops a summary over 1 MiB
MOST_TEXT = 1000


# --- hostile text

def visible(text):
    """On one line, without characters that are not drawn or turn the direction of the text, and
    without what GitHub takes for a command anywhere in a line."""
    cut = text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + " …"
    cut = cut.replace("##[", "## [")
    return "".join(one if one.isprintable() else f"\\u{{{ord(one):x}}}" for one in cut)


def html(text):
    """For HTML and Markdown alike: all that might be markup is a reference to a character."""
    return "".join(one if one.isalnum() or one in " .,-" else f"&#{ord(one)};"
                   for one in visible(text))


def escaped(text, of_property=False):
    pairs = [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")]
    if of_property:
        pairs += [(":", "%3A"), (",", "%2C")]
    for character, code in pairs:
        text = text.replace(character, code)
    return text


def print_text(lines):
    """To the log, which takes `::…` for commands until it is told to stop."""
    token = secrets.token_hex(32)
    print(f"::stop-commands::{token}")
    for line in lines:
        print(visible(line))
    print(f"::{token}::")


def print_error(message, file=None, line=None):
    properties = ["title=Carnet"]
    if file is not None:
        root = os.environ.get("GITHUB_WORKSPACE") or os.getcwd()
        inside = os.path.relpath(os.path.abspath(file), os.path.abspath(root))
        properties.append("file=" + escaped(visible(inside), of_property=True))
        if line:
            properties.append(f"line={int(line)}")
    print(f"::error {','.join(properties)}::{escaped(visible(message))}")


# --- what carnet said

class Judged:
    """One model. errors: (message, file or None, line or None)."""

    def __init__(self, path, decision, reason="", errors=(), verdict=None):
        self.path, self.decision, self.reason = path, decision, reason
        self.errors, self.verdict = list(errors), verdict or {}


def not_judged(path, message, reason="not-judged"):
    return Judged(path, "not-judged", reason, [(message, path, None)])


def by_verdict(path, passport, verdict):
    """passport: the file, or None where nobody knows which it was."""
    if verdict["decision"] == "pass":
        return Judged(path, "pass", verdict=verdict)
    errors = []
    for finding in verdict["findings"]:
        hint = f" ({finding['hint']})" if finding.get("hint") else ""
        errors.append((f"{finding['reason']} ({finding['rule']}): {finding['message']}{hint}",
                       passport or path, finding.get("line") if passport else None))
    return Judged(path, "fail", verdict.get("reason", "fail"), errors, verdict)


def by_error(path, error, refused):
    message = error["message"] + (f" ({error['hint']})" if error.get("hint") else "")
    return Judged(path, "fail" if refused else "not-judged", error["code"], [(message, path, None)])


def passport_of(model):
    """Where `carnet verify` finds it, if there is no doubt."""
    folder = pathlib.Path(model)
    beside = folder.parent / (folder.name + ".passport.sigstore.jsonl")
    found = {*folder.glob("*.passport.sigstore.jsonl"), *folder.glob("claims.jsonl"),
             *([beside] if beside.is_file() else [])}
    return str(found.pop()) if len(found) == 1 else None


def read_model(path, passport, status, text):
    document = json.loads(text)
    if status in (0, 1) and document.get("decision") == ("pass", "fail")[status]:
        return by_verdict(path, passport or passport_of(path), document)
    error = document["error"]
    if status == 3 and error["code"] == "not-found" and ": no passport: " in error["message"]:
        return Judged(path, "fail", "no-passport", [(error["message"], path, None)])
    return by_error(path, error, status == 1 and error["code"] == "rejected")


def read_all(folder, status, text):
    *lines, last = [json.loads(line) for line in text.strip("\n").split("\n")]
    summary, models = last["summary"], []
    for line in lines:
        name = bytes.fromhex(line["path_hex"]) if "path_hex" in line else line["path"].encode()
        path, outcome = os.path.join(folder, os.fsdecode(name)), line["outcome"]
        if outcome in ("pass", "fail") and "verdict" in line:
            if line["verdict"]["decision"] != outcome:
                raise ValueError("an outcome that contradicts its verdict")
            models.append(by_verdict(path, line["passport_file"], line["verdict"]))
        elif outcome in ("fail", "no-passport", "not-judged"):
            models.append(by_error(path, line["error"], outcome != "not-judged"))
            if outcome == "no-passport":
                models[-1].reason = outcome
        elif outcome != "no-model":
            raise ValueError("an unknown outcome")
    whole = (len(models), True, status) == (summary["models"], summary["complete"], last["exit"])
    passed = all(one.decision == "pass" for one in models)
    if not models:
        models.append(not_judged(folder, "there is no model in the folder"))
    elif not whole or (status == 0) != passed:
        models.append(not_judged(folder, f"carnet ended with {status}, and not as its lines say"))
    return models


# --- Git LFS

def is_pointer(path):
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size >= POINTER_BYTES:
            return False
        return path.read_bytes().startswith(POINTER)
    except OSError:
        return False  # carnet says what cannot be read


def pointers_below(path):
    top = pathlib.Path(path)
    if is_pointer(top):
        yield top
    for folder, names, files in os.walk(top):
        names[:] = sorted(name for name in names if name != ".git")
        yield from filter(is_pointer, (pathlib.Path(folder, name) for name in sorted(files)))


def mark_pointers(kind, path, passport, models):
    """What was judged in place of the files is not the files, whatever was said of it."""
    beside = pathlib.Path(passport or passport_of(path) or path)
    pointers = set(pointers_below(path))
    if kind == "model" and is_pointer(beside):
        pointers.add(beside)
    for pointer in sorted(pointers):
        model = path
        if kind == "all":
            model = os.path.join(path, *pointer.relative_to(path).parts[:1])
        its = [one for one in models if one.path == model]
        if not its:
            its = [Judged(model, "not-judged")]
            models.extend(its)
        if its[0].reason != "lfs-pointer":
            its[0].decision, its[0].reason, its[0].errors = "not-judged", "lfs-pointer", []
            its[0].verdict = {}
        its[0].errors.append((f"{pointer} is a Git LFS pointer, not the file: "
                              "check out with lfs: true", str(pointer), None))


# --- the job's readers

def block(model):
    """HTML without an empty line, after which Markdown would be Markdown again. In <code> GitHub
    makes no links of what people and issues are called."""
    name = f", <code>{html(model.verdict['name'])}</code>" if model.verdict.get("name") else ""
    path = f": <code>{html(model.path)}</code>" if model.path else ""
    parts = [f"<p><b>{WORDS[model.decision]}</b>{path}{name}</p>"]
    if model.errors:
        more = len(model.errors) - 20
        items = [f"<li><code>{html(message)}</code></li>" for message, _, _ in model.errors[:20]]
        items += [f"<li>{more} more</li>"] if more > 0 else []
        parts.append("<ul>" + "".join(items) + "</ul>")
    if model.verdict.get("rows"):
        rows = [f"<tr><td>{html(row['name'])}</td><td>{html(row['status'])}</td>"
                f"<td><code>{html(row['text'])}</code></td></tr>" for row in model.verdict["rows"]]
        parts.append("<table><tr><th>check</th><th>result</th><th>found</th></tr>"
                     + "".join(rows) + "</table>")
    for field, title in (("warnings", "Warnings"), ("not_checked", "Not checked")):
        if model.verdict.get(field):
            text = html("; ".join(model.verdict[field]))
            parts.append(f"<p>{title}: <code>{text}</code></p>")
    return "\n".join(parts) + "\n"


def write_summary(decision, models):
    passed = sum(model.decision == "pass" for model in models)
    of_all = f", {passed} of {len(models)} pass" if len(models) > 1 else ""
    text = f"\n### Carnet: {WORDS[decision]}{of_all}\n\n"
    for number, model in enumerate(models):
        more = block(model)
        if len((text + more).encode()) > MOST_SUMMARY:
            text += f"<p>{len(models) - number} more models are in the log</p>\n"
            break
        text += more
    with open(os.environ.get("GITHUB_STEP_SUMMARY") or os.devnull, "a", encoding="utf-8") as file:
        file.write(text)


def write_outputs(**outputs):
    with open(os.environ.get("GITHUB_OUTPUT") or os.devnull, "a", encoding="utf-8") as file:
        for name, value in outputs.items():
            end = secrets.token_hex(32)
            file.write(f"{name}<<{end}\n{value}\n{end}\n")


def tell(models, verdict=""):
    models.sort(key=lambda one: -STATUS[one.decision])  # stable: worst first
    decision, reason = models[0].decision, models[0].reason
    lines, errors = [], [error for model in models for error in model.errors]
    for model in models:
        lines.append(f"{WORDS[model.decision]} {model.path}")
        rows = model.verdict.get("rows", [])
        lines += [f"  {row['name']:12} {row['status']:15} {row['text']}" for row in rows]
        lines += [f"  {message}" for message, _, _ in model.errors]
    print_text(lines)
    shown = errors if len(errors) <= MOST_ANNOTATIONS else errors[:MOST_ANNOTATIONS - 1]
    for message, file, line in shown:
        print_error(message, file, line)
    if len(shown) < len(errors):
        print_error(f"{len(errors) - len(shown)} more errors are in the log")
    write_summary(decision, models)
    write_outputs(decision=decision, reason=visible(reason), verdict=verdict)
    return STATUS[decision]


def main(kind, *rest):
    if kind == "problem":
        return tell([Judged("", "not-judged", "not-judged", [(rest[0], None, None)])])
    if kind == "refusal":
        return tell([Judged(rest[0], "fail", rest[1], [(rest[2], rest[0], None)])])
    path, passport, status, scratch = rest
    file = pathlib.Path(scratch, "verdict.json")
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        models = read_all(path, int(status), text) if kind == "all" else \
            [read_model(path, passport, int(status), text)]
    except (ValueError, KeyError, TypeError, AttributeError):  # no document of carnet's
        said = pathlib.Path(scratch, "errors").read_text(encoding="utf-8", errors="replace")
        models = [not_judged(path, f"carnet ended with status {status}, without a verdict: {said}")]
    mark_pointers(kind, path, passport, models)
    return tell(models, str(file))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(*sys.argv[1:]))
