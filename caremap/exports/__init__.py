"""Figure frames as files that are safe to open in a spreadsheet program."""

from caremap.exports.commas import to_csv
from caremap.exports.workbook import to_workbook

__all__ = ["to_csv", "to_workbook"]
