"""What the processes of one job tell each other: one of them signs for all."""
from __future__ import annotations

import hashlib
import json
import os
import pathlib
import sys
import time
from collections.abc import Callable
from typing import Any

from carnet._atomic import write_atomic
from carnet._errors import Conflict, Malformed, NotFound

# A rank that is slower at a checkpoint than this is taken for dead: collectives of the frameworks
# themselves end after 10 to 30 minutes.
_LONGEST_WAIT_S = 1800.0

Collect = Callable[[], "list[Any]"]


class Alone:
    """A job of one process."""

    rank, size = 0, 1

    def __init__(self) -> None:
        self.attempt = os.urandom(8).hex()

    def share(self, name: str, value: object) -> Collect:
        return lambda: [value]


class Distributed:
    """torch.distributed: every rank calls `share` at the same place, as for any collective."""

    def __init__(self, distributed: object) -> None:
        self._distributed = distributed
        self.rank = distributed.get_rank()  # type: ignore[attr-defined]
        self.size = distributed.get_world_size()  # type: ignore[attr-defined]
        self.attempt = os.urandom(8).hex()

    def share(self, name: str, value: object) -> Collect:
        values: list[Any] = [None] * self.size
        self._distributed.all_gather_object(values, value)  # type: ignore[attr-defined]
        return lambda: values


class Files:
    """Files in the run directory, which all ranks see. Nobody waits but who collects."""

    def __init__(self, folder: pathlib.Path, rank: int, size: int, attempt: str) -> None:
        self.rank, self.size, self.attempt = rank, size, attempt
        self._folder = folder / attempt
        if _told(self.place("machine"), rank).exists():
            raise Conflict(f"{self._folder}: rank {rank} of this attempt was started before, and "
                           "its counts begin anew: give CARNET_JOB, with another value each time "
                           "the job is started")

    def place(self, name: str) -> pathlib.Path:
        """For `collect`, in another process too."""
        return self._folder / name

    def share(self, name: str, value: object) -> Collect:
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomic(_told(self.place(name), self.rank), json.dumps(value))
        return lambda: collect(self.place(name), self.size)


def _told(place: pathlib.Path, rank: int) -> pathlib.Path:
    return place.with_name(f"{place.name}.{rank}.json")


def collect(place: pathlib.Path, size: int, wait: bool = True) -> list[Any]:
    """What each rank shared in this place, once all of them did. Raises NotFound where one does not
    in time, or has not, if there is nothing to wait for."""
    deadline = time.monotonic() + (_LONGEST_WAIT_S if wait else 0)
    values: list[Any] = []
    while len(values) < size:
        try:
            values.append(json.loads(_told(place, len(values)).read_text()))
        except FileNotFoundError:
            if time.monotonic() > deadline:
                raise NotFound(f"rank {len(values)} of {size} did not tell its part of "
                               f"{place.name}" + f" in {_LONGEST_WAIT_S:.0f} s" * wait) from None
        except ValueError as error:
            raise Malformed(f"{_told(place, len(values))}: {error}") from None
            time.sleep(0.05)
    return values


# What launchers call one attempt at a job: without it a restarted job would read what its
# predecessor's ranks told.
_ATTEMPTS = (("CARNET_JOB",), ("TORCHELASTIC_RUN_ID", "TORCHELASTIC_RESTART_COUNT"),
             ("SLURM_JOB_ID", "SLURM_RESTART_COUNT"), ("PMIX_NAMESPACE",),
             ("OMPI_MCA_ess_base_jobid",))


def _attempt() -> str:
    for first, *others in _ATTEMPTS:
        if os.environ.get(first):
            return "-".join(os.environ.get(name, "0") for name in (first, *others))
    raise Malformed("WORLD_SIZE says that this job has several processes, and neither "
                "torch.distributed nor a launcher is there to tell its attempts apart: give "
                "CARNET_JOB, with another value each time the job is started")


def ranks_of(folder: pathlib.Path) -> Alone | Distributed | Files:
    """As torch.distributed says where it is at work, else RANK and WORLD_SIZE."""
    distributed = sys.modules.get("torch.distributed")
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        return Distributed(distributed) if distributed.get_world_size() > 1 else Alone()
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size <= 1:
        return Alone()
    name = hashlib.sha256(_attempt().encode()).hexdigest()[:16]
    return Files(folder, int(os.environ["RANK"]), size, name)
