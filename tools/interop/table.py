"""Writes docs/interop.md: a row a client, a column a direction, all from one run."""
import collections

from outcome import BAD, GOOD, SKIPPED, THEY_VERIFY, UNBUILT, WE_VERIFY

SHOWN = 50  # failures

HEAD = """# Interoperability

What real clients of the Sigstore world make of Carnet's signatures, and Carnet of theirs. `./dev interop` wrote this page and each
cell of it, on {machine}, with Carnet {version}; it says at its end what is `FAILED`, and then fails. How to do the same by hand: [sigstore.md](sigstore.md).

A cell counts checks: each is one verification with one expected answer, and among them are wrong files, keys, types and logs,
which must be refused. *Skipped*: this machine could not get the client. *Not built yet*: Carnet has no such command.

What a client signs with a key or certificate for a log of Carnet's is put there by `carnet ledger append`, and it verifies the result. No client writes to such a log by
itself: it would send a digest to a server, and Carnet logs statements that it can read.
"""


def cell(checks):
    """Counts by outcome, and what each that is not good is about."""
    if not checks:
        return "–"
    groups = collections.defaultdict(list)
    for check in checks:
        groups[check.outcome].append(check)
    parts = []
    if groups[GOOD]:
        parts.append(f"{len(groups[GOOD])} ok: {topics(groups[GOOD])}")
    for outcome in (BAD, SKIPPED, UNBUILT):
        for check in shortened(groups[outcome]):
            parts.append(f"**{outcome}** {check}" if outcome == BAD else f"*{outcome}:* {check}")
    return "<br>".join(parts).replace("|", "\\|")


def topics(checks):
    """The names before a colon or comma, each once, with how often."""
    names = collections.Counter(check.name.partition(":")[0].partition(",")[0] for check in checks)
    return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in names.items())


def shortened(checks):
    """One text for all that have the same outcome for the same reason."""
    groups = collections.defaultdict(list)
    for check in checks:
        groups[check.reason].append(check)
    for reason, same in groups.items():
        names = same[0].name if len(same) == 1 and same[0].outcome == BAD else topics(same)
        yield f"{names}: {reason}" if reason else names


def rows_text(rows):
    lines = ["| client | it verifies ours | we verify its |", "| --- | --- | --- |"]
    for row in rows:
        sides = [[check for check in row.checks if check.direction == direction]
                 for direction in (THEY_VERIFY, WE_VERIFY)]
        lines.append(f"| {row.client} | {cell(sides[0])} | {cell(sides[1])} |")
    return "\n".join(lines)


def accepted(made):
    """A line for each client: how many of the mutated bundles it was asked about and accepts."""
    asked, yes = collections.Counter(), collections.Counter()
    for case in made:
        for client, (verdict, _) in case.verdicts.items():
            asked[client] += 1
            yes[client] += verdict == "yes"
    lines = ["| verifier | asked | accepted |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {client} | {asked[client]} | {yes[client]} |" for client in asked])


def differences(made, kind_of):
    """Kinds of change on which the other clients do not agree among themselves or accept all."""
    kinds = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for case in made:
        for client, (verdict, _) in case.verdicts.items():
            kinds[kind_of(case)][client][verdict == "yes"] += 1
    clients = sorted({client for case in made for client in case.verdicts})
    lines = ["| change | " + " | ".join(clients) + " |", "| --- |" + " --- |" * len(clients)]
    for kind, by_client in sorted(kinds.items()):
        if any(counts[True] for counts in by_client.values()):
            cells = [f"{by_client[client][True]} of {sum(by_client[client].values())}"
                     if by_client[client] else "–" for client in clients]
            lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines).replace("\n| |", "\n| (nothing) |")


def page(rows, wrong_row, made, used, seed, kind_of, machine, version):
    bad = [check for row in [*rows, wrong_row] for check in row.checks if check.outcome == BAD]
    parts = [HEAD.format(machine=machine, version=version), rows_text(rows), "## Wrong inputs", (
        f"{len(made)} bundles, the same ones for seed {seed}: fields that are missing, of another type, twice or unknown; lists in "
        "another order; other spellings of the same bytes; flipped bits; signatures, checkpoints and proofs changed; and bundles of a "
        "private Sigstore that are signed, logged and timed again after one change. Every verifier is asked about each; sigstore-python only "
        "about those by certificate."), accepted(made)]
    parts += ["What of these anyone accepts, by the kind of change:", differences(made, kind_of)]
    parts += ["### Where Carnet and a client disagree", explanations(used, made, wrong_row)]
    if bad:
        parts += ["## Failed", "\n".join(f"* {check.client}: {check.name}: {check.reason}"
                                         for check in bad[:SHOWN])]
        parts += [f"… and {len(bad) - SHOWN} more"] * (len(bad) > SHOWN)
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def explanations(used, made, wrong_row):
    if not any("carnet" in case.verdicts for case in made):
        return "Carnet's own verifier of bundles is not built yet, so there is nothing to compare."
    lines = ["| Carnet says | of | others | cases | why |", "| --- | --- | --- | --- | --- |"]
    for each, count in sorted(used, key=lambda pair: (pair[0].carnet, -pair[1])):
        said = each.carnet if each.reason == "*" else f"{each.carnet}: `{each.reason}`"
        said += "" if each.theirs == "*" else f", the other `{each.theirs}`"
        change = "any change" if each.change == "*" else f"`{each.change}`"
        lines.append(f"| {said} | {change} | {each.client} | {count} | {each.why} |")
    unexplained = sum(check.outcome == BAD for check in wrong_row.checks)
    return ("\n".join(lines) + "\n\nA case is one bundle and one client; `*` stands for any text. "
            f"{unexplained} are not explained.")
