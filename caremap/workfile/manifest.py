"""The manifest of a work file: everything but the bytes of the files, as plain JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from caremap.intake.choices import Choices
from caremap.problems import DataProblem
from caremap.schema import FIELDS
from caremap.workfile.work import VERSION, Beds, Counting, Work, WorkFile, WorkTable

__all__ = ["manifest_of", "read_manifest", "strange"]

LONGEST = 32_767
"""Letters of a name: what a cell of a spreadsheet holds, and a header is one."""

MOST = 20_000
"""Entries of any list: a sheet has 16,384 columns."""

MOST_TABLES = 1_000
MOST_BEDS = 100_000
_MOST_MINUTES = 60 * 24 * 365

_PLACES = ("facility", "department", "region")
_LEVELS = ("facility", "department", "ward")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PARTS = {"caremap_work", "files", "filters", "period", "as_of", "counting", "beds", "picked"}
_LATER = {"scenarios": ""}
"""Parts that came later, and what they are in files saved before."""
_OF_FILE = {"name", "size", "sha256", "tables", "encodings", "sample"}
_OF_TABLE = {"sheet", "mapping", "options", "recalled", "within"}


def strange(what: str, hint: str = "") -> DataProblem:
    """Return the refusal of a work file."""
    return DataProblem(
        f"The work file cannot be used: {what}.",
        hint or "Save the work again on the Data page, or take a fresh copy of the file.",
    )


def manifest_of(work: Work) -> dict[str, Any]:
    """Return what the manifest says, ready for `json.dumps`."""
    return {
        "caremap_work": VERSION,
        "files": [
            {
                "name": file.name,
                "size": len(file.data),
                "sha256": hashlib.sha256(file.data).hexdigest(),
                "tables": [asdict(table) for table in file.tables],
                "encodings": list(file.encodings),
                "sample": file.sample,
            }
            for file in work.files
        ],
        "filters": {name: list(names) for name, names in work.filters.items()},
        "period": [_iso(work.start), _iso(work.end)],
        "as_of": _iso(work.as_of),
        "counting": asdict(work.counting),
        "beds": None if work.beds is None else asdict(work.beds),
        "picked": {name: list(names) for name, names in work.picked.items()},
        "scenarios": work.scenarios,
    }


def read_manifest(
    told: bytes, data: Callable[[int], bytes], count: int
) -> tuple[Work, tuple[str, ...]]:
    """Check a manifest and return the work, and the digests its files must have.

    Parameters
    ----------
    told
        The manifest.
    data
        Returns the bytes of a file by its number, counted from 1.
    count
        How many files there are.

    Raises
    ------
    caremap.DataProblem
        It is no manifest, or holds anything a manifest does not.
    """
    try:
        given = json.loads(told)
    except (ValueError, RecursionError):
        raise strange("its manifest is not readable") from None
    if not isinstance(given, dict) or not _same(given.get("caremap_work"), VERSION):
        raise strange(
            "it was saved by another version of CareMap", "Open the files themselves instead."
        )
    given = _LATER | given
    _whole(given, _PARTS | set(_LATER), "its manifest")
    listed = _list(given["files"], "its files", count)
    if len(listed) != count:
        raise strange("it lacks a file, or has one too many")
    files, digests = [], []
    for number, one in enumerate(listed, 1):
        file, digest = _file(one, data(number))
        files.append(file)
        digests.append(digest)
    period = _list(given["period"], "its period", 2)
    if len(period) != 2:
        raise strange("its period is not two days")
    work = Work(
        files=tuple(files),
        filters=_names(given["filters"], "its filters", _PLACES),
        start=_day(period[0]),
        end=_day(period[1]),
        as_of=_day(given["as_of"]),
        counting=_counting(given["counting"]),
        beds=_beds(given["beds"]),
        picked=_names(given["picked"], "its narrowing"),
        scenarios=_text(given["scenarios"], "its scenarios"),
    )
    return work, tuple(digests)


def _file(given: Any, data: bytes) -> tuple[WorkFile, str]:
    _whole(given, _OF_FILE, "what it says of a file")
    digest = given["sha256"]
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise strange("the digest of a file is not readable")
    if not _same(given["size"], len(data)):
        raise strange("a file in it is not as long as it says")
    tables = _list(given["tables"], "the tables of a file", MOST_TABLES)
    file = WorkFile(
        name=_text(given["name"], "the name of a file"),
        data=data,
        tables=tuple(map(_table, tables)),
        encodings=_texts(given["encodings"], "the encodings of a file"),
        sample=_flag(given["sample"]),
    )
    if not file.name or not file.tables:
        raise strange("a file in it has no name or no table")
    return file, digest


def _table(given: Any) -> WorkTable:
    _whole(given, _OF_TABLE, "what it says of a table")
    sheet = given["sheet"]
    return WorkTable(
        sheet=None if sheet is None else _text(sheet, "the name of a sheet"),
        mapping=_mapping(given["mapping"]),
        options=_options(given["options"]),
        recalled=_text(given["recalled"], "where choices come from"),
        within=_flag(given["within"]),
    )


def _mapping(given: Any) -> dict[str, str | list[str] | None]:
    result: dict[str, str | list[str] | None] = {}
    for name, value in _dict(given, "a match of columns").items():
        if name not in FIELDS:
            raise strange("it matches a column to a field that is not known")
        if isinstance(value, list):
            result[name] = list(_texts(value, "the columns of a field"))
        else:
            result[name] = None if value is None else _text(value, "the column of a field")
    return result


def _options(given: Any) -> dict[str, Any]:
    """Check options with the same eyes as `caremap.open_file`, and their types before that."""
    told = dict(_dict(given, "what was decided about a table"))
    for name, value in told.items():
        if name == "header_row":
            _number(value, 0, 1_048_576, "the row of the column names", nothing=True)
        elif name == "keep":
            told[name] = (value,) if isinstance(value, str) else _texts(value, "columns kept")
        elif name == "dates" and isinstance(value, dict):
            told[name] = {
                _text(column, "a column of dates"): _text(order, "an order of dates")
                for column, order in _dict(value, "orders of dates").items()
            }
        elif value is not None:
            _text(value, "what was decided about a table")
    try:
        Choices.of({name: value for name, value in told.items() if value not in (None, "")})
    except DataProblem as problem:
        raise strange(f"it has a choice that is not known. {problem.message[:200]}") from None
    return told


def _counting(given: Any) -> Counting:
    _whole(given, set(Counting.__dataclass_fields__), "how figures are counted")
    if given["cost_date"] not in ("discharged", "admitted"):
        raise strange("the day its costs belong to is not known")
    return Counting(
        same_day=int(_number(given["same_day"], 0, 1, "how a same-day stay counts")),
        overnight_only=_flag(given["overnight_only"]),
        cost_date=given["cost_date"],
        target=int(_number(given["target"], 1, _MOST_MINUTES, "its waiting target")),
    )


def _beds(given: Any) -> Beds | None:
    if given is None:
        return None
    _whole(given, {"beds", "level"}, "its beds")
    if given["level"] not in _LEVELS:
        raise strange("the places of its beds are not known")
    what = "a number of beds"
    if not isinstance(given["beds"], dict):
        return Beds(float(_number(given["beds"], 0, MOST_BEDS, what, whole=False)), given["level"])
    places = _dict(given["beds"], "its beds").items()
    numbers = {
        _text(place, "the place of beds"): float(_number(one, 0, MOST_BEDS, what, whole=False))
        for place, one in places
    }
    return Beds(numbers, given["level"])


def _names(given: Any, what: str, known: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    told = _dict(given, what)
    if known and not set(told) <= set(known):
        raise strange(f"{what} are not known")
    return {_text(name, what): _texts(names, what) for name, names in told.items()}


def _whole(given: Any, parts: set[str], what: str) -> None:
    if not isinstance(given, Mapping) or set(given) != parts:
        raise strange(f"{what} lacks a part, or has one too many")


def _dict(given: Any, what: str) -> dict[str, Any]:
    if not isinstance(given, dict) or len(given) > MOST:
        raise strange(f"{what}: not readable, or too many")
    return given


def _list(given: Any, what: str, most: int) -> list[Any]:
    if not isinstance(given, list) or len(given) > most:
        raise strange(f"{what}: not a list, or too many")
    return given


def _texts(given: Any, what: str) -> tuple[str, ...]:
    return tuple(_text(one, what) for one in _list(given, what, MOST))


def _text(given: Any, what: str) -> str:
    if not isinstance(given, str) or len(given) > LONGEST:
        raise strange(f"{what}: not a text, or longer than {LONGEST:,} letters")
    if any("\ud800" <= letter <= "\udfff" for letter in given):
        raise strange(f"{what}: not a text")  # half a letter, which nothing can write again
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise strange("yes or no is neither")
    return given


def _number(
    given: Any, least: float, most: float, what: str, *, whole: bool = True, nothing: bool = False
) -> float:
    if given is None and nothing:
        return 0
    plain = isinstance(given, int | float) and not isinstance(given, bool)
    if not plain or not math.isfinite(given) or not least <= given <= most:
        raise strange(f"{what}: not a number from {least:,.0f} to {most:,.0f}")
    if whole and not isinstance(given, int):
        raise strange(f"{what}: not a whole number")
    return float(given)


def _same(given: Any, expected: int) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given == expected


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(given: Any) -> dt.date | None:
    if given is None:
        return None
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise strange("a day in it is not a date")
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        raise strange("a day in it is not a date") from None
