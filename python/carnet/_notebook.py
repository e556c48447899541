"""How verdicts and traces look in a notebook. All that they say is from outside, so all of it is
escaped; nothing is fetched, and nothing runs."""
from __future__ import annotations

import html
import typing

from carnet._errors import IoError, NotFound

if typing.TYPE_CHECKING:
    from carnet._carnet import Trace, Verdict

MOST_DRAWN = 500  # statements: beyond, `dot` takes minutes, and nobody sees anything
COLOURS = {"pass": "#1a7f37", "fail": "#cf222e", "not applicable": "inherit"}
OTHER_COLOUR = "#9a6700"
CELL = 'style="text-align:left;vertical-align:top"'


def row(name: str, status: str, text: str) -> str:
    colour = COLOURS.get(status, OTHER_COLOUR) if status else "inherit"
    return (f"<tr><td {CELL}>{html.escape(name)}</td>"
            f'<td {CELL}><span style="color:{colour}">{html.escape(status)}</span></td>'
            f"<td {CELL}>{html.escape(text)}</td></tr>")


def verdict_html(verdict: Verdict) -> str:
    rows = [row("decision", verdict.decision, verdict.reason or "")]
    for finding in verdict.findings:
        where = f"line {finding.line}: " if finding.line else ""
        hint = f" ({finding.hint})" if finding.hint else ""
        rows.append(row("finding", f"{finding.reason} (R{finding.rule})",
                        where + finding.message + hint))
    if verdict.findings_total > len(verdict.findings):
        rows.append(row("finding", "",
                        f"and {verdict.findings_total - len(verdict.findings)} more"))
    rows += [row(each.name, each.status, each.text) for each in verdict.rows]
    missing = f"; missing for level {verdict.level + 1}: " + "; ".join(verdict.missing)
    rows.append(row("level", "", f"{verdict.level}, {verdict.level_name}"
                    + (missing if verdict.missing else "")))
    rows += [row("warning", "", warning) for warning in verdict.warnings]
    rows.append(row("not checked", "", "; ".join(verdict.not_checked)))
    return "<table>" + "".join(rows) + "</table>"


def trace_html(trace: Trace) -> str:
    if len(trace.nodes) <= MOST_DRAWN:
        try:
            svg = trace.to_svg()
            return svg[svg.index("<svg"):]  # without what makes it a file of its own
        except (NotFound, IoError, ValueError):
            pass  # there is always the tree
    return f"<pre>{html.escape(trace.to_tree())}</pre>"
