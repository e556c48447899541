#!/usr/bin/python3
"""What Carnet is for, end to end, on real input: `./dev demo`.

Prints every command that it runs and what it is for, so that a reader can repeat it in demo/out/,
and exits non-zero as soon as a step does not end as expected.
"""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import time

import demo_attacks

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "demo" / "out"
CARNET = ROOT / "build" / "release" / "carnet"
LICENCES = pathlib.Path("/usr/share/common-licenses")
BASE, CHAT = "tiny-licence-gpt", "tiny-licence-gpt-chat"
LETTER = """Dear reader,

This letter is the text on which the small model is fine-tuned. Again and again, in plain words, it
says what a passport is for: to cross a border, you show where you come from and who vouches for
you, and that nobody has changed a page since. Models cross borders too. A model is made from data,
on chips, in hours that somebody sold and somebody bought. Whoever takes it in may ask for its
papers.

Q: What was it trained on?  A: Licence texts, file by file, each with its digest.
Q: Whose chips were used?   A: The cloud's. It says so itself, and it sold the hours.
Q: How much compute?        A: What two independent ways of counting agree on.
Q: What was it made from?   A: A parent model, whose passport is enclosed.

"""


class Story:
    """Runs commands in demo/out/, prints them, and keeps what later steps need."""

    def __init__(self):
        self.out = OUT
        self.base, self.chat = BASE, CHAT
        self.train = train_with_package
        self.ids = {}
        self.number = 0
        self.environment = {
            **os.environ,
            "PATH": f"{CARNET.parent}:{os.environ['PATH']}",
            "CARNET_PASSWORD": "demo",
            "PYTHONPATH": str(CARNET.parent / "python"),
            "NO_COLOR": "1",
        }
        self.environment.pop("CARNET_LEDGER_PASSWORD", None)

    def chapter(self, title):
        self.number += 1
        print(f"\n=== {self.number}. {title}\n", flush=True)

    @staticmethod
    def say(text):
        print(f"# {text}", flush=True)

    def run(self, *command, expect=0, show=True, quiet=False):
        """Runs one command and returns its standard output. Ends the demo on any other status."""
        command = [str(part) for part in command]
        if not quiet:
            print(f"$ {shlex.join(command)}", flush=True)
        done = subprocess.run(command, cwd=self.out, env=self.environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT if show else None)
        if show and done.stdout and not quiet:
            print(indent(done.stdout), flush=True)
        if done.returncode != expect:
            fail(f"the command exited with {done.returncode}, not {expect}:\n{done.stdout}")
        return done.stdout

    def carnet(self, *arguments, **options):
        return self.run("carnet", *arguments, **options)

    def attest(self, name, kind, predicate, key, *more, ledger="ledger"):
        """Attests a predicate and keeps its statement id under `name`."""
        path = self.write_json(f"drafts/{name}.json", predicate)
        out = self.carnet("attest", "--kind", kind, path, "--ledger", ledger, "--key", key,
                          "--out", f"bundles/{name}.sigstore.json", *more)
        self.ids[name] = out.split()[-1]
        return self.ids[name]

    def write_json(self, path, value):
        (self.out / path).parent.mkdir(parents=True, exist_ok=True)
        (self.out / path).write_text(json.dumps(value, indent=2) + "\n")
        return path


def indent(text):
    return "\n".join(f"    {line}" for line in text.rstrip("\n").splitlines())


def fail(message):
    print(f"demo: error: {message}", file=sys.stderr)
    sys.exit(1)


def key_id(story, party):
    facts = json.loads(story.carnet("inspect", f"keys/{party}.pub", "--json", quiet=True))["facts"]
    return next(fact["value"] for fact in facts if fact["name"] == "key id")


