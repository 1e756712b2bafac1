"""Reports for tests: figures of every kind, and files that try to get something to run."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from caremap.charts import Plot
from caremap.exports import Page, Report

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="400" viewBox="0 0 1000 400">'
    b'<rect width="1000" height="400" fill="#fff"/><rect x="50" y="50" width="700" height="90" '
    b'fill="#0b7285"/><text x="60" y="200" font-size="20">Surgery</text></svg>'
)

WARDS = pd.DataFrame(
    {
        "Ward": ["Surgery", "Medicine", "Neurology"],
        "Stays": pd.array([1200, 31, None], dtype="Int64"),
        "Share (%)": [97.5, 2.5, None],
        "hidden": [False, False, True],
    }
)
MONTHS = pd.DataFrame(
    {
        "Month": pd.date_range("2023-01-01", periods=14, freq="MS"),
        "Medicine (days)": [5.25 + month % 3 for month in range(14)],
        "Surgery (days)": [None if month == 6 else 4.5 + month % 4 for month in range(14)],
    }
)
HOSPITALS = pd.DataFrame(
    {
        "Hospital": [f"Hospital {place}" for place in range(212)],
        "Stays": range(212, 0, -1),
        "Mean cost": [1000.5 + place for place in range(212)],
    }
)
BANDS = pd.DataFrame({"Stay": ["1 day", "2-3 days", "longer"], "Stays": [10, 20, 70]})

COVER = [
    ("Source files", ["stays.csv (SHA-256 ab12)", "beds.csv (SHA-256 cd34)"]),
    ("As of", "30 April 2024"),
    ("Small counts", "Counts of 1 to 10 are hidden."),
]
DEFINITIONS = pd.DataFrame({"Measure": ["Stays"], "Definition": ["Stays that began. " * 9]})
FINDINGS = pd.DataFrame({"Finding": ["2 stays end before they begin."], "Rows": [2]})


def report(*pages: Page, **changed: object) -> Report:
    """A report of some pages, by default of one of each kind."""
    content: dict[str, object] = {
        "title": "Sample network",
        "cover": COVER,
        "pages": pages or PAGES,
        "definitions": DEFINITIONS,
        "notes": ("All figures are of the rows in view.",),
        "findings": FINDINGS,
    }
    return Report(**{**content, **changed})  # type: ignore[arg-type]


PAGES = (
    Page("Wards", "Surgery admits most", "Stays, 2024, n = 1,231", WARDS, ("Two are known.",),
         DRAWING, "Bars: Surgery 1,200", Plot("bars", "Ward", ("Stays",))),
    Page("Stay by month", "Medicine's stays are longest", "Mean stay in days", MONTHS, (),
         DRAWING, "Two lines", Plot("columns", "Month", ("Medicine (days)", "Surgery (days)"))),
    Page("Hospitals", "Hospital 0 admits most", "Stays", HOSPITALS, ("The rest is small.",),
         DRAWING, "Bars", Plot("columns", "Hospital", ("Stays",))),
    Page("Length", "7 of 10 stay longer", "Stays", BANDS, (), DRAWING, "A ring",
         Plot("ring", "Stay", ("Stays",))),
    Page("Numbers", "Only numbers", "", BANDS),
)  # fmt: skip


def injection_frames(shared: Path) -> dict[str, pd.DataFrame]:
    """Every table of text among the files made to break a program, headers and cells as text."""
    frames = {}
    for file in sorted((shared / "messy" / "own").glob("*.csv")):
        content = file.read_bytes().decode("utf-8-sig", "replace").replace("\x00", "\ufffd")
        rows = list(csv.reader(io.StringIO(content, newline="")))[:60]
        if rows and max(map(len, rows)):
            width = max(map(len, rows))
            rows = [row + [""] * (width - len(row)) for row in rows]
            frames[file.name] = pd.DataFrame(rows[1:], columns=rows[0], dtype="object")
    return frames


def injected(frame: pd.DataFrame) -> Report:
    """A report in which the texts of a frame stand wherever a text can."""
    texts = [*map(str, frame.columns), *frame.astype("str").to_numpy().ravel()]
    table = frame.set_axis([f"{header} {at}" for at, header in enumerate(frame.columns)], axis=1)
    table = table.assign(**{f"{texts[0]} n": range(len(table))})
    plot = Plot("bars", str(table.columns[0]), (str(table.columns[-1]),))
    meant = [said for said in dict.fromkeys(texts) if re.search(r"[=<$`|]|^\W*[-+@]", said)]
    meant = meant[:12] or texts[:1]
    pages = [Page(said, said, said, table, (said,), DRAWING, said, plot) for said in meant]
    pairs = [(said, said) for said in meant]
    return Report(meant[0], pairs, pages, frame, meant, frame)
