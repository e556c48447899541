"""A model's files into a folder that appears only once the gate lets them pass."""
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import BinaryIO

import carnet

_PASSPORT = ".passport.sigstore.jsonl"
_MAX_PASSPORT = 64 << 20  # bytes: more than the gate reads
_NOT_OF_THE_MODEL = (".git", ".cache")  # the gate does not look into them, so they are not stored


def download(files: Mapping[str, Callable[[], BinaryIO]], gate: carnet.Gate,
             out: pathlib.Path) -> carnet.Verdict:
    """Fetches what the gate lets pass, and stops at the first byte that cannot be of the model.

    Args:
        files: what opens each for reading, by its path in the model; one is its passport.
        out: the folder to make. It is there only where the verdict is a pass.

    Raises:
        FileExistsError, carnet.Error, and what reading raises: then nobody could tell.
    """
    if out.exists():
        raise FileExistsError(f"{out}: exists already")
    passports = [name for name in files if name.endswith(_PASSPORT)]
    if len(passports) != 1:
        raise carnet.NotFound(f"{len(passports)} passports (*{_PASSPORT}) among the files")
    with files[passports[0]]() as file:
        passport = file.read(_MAX_PASSPORT + 1)
    incoming = pathlib.Path(tempfile.mkdtemp(prefix=".incoming-", dir=out.parent))
    try:
        stream = carnet.StreamingGate.open(gate, passport, spool_folder=incoming)
        (incoming / "model").mkdir()
        try:
            for name, opened in files.items():
                if name.split("/")[0] not in _NOT_OF_THE_MODEL and name != passports[0]:
                    _fetch(stream, name, opened, incoming / "model")
        except carnet.Refused as refused:
            return refused.verdict
        verdict = stream.finish()
        if verdict.passed:
            (incoming / "model" / f"model{_PASSPORT}").write_bytes(passport)
            os.rename(incoming / "model", out)
        return verdict
    finally:
        shutil.rmtree(incoming)


def _fetch(stream: carnet.StreamingGate, name: str, opened: Callable[[], BinaryIO],
           folder: pathlib.Path) -> None:
    judged = carnet.JudgedFile(stream, name)  # refuses a path that leads out of the folder
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb") as copy, opened() as source, judged:
        while chunk := source.read(1 << 20):
            judged.write(chunk)
            copy.write(chunk)


def exit_status(judge: Callable[[], carnet.Verdict]) -> int:
    """Prints the verdict. 0: pass; 1: refused; 2: nobody could tell."""
    try:
        verdict = judge()
    except (carnet.Error, OSError) as error:
        print(f"could not tell: {error}", file=sys.stderr)
        return 2
    print(verdict)
    return 0 if verdict.passed else 1
