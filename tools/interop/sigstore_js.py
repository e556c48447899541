"""sigstore-js: the library that npm verifies provenance with; it signs nothing here."""
import json
import pathlib

import cache
from outcome import THEY_VERIFY, UNBUILT, Row
from process import run
from question import answered, without_log

NAME = f"@sigstore/verify {cache.SIGSTORE_JS['@sigstore/verify']}"
SCRIPT = pathlib.Path(__file__).with_name("verify.mjs")


def thresholds(question):
    """Its own, but for what a question does not ask for: by key without a token, no time."""
    wanted = {} if question.trusted_root else {"tlogThreshold": 0}
    if question.key and not question.timed:
        wanted["timestampThreshold"] = 0
    return wanted


def job(question):
    return json.dumps({
        "bundle": str(question.bundle), "artifact": str(question.artifact), "kind": question.kind,
        "predicateType": question.predicate_type, "identity": question.identity,
        "issuer": question.issuer, "key": str(question.key) if question.key else None,
        "root": str(question.trusted_root) if question.trusted_root else None,
        "thresholds": thresholds(question)})


class SigstoreJs:
    def __init__(self, packages):
        self.packages = packages

    def ask_all(self, questions):
        done = run(["node", SCRIPT, self.packages], seconds=600,
                   text="".join(job(question) + "\n" for question in questions))
        answers = [json.loads(line) for line in done.out.splitlines()]
        if len(answers) != len(questions):
            raise RuntimeError(f"sigstore-js ended early: {done.last_line()}")
        return [answered(each["accepted"], each["reason"]) for each in answers]

    def ask(self, question):
        return self.ask_all([question])[0]


def row(world):
    result, client = Row(NAME), world.sigstore_js()
    for question in world.ours():
        result.expect(THEY_VERIFY, f"{question.kind} by key, with the log", client.ask(question))
        result.expect(THEY_VERIFY, f"{question.kind} by key, without the log",
                      client.ask(without_log(question, world.folder)))
        for name, asked in world.wrong_for(question):
            result.expect(THEY_VERIFY, f"{question.kind}: {name}", client.ask(asked), False)
    for name in world.unbuilt():
        result.note(THEY_VERIFY, name, UNBUILT)
    return result
