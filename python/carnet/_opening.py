"""How a run is opened: what its draft says that follows from what is at hand."""
from __future__ import annotations

import hashlib
import json
import os
import pathlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from carnet._atomic import write_atomic
from carnet._carnet import Ledger, attest_machine, digest, find_passport
from carnet._commitment import commit, run_subject
from carnet._data import attest_data, listed
from carnet._errors import Conflict, NotFound, Rejected
from carnet._setup import Setup

_COMMITMENTS = {"seed": "seed_commitment", "data_order": "data_order_commitment"}
# The kinds of run that such an edge fits (R25).
_KINDS = {"fine-tuned-from": "fine-tune", "initialised-from": "pre-training",
          "distilled-from": "distillation", "adapter-on": "adapter",
          "quantised-from": "quantisation", "merged-from": "merge", "ablated-from": "ablation"}


def _openings(directory: pathlib.Path) -> pathlib.Path:
    return directory / "openings.json"


def _committed(name: str, value: Any) -> dict[str, object]:
    return dict(value) if isinstance(value, Mapping) else {name: value}


def differing(directory: pathlib.Path, described: Mapping[str, Any]) -> Iterable[str]:
    """What a job that goes on with a run has otherwise than the run committed to."""
    try:
        opened = json.loads(_openings(directory).read_text())
    except FileNotFoundError:
        return
    for name, field in _COMMITMENTS.items():
        if name not in described or field not in opened:
            continue
        value = {key: str(item) for key, item in _committed(name, described[name]).items()}
        if value != opened[field]["value"]:
            yield (f"{name}: the run committed to {opened[field]['value']}, and training goes on "
                   f"with {value}")


def edge_to(base: str | os.PathLike[str] | None, relation: str, unpassported: bool,
            setup: Setup) -> dict[str, str] | None:
    """To the base, once it is judged. Raises Rejected: its passport, or that it has none."""
    if base is None:
        return None
    edge = {"type": relation}
    try:
        passport = find_passport(base)
    except NotFound:
        if not unpassported:
            raise Rejected(f"{os.fspath(base)}: has no passport, so that the lineage "
                           "would end there; unpassported_base=True allows that") from None
        return {**edge, "model": digest(base).digest}
    verdict = setup.gate().check_model(base, passport)
    if not verdict.passed:
        raise Rejected(f"{os.fspath(base)}: its passport does not pass: "
                       f"{verdict.findings[0].reason}: {verdict.findings[0].message}")
    return {**edge, "model": verdict.model, "statement": verdict.passport}


class Opening:
    """Signs and logs what the run refers to; what a killed job did of it is not done again."""

    def __init__(self, directory: pathlib.Path, ledger: Ledger, setup: Setup) -> None:
        self._directory, self._ledger, self._setup = directory, ledger, setup

    def nonce(self, name: str) -> str:
        """Of the statement with that name, the same in each attempt."""
        path = self._directory / "nonces.json"
        nonces = json.loads(path.read_text()) if path.exists() else {}
        if name not in nonces:
            nonces[name] = os.urandom(16).hex()
            write_atomic(path, json.dumps(nonces))
        return str(nonces[name])

    def draft(self, stated: Mapping[str, Any], datasets: Any, edge: Mapping[str, str] | None,
              machines: Callable[[], Iterable[str]],
              devices: Iterable[str] | None) -> dict[str, Any]:
        """The run's draft: what was stated, and the statements that it refers to."""
        draft = dict(stated)
        self._configure(draft)
        self._commit(draft)
        if edge is not None:
            draft.update(inputs=[dict(edge)])
            draft.setdefault("kind", _KINDS.get(edge["type"], "fine-tune"))
        key = self._setup.key()
        if datasets == "undisclosed":
            draft.setdefault("datasets", datasets)
        else:
            draft["datasets"] = self.datasets(datasets)
        draft["devices"] = list(devices) if devices is not None else list(dict.fromkeys(
            attest_machine(self._ledger, key, report).statement for report in machines()))
        return draft

    def datasets(self, given: Any) -> list[dict[str, str]]:
        """Their uses, each attested once. Raises Conflict where one is another than it was."""
        if given == "undisclosed":
            return []
        key, uses = self._setup.key(), []
        for at, one in enumerate(listed(given)):
            try:
                uses.append(attest_data(one, self._ledger, key, self._directory,
                                        self.nonce(f"dataset {at}")))
            except Conflict as error:
                raise Conflict(f"{getattr(one, 'path', one)}: is not the data set that the run was "
                               f"opened with: {error}") from None
        return uses

    def _configure(self, draft: dict[str, Any]) -> None:
        configuration = draft.get("configuration")
        if not isinstance(configuration, Mapping):
            return
        text = json.dumps(configuration, sort_keys=True, indent=1, default=str) + "\n"
        write_atomic(self._directory / "configuration.json", text)
        draft["configuration"] = hashlib.sha256(text.encode()).hexdigest()

    def _commit(self, draft: dict[str, Any]) -> None:
        subject, openings = run_subject(self.nonce("run")), {}
        for name, field in _COMMITMENTS.items():
            value = draft.pop(name, None)
            if value is not None and field not in draft:
                draft[field], openings[field] = commit(f"run.{field}", subject,
                                                       _committed(name, value))
        if openings:
            write_atomic(_openings(self._directory), json.dumps(openings, indent=1), 0o600)
