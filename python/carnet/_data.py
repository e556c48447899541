"""Data sets of a run: files, a data set of Hugging Face, or a statement that is logged already."""
from __future__ import annotations

import hashlib
import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from carnet._carnet import Key, Ledger, attest, digest, fill_dataset


class Data:
    """Files that a run trains on, with what nobody but their owner knows of them.

    Args:
        path: a folder or a file.
        source: public, licensed, user, crawled or synthetic; of several sources, `sources`.
        role: train, validation, …
        fields: others of a data set's draft (docs/formats.md), such as `licence`.
    """

    def __init__(self, path: str | os.PathLike[str], *, source: str | None = None,
                 role: str = "train", **fields: Any) -> None:
        self.path = os.fspath(path)
        self.role = role
        self.fields = dict(fields)
        if source is not None:
            self.fields["sources"] = [{"kind": source}]


def _is_statement(given: object) -> bool:
    return isinstance(given, str) and len(given) == 64 and set(given) <= set("0123456789abcdef")


def _manifest_of(given: Any, folder: pathlib.Path) -> tuple[pathlib.Path, dict[str, Any]]:
    """A manifest of a `datasets.Dataset`, whose fingerprint says how it was made; and its draft.

    The fingerprint is the library's word: it is no digest of the rows.
    """
    info = getattr(given, "info", None)
    name = getattr(info, "dataset_name", None) or getattr(info, "builder_name", None) or "dataset"
    manifest = {"fingerprint": given._fingerprint, "library": "datasets", "name": name,
                "rows": len(given), "split": str(getattr(given, "split", "") or "")}
    text = json.dumps(manifest, sort_keys=True, indent=1) + "\n"
    path = folder / f"dataset-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    path.write_text(text)
    size = getattr(info, "dataset_size", None)
    return path, {"name": name, "version": given._fingerprint, "sources": "undisclosed",
                  "size": {"bytes": size or "undisclosed", "records": len(given)},
                  "data": hashlib.sha256(text.encode()).hexdigest(), "data_basis": "manifest"}


def attest_data(given: Any, ledger: Ledger, key: Key, folder: pathlib.Path,
                nonce: str) -> dict[str, str]:
    """A use of the data set, for a run's draft, which it may be already; signs and logs its
    statement unless it is one."""
    if _is_statement(given):
        return {"statement": given, "role": "train"}
    if isinstance(given, Mapping):
        return dict(given)
    if hasattr(given, "_fingerprint"):
        _, draft = _manifest_of(given, folder)
        made = attest(ledger, key, "dataset", draft, nonce=nonce)
        return {"statement": made.statement, "role": "train"}
    data = given if isinstance(given, Data) else Data(given)
    filled = fill_dataset(data.path, data.fields)
    made = attest(ledger, key, "dataset", filled.draft, files=digest(data.path), nonce=nonce)
    return {"statement": made.statement, "role": data.role}


def listed(datasets: Any) -> Sequence[Any]:
    """One or several, as a list."""
    return list(datasets) if isinstance(datasets, (list, tuple)) else [datasets]
