"""A model whose making was recorded through the package: two keys, a ledger, a trust directory, one
run of two segments, its passport. Made once a process; and the command, as an oracle.

Drafts here are mappings, as a training in Python has them (docs/formats.md)."""
import atexit
import datetime
import functools
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import time

import carnet

PASSWORD = "secret"
SHAPES = {"embedding.weight": [10, 4], "layer.weight": [6, 6]}
PARAMETERS = 76
TOKENS = 1000
SEGMENT_MS = 50
UPDATE_FLOP = 2 * 6 * PARAMETERS * TOKENS  # of the run
DEVICE = {
    "id": "tpm:ek:" + "c" * 64,
    "units": 1,
    "vendor": "Intel",
    "cpu": {"model": "Xeon", "cores": 2, "f32_lanes": 16, "fma_units": 2,
            "nominal_hz": 3_000_000_000, "used_hz": 3_000_000_000},
}


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def period(start, end):
    return {"from": text_of(start), "to": text_of(end)}


def run_draft(dataset):
    return {"kind": "pre-training", "inputs": [], "initial": "random", "lanes": 1,
            "datasets": [{"statement": dataset, "role": "train"}], "opened_by": "the lab",
            "authorised_by": "the board", "intended_deployment": "research"}


def figure():
    amount = 6 * PARAMETERS * TOKENS
    architecture = {"method": "architecture", "result": str(amount), "tokens": TOKENS,
                    "parameters": PARAMETERS,
                    "classes": [{"treatment": "trained", "parameters": PARAMETERS}]}
    counter = {"method": "counter", "result": str(amount * 21 // 20), "source": "dispatch counter"}
    return {"amount": str(amount), "method": "architecture", "methods": [architecture, counter],
            "precision": "fp32", "recomputation_excluded": True, "padding_excluded": True}


def segment_draft(stretch, start, device, allocation):
    return {"steps": {"from": 10 * stretch, "to": 10 * (stretch + 1)}, "tokens": TOKENS,
            "time": period(start, start + datetime.timedelta(milliseconds=SEGMENT_MS)),
            "flop": {"update": figure(), "total": figure()},
            "usage": [{"device": device, "allocation": allocation, "units": 1, "ms": SEGMENT_MS}],
            "precision": ["fp32"]}


PASSPORT_DRAFT = {"name": "model", "intended_deployment": "research"}


def write_weights(folder, fill):
    """A safetensors file of 76 numbers, and a config."""
    header, end = {}, 0
    for name, (rows, columns) in SHAPES.items():
        begin, end = end, end + 4 * rows * columns
        header[name] = {"dtype": "F32", "shape": [rows, columns], "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}\n")
    (folder / "model.safetensors").write_bytes(
        struct.pack("<Q", len(text)) + text + bytes([fill]) * end)


class Recorded:
    """folder: ledger/ trust/ model/ ckpt/ run/ lab.key cloud.key passport.jsonl"""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="carnet-python-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.lab = carnet.Key.generate(self.folder / "lab", PASSWORD)
        self.cloud = carnet.Key.generate(self.folder / "cloud", PASSWORD)
        carnet.Ledger.create(self.folder / "ledger", "log.example.org")
        self.write_trust()
        with carnet.Ledger.open(self.folder / "ledger") as ledger:
            self.attest(ledger)
            with carnet.RunRecorder.open(self.folder / "run", self.lab, ledger) as recorder:
                self.record(recorder)
            self.issued = carnet.issue_passport(
                ledger, self.lab, carnet.Gate(self.trust, carnet.Policy.shipped("hub-default")),
                self.model, PASSPORT_DRAFT, self.completion.statement)
        self.passport = self.folder / "passport.jsonl"
        self.passport.write_bytes(self.issued.passport)

    def write_trust(self):
        parties = self.folder / "trust/parties"
        parties.mkdir(parents=True)
        (self.folder / "trust/trusted_root.json").write_text(
            carnet.LedgerReader.open(self.folder / "ledger").trusted_root("operator"))
        for party, key, kinds in (
                ("lab", self.lab, ["dataset", "run", "segment", "completion", "passport"]),
                ("cloud", self.cloud, ["device", "allocation"])):
            (parties / f"{party}.pub").write_text(key.public_key)
            (parties / f"{party}.toml").write_text(
                f'party = "{party}"\n[[key]]\nfile = "{party}.pub"\nkinds = {json.dumps(kinds)}\n')
        self.trust = carnet.Trust.load(self.folder / "trust")

    def attest(self, ledger):
        day = datetime.timedelta(days=1)
        self.device = carnet.attest(ledger, self.cloud, "device", DEVICE).statement
        self.allocation = carnet.attest(
            ledger, self.cloud, "allocation",
            {"holders": [self.lab.id], "devices": [self.device],
             "window": period(utc_now() - day, utc_now() + day)}).statement
        data = self.folder / "data"
        data.mkdir()
        (data / "a.txt").write_text("some text")
        self.dataset = carnet.attest(ledger, self.lab, "dataset",
                                     {"name": "texts", "sources": [{"kind": "public"}]},
                                     files=carnet.digest(data)).statement

    def record(self, recorder):
        self.run = recorder.open_run(run_draft(self.dataset))
        self.segments = []
        for stretch in range(2):
            checkpoint = self.folder / f"ckpt/{stretch}"
            write_weights(checkpoint, ord("a") + stretch)
            draft = segment_draft(stretch, utc_now(), self.device, self.allocation)
            time.sleep(SEGMENT_MS / 1000)
            self.segments.append(recorder.segment(draft, carnet.digest(checkpoint)))
        shutil.copytree(self.folder / "ckpt/1", self.folder / "model")
        self.model = carnet.digest(self.folder / "model")
        self.completion = recorder.complete({}, self.model)

    def gate(self, **options):
        return carnet.Gate(self.trust, carnet.Policy.shipped("hub-default"), **options)


@functools.lru_cache(maxsize=None)
def recorded():
    return Recorded()


def command(*arguments, status=0):
    """What the command prints; it must end with that status."""
    done = subprocess.run([os.environ["CARNET_BINARY"], *map(str, arguments)], text=True,
                          capture_output=True, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, "NO_COLOR": "1", "CARNET_PASSWORD": PASSWORD})
    if done.returncode != status:
        raise AssertionError(f"carnet {arguments[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout
