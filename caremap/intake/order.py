"""Day first or month first: decided once per column, from all the evidence of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.dates import DateOrder, Dates, Datetimes, Mask
from caremap.intake.evidence import Evidence
from caremap.intake.turned import days_of, month_of

__all__ = ["Decision", "decide_orders"]


FEW = 0.02
"""A share of values in the other order so small that they are slips of the pen."""


@dataclass(frozen=True)
class Decision:
    """The order of one column, whether it is certain, and why, in words."""

    order: DateOrder
    certain: bool
    why: str
    finding: Finding | None = None
    minority: float = 0.0

    def read(self, dates: Dates) -> tuple[Datetimes, Mask]:
        """Return the dates of a column in this order, and where text is no date.

        In a column that mixes the orders each value that fits one order only is read in
        that one; the others cannot be told, unless next to all values agree.
        """
        if self.why != "mixed":
            return dates.resolve(self.order), dates.bad(self.order)
        read = dates.resolve_each(self.order, either=self.minority < FEW)
        return read, np.isnat(read) & dates.filled


def decide_orders(
    columns: Mapping[str, tuple[str, Dates, pa.Array]],
    chosen: Mapping[str, DateOrder],
    evidence: Evidence | None = None,
    american: bool = False,
) -> dict[str, Decision]:
    """Decide the order of day and month of each date column.

    Evidence, strongest first: the user's choice; values that fit one order only; dots
    between the numbers; another date column of the file; a column of months; stays that
    would end before they begin, or disagree with the length of stay in the file; days that
    follow one another in one order and lie a month apart in the other; days after the newest
    date of the file that is sure. Where nothing decides, the finding asks, and says which
    order is assumed meanwhile.

    Parameters
    ----------
    columns
        Field to header, parsed dates and raw values.
    chosen
        Field, header or ``*`` to the order the user chose.
    evidence
        What stands beside the dates.
    american
        Whether the file looks American (dollars, ZIP codes): used for the assumption only.
    """
    decided = {
        name: _from_values(
            header, dates, raw, chosen.get(name, chosen.get(header, chosen.get("*")))
        )
        for name, (header, dates, raw) in columns.items()
    }
    for name, (header, dates, _) in columns.items():
        if decided[name] is None and name not in {"admitted", "discharged"}:
            decided[name] = _month_starts(header, dates)
    known = [decision.order for decision in decided.values() if decision and decision.why != "iso"]
    open_ = {name for name, decision in decided.items() if decision is None}
    if len(set(known)) != 1:
        for name in open_:
            decided[name] = _by_evidence(name, columns, evidence or Evidence())
        known = [decision.order for name in open_ if (decision := decided[name])]
    return {
        name: decided[name] or _from_sibling(header, known) or _assumed(header, american)
        for name, (header, _, _) in columns.items()
    }


def _from_sibling(header: str, known: Sequence[DateOrder]) -> Decision | None:
    """The order of the other columns of the file, where they have one."""
    if len(set(known)) != 1:
        return None
    why = "another date column of the file is written that way"
    return Decision(known[0], True, "sibling", _told(header, known[0], why))


def _from_values(
    header: str, dates: Dates, raw: pa.Array, chosen: DateOrder | None
) -> Decision | None:
    """What the user or the column itself says, or None where both orders fit every value."""
    if dates.text is None:
        return Decision("day-first", True, "iso")
    day = int(dates.rows(dates.text.only("day-first")).sum())
    month = int(dates.rows(dates.text.only("month-first")).sum())
    either = int(dates.rows(dates.text.either).sum())
    if day + month + either == 0:
        return Decision("day-first", True, "iso")
    if chosen:
        return Decision(chosen, True, "chosen", _told(header, chosen, "you chose it"))
    if day and month:
        order: DateOrder = "day-first" if day >= month else "month-first"
        minority = min(day, month) / (day + month)
        finding = _mixed(header, dates, order, (day, month), minority)
        return Decision(order, False, "mixed", finding, minority)
    if day or month:
        order = "day-first" if day else "month-first"
        count = day or month
        why = "1 value fits" if count == 1 else f"{count:,} values fit"
        why += " no other order"
        return Decision(order, True, "values", _told(header, order, why))
    if _dotted(raw):
        return Decision(
            "day-first", True, "dots", _told(header, "day-first", "dates with dots are")
        )
    return None


def _month_starts(header: str, dates: Dates) -> Decision | None:
    """Firsts of months: one of the two numbers is always 1 and the other one is not."""
    if dates.text is None:
        return None
    text = dates.text
    for order, day, month in (
        ("day-first", text.first[text.open], text.second[text.open]),
        ("month-first", text.second[text.open], text.first[text.open]),
    ):
        if len(day) and (day == 1).all() and len(np.unique(month)) >= 3:
            decided: DateOrder = "day-first" if order == "day-first" else "month-first"
            return Decision(decided, True, "month starts", _told(
                header, decided, "every one is then the first of a month"))  # fmt: skip
    return None


def _assumed(header: str, american: bool) -> Decision:
    """The question, and the order meanwhile."""
    order: DateOrder = "month-first" if american else "day-first"
    other = "month-first" if order == "day-first" else "day-first"
    finding = Finding(
        "ambiguous-dates",
        "error",
        f"Dates in “{header}” can be read day-first or month-first, and nothing in the file "
        f"decides. Read as {order} for now: please confirm, or switch to {other}.",
        header,
    )
    return Decision(order, False, "assumed", finding)


def _by_evidence(
    name: str, columns: Mapping[str, tuple[str, Dates, pa.Array]], evidence: Evidence
) -> Decision | None:
    """What stands beside the column says, or None."""
    header, dates, _ = columns[name]
    found = (
        _by_months(dates, evidence)
        or _by_stays(name, columns, evidence)
        or _by_days(dates)
        or _by_newest(dates, evidence)
    )
    return Decision(found[0], True, "evidence", _told(header, *found)) if found else None


def _by_months(dates: Dates, evidence: Evidence) -> tuple[DateOrder, str] | None:
    """A column of months that agrees with one order only."""
    months = evidence.months
    if months is None or dates.text is None:
        return None
    told = dates.rows(dates.text.either) & (months > 0)
    if not told.any():
        return None
    right = {
        order: float((month_of(days_of(dates.resolve(order)[told])) == months[told]).mean())
        for order in _ORDERS
    }
    worst, best = sorted(_ORDERS, key=lambda order: right[order])
    if right[best] >= 0.9 and right[worst] <= 0.5:
        return best, f"so they agree with the month in “{evidence.months_header}”"
    return None


def _by_stays(
    name: str, columns: Mapping[str, tuple[str, Dates, pa.Array]], evidence: Evidence
) -> tuple[DateOrder, str] | None:
    """No order is right that makes stays end before they begin."""
    pair = [columns[part][1] for part in ("admitted", "discharged") if part in columns]
    if name not in {"admitted", "discharged"} or len(pair) < 2:
        return None
    wrong = {order: _wrong_stays(pair[0], pair[1], order, evidence.lengths) for order in _ORDERS}
    best, worst = sorted(_ORDERS, key=lambda order: wrong[order])
    if wrong[worst] >= 3 and wrong[best] <= 0.1 * wrong[worst]:
        return best, f"the other order gives {wrong[worst]:,} impossible stays"
    return None


def _by_days(dates: Dates) -> tuple[DateOrder, str] | None:
    """Days that follow one another in one order lie a month apart in the other.

    An extract of the first days of a month has no day after the 12th that would decide.
    """
    gaps = {}
    for order in _ORDERS:
        moments = dates.resolve(order)
        days = np.unique(moments[~np.isnat(moments)].astype("datetime64[D]").astype(np.int64))
        if len(days) < 4:
            return None
        gaps[order] = float(np.median(np.diff(days)))
    near, far = sorted(_ORDERS, key=lambda order: gaps[order])
    if gaps[near] <= 2 and gaps[far] >= 25:
        return near, "the days then follow one another and otherwise lie a month apart"
    return None


def _by_newest(dates: Dates, evidence: Evidence) -> tuple[DateOrder, str] | None:
    """No date of a stay comes after the newest date of the file that is sure."""
    if evidence.newest is None:
        return None
    after = {}
    for order in _ORDERS:
        moments = dates.resolve(order)
        days = moments[~np.isnat(moments)].astype("datetime64[D]").astype(np.int64)
        after[order] = int((days > evidence.newest).sum())
    best, worst = sorted(_ORDERS, key=lambda order: after[order])
    if after[best] == 0 and after[worst] >= 3:
        return best, f"{after[worst]:,} dates would lie after every other date of the file"
    return None


_ORDERS: tuple[DateOrder, DateOrder] = ("day-first", "month-first")


def _wrong_stays(start: Dates, end: Dates, order: DateOrder, lengths: Any) -> int:
    begun = start.resolve(order).astype("datetime64[D]")
    ended = end.resolve(order).astype("datetime64[D]")
    both = ~np.isnat(begun) & ~np.isnat(ended)
    days = (ended - begun).astype(np.float64)
    wrong = both & ((days < 0) | (days > 366))
    if lengths is not None:
        wrong |= both & ~np.isnan(lengths) & (np.abs(days - lengths) > 1)
    return int(wrong.sum())


def _dotted(raw: pa.Array) -> bool:
    if not pa.types.is_string(raw.type):
        return False
    found = pc.match_substring_regex(raw, r"^\s*\d{1,2}\.\d{1,2}\.\d{2,4}\b")
    return bool(pc.any(found).as_py())


def _told(header: str, order: DateOrder, why: str) -> Finding:
    example = "03/04/2024 is 3 April" if order == "day-first" else "03/04/2024 is 4 March"
    return Finding(
        "date-order", "info", f"Dates in “{header}” are read {order} ({example}): {why}.", header
    )


def _mixed(
    header: str, dates: Dates, order: DateOrder, counts: tuple[int, int], minority: float
) -> Finding:
    assert dates.text is not None
    either = int(dates.rows(dates.text.either).sum())
    told = (
        f"“{header}” mixes day-first and month-first dates: {counts[0]:,} values can only be "
        f"day-first and {counts[1]:,} only month-first, and each is read as what it can be. "
    )
    if minority < FEW:
        told += f"The {either:,} that could be either are read {order}."
        return Finding("mixed-date-orders", "warning", told, header)
    told += (
        f"The {either:,} that could be either cannot be told and are missing: figures by date are "
        "not reliable until the file is corrected, or you choose an order."
    )
    return Finding("mixed-date-orders", "error", told, header)
