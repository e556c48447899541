"""carnet.Run: a training run that is recorded while it trains."""
from __future__ import annotations

import datetime
import json
import logging
import os
import pathlib
import types
from concurrent.futures import ThreadPoolExecutor
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from carnet._atomic import write_atomic
from carnet._carnet import (IssuedPassport, Key, Policy, RecordedStep, RunRecorder, RunState, Trust,
                            digest, fill_passport, find_passport, issue_passport, report_machine)
from carnet._errors import Conflict, Error, IoError, NotFound, Rejected
from carnet._opening import Opening, differing
from carnet._queue import Pending, Queue
from carnet._ranks import Alone, Collect, Distributed, Files, collect, ranks_of
from carnet._setup import Setup

_LOG = logging.getLogger("carnet")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _time_text(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _with_count(fields: Mapping[str, Any]) -> dict[str, Any]:
    """With what was counted in a part of the segment, scaled to its tokens, beside its figures."""
    whole = dict(fields)
    counted = whole.pop("counted", None)
    if not counted or "methods" not in whole.get("flop", {}):
        return whole
    result = counted["flop"] * whole["tokens"] // counted["tokens"]
    counter = {"method": "counter", "result": str(result),
               "source": f"{counted['source']}, in a step of {counted['tokens']} tokens, scaled to "
                         f"{whole['tokens']}"}
    methods = list(whole["flop"]["methods"])
    by_classes = sum(_by_classes(one, whole["tokens"]) for one in methods)
    if result * 10 < by_classes * 7:  # R34 bears 30 %; the lower one is not what the run cost
        return whole
    if result * 10 > by_classes * 13:  # weights that are used several times a token
        methods = [one for one in methods if one["method"] != "architecture"]
        whole["flop"] = {**whole["flop"], "method": "counter"}
    whole["flop"] = {**whole["flop"], "methods": [*methods, counter]}
    return whole


_COEFFICIENTS = {"trained": 6, "frozen-under-training": 4, "forward-only": 2, "lookup": 0}  # S9


def _by_classes(method: Mapping[str, Any], tokens: int) -> int:
    """FLOP by architecture; 0 for another method."""
    if method["method"] != "architecture":
        return 0
    each = sum(_COEFFICIENTS[one["treatment"]] * one["parameters"] for one in method["classes"])
    return tokens * (each + int(method.get("attention_per_token", 0)))


class Run:
    """Records one training run from inside the job, and never stops or delays it.

        run = carnet.Run("run1", datasets=carnet.Data("data", source="public"),
                         kind="pre-training", opened_by="the training team",
                         authorised_by="the head of research", intended_deployment="research")
        ...                                     # in the loop, on every rank:
        run.count(tokens)                       # tokens of a step, without padding
        run.checkpoint("checkpoints/100", 100)  # after it is written
        ...
        run.complete("checkpoints/100")
        run.issue_passport(name="tiny")

    Files are read, digested and signed by a thread of the first rank, while training goes on. What
    goes wrong there is in `problems`, and is logged as a warning of the logger "carnet"; `complete`
    and `issue_passport` raise it where it left a gap. A job that was killed makes the same Run
    again: what it had handed over is recorded then, and nothing twice.

    Args:
        directory: of the run's state; all ranks of a job see the same one.
        datasets: what it trains on: paths, `Data`, data sets of the library datasets, or ids of
            statements; one, or a list. By default undisclosed.
        base: path of a model that it starts from. Its passport, if it has one, must pass the gate;
            without one, `unpassported_base` has to be true, and its lineage ends there.
        relation: what was taken from the base.
        devices: ids of device statements. By default the machines of the job, which this key
            attests, each once.
        allocations: ids of allocation statements.
        name: of the model, for its passport.
        key, ledger, trust, policy: by default those of the environment (CARNET_KEY, …) or of the
            project's carnet.toml.
        password: of the key; by default CARNET_PASSWORD.
        project: path of a carnet.toml.
        strict: raise at the next call what went wrong in the background.
        fields: of the run's draft (docs/formats.md): `kind`, `opened_by`, `authorised_by`,
            `intended_deployment`, …
    """

    def __init__(self, directory: str | os.PathLike[str], *, datasets: Any = "undisclosed",
                 base: str | os.PathLike[str] | None = None, relation: str = "fine-tuned-from",
                 unpassported_base: bool = False, devices: Iterable[str] | None = None,
                 allocations: Iterable[str] = (), name: str | None = None,
                 key: str | os.PathLike[str] | Key | None = None,
                 ledger: str | os.PathLike[str] | None = None,
                 trust: str | os.PathLike[str] | Trust | None = None,
                 policy: str | Policy | None = None,
                 password: str | Callable[[], str] | None = None,
                 project: str | os.PathLike[str] | None = None, strict: bool = False,
                 **fields: Any) -> None:
        self.directory = pathlib.Path(directory).absolute()
        self.name = name
        self.strict = strict
        self.resumed = False
        self.passport: pathlib.Path | None = None
        self._setup = Setup({"key": key, "ledger": ledger, "trust": trust, "policy": policy},
                            password, project)
        self._fields = fields
        self._datasets, self._allocations = datasets, list(allocations)
        self._base, self._relation = base, relation
        self._unpassported_base = unpassported_base
        self._devices = None if devices is None else list(devices)
        self._described: dict[str, Any] = {}
        self._segment_fields: dict[str, Any] = {}
        self._queue = Queue(self.directory / "queue")
        self._tokens = 0
        self._ranks: Alone | Distributed | Files = Alone()
        self._machines: Collect = list
        self._opened = False
        # What the first segment of this process has of its own.
        self._first: dict[str, Any] | None = None
        self._problems: dict[str, str] = {}  # by what could not be done
        self._unraised: Error | None = None
        # Ends what is queued before the interpreter ends.
        self._recording = ThreadPoolExecutor(1, "carnet")
        self._started = False
        self._not_queued: str | None = None

    @property
    def problems(self) -> list[str]:
        """What could not be done, and why: the latest reason of each. Some of it was done later, or
        became part of the segment after it."""
        return [f"{what}: {why}" for what, why in self._problems.items()]

    @property
    def is_recording(self) -> bool:
        """Whether this is the rank that signs."""
        return self._ranks.rank == 0

    # --- what a callback knows of the training

    def describe(self, *, environment: str | None = None,
                 configuration: Mapping[str, Any] | None = None,
                 seed: int | None = None, data_order: Mapping[str, object] | None = None,
                 segment: Mapping[str, Any] | None = None, **fields: Any) -> None:
        """What is known of the training before it starts; what the caller of Run stated stands.

        Args:
            environment: versions of the libraries that matter.
            configuration: is written to the run directory; the run has its digest.
            seed, data_order: the run has commitments to them (S8). What opens them stays in the run
                directory, where the owner alone can read it.
            segment: fields that the draft of each segment has, such as `precision` and `flop`.
            fields: others of the run's draft.
        """
        self._described.update(fields)
        for name, value in (("environment", environment), ("configuration", configuration),
                            ("seed", seed), ("data_order", data_order)):
            if value is not None:
                self._described[name] = value
        self._segment_fields.update(segment or {})

    # --- the training thread

    def start(self, step: int | None = None) -> None:
        """Opens the run, or goes on with it; on every rank, before it trains. Once is enough.

        Reads the data sets, unless they are statements, and returns once the run is logged.

        Args:
            step: the optimiser step that training goes on from, if it is not where the last
                recorded segment ended: one of the earlier checkpoints.
        """
        if self._started:
            return
        self._started = True
        try:
            self._ranks = ranks_of(self.directory / "ranks")
            report = None if self._devices is not None else report_machine()
            self._machines = self._ranks.share("machine", report)
            if self._ranks.rank != 0:
                return
            self.resumed = self._is_open()
            if self.resumed:  # the time before this process is nobody's device time
                self._first = {"from_step": step, "began": _time_text(_now())}
        except (Error, OSError) as error:
            self._note("start", error)
        # Waited for: what is trained before the run is opened is no part of it (R29).
        self._recording.submit(self._drain).result()
        self._raise_if_strict()

    def count(self, tokens: int) -> None:
        """Tokens that this rank has processed: repeats count, padding does not."""
        self._tokens += tokens

    def checkpoint(self, path: str | os.PathLike[str], step: int, *, tokens: int | None = None,
                   **fields: Any) -> None:
        """A checkpoint was written; on every rank. Returns before it is read.

        Args:
            path: its folder or file. What a trainer keeps there to go on from (optimizer.pt and the
                like) is no part of the model.
            step: optimiser steps of the run until now.
            tokens: of this rank since the last checkpoint, where `count` was not used.
            fields: of the segment's draft, such as `precision` and `metrics`. `counted` is what a
                counter found in a part of it: a mapping of its `flop`, `tokens` of this rank, and
                `source`; it is scaled and goes beside the other figures.
        """
        self.start()
        self._raise_if_strict()
        now, own = _time_text(_now()), self._tokens if tokens is None else tokens
        self._tokens = 0
        try:
            told = self._ranks.share(f"step-{step}", own)
            if self._ranks.rank != 0:
                return
            draft = {**self._segment_fields, **fields, "steps": {"to": step}, "time": {"to": now}}
            one = Pending(os.path.abspath(path), draft)
            if isinstance(self._ranks, Files):
                one.told, one.ranks = str(self._ranks.place(f"step-{step}")), self._ranks.size
            else:
                draft["tokens"] = sum(told())
            if self._first is not None:
                draft["time"]["from"] = self._first["began"]
                one.from_step = self._first["from_step"]
            self._queue.add(one)
            self._first, self._not_queued = None, None
        except (Error, OSError) as error:
            self._tokens = own  # of the next segment then
            self._not_queued = f"checkpoint {os.fspath(path)}"
            self._note(self._not_queued, error)
            return
        self._recording.submit(self._drain)

    # --- when training is over

    def wait(self, timeout: float | None = None) -> None:
        """Until all that was handed over is recorded. Raises TimeoutError (seconds)."""
        self._recording.submit(lambda: None).result(timeout)

    def complete(self, model: str | os.PathLike[str], **fields: Any) -> RecordedStep | None:
        """Closes the run with its final model, once all checkpoints are recorded; None on ranks
        that do not record.

        Args:
            model: its folder or file: the last checkpoint, or one with the same tensors.
            fields: of the completion's draft, such as `parameters` of a mixture of experts.

        Raises:
            carnet.Error: a checkpoint could not be recorded; what of the run went wrong is in
                `problems`. Rejected: the model is not what the last checkpoint was.
        """
        if self._ranks.rank != 0:
            return None
        return self._recording.submit(self._complete, os.path.abspath(model), fields).result()

    def abort(self, reason: str) -> RecordedStep | None:
        """Closes the run without a model. Raises carnet.Error."""
        if self._ranks.rank != 0:
            return None
        self._recording.submit(self._drain).result()
        return self._step(lambda recorder: recorder.abort(reason))

    def issue_passport(self, model: str | os.PathLike[str] | None = None, *,
                       name: str | None = None, out: str | os.PathLike[str] | None = None,
                       parents: Iterable[str | os.PathLike[str]] = (),
                       **fields: Any) -> IssuedPassport | None:
        """Signs the passport of the completed run's model and writes it, once the gate lets it
        pass; None on ranks that do not record.

        Args:
            model: its folder or file, by default the one that the run was completed with.
            name: what the model is called.
            out: the passport's file, by default `<model>.passport.sigstore.jsonl`, where
                `carnet.verify` finds it.
            parents: folders of models that it was trained from: their tensors show which of its own
                are frozen.
            fields: of the passport's draft, such as `licence` and `restrictions`.

        Raises:
            Rejected: the gate's first finding; no file is written. And other carnet.Errors.
        """
        if self._ranks.rank != 0:
            return None
        path = pathlib.Path(model if model is not None else self._remembered("model"))
        draft = {**fields, "name": name or self.name or path.name}
        models = [digest(parent) for parent in parents]
        with self._setup.ledger() as ledger:
            completion = self._state().completion if self._is_open() else None
            if completion is None:
                raise Rejected(f"{self.directory}: the run is not completed")
            filled = fill_passport(ledger, completion, draft)
            issued = issue_passport(ledger, self._setup.key(), self._setup.gate(), digest(path),
                                    filled.draft, completion, parents=models)
        self.passport = pathlib.Path(out) if out is not None else path.with_name(
            path.name + ".passport.sigstore.jsonl")
        write_atomic(self.passport, issued.passport.decode())
        return issued

    def close(self) -> None:
        """Records what was handed over, and ends the thread. The run stays open."""
        self._recording.shutdown(wait=True)

    def __enter__(self) -> Run:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: types.TracebackType | None) -> None:
        self.close()

    # --- the recording thread

    def _note(self, what: str, error: Exception) -> None:
        self._unraised = error if isinstance(error, Error) else IoError(f"{what}: {error}")
        if what not in self._problems:
            _LOG.warning("not recorded: %s: %s", what, error)
        self._problems[what] = str(error)

    def _raise_if_strict(self) -> None:
        if self.strict and self._unraised is not None:
            error, self._unraised = self._unraised, None
            raise error

    def _step(self, record: Callable[[RunRecorder], RecordedStep]) -> RecordedStep:
        with self._setup.ledger() as ledger, \
                RunRecorder.open(self.directory, self._setup.key(), ledger) as recorder:
            return record(recorder)

    def _drain(self) -> None:
        """Records what is queued, oldest first. What cannot be becomes part of what follows it."""
        carried: Pending | None = None
        try:
            self._open()
            for one in self._queue.pending():
                if carried is not None:
                    self._queue.merge(carried, one)
                try:
                    self._record(one)
                    carried = None
                except (Error, OSError) as error:
                    self._note(f"checkpoint {one.path}", error)
                    carried = one
        except (Error, OSError) as error:
            self._note("run" if not self._opened else "queue", error)

    def _open(self) -> None:
        if self._opened:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._setup.ledger() as ledger, \
                RunRecorder.open(self.directory, self._setup.key(), ledger) as recorder:
            if not self._is_open():
                opening = Opening(self.directory, ledger, self._setup)
                draft = opening.draft({**self._described, **self._fields}, self._datasets,
                                      self._edge(), self._device_reports(), self._devices)
                if self._allocations:
                    draft["allocations"] = self._allocations
                recorder.open_run(recorder.fill_run(draft).draft, nonce=opening.nonce("run"))
            else:
                recorder.fill_run(self._fields)  # refuses what it was not opened with
                for text in differing(self.directory, self._described):
                    self._note("run", Conflict(text))
        self._opened = True

    def _state(self) -> RunState:
        return RunRecorder.read_state(self.directory)

    def _is_open(self) -> bool:
        try:
            return self._state().run is not None
        except NotFound:
            return False

    def _remembered(self, name: str, default: Any = None) -> Any:
        """What the run directory says of it; by default raises Rejected."""
        path = self.directory / "recorded.json"
        value = json.loads(path.read_text()).get(name, default) if path.exists() else default
        if value is None:
            raise Rejected(f"{self.directory}: has no {name} yet")
        return value

    def _remember(self, **values: Any) -> None:
        path = self.directory / "recorded.json"
        old = json.loads(path.read_text()) if path.exists() else {}
        write_atomic(path, json.dumps({**old, **values}))

    def _device_reports(self) -> list[str]:
        return sorted({str(report) for report in self._machines() if report is not None})

    def _edge(self) -> dict[str, str] | None:
        """To the base, once it is judged."""
        if self._base is None:
            return None
        edge = {"type": self._relation}
        try:
            passport = find_passport(self._base)
        except NotFound:
            if not self._unpassported_base:
                raise Rejected(f"{os.fspath(self._base)}: has no passport, so that the lineage "
                               "would end there; unpassported_base=True allows that") from None
            return {**edge, "model": digest(self._base).digest}
        verdict = self._setup.gate().check_model(self._base, passport)
        if not verdict.passed:
            raise Rejected(f"{os.fspath(self._base)}: its passport does not pass: "
                           f"{verdict.findings[0].reason}: {verdict.findings[0].message}")
        return {**edge, "model": verdict.model, "statement": verdict.passport}

    def _record(self, one: Pending) -> None:
        if "tokens" not in one.fields:
            one.fields["tokens"] = sum(collect(pathlib.Path(one.told), one.ranks))
            self._queue.store(one)
        model = digest(self._queue.files_of(one))
        fields = {**_with_count(one.fields), **self._place(one)}

        def record(recorder: RunRecorder) -> RecordedStep:
            step = recorder.segment(recorder.fill_segment(fields, model).draft, model)
            recorder.remember_files(one.path)
            return step

        step = self._step(record)
        ends = self._remembered("segments", {})
        self._remember(segments={**ends, str(fields["steps"]["to"]): step.statement})
        self._queue.remove(one)

    def _place(self, one: Pending) -> dict[str, Any]:
        """Where its weights came from, if not from the segment before it."""
        if one.from_step is None or one.from_step == self._state().next_steps[0]:
            return {}
        segment = self._remembered("segments", {}).get(str(one.from_step))
        if segment is None:
            raise Conflict(f"training went on from step {one.from_step}, where no recorded segment "
                           "of this run ended")
        return {"steps": {**one.fields["steps"], "from": one.from_step}, "weights_from": segment}

    def _complete(self, path: str, fields: dict[str, Any]) -> RecordedStep:
        self._drain()
        waiting = self._queue.pending()
        if waiting or self._not_queued or not self._opened:
            what = self._not_queued or f"checkpoint {waiting[-1].path}" if self._opened else "run"
            raise Rejected(f"{self.directory}: the run cannot be completed: {what}: "
                           f"{self._problems.get(what, 'is not recorded')}")
        model = digest(path)

        def record(recorder: RunRecorder) -> RecordedStep:
            step = recorder.complete(fields, model)
            recorder.remember_files(path)
            return step

        step = self._step(record)
        self._remember(model=path)
        return step
