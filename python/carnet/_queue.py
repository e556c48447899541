"""Checkpoints that are still to be recorded, in the run directory: a job that is killed finds them.

A checkpoint is kept as hard links, so that what the framework deletes meanwhile is still there.
"""
from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shutil
from typing import Any

from carnet._atomic import write_atomic
from carnet._errors import Conflict, Rejected

# What trainers keep beside a model to go on from: no part of it, and pickles of their own.
_STATE_FILES = ("optimizer.pt", "optimizer.bin", "scheduler.pt", "scheduler.bin", "scaler.pt",
                "trainer_state.json", "training_args.bin")
_STATE_STARTS = ("rng_state", "random_states", "global_step", "optimizer_", "sampler")


def is_training_state(name: str) -> bool:
    """Whether the file or folder at the top of a checkpoint is there to go on from only."""
    return name in _STATE_FILES or name.startswith(_STATE_STARTS)


def _link(source: pathlib.Path, target: pathlib.Path) -> None:
    """The same files, by links; the bytes, where the file system has none."""
    if source.is_symlink():
        raise Rejected(f"{source}: is a link, and what it leads to is not in the checkpoint")
    if source.is_dir():
        target.mkdir()
        for item in source.iterdir():
            _link(item, target / item.name)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


@dataclasses.dataclass
class Pending:
    """One checkpoint, and the draft of its segment."""

    path: str  # where it was written
    fields: dict[str, Any]  # `tokens` too, once they are known
    told: str = ""  # place where the ranks tell their tokens (carnet._ranks)
    ranks: int = 1
    from_step: int | None = None  # where its process went on, as far as that is said
    number: int = -1
    covers: list[int] = dataclasses.field(default_factory=list)  # earlier ones, as part of it


class Queue:
    """In the order in which they were made."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder

    def _file(self, number: int) -> pathlib.Path:
        return self._folder / f"{number:08d}.json"

    def files_of(self, one: Pending) -> pathlib.Path:
        return self._folder / f"{one.number:08d}"

    def pending(self) -> list[Pending]:
        """Those that are whole, and no part of another."""
        if not self._folder.is_dir():
            return []
        found = [Pending(**json.loads(path.read_text()))
                 for path in sorted(self._folder.glob("[0-9]*.json"))]
        covered = {number for one in found for number in one.covers}
        return [one for one in found if one.number not in covered]

    def add(self, one: Pending) -> None:
        """Once this returns, it survives the job. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = [int(path.name[:8]) for path in self._folder.iterdir() if path.name[:8].isdigit()]
        one.number = max(taken, default=-1) + 1
        source, target = pathlib.Path(one.path), self.files_of(one)
        target.mkdir()
        for item in source.iterdir() if source.is_dir() else [source]:
            if not (source.is_dir() and is_training_state(item.name)):
                _link(item, target / item.name)
        self.store(one)

    def store(self, one: Pending) -> None:
        write_atomic(self._file(one.number), json.dumps(dataclasses.asdict(one)))

    def merge(self, earlier: Pending, later: Pending) -> None:
        """The earlier one's steps, tokens and time become the later one's."""
        if "tokens" not in earlier.fields or later.told:
            raise Conflict(f"checkpoint {earlier.path}: how many tokens led to it is not known, so "
                           "that nothing after it can be recorded")
        later.fields["tokens"] += earlier.fields["tokens"]
        if "from" in earlier.fields["time"]:
            later.fields["time"]["from"] = earlier.fields["time"]["from"]
        later.from_step = earlier.from_step
        later.covers += [*earlier.covers, earlier.number]
        self.store(later)

    def remove(self, one: Pending) -> None:
        for number in (*one.covers, one.number):
            self._file(number).unlink(missing_ok=True)
            shutil.rmtree(self._folder / f"{number:08d}", ignore_errors=True)
