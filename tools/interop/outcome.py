"""What one check of one client came to."""
import dataclasses

GOOD, BAD, SKIPPED, UNBUILT = "ok", "FAILED", "skipped", "not built yet"

THEY_VERIFY, WE_VERIFY = "it verifies ours", "we verify its"


class Absent(Exception):
    """The machine cannot get or run a client; with the reason, in a few words."""


@dataclasses.dataclass
class Check:
    """A cell of docs/interop.md is all checks of one client in one direction."""
    client: str
    direction: str
    name: str
    outcome: str
    reason: str = ""


class Row:
    """The checks of one client, as they are made."""

    def __init__(self, client):
        self.client, self.checks = client, []

    def note(self, direction, name, outcome, reason=""):
        self.checks.append(Check(self.client, direction, name, outcome, reason))

    def expect(self, direction, name, done, accepted=True):
        """`done` (process.Done) must have said yes, or, where not `accepted`, no."""
        fits = done.verdict == ("yes" if accepted else "no")
        self.note(direction, name, GOOD if fits else BAD, "" if fits else
                  f"expected {'yes' if accepted else 'no'}: {done.last_line()}")
