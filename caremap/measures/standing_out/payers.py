"""Payers: death and readmission of their patients against those of all others."""

from __future__ import annotations

import pandas as pd

from caremap.measures import outcomes, ranks, reductions
from caremap.measures.gates import covers
from caremap.measures.readmission import PATIENTS, WITHIN, discharges_alive
from caremap.measures.standing_out.chance import of_shares
from caremap.measures.standing_out.places import left_out, named, places_of, sides
from caremap.measures.standing_out.tested import FEW, Compared, Comparison, interval, percent
from caremap.measures.tallies import Tally
from caremap.measures.view import View
from caremap.measures.windows import DAY

__all__ = ["death_counts", "payers", "readmission_counts", "shares"]


def payers(view: View) -> Compared:
    """Compare death and readmission of every payer's patients with those of all others."""
    if not places_of(view, ("insurance",)):
        return Compared(notes=("Payers: no stay names one.",))
    parts = []
    dead = death_counts(view, "insurance")
    if dead is None:
        parts.append(Compared(notes=("Deaths by payer: no outcome says that a patient died.",)))
    else:
        parts.append(shares(dead, "insurance", "death", "Patients", "died", "stays"))
    again, alike = readmission_counts(view, "insurance")
    if again is None:
        why = "Readmission by payer: needs patient codes with both dates, or a recorded column."
        parts.append(Compared(notes=(why,)))
    else:
        parts.append(
            shares(again, "insurance", "readmission", "Patients", "were readmitted",
                   "discharges", alike)
        )  # fmt: skip
    return Compared.together(parts)


def death_counts(view: View, by: str) -> pd.DataFrame | None:
    """Return ``group``, ``rows`` (stays with an outcome) and ``events`` (deaths)."""
    date = view.first("discharged", "admitted")
    if not view.has("outcome") or not covers(view, date):
        return None
    whole = view.dataset.whole or view.dataset
    values = whole.once("stays", reductions.categories, "outcome")["value"].to_list()
    deaths = outcomes.deaths(values)
    if not deaths:
        return None
    (window,) = view.windows
    counted = reductions.tallies(
        view.stays, [by, "outcome"], {"stays": Tally(None, date, window.start, window.end)}
    )
    known = counted[counted["outcome"].isin(values)]
    died = known["stays_rows"].where(known["outcome"].isin(deaths), 0)
    cells = pd.DataFrame({"group": known[by], "rows": known["stays_rows"], "events": died})
    return cells.groupby("group")[["rows", "events"]].sum().reset_index()


def readmission_counts(view: View, by: str) -> tuple[pd.DataFrame | None, float]:
    """Return ``group``, ``rows`` (discharges) and ``events``, and the discharges a patient has."""
    alike = 1.0
    if "patient_id" in view.stays:
        alike = max(view.dataset.once("stays", ranks.repeats, "patient_id"), 1.0)
    if view.has(*PATIENTS):
        span = view.coverage.admissions
        if span is None or not covers(view, "discharged"):
            return None, alike
        (window,) = view.windows
        counted = discharges_alive(view, [by])
        last = span.last - DAY * WITHIN
        last = last if window.end is None else min(last, window.end)
        first = pd.Timestamp.min if window.start is None else window.start
        counted = counted[counted["date"].between(first, last)]
        sums = counted.rename(columns={"by 1": "group"}).groupby("group")
        found = sums[["alive", "readmitted"]].sum().reset_index()
        return found.rename(columns={"alive": "rows", "readmitted": "events"}), alike
    date = view.first("discharged", "admitted")
    if not view.has("readmitted") or not covers(view, date):
        return None, alike
    (window,) = view.windows
    tally = Tally("readmitted", date, window.start, window.end, only=view.only)
    counted = reductions.tallies(view.stays, [by], {"events": tally})
    counted = counted.rename(columns={by: "group", "events_n": "rows"})
    return counted[["group", "rows", "events"]], alike


def shares(
    counts: pd.DataFrame, column: str, measure: str, whose: str, what: str, of: str,
    alike: float = 1.0, caution: str = "Not adjusted for age or severity.", code: str = "",
    rare: str = "",
) -> Compared:  # fmt: skip
    """Compare the share of events of every group with that of all others.

    Parameters
    ----------
    counts
        ``group``, ``rows`` and ``events``.
    column
        What the groups are.
    measure, whose, what, of
        Words: what is measured, to whom it happened, what did, and what is counted.
    alike
        Design effect, see `chance.of_shares`.
    caution, code
        What it is not, and the kind of comparison (by default the measure).
    rare
        What the events are, where they are said to be commoner or rarer among ``whose``;
        by default ``whose`` have ``what`` happen more or less often.
    """
    kept, notes = left_out(counts, column, of)
    result = []
    whole = float(kept["rows"].sum()), float(kept["events"].sum())
    for name, own in sides(kept):
        n, events = whole[0] - own["rows"], whole[1] - own["events"]
        gap = of_shares((own["events"], events), (own["rows"], n), alike)
        share, rest = own["events"] / own["rows"], events / n
        counts_told = (own["events"], own["rows"] - own["events"], events, n - events)
        few = any(0 < count <= FEW for count in counts_told)
        low, high = 100 * gap.low, 100 * gap.high
        says = _says(whose, named(column, name), what, rare, gap.value > 0)
        result.append(
            Comparison(
                code or measure, measure, named(column, name), 100 * share, 100 * rest,
                100 * gap.value, low, high, "percentage points", int(own["rows"]), gap.p,
                f"{says}: {percent(share)} of {own['rows']:,.0f} {of} against {percent(rest)} of "
                f"{n:,.0f} (difference {abs(100 * gap.value):.1f} percentage points, "
                f"{interval(low, high, decimals=1)}).",
                caution,
                few=few,
            )
        )  # fmt: skip
    return Compared(tuple(result), notes)


def _says(whose: str, name: str, what: str, rare: str, more: bool) -> str:
    if rare:
        return (
            f"{rare} are {'commoner' if more else 'rarer'} among {whose} of {name} than elsewhere"
        )
    return f"{whose} of {name} {what} {'more' if more else 'less'} often than others"
