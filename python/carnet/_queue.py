"""Checkpoints that are still to be recorded, in the run directory: a job that is killed finds them.

A checkpoint is kept as hard links, so that what the framework deletes meanwhile is still there.
"""
from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import Any

from carnet._atomic import write_atomic
from carnet._errors import Conflict, Malformed, Rejected

# What trainers keep beside a model to go on from: no part of it, and pickles of their own.
_STATE_FILES = ("optimizer.pt", "optimizer.bin", "scheduler.pt", "scheduler.bin", "scaler.pt",
                "trainer_state.json", "training_args.bin")
_STATE_STARTS = ("rng_state", "random_states", "global_step", "optimizer_", "sampler")


def is_training_state(name: str) -> bool:
    """Whether the file or folder at the top of a checkpoint is there to go on from only."""
    return name in _STATE_FILES or name.startswith(_STATE_STARTS)


def _files(source: pathlib.Path) -> Iterator[pathlib.PurePath]:
    """The model's files in a checkpoint, by their path in it."""
    if not source.is_dir():
        yield pathlib.PurePath(source.name)
        return
    for folder, folders, files in os.walk(source):
        here = pathlib.Path(folder)
        if here == source:
            folders[:] = [name for name in folders if not is_training_state(name)]
            files = [name for name in files if not is_training_state(name)]
        for name in (*folders, *files):
            if (here / name).is_symlink():
                raise Rejected(f"{here / name}: is a link, and what it leads to is not in the "
                               "checkpoint")
        yield from ((here / name).relative_to(source) for name in files)


def _stamp(path: pathlib.Path) -> list[int]:
    found = os.lstat(path)
    return [found.st_size, found.st_mtime_ns]


@dataclasses.dataclass
class Pending:
    """One checkpoint, and the draft of its segment."""

    path: str  # where it was written
    fields: dict[str, Any]
    attempt: str  # which start of the job wrote it
    # Tokens of all ranks until now, by the attempt that counted them; its own once they are known.
    reached: dict[str, int] = dataclasses.field(default_factory=dict)
    told: str = ""  # place where the ranks tell their tokens (carnet._ranks)
    ranks: int = 1
    from_step: int | None = None  # where its process went on, as far as that is said
    lowest_step: int = 0  # of those that it covers
    idle_ms: int = 0  # between the jobs that it covers
    files: dict[str, list[int]] = dataclasses.field(default_factory=dict)  # size, time of change
    number: int = -1
    covers: list[int] = dataclasses.field(default_factory=list)  # earlier ones, as part of it


class Queue:
    """In the order in which they were made."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._copy = folder / "copy.tmp"

    def _file(self, number: int) -> pathlib.Path:
        return self._folder / f"{number:08d}.json"

    def _files_of(self, one: Pending) -> pathlib.Path:
        return self._folder / f"{one.number:08d}"

    def pending(self) -> list[Pending]:
        """Those that are whole, and no part of another. Raises Malformed."""
        found = []
        for path in sorted(self._folder.glob("[0-9]*.json")):
            try:
                found.append(Pending(**json.loads(path.read_text())))
            except (TypeError, ValueError) as error:
                raise Malformed(f"{path}: {error}") from None
        covered = {number for one in found for number in one.covers}
        return [one for one in found if one.number not in covered]

    def add(self, one: Pending) -> None:
        """Once this returns, it survives the job. Raises OSError, Rejected."""
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.name[:8]) for path in self._folder.iterdir() if path.name[:8].isdigit()]
        one.number = max(taken, default=-1) + 1
        target = self._files_of(one)
        target.mkdir()
        try:
            self._link(one, target)
            self.store(one)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise

    def _link(self, one: Pending, target: pathlib.Path) -> None:
        source = pathlib.Path(one.path)
        for name in _files(source):
            original = source / name if source.is_dir() else source
            one.files[str(name)] = _stamp(original)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(original, target / name)
            except OSError:
                pass  # is copied by `fetch`, for which training does not wait

    def fetch(self, one: Pending) -> pathlib.Path:
        """The model's files as they were handed over: those that are not linked, as a copy. Raises
        Conflict where one was changed since; OSError where one is gone."""
        target, source = self._files_of(one), pathlib.Path(one.path)
        for name in one.files:
            if not (target / name).exists():
                original = source / name if source.is_dir() else source
                shutil.copyfile(original, self._copy)
                if _stamp(original) != one.files[name]:
                    raise self._changed(one, name)
                os.utime(self._copy, ns=(one.files[name][1], one.files[name][1]))
                os.replace(self._copy, target / name)
        self.check(one)
        return target

    def check(self, one: Pending) -> None:
        """Raises Conflict where a file of it was written to since it was handed over."""
        for name, stamp in one.files.items():
            if _stamp(self._files_of(one) / name) != stamp:
                raise self._changed(one, name)

    def _changed(self, one: Pending, name: str) -> Conflict:
        return Conflict(f"{one.path}: {name} was changed after the checkpoint was handed over, and "
                        "before it was read: write each checkpoint to files of its own")

    def store(self, one: Pending) -> None:
        write_atomic(self._file(one.number), json.dumps(dataclasses.asdict(one)))

    def merge(self, earlier: Pending, later: Pending, idle_ms: int) -> None:
        """The earlier one's steps, tokens and time become the later one's.

        Args:
            idle_ms: between the two, where a job ended with the earlier one.
        """
        if earlier.attempt not in {**earlier.reached, later.attempt: 0}:
            raise Conflict(f"checkpoint {earlier.path}: how many tokens led to it is not known, so "
                           "that nothing after it can be recorded")
        later.reached = {**{name: total for name, total in earlier.reached.items()
                            if name != later.attempt}, **later.reached}
        for part, name in (("time", "from"), ("steps", "from")):
            later.fields[part].pop(name, None)
        for name in ("tokens", "usage", "weights_from"):  # of it alone
            later.fields.pop(name, None)
        if "from" in earlier.fields["time"]:
            later.fields["time"]["from"] = earlier.fields["time"]["from"]
        later.from_step = earlier.from_step
        later.lowest_step = min(earlier.lowest_step, later.lowest_step)
        later.idle_ms += earlier.idle_ms + idle_ms
        later.covers += [*earlier.covers, earlier.number]
        self.store(later)

    def remove(self, one: Pending) -> None:
        for number in (*one.covers, one.number):
            self._file(number).unlink(missing_ok=True)
            shutil.rmtree(self._folder / f"{number:08d}", ignore_errors=True)
