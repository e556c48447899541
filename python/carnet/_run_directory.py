"""The directory of a run, as far as Run itself writes to it."""
from __future__ import annotations

import json
import pathlib
from typing import Any

from carnet._atomic import write_atomic
from carnet._carnet import RunRecorder, RunState
from carnet._errors import Conflict, Malformed, NotFound, Rejected


class RunDirectory:
    """recorded.json is what Run remembers: `segments`, their statements by their last steps;
    `reached`, the tokens that are recorded of each attempt; `checkpoint`, the digest of the last;
    `model`, the path of the final one."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def state(self) -> RunState:
        return RunRecorder.read_state(self.path)

    def is_open(self) -> bool:
        """Whether a run was opened in it."""
        try:
            return self.state().run is not None
        except NotFound:
            return False

    def _read(self) -> dict[str, Any]:
        path = self.path / "recorded.json"
        if not path.exists():
            return {}
        try:
            return dict(json.loads(path.read_text()))
        except (TypeError, ValueError) as error:
            raise Malformed(f"{path}: {error}") from None

    def remembered(self, name: str, default: Any = None) -> Any:
        """By default raises Rejected."""
        value = self._read().get(name, default)
        if value is None:
            raise Rejected(f"{self.path}: has no {name} yet")
        return value

    def segment_to(self, step: int) -> str | None:
        """The statement of the recorded segment that ended there; None: the last one did. Raises
        Conflict."""
        last, segments = self.state().next_steps[0], self.remembered("segments", {})
        if step == last:
            return None
        if str(step) not in segments:
            ends = ", ".join(map(str, sorted({last, *map(int, segments)})))
            raise Conflict(f"training goes on from step {step}, where no recorded checkpoint of "
                           f"this run ended; one did at {ends}")
        return str(segments[str(step)])

    def remember(self, **values: Any) -> None:
        write_atomic(self.path / "recorded.json", json.dumps({**self._read(), **values}))