def make_keys_and_ledger(story):
    story.chapter("Keys, a ledger, and whom the hub trusts")
    story.say("two labs, a cloud and a hub each make a key pair (password in CARNET_PASSWORD)")
    for party in ("lab", "lab2", "cloud", "hub"):
        story.carnet("keygen", "--out", f"keys/{party}")
    story.say("an operator creates a ledger; its origin is its permanent name")
    story.carnet("ledger", "init", "ledger", "--origin", "localhost")
    story.carnet("ledger", "trust", "ledger", "--operator", "operator", "--out",
                 "trust/trusted_root.json")
    story.say("the hub's trust directory: whose keys count, for which kinds (docs/formats.md)")
    kinds = {
        "lab": ["dataset", "run", "segment", "completion", "passport"],
        "lab2": ["dataset", "run", "segment", "completion", "passport"],
        "cloud": ["device", "allocation"],
        "hub": ["verdict"],
    }
    for party, allowed in kinds.items():
        shutil.copy(story.out / f"keys/{party}.pub", story.out / f"trust/parties/{party}.pub")
        (story.out / f"trust/parties/{party}.toml").write_text(
            f'party = "{party}"\n\n[[key]]\nfile = "{party}.pub"\n'
            f"kinds = {json.dumps(allowed)}\n")
        print(f"  trust/parties/{party}.toml: {', '.join(allowed)}")


def attest_hardware_and_data(story):
    story.chapter("A real device, its allocation, and the data")
    story.carnet("flops", "--this-machine")
    machine = json.loads(story.carnet("flops", "--this-machine", "--json", quiet=True))
    story.say("the cloud attests this machine as its device, and sells hours on it to the lab")
    story.attest("device", "device", {
        "id": f"declared:{key_id(story, 'cloud')}:demo-host",
        "units": 1,
        "vendor": machine["vendor"],
        "cpu": machine["cpu"],
        "location": {"jurisdiction": "undisclosed", "method": "declared", "asserted_by": "cloud"},
    }, "keys/cloud.key")
    now = time.time()
    story.attest("allocation", "allocation", {
        "holders": [key_id(story, "lab")],
        "devices": [story.ids["device"]],
        "window": {"from": utc(now - 3600), "to": utc(now + 24 * 3600)},
        "device_ms": 25 * 3600 * 1000,
        "purpose": "training of small language models",
    }, "keys/cloud.key")
    story.say(f"the data: the licence texts in {LICENCES}, digested file by file")
    story.attest("licences", "dataset", {
        "name": "common-licenses",
        "modality": ["text"],
        "sources": [{"kind": "public", "description": "licence texts as Debian ships them"}],
        "licence": "verbatim copies permitted",
    }, "keys/lab.key", "--files", "data/licences")
    story.attest("letter", "dataset", {
        "name": "letter",
        "modality": ["text"],
        "sources": [{"kind": "user", "description": "a letter written for this demonstration"}],
        "licence": "Apache-2.0",
    }, "keys/lab.key", "--files", "data/letter")


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".000Z"


def run_draft(kind, dataset, inputs, ids):
    return {
        "kind": kind,
        "inputs": inputs,
        "datasets": [{"statement": dataset, "role": "train"}],
        "code": {"uri": "examples/train_gpt.py"},
        "initial": "inputs" if inputs else "random",
        "devices": [ids["device"]],
        "allocations": [ids["allocation"]],
        "opened_by": "the lab's training team",
        "authorised_by": "the lab's head of research",
        "intended_deployment": "demonstration only",
    }


def passport_draft(name):
    return {
        "name": name,
        "version": "1",
        "intended_deployment": "demonstration only",
        "licence": "Apache-2.0",
        "restrictions": ["not for any use but demonstration"],
    }


def train(story, name, draft, data, seconds, *more):
    """One run, recorded while it trains; its passport is issued."""
    story.train(story, name, story.write_json(f"drafts/{name}.run.json", draft), "--data", data,
                "--out", f"models/{name}", "--checkpoints", f"runs/{name}.checkpoints", "--seconds",
                seconds, *more)
    story.say("the passport: everything behind the run, checked as a hub would, then written")
    out = story.carnet(
        "passport", "issue", f"models/{name}", "--draft",
        story.write_json(f"drafts/{name}.passport.json", passport_draft(name)), "--run",
        f"runs/{name}", "--trust", "trust", "--ledger", "ledger", "--key", "keys/lab.key", "--out",
        f"passports/{name}.passport.sigstore.jsonl", show=False)
    story.ids[f"{name} passport"] = out.split()[-1]
    print(indent(out))


def train_with_package(story, name, draft, *options):
    """The package carnet records the training from inside the job."""
    story.say("the package carnet opens the run before training starts, so that nobody can make up "
              "its story afterwards, and signs a segment for each checkpoint")
    story.run("env", "CARNET_LEDGER=ledger", "CARNET_KEY=keys/lab.key", "/usr/bin/python3",
              ROOT / "examples/train_gpt.py", "--record", f"runs/{name}", "--run", draft, *options)


