"""Matched columns to the columns of a canonical table, one after the other."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.choices import DateChoice
from caremap.intake.derive import counted_rows, some_rows
from caremap.intake.flags import to_admissions, to_flags
from caremap.intake.headers import words
from caremap.intake.moments import counted_from_1900, read_moments
from caremap.intake.notes import currency_findings, late_readmissions, value_findings
from caremap.intake.numerals import Mark
from caremap.intake.privacy import national_number
from caremap.intake.resources import resource_of
from caremap.intake.staybands import banded_stays
from caremap.intake.tables import Understood
from caremap.intake.understand import Match
from caremap.intake.units import money_scale
from caremap.intake.values import Converted, extra_column, file_decimal, to_numbers, to_text
from caremap.problems import DataProblem
from caremap.schema import FIELDS

__all__ = ["Build"]

USELESS = 0.5
"""An automatic match whose values are unreadable in more than this share is taken back."""

NONE_FITS = 0.9
"""A match made by hand is refused where more of its values than this cannot be the field."""
_ASKED = {"date": "dates", "flag": "yes or no"}

EARLIEST, LATEST = np.datetime64("1920-01-01"), np.datetime64("2101-01-01")
"""Dates outside stand for “none”: 1900-01-01, 9999-12-31. Where most dates of a column lie
outside they were moved to hide the patients' own, and only the end of time is none."""
END_OF_TIME = np.datetime64("2500-01-01")

_DEATH = frozenset("death died dead deceased expired expire mortality".split())
_SURVIVAL = frozenset("survival survived alive survivor".split())
_KEY = secrets.token_bytes(16)
"""Makes codes of national numbers that nobody can find by trying all numbers."""


