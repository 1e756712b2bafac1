"""Figure frames as files that are safe to open in a spreadsheet program or a browser."""

from caremap.exports.commas import to_csv
from caremap.exports.report import Page, Report
from caremap.exports.report_html import report_html
from caremap.exports.report_workbook import report_workbook
from caremap.exports.workbook import to_workbook

__all__ = ["Page", "Report", "report_html", "report_workbook", "to_csv", "to_workbook"]
