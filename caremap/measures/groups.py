"""What rows may be grouped by, and the order in which groups are read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import reductions
from caremap.measures.coverage import has
from caremap.problems import DataProblem
from caremap.schema import FIELDS

__all__ = [
    "asked",
    "in_order",
    "keys_of",
    "read_once",
    "read_order",
    "refuse",
    "stays_by",
    "with_bands",
    "with_keys",
]

MANY = 50
"""More different numbers than this are a measurement, not groups."""


def asked(by: str | Sequence[str], then: str | None = None) -> tuple[str, ...]:
    """Return the columns to group by, each once.

    Examples
    --------
    >>> asked("facility", "department")
    ('facility', 'department')
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    return tuple(dict.fromkeys(names if then is None else (*names, then)))


def with_bands(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the table, with age bands where they are asked for: 90 and over are one band.

    They are made from ages where they are lacking.

    Examples
    --------
    >>> with_bands(pd.DataFrame({"age": [34.0]}), ["age_band"])
        age age_band
    0  34.0    30-34
    """
    if "age_band" not in by or not ("age_band" in table or has(table, "age")):
        return table
    found: pd.DataFrame = reductions.banded(table)
    return found


def keys_of(by: Sequence[str]) -> list[str]:
    """Return names for groups that no figure goes by, whatever the file calls its columns.

    Examples
    --------
    >>> keys_of(["facility", "readmitted"])
    ['by 1', 'by 2']
    """
    return [f"by {place + 1}" for place in range(len(by))]


def with_keys(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the table with the columns to group by under the names of `keys_of` too.

    Examples
    --------
    >>> with_keys(pd.DataFrame({"ward": ["A"]}), ["ward"])
      ward by 1
    0    A    A
    """
    banded = with_bands(table, by)
    keys = zip(keys_of(by), by, strict=True)
    return banded.assign(**{key: banded[name] for key, name in keys})


def read_once(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the table with texts to group by as categories: for who groups more than once.

    Examples
    --------
    >>> read_once(pd.DataFrame({"by 1": ["A", "B"]}), ["by 1"])["by 1"].dtype.name
    'category'
    """
    texts = [key for key in keys if pd.api.types.is_string_dtype(table[key].dtype)]
    return table.assign(**{key: table[key].astype("category") for key in texts})


def refuse(name: str, table: pd.DataFrame | None = None, taken: Collection[str] = ()) -> None:
    """Refuse a column that makes no groups.

    Parameters
    ----------
    name
        The column.
    table
        The table that has it; None judges by the name alone.
    taken
        Names that are figures of the answer.

    Raises
    ------
    caremap.DataProblem
        Where it identifies persons, is a figure itself, a date, or a measurement with many
        different values.

    Examples
    --------
    >>> refuse("patient_id")
    Traceback (most recent call last):
    caremap.problems.DataProblem: “Patient code” identifies persons: nothing is grouped by it. ...
    """
    known = FIELDS.get(name)
    title = known.title if known else name
    if known is not None and known.personal:
        raise DataProblem(
            f"“{title}” identifies persons: nothing is grouped by it.",
            "Choose a column that many stays share, such as the department.",
        )
    if name in taken:
        raise DataProblem(
            f"“{title}” is a figure of its own: nothing is grouped by it.",
            "Choose a column of names or bands.",
        )
    if table is None:
        return
    column = table[name]
    if is_datetime64_any_dtype(column):
        raise DataProblem(
            f"“{title}” is a date: there would be one group for every moment.",
            "The trend shows figures by day, week, month or year.",
        )
    if not is_numeric_dtype(column) or is_bool_dtype(column):
        return
    measured = known is not None or not pd.api.types.is_integer_dtype(column)
    count = reductions.different(table, name) if measured else 0
    if count > MANY:
        hint = "Choose a column of names or bands."
        if name == "age":
            hint = "Group by the age band (age_band): it is made from the age."
        raise DataProblem(f"“{title}” has {count:,} different numbers: they make no groups.", hint)


def stays_by(
    dataset: Dataset, groups: Sequence[str], taken: Collection[str] = ()
) -> pd.DataFrame | None:
    """Return the stays with the keys of their groups; None where there are none to group.

    Raises
    ------
    caremap.DataProblem
        Where there are no stays to group, or a column does not exist or makes no groups.

    Examples
    --------
    >>> stays_by(Dataset(stays=pd.DataFrame({"ward": ["A"]})), ["ward"])
      ward by 1
    0    A    A
    """
    stays = dataset.stays
    if stays is None:
        if groups:
            raise DataProblem("There are no stays to group.", "Upload a file of stays or visits.")
        return None
    banded = with_bands(stays, groups)
    for name in groups:
        refuse(name, taken=taken)
        if name not in banded:
            raise DataProblem(
                f"There is no column “{name}” to group by.", "Choose a column of the table."
            )
        refuse(name, banded)
    return with_keys(banded, groups)


def in_order(frame: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Sort rows by their groups as people read them, what is unknown last.

    Numbers in names count as numbers (Ward 2 before Ward 10), and whole numbers that the
    file holds as decimals are written without them.

    Examples
    --------
    >>> in_order(pd.DataFrame({"ward": ["Ward 10", "Unknown", "Ward 2"]}), ["ward"])
          ward
    0   Ward 2
    1  Ward 10
    2  Unknown
    """
    result = frame.assign(**{name: _whole_numbers(frame[name]) for name in groups})
    for name in reversed(groups):
        names = sorted(result[name].unique(), key=read_order)
        rank = {text: place for place, text in enumerate(names)}
        result = result.iloc[result[name].map(rank).argsort(kind="stable")]
    return result.reset_index(drop=True)


def _whole_numbers(names: pd.Series[str]) -> pd.Series[str]:
    """Write 4.0 as 4 where all names are such numbers."""
    known = names[names != UNKNOWN]
    if known.empty or not known.str.fullmatch(r"-?\d+\.0").all():
        return names
    return names.str.replace(r"\.0$", "", regex=True)


_NUMBER = re.compile(r"(\d+)")
_BELOW = re.compile(r"\s*(<|≤|under|below|less than|up to|unter|bis|menor|hasta|moins)", re.I)


def read_order(name: str) -> tuple[bool, list[tuple[int, float, str]]]:
    """Return a key that sorts names as people read them.

    “Under 18” and “<5” come before “18-64” and “5-9”; “Unknown” comes last.

    Examples
    --------
    >>> sorted(["90+", "10-14", "Unknown", "5-9", "<5"], key=read_order)
    ['<5', '5-9', '10-14', '90+', 'Unknown']
    """
    parts: list[tuple[int, float, str]] = []
    below = _BELOW.match(name) is not None and _NUMBER.search(name) is not None
    text = name[_NUMBER.search(name).start() :] if below else name  # type: ignore[union-attr]
    for part in _NUMBER.split(text.casefold()):
        if part:
            parts.append((0, float(part), "") if part.isdecimal() else (1, 0.0, part))
    if below and parts:
        parts[0] = (0, parts[0][1] - 0.5, "")
    return name == UNKNOWN, [*parts, (1, 0.0, name)]
