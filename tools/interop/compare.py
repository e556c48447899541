"""Bundles that are wrong or oddly spelled, and what each client says of them.

The bases are bundles that all clients accept; mutate.py changes each, and private_pki.py signs
some that are wrong inside. Where Carnet and a client disagree, explained.tsv must say why.
"""
import collections
import csv
import dataclasses
import fnmatch
import pathlib

from mutate import mutations
from outcome import BAD, GOOD, UNBUILT, Absent, Row
from question import ask_carnet

EXPLAINED = pathlib.Path(__file__).with_name("explained.tsv")
DIRECTION = "wrong inputs"
NAME = "the same answers to mutated bundles"


@dataclasses.dataclass
class Case:
    base: str
    name: str
    question: object
    verdicts: dict  # client: (verdict, reason)


@dataclasses.dataclass(frozen=True)
class Explained:
    """Why a client says the other thing. Only with the reason that was given: a change may be
    refused for a reason that nobody thought of."""
    client: str  # or several, with commas
    change: str  # pattern of "base/name"
    carnet: str  # "yes" or "no"
    reason: str  # pattern of what Carnet says
    theirs: str  # pattern of what the client says
    why: str

    def covers(self, client, case):
        verdict, said = case.verdicts["carnet"]
        return (client in self.client.split(", ") and verdict == self.carnet and
                fnmatch.fnmatchcase(f"{case.base}/{case.name}", self.change) and
                fnmatch.fnmatchcase(said, self.reason) and
                fnmatch.fnmatchcase(case.verdicts[client][1], self.theirs))


def read_explained(path=EXPLAINED):
    with open(path, encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Explained(**row) for row in rows]


def bases(world):
    """(name, question) of bundles to mutate, as far as their makers are there."""
    for question in world.ours():
        yield f"our {question.kind} by key", question
    try:
        yield "cosign's blob by key", world.cosign_signed().blob
    except Absent:
        pass
    try:
        for name, good, question in world.private_sigstore():
            if good and name in ("attestation by certificate", "blob by certificate"):
                yield name, question
    except Absent:
        pass


def cases(world, seed):
    folder = world.folder / "mutated"
    folder.mkdir()
    made = []
    for base, question in bases(world):
        text = question.bundle.read_text(encoding="utf-8")
        for name, other in mutations(text, seed):
            path = folder / f"{len(made):04}.sigstore.json"
            path.write_text(other, encoding="utf-8")
            made.append(Case(base, name, question.but(bundle=path), {}))
    try:
        made += [Case("private", name, question, {})
                 for name, _, question in world.private_sigstore()]
    except Absent:
        pass
    return made


def ask_everyone(world, made):
    """Fills in the verdicts; returns [(client, why it was not asked)]."""
    missing = []
    for name, client, fits in (
            ("cosign", world.cosign, lambda question: True),
            ("sigstore-js", world.sigstore_js, lambda question: True),
            ("sigstore-python", world.sigstore_python, lambda question: not question.key)):
        try:
            asked = [case for case in made if fits(case.question)]
            answers = client().ask_all([case.question for case in asked])
        except Absent as reason:
            missing.append((name, str(reason)))
            continue
        for case, done in zip(asked, answers):
            case.verdicts[name] = (done.verdict, done.last_line())
    for case in made:
        done = ask_carnet(world.carnet, case.question)
        if done is None:
            missing.append(("carnet", UNBUILT))
            break
        case.verdicts["carnet"] = (done.verdict, done.last_line().partition("because ")[2].strip()
                                   or done.last_line())
    return missing


def disagreements(made, explained):
    """(case, client, Explained or None) wherever Carnet's verdict is not the client's."""
    for case in made:
        if "carnet" not in case.verdicts:
            continue
        ours = case.verdicts["carnet"][0]
        for client, (theirs, _) in case.verdicts.items():
            if (ours == "yes") != (theirs == "yes"):
                why = next((each for each in explained if each.covers(client, case)), None)
                yield case, client, why


def kind_of(case):
    return f"signed again: {case.name}" if case.base == "private" else case.name.partition(":")[0]


def judge(made, explained, missing):
    """(row, [(Explained, count)]) for the page."""
    row, used = Row(NAME), collections.Counter()
    if not made:
        row.note(DIRECTION, "mutated bundles", UNBUILT, "no bundle to begin with")
    for case, client, why in disagreements(made, explained):
        if why:
            used[why] += 1
        else:
            row.note(DIRECTION, f"{case.base}/{case.name}", BAD, "; ".join(
                f"{name} says {': '.join(filter(None, case.verdicts[name]))}"
                for name in ("carnet", client)))
    for client, why in missing:
        row.note(DIRECTION, f"{client} was not asked", UNBUILT if why == UNBUILT else "skipped", why)
    for case in made:
        if "carnet" in case.verdicts:
            row.note(DIRECTION, f"{case.base}/{case.name}", GOOD)
    return row, list(used.items())
