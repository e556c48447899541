"""What a recorded run works with: its ledger, its key, its gate."""
from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from carnet._carnet import Gate, Key, Ledger, Policy, Project, Trust, find_project
from carnet._errors import Conflict, Malformed

_LEDGER_WAIT_S = 60.0  # for another writer of the ledger: a step of another job takes seconds


class Setup:
    """Where they are: given, in the environment, or in the project's carnet.toml, in this order.

    Opened by the thread that records, when it needs them.
    """

    def __init__(self, given: Mapping[str, Any], password: str | Callable[[], str] | None,
                 named: str | os.PathLike[str] | None) -> None:
        self._given = given
        self._password = password
        self._named = named
        self._project: Project | None = None
        self._read = False
        self._key: Key | None = None

    def value(self, name: str) -> Any:
        given = self._given.get(name) or os.environ.get(f"CARNET_{name.upper()}")
        if given:
            return given
        if not self._read:
            self._project, self._read = find_project(self._named), True
            for text in self._project.warnings if self._project else ():
                warnings.warn(f"carnet: {text}", stacklevel=2)
        return getattr(self._project, name) if self._project else None

    def required(self, name: str) -> Any:
        value = self.value(name)
        if value is None:
            raise Malformed(f"{name}: give it, or CARNET_{name.upper()}, or `{name}` in "
                            "carnet.toml (`carnet init` writes one)")
        return value

    def _secret(self) -> str | Callable[[], str]:
        if self._password is not None:
            return self._password
        return os.environ.get("CARNET_PASSWORD", "")

    def key(self) -> Key:
        if self._key is None:
            given = self.required("key")
            self._key = given if isinstance(given, Key) else Key.load(given, self._secret())
        return self._key

    def ledger(self) -> Ledger:
        """A ledger of its own for each step: between them others may write to it."""
        deadline = time.monotonic() + _LEDGER_WAIT_S
        while True:
            try:
                return Ledger.open(self.required("ledger"), guard=self.value("guard"),
                                   password=self._secret())
            except Conflict:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def gate(self) -> Gate:
        trust = self.required("trust")
        policy = self.value("policy") or "hub-default"
        loaded = trust if isinstance(trust, Trust) else Trust.load(trust)
        return Gate(loaded, policy if isinstance(policy, Policy)
                    else Policy.find(policy, loaded.folder))