class Build:
    """The columns of a canonical table while it is made."""

    def __init__(
        self, seen: Understood, matched: Match, wanted: set[str], arrays: dict[str, pa.Array],
        kept: Any, source_rows: Any, decimal: Mark | None,
    ) -> None:  # fmt: skip
        self.seen, self.match, self.wanted, self.arrays = seen, matched, wanted, arrays
        self.kept, self.source_rows = kept, source_rows
        self.columns: dict[str, pd.Series[Any]] = {}
        self.findings: list[Finding] = []
        self.undated: Any = None
        self.unsure: Any = None
        self.profiles = {column.header: column.seen for column in seen.columns}
        self.decimal = decimal or file_decimal(
            [arrays[column.header] for column in seen.columns if column.seen.number > 0.5]
        )

    def convert(self, dates: AnyMapping[str, DateChoice]) -> None:
        """Convert every matched column, then the ones kept under their own header."""
        self._dates(dates)
        for name, value in list(self.match.mapping.items()):
            if FIELDS[name].type == "date":
                continue
            headers = [value] if isinstance(value, str) else value
            parts = [self._one(name, header) for header in headers]
            if len(parts) == 1:
                self._accept(name, headers[0], parts[0])
            else:
                self._sum(name, headers, parts)
        self._currencies()
        used = {
            header
            for value in self.match.mapping.values()
            for header in ([value] if isinstance(value, str) else value)
        }
        stays = self.match.kind == "stays"
        banded = banded_stays(self.arrays, self.match.mapping) if stays else {}
        for header, given in self.arrays.items():
            values = banded[header][0] if header in banded else given
            if header not in used and header not in {*self.match.personal, *self.match.resources}:
                extra = extra_column(values, self.profiles[header].leading_zero, header)
                self.columns[_free(header)] = _indexed(extra, self.source_rows)
        self._personal()

    def _dates(self, chosen: AnyMapping[str, DateChoice]) -> None:
        texts: dict[str, tuple[str, pa.Array]] = {}
        for name, header in self.match.mapping.items():
            if FIELDS[name].type == "date":
                called = header if isinstance(header, str) else " + ".join(header)
                texts[name] = (called, self._date_text(header))
        if not texts:
            return
        american = any("$" in text for seen in self.profiles.values() for text in seen.text)
        american = american or "zip" in self.match.mapping
        found = read_moments(
            texts, chosen, self.seen.columns, self.arrays, self._supplied_lengths(),
            self.source_rows, american, self.match.kind in {"stays", "activity"},
            self.seen.sheet.from_1904,
        )  # fmt: skip
        taken_back = set()
        for name, (header, raw) in texts.items():
            moments, bad = found.read[name], found.bad[name]
            filled = len(raw) - raw.null_count
            if not self._stands(name, header, int(bad.sum()), filled):
                self._take_back(name, header)
                taken_back.add(header)
                continue
            outside = (moments < EARLIEST) | (moments >= LATEST)
            if outside.sum() > 0.5 * (~np.isnat(moments)).sum():
                outside = moments >= END_OF_TIME
            values = pd.Series(np.where(outside, np.datetime64("NaT"), moments))
            mixed = found.decisions[name].why == "mixed"
            if name == "date" and self.match.kind == "activity" and not mixed:
                # A count whose date cannot be read is of no day or month: “2022 Total”.
                self.undated, bad = bad, np.zeros(len(bad), dtype=bool)
            self.findings += value_findings(
                name,
                header,
                Converted(values, bad, outside, words=found.words[name]),
                self.source_rows,
            )
            self.columns[name] = _indexed(values, self.source_rows)
        self.findings += [one for one in found.findings if one.column not in taken_back]
        self.unsure = found.unsure

    def _date_text(self, headers: str | list[str]) -> pa.Array:
        """The cells of a date column; of several (year, month, day) their texts joined."""
        if isinstance(headers, str):
            days = self.arrays[headers]
            return counted_from_1900(days) if self.seen.sheet.from_1904 else days
        parts = [text_of(self.arrays[header]) for header in headers]
        named = " and ".join(f"“{header}”" for header in headers)
        self.findings.append(Finding("date-parts", "info", f"Dates are made of {named}."))
        joined = pc.binary_join_element_wise(*parts, "-")
        return pc.replace_substring_regex(joined, r"^(\d{4})-(\D+)$", r"\2 \1")

    def _supplied_lengths(self) -> tuple[str, Any] | None:
        header = self.match.mapping.get("length_of_stay")
        if not isinstance(header, str):
            return None
        item = FIELDS["length_of_stay"]
        read = to_numbers(self.arrays[header], item, self.decimal, header=header)
        return header, read.series.to_numpy()

    def _one(self, name: str, header: str) -> Converted:
        item, values = FIELDS[name], self.arrays[header]
        if item.type == "flag":
            if name == "was_admitted" and self.profiles[header].flag < 0.5:
                return to_admissions(values)
            self.findings += late_readmissions(header, values)
            return to_flags(values)
        if item.type in {"number", "count", "money"}:
            typed = self.seen.typed.get(header)
            made = to_numbers(
                values, item, self.decimal, None if typed is None else typed[self.kept], header
            )
            return self._scaled(header, made) if item.type == "money" else made
        if name == "outcome" and self.profiles[header].flag >= 0.95:
            return _died(header, values, item)
        if name == "patient_id" and national_number(self.profiles[header], header):
            return _coded(to_text(values, item))
        return to_text(values, item)

    def _scaled(self, header: str, made: Converted) -> Converted:
        scale = money_scale(header)
        if scale == 1:
            return made
        named = "thousands" if scale < 1e6 else "millions"
        self.findings.append(
            Finding("scaled-amounts", "warning", f"Amounts in “{header}” are in {named}, as the "
                    f"header says: multiplied by {scale:,.0f}.", header)
        )  # fmt: skip
        return replace(made, series=made.series * scale)

    def _currencies(self) -> None:
        """Take out amounts in several currencies: their sum is no amount at all."""
        for name in ("cost", "charges"):
            if name not in self.columns:
                continue
            value = self.match.mapping[name]
            headers = [value] if isinstance(value, str) else value
            found = currency_findings(headers, self.arrays)
            if found:
                self.findings += found
                self.columns[name] = self.columns[name] * np.nan

    def _accept(self, name: str, header: str, made: Converted) -> None:
        filled = len(made.series) - self.arrays[header].null_count
        lost = int(made.bad.sum() + made.outside.sum())
        if not self._stands(name, header, lost, filled):
            self._take_back(name, header)
            return
        self.findings += value_findings(name, header, made, self.source_rows)
        self.columns[name] = _indexed(made.series, self.source_rows)

    def _sum(self, name: str, headers: list[str], parts: list[Converted]) -> None:
        """Several columns added up; where one of them is blank the sum is unknown."""
        total = sum(part.series for part in parts[1:]) + parts[0].series
        some = pd.concat([part.series.notna() for part in parts], axis=1)
        partly = some.any(axis=1) & ~some.all(axis=1)
        for header, part in zip(headers, parts, strict=True):
            self.findings += value_findings(name, header, part, self.source_rows)
        named = " + ".join(f"“{header}”" for header in headers)
        self.findings.append(Finding("summed-columns", "info", f"{FIELDS[name].title} is {named}."))
        if partly.any():
            self.findings.append(
                Finding("partly-blank", "warning", f"In {counted_rows(int(partly.sum()))} only "
                        f"some of {named} are filled: {FIELDS[name].title.lower()} is missing "
                        "there.",
                        rows=some_rows(self.source_rows[partly.to_numpy()]))
            )  # fmt: skip
        self.columns[name] = _indexed(total, self.source_rows)

    def long_resources(self, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
        """Put columns of other resources or roles below one another: beds, then ICU beds."""
        amount, label = ("units", "resource") if "units" in table else ("staff", "role")
        header = self.match.mapping[amount]
        first = resource_of(header) if isinstance(header, str) and label == "resource" else None
        first = first or ("beds" if label == "resource" else str(header))
        parts = [table.assign(**{label: first})]
        for header, name in self.match.resources.items():
            if name == first:
                continue
            made = self._one(amount, header)
            values = _indexed(made.series, self.source_rows)
            part = table.assign(**{amount: values}).assign(**{label: name})
            parts.append(part[part[amount].notna()])
        table = pd.concat(parts).sort_index(kind="stable")
        table[label] = table[label].astype("str")
        if len(parts) == 1:
            return table, []
        named = ", ".join(f"“{header}” as {name}" for header, name in self.match.resources.items())
        told = f"Columns put below one another, each with its {label}: {named}."
        return table, [Finding("resources", "info", told)]

    def _stands(self, name: str, header: str, lost: int, filled: int) -> bool:
        """Whether a match stands; one the user made stands or is refused, never dropped."""
        if name not in self.wanted:
            return lost <= USELESS * filled
        if filled and lost >= NONE_FITS * filled:
            item = FIELDS[name]
            asked = _ASKED.get(item.type, f"numbers in {item.unit}" if item.unit else "numbers")
            raise DataProblem(
                f"“{header}” cannot be {item.title}: {lost:,} of its {filled:,} values are no "
                f"{asked} that could be it.",
                f"Choose a column of {asked}, or “no column”.",
            )
        return True

    def _take_back(self, name: str, header: str) -> None:
        mapping = {key: value for key, value in self.match.mapping.items() if key != name}
        self.match = replace(self.match, mapping=mapping)
        self.findings.append(
            Finding("match-taken-back", "warning", f"“{header}” is called like "
                    f"{FIELDS[name].title.lower()}, but most of its values cannot be that: it is "
                    "kept as it is.", header)
        )  # fmt: skip

    def _personal(self) -> None:
        if not self.match.personal:
            return
        named = "; ".join(f"“{header}” ({why})" for header, why in self.match.personal.items())
        self.findings.append(
            Finding("personal-columns", "info", f"Left out because they identify people: {named}.")
        )
        header = self.match.mapping.get("patient_id")
        if isinstance(header, str) and national_number(self.profiles[header], header):
            self.findings.append(
                Finding("patient-codes", "info", f"“{header}” looks like national numbers: "
                        "codes take their place.", header)
            )  # fmt: skip


def _died(header: str, values: pa.Array, item: Any) -> Converted:
    """A yes/no column called death or survival becomes words."""
    tokens = set(words(header).split())
    flags = to_flags(values)
    if tokens & _DEATH:
        names = {True: "Died", False: "Alive"}
    elif tokens & _SURVIVAL:
        names = {True: "Alive", False: "Died"}
    else:
        return to_text(values, item)
    said = flags.series.map(names).astype("str")
    return replace(flags, series=said.where(flags.series.notna()))


def _coded(made: Converted) -> Converted:
    """One-way codes for national numbers: the same person keeps the same code."""
    uniques = made.series.dropna().unique()
    codes = {
        text: "P" + hashlib.blake2b(text.encode(), digest_size=8, key=_KEY).hexdigest()
        for text in uniques
    }
    return replace(made, series=made.series.map(codes).astype("str"))


def _indexed(values: pd.Series[Any], source_rows: Any) -> pd.Series[Any]:
    return values.set_axis(pd.Index(source_rows, name="source_row"))


def _free(header: str) -> str:
    """A kept column never takes the name of a field."""
    return f"{header} (as in the file)" if header in FIELDS else header
