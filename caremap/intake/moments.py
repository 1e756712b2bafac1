"""The date columns of a table: their order of day and month decided, swaps found, values read."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.choices import DateChoice
from caremap.intake.dateforms import PERIODS
from caremap.intake.dates import DateOrder, Dates, Datetimes, Mask, read_dates
from caremap.intake.derive import some_rows
from caremap.intake.evidence import Evidence, gathered
from caremap.intake.matching import Column
from caremap.intake.order import Decision, decide_orders
from caremap.intake.swaps import Swap, disagreeing, find_swaps
from caremap.intake.turned import swappable, swapped

__all__ = ["Moments", "read_moments"]

FEWEST_WRITTEN = 5
"""Cells of each kind from which the way they are written is no accident."""
LARGE, PEEKED = 300_000, 100_000
"""A long column is looked through only if its every n-th row, so many of them, disagree at all."""
_TO_1904 = 1462
"""Days from the beginning of the one count to the beginning of the other."""
_ISO = r"^\s*\d{4}-\d{2}-\d{2}"


@dataclass
class Moments:
    """The date columns of a table as they were read.

    Attributes
    ----------
    read
        Field to one ``datetime64[us]`` per row, NaT where there is none.
    bad
        Field to where text stands that is no date.
    words
        Field to how many cells hold a word for “none” or “still in”.
    decisions
        Field to the order of day and month.
    unsure
        Where a date is wrong or may be, so that nothing is to be computed from it.
    findings
        What was noticed.
    """

    read: dict[str, Datetimes] = field(default_factory=dict)
    bad: dict[str, Mask] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    unsure: Mask | None = None
    findings: list[Finding] = field(default_factory=list)


def read_moments(
    texts: AnyMapping[str, tuple[str, pa.Array]],
    chosen: AnyMapping[str, DateChoice],
    columns: Sequence[Column],
    arrays: AnyMapping[str, pa.Array],
    lengths: tuple[str, Any] | None,
    source_rows: Any,
    american: bool = False,
    look_for_swaps: bool = True,
    from_1904: bool = False,
) -> Moments:
    """Read the date columns of a table.

    Parameters
    ----------
    texts
        Field to what its column is called and its cells.
    chosen
        Field, header or ``*`` to what the user decided: an order of day and month,
        ``repair`` for swapping back what is swapped, ``as-read`` for dates that are right.
    columns, arrays
        All columns of the table and their cells.
    lengths
        Header and values of a supplied length of stay.
    source_rows
        Source row of each row.
    american
        Whether the file looks American, for the order assumed where nothing decides.
    look_for_swaps
        Whether figures rest on these dates, so that swapped ones matter.
    from_1904
        Whether bare day numbers were counted from 1904, before they came here.
    """
    parsed = {name: (header, read_dates(raw), raw) for name, (header, raw) in texts.items()}
    wanted = {
        name: chosen.get(name, chosen.get(header, chosen.get("*")))
        for name, (header, _) in texts.items()
    }
    orders: dict[str, DateOrder] = {}
    for name, one in wanted.items():
        if one == "day-first" or one == "month-first":
            orders[name] = one
    undecided = any(
        dates.text is not None
        and dates.text.either.any()
        and not dates.text.only("day-first").any()
        for _, dates, _ in parsed.values()
    )
    headers = [part for header, _ in texts.values() for part in header.split(" + ")]
    evidence = gathered(columns, arrays, headers, lengths, undecided)
    result = Moments(decisions=decide_orders(parsed, orders, evidence, american))
    swaps = _swaps(parsed, result.decisions, evidence) if look_for_swaps else {}
    for name, (header, dates, _) in parsed.items():
        decision = result.decisions[name]
        moments, bad = decision.read(dates)
        swap = swaps.get(name)
        if decision.finding and not (swap and decision.why in {"assumed", "mixed"}):
            told = decision.finding
            if not look_for_swaps and told.severity == "error":  # no figure rests on it
                told = replace(told, severity="warning")
            result.findings.append(told)
        if swap:
            moments, bad = _settled(result, name, header, dates, swap, wanted[name], source_rows)
        result.read[name], result.bad[name] = moments, bad
        result.words[name] = dates.words
        result.findings += _written(header, dates, from_1904)
    return result


def counted_from_1900(days: pa.Array) -> pa.Array:
    """Return bare day numbers of a workbook that counts from 1904 as others count them.

    Examples
    --------
    >>> counted_from_1900(pa.array(["43927", "12/03/2024", None])).to_pylist()
    ['45389', '12/03/2024', None]
    >>> counted_from_1900(pa.array([43927.5])).to_pylist()
    [45389.5]
    """
    if pa.types.is_floating(days.type):
        return pc.add(days, float(_TO_1904))
    if not pa.types.is_string(days.type):
        return days
    bare = pc.fill_null(pc.match_substring_regex(days, r"^\s*[1-9]\d{4}(?:\.\d+)?\s*$"), False)
    numbers = pc.cast(pc.utf8_trim_whitespace(pc.if_else(bare, days, "0")), pa.float64())
    return pc.if_else(bare, text_of(pc.add(numbers, float(_TO_1904))), days)


def _written(header: str, dates: Dates, from_1904: bool) -> list[Finding]:
    """What is to be said of the way dates are written."""
    if dates.text is None or dates.codes is None:
        return []
    findings = []
    if serial := int(dates.rows(dates.text.serial).sum()):
        told = (
            f"{_values(serial)} of “{header}” read as Excel day numbers, counted from 1904 as the "
            "workbook says."
            if from_1904
            else f"{_values(serial)} of “{header}” read as Excel day numbers, counted from 1900: "
            "of a workbook that counts from 1904 they come out four years and a day too early."
        )
        findings.append(Finding("date-serials", "info", told, header))
    if dates.utc:
        told = (
            f"{_values(dates.utc)} of “{header}” in UTC, taken as written: near midnight the day "
            "may differ from the local one."
        )
        findings.append(Finding("utc-times", "warning", told, header))
    return findings


def _values(count: int) -> str:
    return f"{count:,} value{'' if count == 1 else 's'}"


def _swaps(
    parsed: AnyMapping[str, tuple[str, Dates, pa.Array]],
    decisions: AnyMapping[str, Decision],
    evidence: Evidence,
) -> dict[str, Swap]:
    moments, movable, proved = {}, {}, {}
    length = max((len(raw) for _, _, raw in parsed.values()), default=0)
    if length > LARGE and all(dates.text is None for _, dates, _ in parsed.values()):
        some = slice(None, None, length // PEEKED)
        peek = {name: dates.resolve("day-first")[some] for name, (_, dates, _) in parsed.items()}
        if not disagreeing(peek, {name: swappable(one) for name, one in peek.items()},
                           evidence.at(some)):  # fmt: skip
            return {}
    for name, (_, dates, raw) in parsed.items():
        if name not in {"admitted", "discharged", "date"}:
            continue
        decision = decisions[name]
        moments[name] = (
            dates.resolve_each(decision.order, either=True)
            if decision.why == "mixed"
            else dates.resolve(decision.order)
        )
        movable[name] = swappable(moments[name])
        if dates.text is not None:
            iso = _written_as_dates(raw, dates)
            if dates.rows(dates.text.open).any():
                movable[name] &= iso | dates.rows(
                    dates.text.either if decision.why == "mixed" else dates.text.open
                )
            else:  # 03-Jul-2023 throughout: a program wrote out what it had read
                movable[name] &= ~dates.rows(dates.text.period != PERIODS.index("day"))
            if _half_converted(dates, iso, moments[name]):
                proved[name] = iso & movable[name]
    return find_swaps(moments, movable, evidence, proved)


def _written_as_dates(raw: pa.Array, dates: Dates) -> Mask:
    """Where a cell was a date to the program that wrote it: ISO text or a day number."""
    assert dates.text is not None
    if not pa.types.is_string(raw.type):
        return dates.rows(dates.text.serial)
    iso = pc.fill_null(pc.match_substring_regex(raw, _ISO), False)
    written: Mask = iso.to_numpy(zero_copy_only=False) | dates.rows(dates.text.serial)
    return written


def _half_converted(dates: Dates, iso: Mask, moments: Datetimes) -> bool:
    """Whether a program made dates of the texts up to the 12th and left the others as text.

    It expected the other order: 13/03/2024 was no date to it, and 04/03/2024 the third of
    April. Then no text is left that it could have read, and no date lies after the 12th.
    """
    assert dates.text is not None
    text = dates.rows(dates.text.open) & ~iso
    months = moments[iso].astype("datetime64[M]")
    late = moments[iso].astype("datetime64[D]") - months.astype("datetime64[D]")
    return bool(
        iso.sum() >= FEWEST_WRITTEN
        and text.sum() >= FEWEST_WRITTEN
        and not dates.rows(dates.text.either)[text].any()
        and dates.rows(dates.text.only("day-first"))[text].all()
        and (late < np.timedelta64(12, "D")).all()
    )


def _settled(
    result: Moments, name: str, header: str, dates: Dates, swap: Swap,
    choice: DateChoice | None, source_rows: Any,
) -> tuple[Datetimes, Mask]:  # fmt: skip
    """What a swapped column holds, by what the user decided about it."""
    decision = result.decisions[name]
    mixed = decision.why == "mixed"
    read = (
        dates.resolve_each(decision.order, either=True) if mixed else dates.resolve(decision.order)
    )
    bad = np.isnat(read) & dates.filled
    count, rows = _rows(swap.rows), some_rows(source_rows[swap.rows])
    rest = f" In {_rows(swap.open)} more it cannot be told." if swap.open.any() else ""
    # An order chosen for dates that can be read in one only confirms nothing about them.
    if choice == "as-read" or decision.why == "chosen":
        told = f"Dates in “{header}” stand as you confirmed; {count} looked swapped: {swap.why}."
        result.findings.append(Finding("dates-confirmed", "info", told, header, rows))
        return read, bad
    if choice == "repair":
        read = np.where(swap.rows, swapped(read), read)
        read[swap.open] = np.datetime64("NaT")
        rest = rest.replace("it cannot be told", "it cannot be told: their date is missing")
        told = f"Day and month of “{header}” are swapped back in {count}: {swap.why}.{rest}"
        found = Finding("dates-repaired", "warning" if rest else "info", told, header, rows)
        if not swap.provable:  # too many rows stay open for figures of a month
            found = replace(found, code="swapped-dates", severity="error")
        result.findings.append(found)
        return read, bad
    where = swap.rows | swap.open if mixed else swap.rows
    result.unsure = where if result.unsure is None else result.unsure | where
    ask = (
        "Until you repair the dates or confirm them, month to date and comparisons are not given."
        if swap.provable
        else "Correct them where the file comes from, or confirm the dates: until then month to "
        "date and comparisons are not given."
    )
    told = f"Day and month of “{header}” seem to be swapped in {count}: {swap.why}.{rest} {ask}"
    result.findings.append(Finding("swapped-dates", "error", told, header, rows))
    if mixed:
        read[where] = np.datetime64("NaT")
    return read, bad


def _rows(mask: Mask) -> str:
    count = int(mask.sum())
    return f"{count:,} row{'' if count == 1 else 's'} of {len(mask):,}"
