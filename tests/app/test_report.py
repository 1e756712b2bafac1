"""The report and the files of single figures, opened again and compared with plain pandas."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

import caremap
from caremap.dataset import Dataset
from caremap.exports import to_csv, to_workbook
from caremap.ui import recipes
from caremap.ui.recipes import Recipe, drawn, shared
from caremap.ui.sharing import Sharing
from caremap.ui.sidebar import View
from tests.app.pages import app, click, upload

FIRST = 5  # row of a sheet below its header


@dataclass
class Made:
    """A report as its two files, and the file it was made from."""

    workbook: bytes
    page: bytes
    file: pd.DataFrame

    @cached_property
    def book(self) -> Workbook:
        return load_workbook(io.BytesIO(self.workbook))


def made(name: str, data: bytes, file: pd.DataFrame, small: str = "in downloads") -> Made:
    """The report that a click on the Breakdown page makes."""
    at = upload(app(), name, data)
    at.session_state["small_counts"] = small
    at.switch_page("pages/breakdown.py").run()
    assert not at.exception
    _, workbook, page, _ = click(at, "Make the report").session_state["made_report"]
    return Made(workbook, page, file)


@pytest.fixture(scope="module")
def new_york(shared: Path) -> Made:
    """The first 4,000 discharges of a real file."""
    whole = gzip.decompress((shared / "data/sparcs/week10_df_musc_skel.csv.gz").read_bytes())
    data = b"".join(whole.splitlines(keepends=True)[:4_001])
    return made("sparcs.csv", data, pd.read_csv(io.BytesIO(data), low_memory=False))


@pytest.fixture(scope="module")
def emergency(shared: Path) -> Made:
    data = (shared / "data/kaggle_er/Hospital ER.csv").read_bytes()
    file = pd.read_csv(io.BytesIO(data), keep_default_na=False)
    came = pd.to_datetime(file["date"], format="%Y/%m/%d %H:%M")
    answers = pd.to_numeric(file["patient_sat_score"])
    return made("er.csv", data, file.assign(came=came, answer=answers))


@pytest.fixture(scope="module")
def jersey(shared: Path) -> Made:
    """Counts in columns, not stays."""
    data = (shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv").read_bytes()
    return made("nj.csv", data, pd.read_csv(io.BytesIO(data), low_memory=False))


REPORTS = pytest.mark.parametrize("name", ["new_york", "emergency", "jersey"])


def table(report: Made, sheet: str) -> pd.DataFrame:
    """The table of a sheet as a spreadsheet program holds it."""
    rows = list(report.book[sheet].iter_rows(min_row=FIRST - 1, values_only=True))
    header = [str(one) for one in rows[0] if one is not None]
    cells = []
    for row in rows[1:]:
        if row[0] is None:
            break
        cells.append(row[: len(header)])
    return pd.DataFrame(cells, columns=header)


def cells_of(book: Workbook, sheet: str) -> list[tuple[object, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="raise").astype("float64")


# --- the files as files -----------------------------------------------------------------------


@REPORTS
def test_every_page_has_figures_and_a_name_one_can_read(
    name: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(name)
    book = report.book
    assert book.sheetnames[0] == "Cover"
    assert len(book.sheetnames) >= 8
    assert sum(bool(sheet._charts) for sheet in book) >= 4
    for sheet in book.sheetnames[1:]:
        assert "_" not in sheet.removesuffix("patient_race").removesuffix("hosp_id")  # headers
        assert "(2)" not in sheet
        assert book[sheet].freeze_panes is not None
        if sheet not in ("Definitions", "Notes"):
            shown = table(report, sheet)
            assert len(shown) > 0
            assert shown.select_dtypes("number").notna().any(axis=None), sheet


@REPORTS
def test_another_reader_finds_the_same_cells(name: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue(name)
    other = CalamineWorkbook.from_filelike(io.BytesIO(report.workbook))
    book = report.book
    assert other.sheet_names == book.sheetnames
    for sheet in book.sheetnames:
        theirs = other.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        ours = [["" if one is None else one for one in row] for row in cells_of(book, sheet)]
        for place, row in enumerate(theirs):
            assert ours[place][: len(row)] == row, (sheet, place)


@REPORTS
def test_the_page_to_print_has_the_figures_of_the_workbook(
    name: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(name)
    figures = BeautifulSoup(report.page, "html.parser").select("section.figure")
    sheets = [one for one in report.book.sheetnames[1:] if one not in ("Definitions", "Notes")]
    assert len(figures) == len(sheets)
    for figure, sheet in zip(figures, sheets, strict=True):
        title = report.book[sheet]["A1"].value
        assert said(figure.find("h2")) == title
        rows = [[said(c) for c in row.find_all(["th", "td"])] for row in figure.select("tbody tr")]
        workbook = table(report, sheet).head(len(rows))
        assert len(workbook) == len(rows)
        for place, row in enumerate(rows):
            for cell, other in zip(row, workbook.iloc[place], strict=True):
                assert cell_is(cell, other), (sheet, place, cell, other)


def said(element: Tag | None) -> str:
    assert element is not None
    return element.get_text()


def cell_is(text: str, value: object) -> bool:
    """Whether a text on the page is the value of the cell, as far as it is written out."""
    if value is None or value != value:
        return text == ""
    if isinstance(value, Real):
        bare = text.replace(",", "").replace("−", "-").removesuffix("%").strip()
        decimals = len(bare.partition(".")[2])
        return abs(float(bare) - float(value)) <= 0.5000001 * 10**-decimals
    return text.lstrip("'") == str(value).lstrip("'")


# --- the figures ------------------------------------------------------------------------------


def compare(
    shown: pd.DataFrame, plain: pd.DataFrame, counts: str, decimals: dict[str, int], extra: int = 1
) -> None:
    """Compare cell by cell; small counts are hidden, with one more at most, and nothing else.

    The first column of both has the groups; ``counts`` is the column of patients.
    """
    by = shown.columns[0]
    both = shown.set_index(by)
    expected = plain.reindex(both.index)
    assert set(both.index) == set(plain.index)
    hidden = numbers(both[counts]).isna()
    small = expected[counts].between(1, 10)
    assert (small <= hidden).all()
    assert (hidden & ~small).sum() <= (extra if small.any() else 0)
    for column in plain:
        ours = numbers(both[column])
        assert ours[hidden].isna().all(), column
        gap = (ours - expected[column])[~hidden].dropna()
        assert (gap.abs() <= 0.5000001 * 10.0 ** -decimals.get(column, 9)).all(), column
        assert (ours.isna() == expected[column].isna())[~hidden].all(), column


COST, STAY = "Treatment cost (currency as supplied)", "Average length of stay (days)"
MEAN = "Mean cost per stay (currency as supplied)"


@pytest.mark.parametrize(
    ("word", "header"),
    [("treatment", "CCSR.Procedure.Description"), ("diagnosis", "CCSR.Diagnosis.Description"),
     ("facility", "Permanent.Facility.Id"), ("region", "Hospital.County"),
     ("payer", "Payment.Typology.1"), ("gender", "Gender"), ("age band", "age")],
)  # fmt: skip
def test_groups_of_new_york(new_york: Made, word: str, header: str) -> None:
    keys = new_york.file[header].astype("object").fillna("Unknown").astype("str")
    groups = new_york.file.groupby(keys)
    plain = pd.DataFrame({"Admissions": groups.size(), COST: groups["Total.Costs"].sum()})
    compare(table(new_york, f"Admissions, cost by {word}"), plain, "Admissions", {COST: 2})
    means = pd.DataFrame(
        {
            "Average length of stay: computed from": groups.size(),
            MEAN: groups["Total.Costs"].mean(),
            STAY: groups["los"].mean(),
        }
    )
    shown = table(new_york, f"Mean cost, stay by {word}")
    compare(shown, means, "Average length of stay: computed from", {MEAN: 2, STAY: 2})


def test_survival_of_new_york(new_york: Made) -> None:
    file = new_york.file
    died = file["Patient.Disposition"].eq("Expired").groupby(file["Hospital.County"]).sum()
    n = file.groupby("Hospital.County").size()
    shown = table(new_york, "Survival by region").set_index("Region")
    rate = numbers(shown["Survival to discharge (%)"])
    counted = numbers(shown["n: discharges with a known outcome"])
    few = died.between(1, 10) | n.between(1, 10)
    assert (few <= rate.isna().reindex(few.index)).all()
    assert rate.isna().sum() <= few.sum() + 1
    known = rate.dropna().index
    assert len(known) > 3
    np.testing.assert_allclose(rate[known], (100 * (n - died) / n)[known], atol=0.0500001)
    np.testing.assert_array_equal(counted.dropna(), n[counted.dropna().index])


def test_key_figures_of_new_york(new_york: Made) -> None:
    overall = table(new_york, "Key figures").set_index("Measure")["Overall"]
    file = new_york.file
    assert overall["Admissions"] == len(file)
    assert overall["Treatment cost"] == pytest.approx(file["Total.Costs"].sum(), abs=0.01)
    assert overall["Charges"] == pytest.approx(file["Total.Charges"].sum(), abs=0.01)
    assert overall["Average length of stay"] == pytest.approx(file["los"].mean(), abs=0.0051)


@pytest.mark.parametrize(
    ("word", "header"), [("department", "department_referral"), ("gender", "patient_gender"),
                         ("patient_race", "patient_race")],
)  # fmt: skip
def test_groups_of_emergency_visits(emergency: Made, word: str, header: str) -> None:
    plain = emergency.file.groupby(header)["patient_admin_flag"].sum().to_frame("Admissions")
    compare(table(emergency, f"Admissions by {word}"), plain, "Admissions", {})


def test_months_and_waits_of_emergency_visits(emergency: Made) -> None:
    file = emergency.file
    months = file.groupby(file["came"].dt.strftime("%Y-%m"))["patient_admin_flag"].sum()
    compare(table(emergency, "Admissions by month"), months.to_frame("Admissions"), "Admissions",
            {})  # fmt: skip
    shown = table(emergency, "Waiting by weekday and hour")
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    waits = file.groupby([file["came"].dt.day_of_week, file["came"].dt.hour])["patient_waittime"]
    place = [
        (days.index(day), int(hour[:2]))
        for day, hour in zip(shown["Weekday"], shown["Hour"], strict=True)
    ]
    np.testing.assert_allclose(shown["Median wait (minutes)"], waits.median()[place], atol=0.5)
    np.testing.assert_array_equal(shown["Known waits"], waits.size()[place])


def test_answers_of_few_are_hidden(emergency: Made) -> None:
    file = emergency.file
    shown = table(emergency, "Satisfaction by department and…")
    groups = file.groupby(["department_referral", file["came"].dt.strftime("%Y-%m")])["answer"]
    place = pd.MultiIndex.from_frame(shown[["Department", "Month"]])
    mean, n = groups.mean().reindex(place), groups.count().reindex(place).fillna(0)
    ours = numbers(shown["Patient satisfaction (points, scale as supplied)"])
    assert ours[n.between(1, 10).to_numpy()].isna().all()
    known = ours.notna().to_numpy()
    assert known.sum() > 20
    np.testing.assert_allclose(ours[known], mean[known], atol=0.00500001)


def test_hospitals_of_new_jersey(jersey: Made) -> None:
    admitted = jersey.file.groupby("hosp_name")["admitted"].sum(min_count=1)
    shown = table(jersey, "Admissions by facility")
    compare(shown, admitted.to_frame("Admissions"), "Admissions", {})
    assert shown["Admissions"].sum() > 0


# --- the file of one figure ---------------------------------------------------------------------


def view_of(path: Path, sharing: Sharing) -> View:
    dataset = Dataset.of(caremap.open_file(path))
    return View(dataset, dataset, dataset.as_of, "key", sharing=sharing)


def test_a_file_of_one_figure_hides_what_the_screen_may_show(shared: Path) -> None:
    view = view_of(shared / "data/kaggle_er/Hospital ER.csv", Sharing())
    recipe = recipes.bars("gender", ("visits",))
    seen, given = (
        drawn(recipe, view, get(view)).table for get in (recipes.plain, recipes.shared)
    )  # fmt: skip
    assert numbers(seen.set_index("Gender")["Visits"]).to_dict() == {"M": 4705, "F": 4487, "NC": 24}
    pd.testing.assert_series_equal(seen["Visits"], given["Visits"])
    admitted = replace(recipe, given={"by": "gender", "names": ("admissions",)},
                       options=recipes.bars("gender", ("admissions",)).options)  # fmt: skip
    given = drawn(admitted, view, recipes.shared(view)).table
    hidden = given.set_index("Gender")["Admissions"]
    assert hidden["M"] == 2355
    assert hidden[["F", "NC"]].isna().all()
    again = pd.read_csv(io.BytesIO(to_csv(given)))
    assert numbers(again.set_index("Gender")["Admissions"]).dropna().to_dict() == {"M": 2355}
    book = load_workbook(io.BytesIO(to_workbook({"gender": given})))
    cells = {row[0]: row[1] for row in book["gender"].iter_rows(min_row=2, values_only=True)}
    assert cells == {"M": 2355, "F": None, "NC": None}
    open_ = replace(view, sharing=Sharing(hide=False))
    shown = drawn(admitted, open_, shared_of(open_)).table
    assert shown.set_index("Gender")["Admissions"].notna().all()


shared_of: Callable[[View], recipes.Get] = shared
"""Under another name, as a fixture of the tests is called `shared`."""


def test_a_rate_says_what_it_is_a_share_of() -> None:
    said_of: dict[str, Recipe] = {
        "discharges with a known outcome": recipes.survival("region"),
        "discharges whose next 30 days are known": recipes.readmissions("region"),
    }
    for words, recipe in said_of.items():
        assert recipe.options["what"] == words


# --- nothing in it runs -------------------------------------------------------------------------


def test_nothing_of_the_data_runs_in_a_report(shared: Path) -> None:
    own = shared / "messy/own"
    names = [
        row["Department"]
        for file in ("formula_injection.csv", "html_js_markdown_injection.csv")
        for row in csv.DictReader(io.StringIO((own / file).read_text(encoding="utf-8")))
    ]
    headers = next(csv.reader(io.StringIO((own / "injection_in_headers.csv").read_text())))
    random = np.random.default_rng(3)
    size = 4 * len(names)
    came = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 80, size), "D")
    file = pd.DataFrame(
        {
            "Department": names * 4,
            "Treatment": random.choice(names, size),
            "Admission Date": came,
            "Discharge Date": came + pd.to_timedelta(random.integers(0, 9, size), "D"),
            "Gender": random.choice([names[0], names[16]], size),
            "Outcome": random.choice(["Died", "Home", names[1]], size),
            "Cost": random.lognormal(8, 1, size).round(2),
            headers[1]: random.choice(names, size),
        }
    )
    report = made("=1+1 <b>x.csv", file.to_csv(index=False).encode(), file, small="nowhere")
    with zipfile.ZipFile(io.BytesIO(report.workbook)) as package:
        for part in package.namelist():
            assert not {"vbaProject", "externalLink", "embeddings"} & set(part.split("/"))
            text = package.read(part).decode("utf-8")
            assert 'TargetMode="External"' not in text
            assert "<f>" not in text or part.startswith("xl/charts/")
    for sheet in report.book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target is None
                if isinstance(cell.value, str) and cell.value.strip()[:1] in tuple("=+-@"):
                    assert cell.value == "-42.50" or cell.quotePrefix, cell.value
    inert(report.page.decode(), pictures=True)
    assert "&lt;script&gt;" in report.page.decode()


def inert(html: str, *, pictures: bool = False) -> None:
    """Nothing in the markup runs, or asks for anything elsewhere."""
    for element in BeautifulSoup(html, "html.parser").find_all(True):
        assert element.name not in ("script", "iframe", "object", "embed", "form", "base", "link",
                                    "foreignobject", "use")  # fmt: skip
        for key, value in element.attrs.items():
            assert not key.lower().startswith("on")
            if key.lower() in ("href", "src", "xlink:href"):
                kept = "data:image/svg+xml;base64,"
                assert str(value).startswith(("#", kept)), value
                if pictures and str(value).startswith(kept):
                    inert(base64.b64decode(str(value).removeprefix(kept)).decode())
