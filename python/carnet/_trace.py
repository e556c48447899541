"""carnet.trace: the lineage behind a model, run, statement or digest."""
from __future__ import annotations

import os

from carnet._carnet import Ledger, LedgerReader, Policy, Trace


def trace(
    subject: str,
    ledger: str | os.PathLike[str] | Ledger | LedgerReader,
    policy: str | Policy = "eu-systemic",
) -> Trace:
    """The lineage behind a subject, and the compute along it.

    Args:
        subject: a statement id or else a digest, hex, with or without "sha256:" before it, or its
            first six digits or more. Of the statements about a digest: the latest passport, else
            the latest completion, segment or other statement, whoever logged it.
        ledger: its folder, or one that is open.
        policy: says how to count: an id, a .toml file, or a Policy.

    Raises:
        Malformed, NotFound: the subject, the ledger or the policy.
        Corruption, IoError: of the ledger.
    """
    if isinstance(ledger, Ledger):
        ledger = ledger.read()
    elif not isinstance(ledger, LedgerReader):
        ledger = LedgerReader.open(ledger)
    if not isinstance(policy, Policy):
        policy = Policy.find(policy)
    return Trace.of(ledger, subject, policy)
