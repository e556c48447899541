"""The models that were accepted, in a folder:

    models/NAME/model/                         its files
    models/NAME/model.passport.sigstore.jsonl
    models/NAME/verdict.json                   as `carnet verify --json` prints it
    models/NAME/verdict.sigstore.json          the same, signed and logged
    incoming/                                  what is on its way
"""
import json
import os
import pathlib
import shutil
import tempfile
import threading
from typing import Any

import carnet

from refusal import Refusal
from settings import Settings
from upload import NAME


class Shelf:
    """Safe from several threads; of one process. Raises carnet.Error, OSError: the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._models = settings.folder / "models"
        self._incoming = settings.folder / "incoming"
        self._models.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._incoming, ignore_errors=True)  # of uploads that a crash ended
        self._incoming.mkdir()
        self._key = carnet.Key.load(settings.key, os.environ.get("CARNET_PASSWORD"))
        self._logging = threading.Lock()
        carnet.LedgerReader.open(settings.ledger)  # now, and not at the first upload

    def names(self) -> list[str]:
        return sorted(path.name for path in self._models.iterdir() if NAME.fullmatch(path.name))

    def has(self, name: str) -> bool:
        return NAME.fullmatch(name) is not None and (self._models / name).is_dir()

    def verdict(self, name: str) -> dict[str, Any]:
        """Of a model that it has."""
        return json.loads((self._models / name / "verdict.json").read_text())

    def file(self, name: str, which: str) -> pathlib.Path:
        """passport, verdict or signed verdict of a model that it has."""
        return self._models / name / {"passport": "model.passport.sigstore.jsonl",
                                      "verdict": "verdict.json",
                                      "signed": "verdict.sigstore.json"}[which]

    def begin(self) -> pathlib.Path:
        """A folder for an upload, which `discard` or `accept` ends."""
        return pathlib.Path(tempfile.mkdtemp(dir=self._incoming))

    def discard(self, folder: pathlib.Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def accept(self, folder: pathlib.Path, name: str, verdict: carnet.Verdict) -> None:
        """Signs and logs the verdict, then shows the model. Raises Refusal, carnet.Error, OSError:
        then it is not shown."""
        with self._logging:
            if self.has(name):
                raise Refusal(409, f"there is a model {name} already")
            with carnet.Ledger.open(self._settings.ledger) as ledger:
                signed = carnet.attest_verdict(ledger, self._key, verdict)
            (folder / "verdict.json").write_text(verdict.to_json())
            (folder / "verdict.sigstore.json").write_text(signed.bundle)
            _keep(folder)
            os.rename(folder, self._models / name)
            _keep(self._models)

    def picture(self, name: str) -> str:
        """The lineage as SVG. Raises carnet.NotFound, where the operator has no copy of the ledger,
        it does not know the model, or nothing draws; and other carnet.Errors."""
        if self._settings.lineage is None:
            raise carnet.NotFound("this hub has no copy of the ledger")
        return carnet.trace(self.verdict(name)["passport"], self._settings.lineage).to_svg()


def _keep(folder: pathlib.Path) -> None:
    """Until after a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
