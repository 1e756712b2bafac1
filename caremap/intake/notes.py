"""What was noticed about columns and choices, in words."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.beds import is_use
from caremap.intake.bytewise import byte_range
from caremap.intake.derive import some_rows
from caremap.intake.headers import words
from caremap.intake.understand import Match
from caremap.intake.values import Converted
from caremap.schema import FIELDS

__all__ = [
    "assumed_units",
    "cancelled_findings",
    "choice_findings",
    "currency_findings",
    "late_readmissions",
    "value_findings",
]


def value_findings(name: str, header: str, made: Converted, source_rows: Any) -> list[Finding]:
    """Return what was noticed while the values of one column were converted.

    Parameters
    ----------
    name, header
        The field, and the column it was read from.
    made
        The converted column.
    source_rows
        Source row of each value.
    """
    item, findings = FIELDS[name], []
    if made.bad.any():
        count = int(made.bad.sum())
        what = {"date": "a date", "flag": "yes or no"}.get(item.type, "a number")
        findings.append(
            Finding("unreadable", "warning", f"{_values(count)} of “{header}” "
                    f"{_are(count)} not {what}: missing in {item.title.lower()}, the row stays.",
                    header, some_rows(source_rows[made.bad]))
        )  # fmt: skip
    if made.outside.any() and item.type == "date":
        count = int(made.outside.sum())
        findings.append(
            Finding("impossible-dates", "warning", f"{_values(count)} of “{header}” {_are(count)} "
                    "before 1920 or after 2100, as files write that there is no date: missing in "
                    f"{item.title.lower()}.", header, some_rows(source_rows[made.outside]))
        )  # fmt: skip
    elif made.outside.any():
        count = int(made.outside.sum())
        findings.append(
            Finding("out-of-range", "warning", f"{_values(count)} of “{header}” {_are(count)} "
                    f"outside what is possible ({_bounds(item.low, item.high)}"
                    f"{' ' + item.unit if item.unit else ''}): missing in {item.title.lower()}.",
                    header, some_rows(source_rows[made.outside]))
        )  # fmt: skip
    if made.floor.any():
        count = int(made.floor.sum())
        findings.append(
            Finding("at-least", "info", f"{_values(count)} of “{header}” {_mean(count)} “at "
                    "least”: counted with the number that stands there, so sums and means are "
                    "a little low.", header, some_rows(source_rows[made.floor]))
        )  # fmt: skip
    if made.hidden:
        findings.append(
            Finding("suppressed-counts", "warning", f"{_values(made.hidden)} of “{header}” "
                    f"{_are(made.hidden)} suppressed, as small counts are (<5, * or [c]): missing "
                    "and not zero, so sums are too low by them.", header)
        )  # fmt: skip
    if made.filler:
        findings.append(
            Finding("filler-numbers", "warning", f"{_values(made.filler)} of “{header}” "
                    f"{_are(made.filler)} the same impossible number made of nines, as files "
                    "write that a value is not known or suppressed: missing.", header)
        )  # fmt: skip
    if made.mended:
        findings.append(
            Finding("bands-mended", "warning", f"{_values(made.mended)} of “{header}” had been "
                    "made dates by a spreadsheet program (10-12 became 12-Oct): read as the "
                    "bands they were.", header)
        )  # fmt: skip
    if made.words:
        findings.append(
            Finding("missing-words", "info", f"{_values(made.words)} of “{header}” "
                    f"{_are(made.words)} a word for “missing”.", header)
        )  # fmt: skip
    if made.ambiguous:
        findings.append(
            Finding("ambiguous-numbers", "warning", f"{_values(made.ambiguous)} of “{header}” "
                    f"could be read with a decimal or a thousands mark: read as {_example(made)}. "
                    "If that is wrong, choose the decimal mark.", header)
        )  # fmt: skip
    elif made.decimal == ",":
        findings.append(
            Finding("decimal-comma", "info", f"Numbers in “{header}” are read with a decimal comma "
                    "(1.234,50 is 1234.50).", header)
        )  # fmt: skip
    if made.converted:
        findings.append(
            Finding("unit-converted", "warning", f"Values of “{header}” in "
                    f"{' and '.join(made.converted)} are converted to {item.unit}.", header)
        )  # fmt: skip
    if made.percent and item.type in {"count", "money"} and not is_use(header):
        findings.append(
            Finding("percent", "warning", f"“{header}” is in percent, which {item.title.lower()} "
                    "cannot be: please check the match.", header)
        )  # fmt: skip
    if item.type == "money" and (negative := int((made.series < 0).sum())):
        findings.append(
            Finding("negative-amounts", "info", f"{_values(negative)} of “{header}” "
                    f"{_are(negative)} negative: taken as reversals and added up.", header)
        )  # fmt: skip
    return findings


_CURRENCY = frozenset(
    "currency|currency code|cost currency|wahrung|waehrung|moneda|moeda|devise|valuta".split("|")
)
_CODES = "USD EUR GBP CHF CAD AUD INR BRL MXN JPY".split()


def currency_findings(headers: Sequence[str], columns: AnyMapping[str, pa.Array]) -> list[Finding]:
    """Return what is wrong with amounts in several currencies: they cannot be added up.

    Parameters
    ----------
    headers
        The columns of the amounts.
    columns
        All columns by header: one of them may name the currency of each row.
    """
    found: set[str] = set()
    for values in [columns[one] for one in headers if pa.types.is_string(columns[one].type)]:
        low, high = byte_range(values)
        if low > ord("$") and high < ord("A"):
            continue
        found |= {sign for sign in "€$£¥₹" if pc.any(pc.match_substring(values, sign)).as_py()}
        found |= {
            code for code in _CODES
            if pc.any(pc.match_substring_regex(values, rf"(?i)\b{code}\b")).as_py()
        }  # fmt: skip
    same = {"$": {"USD", "CAD", "AUD", "MXN"}, "€": {"EUR"}, "£": {"GBP"}, "¥": {"JPY"},
            "₹": {"INR"}}  # fmt: skip
    for sign, codes in same.items():
        if sign in found and len(codes & found) == 1:
            found.discard(sign)
    where = headers[0]
    for header, values in columns.items():
        if len(found) < 2 and words(header) in _CURRENCY and pa.types.is_string(values.type):
            listed = pc.utf8_upper(pc.utf8_trim_whitespace(values)).drop_null()
            named = {item for item in pc.unique(listed).to_pylist() if item}
            if len(named) > 1:
                found, where = named, header
    if len(found) < 2:
        return []
    signs = sorted(found)[:5]
    return [
        Finding("mixed-currencies", "error", f"“{where}” holds {' and '.join(signs)}: amounts in "
                "several currencies cannot be added up, so they are missing. Convert them in "
                "the file.", where)
    ]  # fmt: skip


_CANCELLED = r"(?i)^\s*(?:cancel|no[ -]?show|did not attend|dna$|storniert|abgesagt|anulad|annul)"


def cancelled_findings(columns: AnyMapping[str, pa.Array]) -> list[Finding]:
    """Return how many rows of stays a status column says never happened.

    Parameters
    ----------
    columns
        All columns by header.
    """
    findings = []
    for header, values in columns.items():
        if "status" not in words(header).split() or not pa.types.is_string(values.type):
            continue
        count = pc.sum(pc.match_substring_regex(values, _CANCELLED)).as_py() or 0
        if count:
            findings.append(
                Finding("cancelled", "warning", f"{_values(count)} of “{header}” {_are(count)} "
                        "cancelled or no show: the rows are counted. Remove them from the file "
                        "if they did not happen.", header)
            )  # fmt: skip
    return findings


_LICENSED = frozenset("licensed licenced licence license lic".split())
_UNITS = frozenset(
    "min mins minute minutes minuten minutos minuti hour hours hr hrs h hh mm stunden std heures "
    "horas ore day days d tage tagen jours dias giorni los".split()
)
_LONG = 60
"""Days: half of the stays of an acute hospital are never longer than this."""


def assumed_units(
    table: pd.DataFrame, mapping: AnyMapping[str, Any], findings: Sequence[Finding]
) -> list[Finding]:
    """Return which unit was taken where neither header nor cells say one.

    Parameters
    ----------
    table, mapping
        The canonical table, and field to column as matched.
    findings
        What was told already: a unit that was found is not assumed.
    """
    found = []
    wait, stay = mapping.get("waiting_minutes"), mapping.get("length_of_stay")
    known = {one.column for one in findings if one.code == "unit-converted"}
    if isinstance(wait, str) and wait not in known and not set(words(wait).split()) & _UNITS:
        found.append(
            Finding("assumed-unit", "warning", f"“{wait}” does not say its unit: taken as minutes. "
                    "If it is hours, put the unit into its header.", wait)
        )  # fmt: skip
    if isinstance(stay, str) and stay not in known and "discharged" not in mapping:
        middle = float(table["length_of_stay"].median())
        if middle > _LONG:
            found.append(
                Finding("long-stays", "warning", f"Half of the values of “{stay}” are over "
                        f"{_LONG} and were taken as days. If it counts hours, put the unit into "
                        "its header.", stay)
            )  # fmt: skip
    return found


def late_readmissions(header: str, values: pa.Array) -> list[Finding]:
    """Return how many readmissions came after the limit the file itself gives (``>30``).

    Parameters
    ----------
    header, values
        The column and its cells.

    Examples
    --------
    >>> late_readmissions("readmitted", pa.array(["<30", ">30", "NO"]))[0].message[:41]
    '1 value of “readmitted” is a readmission '
    """
    if not pa.types.is_string(values.type):
        return []
    count = pc.sum(pc.match_substring_regex(values, r"^\s*>\s*\d")).as_py() or 0
    if not count:
        return []
    return [
        Finding("late-readmissions", "info", f"{_values(count)} of “{header}” {_are(count)} a "
                "readmission later than the limit (>30): taken as no readmission within it.",
                header)
    ]  # fmt: skip


def choice_findings(matched: Match) -> list[Finding]:
    """Return what the user should know of choices between columns.

    Parameters
    ----------
    matched
        The match of columns to fields.
    """
    findings = []
    cost = matched.mapping.get("cost")
    if isinstance(cost, str) and "bill" in words(cost):
        findings.append(
            Finding("billed-as-cost", "warning", f"“{cost}” is taken as cost, because no other "
                    "column says cost. What is billed is not always what it cost.", cost)
        )  # fmt: skip
    if "charges" in matched.mapping and "cost" not in matched.mapping:
        findings.append(
            Finding("no-cost", "info", "The file has charges and no cost: charges are not costs, "
                    "so cost cannot be computed.")
        )  # fmt: skip
    for name in ("staffed_beds", "units"):
        beds = matched.mapping.get(name)
        if isinstance(beds, str) and set(words(beds).split()) & _LICENSED:
            findings.append(
                Finding("licensed-beds", "warning", f"“{beds}” are licensed beds, taken as staffed "
                        "beds because no other column gives these: fewer may be staffed, and "
                        "occupancy is then too low.", beds)
            )  # fmt: skip
    for name, column in matched.mapping.items():
        rivals = [
            pair.column for pair in matched.candidates
            if pair.field == name and pair.column != column
            and pair.score >= (0.55 if name == "admitted" else 0.9)
            and pair.column not in matched.mapping.values()
        ]  # fmt: skip
        if rivals and isinstance(column, str):
            others = ", ".join(f"“{rival}”" for rival in rivals)
            findings.append(
                Finding("two-candidates", "info", f"{FIELDS[name].title} is read from “{column}”, "
                        f"{_why_chosen(name, matched)}; {others} could be it too. Change "
                        "the match if that is wrong.", column)
            )  # fmt: skip
    weak = [
        f"“{pair.column}” as {FIELDS[pair.field].title.lower()}"
        for pair in matched.candidates
        if matched.mapping.get(pair.field) == pair.column
        and pair.name < (0.9 if pair.field == "cost" else 0.65)
        and not (pair.field == "cost" and "bill" in words(pair.column))
    ]  # fmt: skip
    if weak:
        findings.append(
            Finding(
                "weak-match", "warning", f"Please check what is read as what: {', '.join(weak)}."
            )
        )
    return findings


def _why_chosen(name: str, matched: Match) -> str:
    """Why a column was preferred to others that could be the same field."""
    occupied = matched.mapping.get("occupied_beds")
    if name in {"staffed_beds", "free_beds"} and isinstance(occupied, str):
        return f"the header closest to “{occupied}”"
    if name == "admitted":
        return "the date of admission rather than of arrival or registration"
    if FIELDS[name].type == "category":
        return "names before codes, then the usual header"
    return "the more usual header"


def _values(count: int) -> str:
    return f"{count:,} value{'' if count == 1 else 's'}"


def _example(made: Converted) -> str:
    return f"thousands ({'1.234' if made.dotted else '1,234'} is 1234)"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _mean(count: int) -> str:
    return "means" if count == 1 else "mean"


def _bounds(low: float | None, high: float | None) -> str:
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"{low:g} to {high:g}"
