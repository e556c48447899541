"""carnet.Run: a training run that is recorded while it trains."""
from __future__ import annotations

import contextlib
import json
import logging
import operator
import os
import pathlib
import threading
import types
from concurrent.futures import Future, ThreadPoolExecutor
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, SupportsIndex

from carnet._atomic import write_atomic
from carnet._carnet import (IssuedPassport, Key, Policy, RecordedStep, RunRecorder, Trust,
                            digest, fill_passport, issue_passport, report_machine)
from carnet._counted import with_count
from carnet._errors import Conflict, Error, IoError, Malformed, Rejected
from carnet._opening import Opening, differing, edge_to
from carnet._queue import Pending, Queue
from carnet._ranks import Alone, Collect, Distributed, Files, collect, ranks_of
from carnet._run_directory import RunDirectory
from carnet._setup import Setup
from carnet._times import ms_between, now_text

_LOG = logging.getLogger("carnet")


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
        self._kept = RunDirectory(self.directory)
        self._queue = Queue(self.directory / "queue")
        # Of this process since it started: a checkpoint that is lost takes no tokens with it.
        self._tokens = self._handed_over = 0
        self._counting = threading.Lock()
        self._unsaved: Callable[[], int] = int
        self._ranks: Alone | Distributed | Files = Alone()
        self._machines: Collect = list
        self._opened = False
        # What the next segment has of its own: where its weights came from, and when it began.
        self._from_step: int | None = None
        self._began: str | None = None
        self._problems: dict[str, str] = {}  # by what could not be done
        self._unraised: Error | None = None
        # Ends what is queued before the interpreter ends.
        self._recording = ThreadPoolExecutor(1, "carnet")
        self._started = False
        self._not_queued: str | None = None
        self._lost: str | None = None  # what could not be done and cannot be made good

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
            step: the optimiser step that training goes on from, where that is an earlier checkpoint
                than the last. A training that goes back to one says so by another call.
        """
        if step is not None:
            self._from_step = step
        if self._started:
            return
        self._started = True
        try:
            self._ranks = ranks_of(self.directory / "ranks")
            self._machines = self._ranks.share("machine", self._machine())
            if self._ranks.rank != 0:
                return
            self.resumed = self._kept.is_open()
            if self.resumed:  # the time before this process is nobody's device time
                self._began = now_text()
            # Waited for: what is trained before the run is opened is no part of it (R29).
            self._submit(self._drain).result()
            waiting = [one.fields["steps"]["to"] for one in self._queue.pending()]
            if self._opened and step not in (None, *waiting):
                with self.guard("start"):  # while another checkpoint can still be chosen
                    self._kept.segment_to(step)
        except Exception as error:
            self._lost = "start"
            self._note("start", error)
        self._raise_if_strict()

    def _machine(self) -> dict[str, str]:
        """What it tells the others of its own: a problem is one of the rank that opens the run."""
        if self._devices is not None:
            return {}
        try:
            return {"report": report_machine()}
        except (Error, OSError) as error:
            self._note("machine", error)
            return {"problem": str(error)}

    def count(self, tokens: SupportsIndex) -> None:
        """Tokens that this rank has processed: repeats count, padding does not."""
        with self.guard("count", loses=True), self._counting:
            self._tokens += operator.index(tokens)

    @contextlib.contextmanager
    def guard(self, what: str, *, loses: bool = False) -> Iterator[None]:
        """What a recorder does in the training's thread: an error of it does not reach the
        training. Where it loses tokens, the run cannot be completed."""
        try:
            yield
        except Exception as error:
            if loses:
                self._lost = what
            self._note(what, error)

    def checkpoint(self, path: str | os.PathLike[str], step: SupportsIndex, *,
                   tokens: SupportsIndex | None = None, **fields: Any) -> None:
        """A checkpoint was written; on every rank. Returns before it is read.

        Args:
            path: its folder or file, of its own: where it is written again before it was read, it
                is not recorded. What a trainer keeps there to go on from (optimizer.pt and the
                like) is no part of the model.
            step: optimiser steps of the run until now.
            tokens: of this rank since the last checkpoint, where `count` was not used.
            fields: of the segment's draft, such as `precision` and `metrics`. `counted` is what a
                counter found in a part of it: a mapping of its `flop`, `tokens` of this rank, and
                `source`; it is scaled and goes beside the other figures.
        """
        self.start()
        self._raise_if_strict()
        now, what = now_text(), f"checkpoint {os.fspath(path)}"
        with self.guard(what, loses=True):
            self._hand_over(tokens)
            step = operator.index(step)
        if self._lost == "start":
            return
        try:
            told = self._ranks.share(f"step-{step}", self._handed_over)
            if self._ranks.rank != 0 or self._lost == what:
                return
            draft = {**self._segment_fields, **fields, "steps": {"to": step}, "time": {"to": now}}
            one = Pending(os.path.abspath(path), draft, self._ranks.attempt, lowest_step=step,
                          from_step=self._from_step)
            if isinstance(self._ranks, Files):
                one.told, one.ranks = str(self._ranks.place(f"step-{step}")), self._ranks.size
            else:
                one.reached[one.attempt] = sum(told())
            if self._began is not None:
                draft["time"]["from"] = self._began
            self._queue.add(one)
            self._from_step = self._began = self._not_queued = None
            self._submit(self._drain)
        except Exception as error:
            self._not_queued = what
            self._note(what, error)

    def _hand_over(self, tokens: SupportsIndex | None) -> None:
        with self._counting:
            if tokens is not None:
                self._tokens = self._handed_over + operator.index(tokens)
            self._handed_over = self._tokens

    def count_later(self, unsaved: Callable[[], int]) -> None:
        """For a recorder that counts by itself: what it has not handed over yet, which `complete`
        asks for."""
        self._unsaved = unsaved

    # --- when training is over

    def wait(self, timeout: float | None = None) -> None:
        """Until all that was handed over is recorded. Raises TimeoutError (seconds), and Conflict
        once the run was closed."""
        self._submit(lambda: None).result(timeout)

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
        return self._submit(lambda: self._complete(os.path.abspath(model), fields)).result()

    def abort(self, reason: str) -> RecordedStep | None:
        """Closes the run without a model. Raises carnet.Error."""
        if self._ranks.rank != 0:
            return None
        self._submit(self._drain).result()
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
        path = pathlib.Path(model if model is not None else self._kept.remembered("model"))
        draft = {**fields, "name": name or self.name or path.name}
        models = [digest(parent) for parent in parents]
        with self._setup.ledger() as ledger:
            completion = self._kept.state().completion if self._kept.is_open() else None
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

    def _submit(self, work: Callable[[], Any]) -> Future[Any]:
        try:
            return self._recording.submit(work)
        except RuntimeError:
            raise Conflict(f"{self.directory}: the recorder was closed") from None

    def _note(self, what: str, error: Exception) -> None:
        self._unraised = error if isinstance(error, Error) else IoError(f"{what}: {error}")
        if what not in self._problems:
            _LOG.warning("not recorded: %s: %s", what, error)
        self._problems[what] = str(error) or type(error).__name__

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
                    self._merge(carried, one)
                try:
                    self._record(one)
                    carried = None
                except Exception as error:
                    self._note(f"checkpoint {one.path}", error)
                    carried = one
        except Exception as error:
            self._note("run" if not self._opened else "queue", error)

    def _open(self) -> None:
        if self._opened:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        with self._setup.ledger() as ledger, \
                RunRecorder.open(self.directory, self._setup.key(), ledger) as recorder:
            opening = Opening(self.directory, ledger, self._setup)
            if not self._kept.is_open():
                edge = edge_to(self._base, self._relation, self._unpassported_base, self._setup)
                draft = opening.draft({**self._described, **self._fields}, self._datasets, edge,
                                      self._device_reports, self._devices)
                if self._allocations:
                    draft["allocations"] = self._allocations
                recorder.open_run(recorder.fill_run(draft).draft, nonce=opening.nonce("run"))
            else:
                recorder.fill_run(self._fields)  # refuses what it was not opened with
                opening.datasets(self._datasets)
                for text in differing(self.directory, self._described):
                    self._note("run", Conflict(text))
        self._opened = True

    def _device_reports(self) -> list[str]:
        told = self._machines()
        for rank, one in enumerate(told):
            if "report" not in one:
                raise Malformed(f"rank {rank} of {len(told)}: its machine: "
                                f"{one.get('problem', 'it names its devices itself')}")
        return sorted({str(one["report"]) for one in told})

    def _merge(self, earlier: Pending, later: Pending) -> None:
        began = later.fields["time"].get("from")
        idle_ms = 0 if began is None else ms_between(earlier.fields["time"]["to"], began)
        ends = (earlier.fields["steps"]["to"], self._start_of(earlier), None)
        if later.from_step not in ends:
            raise Conflict(f"checkpoint {earlier.path} is not recorded, and {later.path} does not "
                           f"follow it, but step {later.from_step}: no segment holds both")
        self._queue.merge(earlier, later, idle_ms)

    def _start_of(self, one: Pending) -> int:
        """The step that its training went on from."""
        return self._kept.state().next_steps[0] if one.from_step is None else one.from_step

    def _record(self, one: Pending) -> None:
        model = digest(self._queue.fetch(one))
        self._queue.check(one)
        if "tokens" not in one.fields:  # else it was being recorded when the job was killed
            tokens = self._tokens_of(one)
            if tokens == 0 and self._is_recorded(one, model.digest):
                self._queue.remove(one)
                return
            one.fields.update(self._place(one), tokens=tokens)
            self._queue.store(one)
        fields = with_count(one.fields)

        def record(recorder: RunRecorder) -> RecordedStep:
            if one.idle_ms and "usage" not in fields:
                usage = json.loads(recorder.fill_segment(fields, model).draft)["usage"]
                fields["usage"] = one.fields["usage"] = [
                    {**device, "ms": device["ms"] - one.idle_ms} for device in usage]
                self._queue.store(one)
            step = recorder.segment(recorder.fill_segment(fields, model).draft, model)
            recorder.remember_files(one.path)
            return step

        step = self._step(record)
        ends = self._kept.remembered("segments", {})
        self._kept.remember(segments={**ends, str(fields["steps"]["to"]): step.statement},
                       reached={**self._kept.remembered("reached", {}), **one.reached},
                       checkpoint=model.digest)
        self._queue.remove(one)

    def _tokens_of(self, one: Pending) -> int:
        """Of all ranks since the last recorded checkpoint."""
        if one.attempt not in one.reached:
            one.reached[one.attempt] = sum(collect(pathlib.Path(one.told), one.ranks,
                                                   wait=one.attempt == self._ranks.attempt))
        before = self._kept.remembered("reached", {})
        tokens = sum(total - before.get(name, 0) for name, total in one.reached.items())
        if tokens < 0:
            raise Conflict(f"{one.path}: the ranks tell fewer tokens than at the checkpoint before")
        return tokens

    def _is_recorded(self, one: Pending, model: str) -> bool:
        """Whether it is the last recorded checkpoint, written once more."""
        return (one.fields["steps"]["to"] == self._kept.state().next_steps[0]
                and self._kept.remembered("checkpoint", "") == model)

    def _place(self, one: Pending) -> dict[str, Any]:
        """Where its weights came from, if not from the segment before it."""
        start = self._start_of(one)
        if one.lowest_step <= start:
            raise Conflict(f"step {one.lowest_step} does not follow step {start}: a training that "
                           "went back to an earlier checkpoint says to which one: start(step)")
        segment = self._kept.segment_to(start)
        if segment is None:
            return {}
        return {"steps": {**one.fields["steps"], "from": start}, "weights_from": segment}

    def _complete(self, path: str, fields: dict[str, Any]) -> RecordedStep:
        self._drain()
        waiting = self._queue.pending()
        what = (self._lost or (None if self._opened else "run") or self._not_queued
                or (f"checkpoint {waiting[-1].path}" if waiting else None))
        if what is not None:
            raise Rejected(f"{self.directory}: the run cannot be completed: {what}: "
                           f"{self._problems.get(what, 'is not recorded')}")
        unsaved = self._tokens - self._handed_over + self._unsaved()
        if unsaved:
            raise Rejected(f"{self.directory}: the run cannot be completed: {unsaved} tokens were "
                           "counted after the last checkpoint")
        model = digest(path)

        def record(recorder: RunRecorder) -> RecordedStep:
            step = recorder.complete(fields, model)
            recorder.remember_files(path)
            return step

        step = self._step(record)
        self._kept.remember(model=path)
        return step
