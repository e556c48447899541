"""carnet.verify: what `carnet verify` does, in one call."""
from __future__ import annotations

import datetime
import os
from collections.abc import Callable

from carnet._carnet import Chips, Gate, Policy, Trust, Verdict


def verify(
    model: str | os.PathLike[str],
    passport: str | os.PathLike[str] | None = None,
    *,
    trust: str | os.PathLike[str] | Trust,
    policy: str | Policy = "hub-default",
    chips: str | os.PathLike[str] | Chips | None = None,
    at: datetime.datetime | None = None,
    now: datetime.datetime | None = None,
    follow_links: bool = False,
    threads: int = 1,
    progress: Callable[[int, int], object] | None = None,
) -> Verdict:
    """Judges a model and its passport, offline, as `carnet verify` does.

    Who checks many models makes a `Gate` once, and calls its `check_model`.

    Args:
        model: its folder, or its one file.
        passport: its file; by default the one that `find_passport` finds.
        trust: whose keys count: a trust directory.
        policy: an id, a .toml file, or a Policy, which has its own date.
        chips: a catalogue of accelerators that goes before the shipped one.
        at: the date for which the policy is judged, by default `now`.
        now: the time to judge by, by default the system's clock.
        follow_links, progress: as of `carnet.digest`.
        threads: that read and verify the lines of the passport.

    Returns:
        A Verdict, which passed or did not: ask its `passed`.

    Raises:
        NotFound: the model, the trust directory, the policy, or a passport beside the model.
        Rejected: the model's files themselves are refused, such as a link that leads outside: a no
            to the model, before any passport is looked at.
        Conflict: several passports beside the model, or a file that changed while it was read.
        Malformed, IoError, Unsupported: of what the caller gave, with the file's name.
        TypeError, ValueError: a policy with its own date and `at`, times without a time zone.
    """
    now = datetime.datetime.now(datetime.timezone.utc) if now is None else now
    if isinstance(policy, Policy) and at is not None:
        raise TypeError("at: this policy has its own date; give its id instead, or leave out at")
    trust = trust if isinstance(trust, Trust) else Trust.load(trust)
    if not isinstance(policy, Policy):
        policy = Policy.find(policy, trust.folder, at=now if at is None else at)
    if chips is not None and not isinstance(chips, Chips):
        chips = Chips.load(chips, trust)
    gate = Gate(trust, policy, chips, threads)
    return gate.check_model(model, passport, now, follow_links=follow_links, progress=progress)
