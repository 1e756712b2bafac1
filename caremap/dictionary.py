"""The data dictionary: the tables and fields of the schema, for people.

``python -m caremap.dictionary`` prints the table of the README.
"""

from __future__ import annotations

from caremap.schema import TABLES, Field, fields_of

__all__ = ["as_markdown"]

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
_EXAMPLES = 4


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


def _line(item: Field) -> str:
    unit = f", {item.unit}" if item.unit else ""
    nature = f" ({item.nature})" if item.nature else ""
    examples = ", ".join(item.words[:_EXAMPLES])
    return f"| `{item.name}` | {_TYPES[item.type]}{unit}{nature} | {item.meaning} | {examples} |"


if __name__ == "__main__":
    print(as_markdown(), end="")
