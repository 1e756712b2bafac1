"""The styles of the cells of a workbook, each made once."""

from __future__ import annotations

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Styles"]

_FONT = "Calibri"
_FONTS = {
    "title": Font(name=_FONT, size=15, bold=True),
    "subtitle": Font(name=_FONT, size=11, color="4D6670"),
    "heading": Font(name=_FONT, size=12, bold=True),
    "label": Font(name=_FONT, size=11, bold=True),
    "header": Font(name=_FONT, size=11, bold=True),
}
_WRAPPED = frozenset({"pair", "note", "header"})


class Styles:
    """The numbers of the cell styles of a workbook, as its sheets' XML names them.

    Parameters
    ----------
    sheet
        Any sheet of the workbook: all share its styles.
    """

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._known: dict[tuple[str, bool, str], int] = {}
        self.header = self._header()

    def of(self, number_format: str, *, wrap: bool = False, kind: str = "") -> int:
        """Return the style of a number format, in a table or as a kind of words beside one."""
        key = number_format, wrap, kind
        if key not in self._known:
            self._known[key] = self._new(*key)
        return self._known[key]

    def _new(self, number_format: str, wrap: bool, kind: str) -> int:
        cell = Cell(self._sheet, 1, 1)
        # Words may be longer than some versions of Excel draw in a cell formatted as text.
        cell.number_format = "General" if kind and number_format == "@" else number_format
        if kind in _FONTS:
            cell.font = _FONTS[kind]
        left = "left" if kind else None
        wrapped = wrap or kind in _WRAPPED or None
        cell.alignment = Alignment(horizontal=left, vertical="top", wrap_text=wrapped)
        return int(cell.style_id)

    def _header(self) -> int:
        cell = Cell(self._sheet, 1, 1)
        cell.number_format = "@"
        cell.font = _FONTS["header"]
        cell.fill = PatternFill("solid", fgColor="EEF6F7")
        cell.border = Border(bottom=Side("thin", color="0B7285"))
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return int(cell.style_id)