def train_base(story):
    story.chapter("Pre-training, recorded as it runs")
    train(story, BASE, run_draft("pre-training", story.ids["licences"], [], story.ids),
          "data/licences", 12)


def train_chat(story):
    story.chapter("Fine-tuning that model: a new run, with the first passport as parent")
    model = json.loads(story.carnet("digest", f"models/{BASE}", "--json", quiet=True))["model"]
    edge = {"type": "fine-tuned-from", "model": model, "statement": story.ids[f"{BASE} passport"]}
    train(story, CHAT, run_draft("fine-tune", story.ids["letter"], [edge], story.ids),
          "data/letter", 6, "--init", f"models/{BASE}")


def verify(story):
    story.chapter("The hub checks the fine-tuned model's passport, offline")
    common = ("verify", f"models/{CHAT}", "--passport",
              f"passports/{CHAT}.passport.sigstore.jsonl", "--trust", "trust")
    started = time.monotonic()
    story.carnet(*common)
    print(f"# checked in {1000 * (time.monotonic() - started):.0f} ms, including process start")
    story.carnet(*common, "--policy", "eu-gpai", "--at", time.strftime("%Y-%m-%d"))
    story.say("the verdict as JSON, and as a signed SLSA VSA, which goes into the ledger")
    verdict = story.carnet(*common, "--json", "--vsa", f"bundles/{CHAT}.vsa.sigstore.json", "--key",
                           "keys/hub.key", "--ledger", "ledger", show=False)
    (story.out / "verdict.json").write_text(verdict)
    if json.loads(verdict)["decision"] != "pass":
        fail("the verdict is not a pass")


def trace(story):
    story.chapter("An auditor traces the lineage and sums the compute")
    model = json.loads((story.out / "verdict.json").read_text())["model"]
    story.carnet("trace", f"sha256:{model}", "--ledger", "ledger")
    story.carnet("trace", f"sha256:{model}", "--ledger", "ledger", "--format", "svg", "--out",
                 "lineage.svg")
    story.carnet("ledger", "fsck", "ledger")


def check_with_cosign(story):
    story.chapter("An independent tool, cosign, checks one line of the passport")
    if shutil.which("cosign", path=story.environment["PATH"]) is None:
        story.say("skipped: cosign is not installed, so nothing was checked here")
        return
    line = next(text for text in
                (story.out / f"passports/{CHAT}.passport.sigstore.jsonl").read_text().splitlines()
                if is_kind(text, "urn:carnet:passport:v1"))
    (story.out / f"bundles/{CHAT}.passport.sigstore.json").write_text(line + "\n")
    model = json.loads((story.out / "verdict.json").read_text())["model"]
    story.run("cosign", "verify-blob-attestation", "--key", "keys/lab.pub", "--bundle",
              f"bundles/{CHAT}.passport.sigstore.json", "--trusted-root", "trust/trusted_root.json",
              "--type", "urn:carnet:passport:v1", "--digest", model, "--digestAlg", "sha256")


def is_kind(line, predicate_type):
    return demo_attacks.statement_of(json.loads(line))["predicateType"] == predicate_type


def prepare():
    if not CARNET.exists():
        fail(f"{CARNET} is not built: run ./dev build")
    if OUT.exists():
        shutil.rmtree(OUT)
    for folder in ("keys", "trust/parties", "models", "passports", "bundles", "drafts", "runs",
                   "data/licences", "data/letter"):
        (OUT / folder).mkdir(parents=True)
    for path in sorted(LICENCES.iterdir()):
        if path.is_file() and not path.is_symlink():
            shutil.copy(path, OUT / "data/licences" / path.name)
    (OUT / "data/letter/letter.txt").write_text(LETTER * 20)


def main():
    started = time.monotonic()
    prepare()
    story = Story()
    make_keys_and_ledger(story)
    attest_hardware_and_data(story)
    shutil.copytree(OUT / "ledger", OUT / "attacks/yesterday")
    train_base(story)
    train_chat(story)
    verify(story)
    refused = demo_attacks.play(story)
    trace(story)
    check_with_cosign(story)
    print(f"\ndemo: all steps ended as expected; {refused} attacks refused, each for its own "
          f"reason; {time.monotonic() - started:.0f} s; everything is in demo/out/")


if __name__ == "__main__":
    main()
