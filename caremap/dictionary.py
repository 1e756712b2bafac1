"""The data dictionary: the tables and fields of the schema, for people.

``python -m caremap.dictionary`` prints the table of the README.
"""

from __future__ import annotations

import pandas as pd

from caremap.schema import TABLES, Field, Kind, fields_of

__all__ = ["as_frame", "as_markdown"]

_TYPES = {
    "identifier": "text, zeros kept",
    "category": "text",
    "band": "text, in order",
    "date": "date",
    "number": "number",
    "count": "whole number",
    "money": "amount",
    "flag": "yes or no",
}
_NATURES = {
    "": "",
    "flow": "added up over time",
    "stock": "averaged over time, never added up",
}
_EXAMPLES = 4
_MORE_EXAMPLES = 8


def as_markdown() -> str:
    """Return the tables and their fields as Markdown, one section per table.

    Examples
    --------
    >>> print(as_markdown().splitlines()[0])
    **Stays**: a row is one hospital stay or visit.
    """
    sections = []
    for table in TABLES.values():
        lines = [f"**{table.title}**: a row is {table.row}."]
        if table.fields:
            lines += ["", "| field | type | what it holds | headers it goes by, for example |"]
            lines += ["| --- | --- | --- | --- |"]
            lines += [_line(item) for item in fields_of(table.name)]
        sections.append("\n".join(lines))
    return "\n\n".join(sections) + "\n"


def as_frame(table: Kind) -> pd.DataFrame:
    """Return the fields of a table in words.

    Parameters
    ----------
    table
        The table.

    Returns
    -------
    pandas.DataFrame
        One row per field, as people read it: ``Field`` (its name in every table), ``Title``,
        ``Type``, ``Unit``, ``Over time`` (added up or averaged, empty where neither), ``What it
        holds`` and ``Headers it goes by``, the first few. No row for a table that takes any.

    Examples
    --------
    >>> as_frame("population")[["Field", "Unit", "Over time"]].to_dict("list")
    {'Field': ['zip', 'population'], 'Unit': ['', 'people'],
     'Over time': ['', 'averaged over time, never added up']}
    """
    rows = [
        {
            "Field": item.name,
            "Title": item.title,
            "Type": _TYPES[item.type],
            "Unit": item.unit,
            "Over time": _NATURES[item.nature],
            "What it holds": item.meaning,
            "Headers it goes by": ", ".join(item.words[:_MORE_EXAMPLES]),
        }
        for item in fields_of(table)
    ]
    columns = ["Field", "Title", "Type", "Unit", "Over time", "What it holds", "Headers it goes by"]
    return pd.DataFrame(rows, columns=columns)


def _line(item: Field) -> str:
    unit = f", {item.unit}" if item.unit else ""
    nature = f" ({item.nature})" if item.nature else ""
    examples = ", ".join(item.words[:_EXAMPLES])
    return f"| `{item.name}` | {_TYPES[item.type]}{unit}{nature} | {item.meaning} | {examples} |"


if __name__ == "__main__":
    print(as_markdown(), end="")
