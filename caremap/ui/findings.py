"""Findings, most serious first, as sentences nobody has to decode."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from caremap.findings import Finding, Severity
from caremap.ui.text import times

__all__ = [
    "asking",
    "most_serious",
    "show_checks",
    "show_decisions",
    "show_findings",
    "show_notes",
]

_LOOK: dict[Severity, tuple[str, str, str]] = {
    "error": ("Decide", ":material/error:", "red"),
    "warning": ("Check", ":material/warning:", "orange"),
    "info": ("Note", ":material/info:", "gray"),
}
_SHOWN_ROWS = 8
_AT_ONCE = 4


def show_findings(findings: Sequence[Finding]) -> None:
    """Draw a list of findings; the sentences are plain text, whatever the file's headers say."""
    if not findings:
        st.write("Nothing stood out.")
        return
    for finding in sorted(findings, key=lambda one: list(_LOOK).index(one.severity)):
        label, icon, color = _LOOK[finding.severity]
        with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="small"):
            st.badge(label, icon=icon, color=color, width=88)  # type: ignore[arg-type]
            st.text(finding.message + _rows(finding), width="stretch")


def show_decisions(findings: Sequence[Finding]) -> None:
    """Draw what asks for a decision."""
    if wanted := [one for one in findings if one.severity == "error"]:
        show_findings(wanted)


def show_checks(findings: Sequence[Finding]) -> None:
    """Draw what asks for a check; where there is much of it, most is folded away."""
    wanted = [one for one in findings if one.severity == "warning"]
    if first := wanted[:_AT_ONCE]:
        show_findings(first)
    if more := wanted[_AT_ONCE:]:
        with st.expander(f"{len(more):,} more to check"):
            show_findings(more)


def show_notes(findings: Sequence[Finding]) -> None:
    """Draw what is told for the record, folded away."""
    notes = [one for one in findings if one.severity == "info"]
    if notes:
        with st.expander(times(len(notes), "note")):
            show_findings(notes)
    elif not findings:
        st.caption("Nothing stood out.")


def asking(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that ask for a decision or a check."""
    return [finding for finding in findings if finding.severity != "info"]


def most_serious(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding to show first, None where none asks for attention.

    A decision comes before a check; of several, the one that concerns most rows.
    """

    def weight(one: Finding) -> tuple[int, int]:
        return list(_LOOK).index(one.severity), -len(one.rows)

    return min(asking(findings), key=weight, default=None)


def _rows(finding: Finding) -> str:
    if not finding.rows:
        return ""
    shown = ", ".join(f"{row:,}" for row in finding.rows[:_SHOWN_ROWS])
    more = " …" if len(finding.rows) > _SHOWN_ROWS else ""
    return f" ({'row' if len(finding.rows) == 1 else 'rows'} {shown}{more})"
