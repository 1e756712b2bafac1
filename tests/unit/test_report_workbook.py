"""Reports as workbooks: what stands where, charts that read the cells, and nothing that runs."""

from __future__ import annotations

import io
import re
import time
import zipfile
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from caremap import Dataset, open_all
from caremap.charts import Plot
from caremap.charts.palette import CATEGORICAL
from caremap.exports import Page, report_workbook, to_csv, to_workbook
from caremap.exports.guard import guarded
from caremap.exports.native import COLOURS
from caremap.hidden import WHY_HIDDEN
from caremap.measures import breakdown
from tests.unit.reports import (
    BANDS,
    DEFINITIONS,
    HOSPITALS,
    MONTHS,
    WARDS,
    injected,
    injection_frames,
    report,
)
from tests.unit.test_exports import is_live, read
from tests.unit.test_workbook import by_calamine, by_openpyxl, held_by_xml, parts

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FRAMES = [WARDS, MONTHS, HOSPITALS, BANDS, BANDS]
REFERENCE = re.compile(r"'((?:[^']|'')+)'!(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)")


@pytest.fixture(scope="module")
def whole() -> bytes:
    return report_workbook(report())


def sheets(data: bytes) -> list[Worksheet]:
    return load_workbook(io.BytesIO(data)).worksheets


def charts(data: bytes) -> list[ElementTree.Element]:
    """The charts of a workbook, as XML."""
    return [
        ElementTree.fromstring(part)
        for name, part in sorted(parts(data).items(), key=lambda one: (len(one[0]), one[0]))
        if name.startswith("xl/charts/")
    ]


def kinds(chart: ElementTree.Element) -> list[str]:
    area = chart.find(f".//{CHART}plotArea")
    assert area is not None
    return [one.tag.removeprefix(CHART) for one in area]


def references(chart: ElementTree.Element) -> list[tuple[str, str]]:
    """The sheet and cells of every reference of a chart."""
    found = []
    for formula in chart.iter(f"{CHART}f"):
        matched = REFERENCE.fullmatch(formula.text or "")
        assert matched is not None, formula.text
        found.append((matched[1].replace("''", "'"), matched[2].replace("$", "")))
    return found


def words(chart: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in chart.iter() if one.tag.endswith("}t")]


# --- what stands where ------------------------------------------------------------------------


def test_the_cover_says_what_all_figures_are_of_and_what_is_on_which_sheet(whole: bytes) -> None:
    assert by_openpyxl(whole) == [
        ["Sample network", None],
        [None, None],
        ["Source files", "stays.csv (SHA-256 ab12)"],
        [None, "beds.csv (SHA-256 cd34)"],
        ["As of", "30 April 2024"],
        ["Small counts", "Counts of 1 to 10 are hidden."],
        [None, None],
        ["Contents", None],
        ["Sheet", "What it shows"],
        ["Wards", "Surgery admits most"],
        ["Stay by month", "Medicine's stays are longest"],
        ["Hospitals", "Hospital 0 admits most"],
        ["Length", "7 of 10 stay longer"],
        ["Numbers", "Only numbers"],
        ["Definitions", "Definitions"],
        ["Notes", "Notes"],
    ]
    assert [sheet.title for sheet in sheets(whole)] == [
        "Cover", "Wards", "Stay by month", "Hospitals", "Length", "Numbers", "Definitions", "Notes",
    ]  # fmt: skip


def test_a_page_is_its_title_its_table_and_its_notes_below(whole: bytes) -> None:
    grid = [row[:4] for row in by_openpyxl(whole, 1)]
    assert grid[:7] == [
        ["Surgery admits most", None, None, None],
        ["Stays, 2024, n = 1,231", None, None, None],
        ["Notes stand below.", None, None, None],
        ["Ward", "Stays", "Share (%)", "Figures hidden"],
        ["Surgery", 1200, 97.5, None],
        ["Medicine", 31, 2.5, None],
        ["Neurology", None, None, "yes"],
    ]
    below = [row[0] for row in grid[7:] if row[0]]
    assert below == ["Notes", "Two are known.", WHY_HIDDEN]


def test_definitions_and_findings_have_their_sheets(whole: bytes) -> None:
    assert by_openpyxl(whole, 6)[2:] == [
        ["Measure", "Definition"],
        ["Stays", DEFINITIONS["Definition"][0]],
    ]
    grid = by_openpyxl(whole, 7)
    assert [row[0] for row in grid][:2] == ["Notes", "All figures are of the rows in view."]
    assert [row[:2] for row in grid[-2:]] == [
        ["Finding", "Rows"],
        ["2 stays end before they begin.", 2],
    ]


def test_without_definitions_or_findings_it_says_that_nothing_was_noticed() -> None:
    empty = pd.DataFrame()
    data = report_workbook(report(definitions=empty, findings=empty, notes=()))
    assert [sheet.title for sheet in sheets(data)][-2:] == ["Numbers", "Notes"]
    assert by_openpyxl(data, 6)[1][0] == "Nothing was noticed while the files were read."


@pytest.mark.parametrize("reader", [by_openpyxl, by_calamine])
@pytest.mark.parametrize("place", range(5))
def test_two_readers_find_every_cell_of_every_table(whole: bytes, reader: Any, place: int) -> None:
    frame = FRAMES[place].drop(columns="hidden", errors="ignore")
    grid = [row[: frame.shape[1]] for row in reader(whole, place + 1)][3 : 4 + len(frame)]
    assert grid[0] == list(frame.columns)
    for row, told in zip(grid[1:], frame.astype("object").itertuples(index=False), strict=True):
        for value, expected in zip(row, told, strict=True):
            if pd.isna(expected):
                assert value is None
            elif isinstance(expected, pd.Timestamp):
                assert pd.Timestamp(value) == expected
            elif isinstance(expected, str):
                assert value == expected
            else:
                assert isinstance(value, int | float)
                assert value == expected


@pytest.mark.parametrize(
    ("file", "by"),
    [
        ("kaggle_healthcare/healthcare_dataset_original.csv", ["diagnosis", "facility"]),
        ("nj_hospitals/nj_hosp_2020_06_19.csv", ["facility"]),
        ("malaysia_moh/bedutil_facility.csv", ["facility", "region"]),
    ],
)
def test_figures_of_real_files_come_back_cell_by_cell(
    shared: Path, file: str, by: list[str]
) -> None:
    dataset = Dataset.of(*open_all(shared / "data" / file))
    tables = [breakdown(dataset, column) for column in by]
    assert all(len(table) for table in tables)
    pages = [Page(column, column, "", table) for column, table in zip(by, tables, strict=True)]
    data = report_workbook(report(*pages))
    for place, table in enumerate(tables, 1):
        for reader in (by_openpyxl, by_calamine):
            grid = [row[: table.shape[1]] for row in reader(data, place)][3 : 4 + len(table)]
            assert grid[0] == list(table.columns)
            found = pd.DataFrame(grid[1:], columns=grid[0], dtype="object")
            for name in table.columns:
                if pd.api.types.is_numeric_dtype(table[name]):
                    np.testing.assert_allclose(
                        found[name].astype("Float64").to_numpy("float64", na_value=np.nan),
                        table[name].to_numpy("float64", na_value=np.nan),
                        rtol=1e-14,
                    )
                else:
                    assert found[name].tolist() == [guarded(text) for text in table[name]]


TYPES = pd.DataFrame(
    {
        "int": [1, -2],
        "Int64": pd.array([0, None], dtype="Int64"),
        "float": [-1.5, float("nan")],
        "float32": pd.array([0.1, 2.5], dtype="float32"),
        "Float64": pd.array([0.25, None], dtype="Float64"),
        "arrow": pd.array([7, None], dtype="int64[pyarrow]"),
        "bool": [True, False],
        "boolean": pd.array([None, True], dtype="boolean"),
        "day": pd.to_datetime(["2024-02-29", None]),
        "length": pd.to_timedelta(["26:30:00", None]),
        "band": pd.Categorical(["65+", None]),
        "text": ["-1", "=1+1"],
        "anything": pd.Series([-3, "x"], dtype="object"),
    }
)


def test_numbers_stay_numbers_whatever_the_type_of_their_column() -> None:
    data = report_workbook(report(Page("Types", "t", "s", TYPES)))
    single = to_workbook({"Types": TYPES})
    for reader in (by_openpyxl, by_calamine):
        assert reader(data, 1)[3:6] == reader(single)
    first, second = (dict(zip(TYPES, row, strict=True)) for row in by_openpyxl(data, 1)[4:6])
    numbers = ["int", "Int64", "float", "float32", "Float64", "arrow", "anything"]
    assert [first[name] for name in numbers] == [1, 0, -1.5, 0.1, 0.25, 7, -3]
    assert [second[name] for name in numbers] == [-2, None, None, 2.5, None, None, "x"]
    assert (first["bool"], second["bool"], second["boolean"]) == (True, False, True)
    assert (first["text"], second["text"]) == ("-1", "'=1+1")


def test_headers_stay_and_filter_and_numbers_have_formats(whole: bytes) -> None:
    wards = sheets(whole)[1]
    assert (wards.freeze_panes, wards.auto_filter.ref) == ("A5", "A4:D7")
    assert wards.print_title_rows == "$4:$4"
    assert [cell.number_format for cell in wards[5]][:3] == ["@", "#,##0", '#,##0.0" %"']
    assert [cell.font.bold for cell in wards[4]][:4] == [True] * 4
    assert wards["A1"].font.bold
    cover, *_, definitions, notes = sheets(whole)
    assert (cover.freeze_panes, cover.auto_filter.ref) == (None, None)
    assert (definitions.freeze_panes, definitions.auto_filter.ref) == ("A4", "A3:B4")
    assert (notes.freeze_panes, notes.auto_filter.ref) == (None, "A5:B6")


def test_a_long_note_is_as_wide_as_people_read_and_as_tall_as_it_is_long() -> None:
    page = Page("Wards", "Surgery", "", BANDS, ("A long sentence of words. " * 20,))
    sheet = sheets(report_workbook(report(page)))[1]
    at = next(cell.row for (cell,) in sheet["A1:A30"] if str(cell.value).startswith("A long"))
    (merged,) = [str(one) for one in sheet.merged_cells.ranges if f"A{at}:" in str(one)]
    assert merged > f"A{at}:D{at}"
    assert sheet[f"A{at}"].alignment.wrap_text
    assert sheet.row_dimensions[at].height >= 5 * 15


def test_rows_of_long_texts_are_tall_where_a_program_does_not_see_to_it(whole: bytes) -> None:
    assert sheets(whole)[6].row_dimensions[4].height >= 3 * 15


def test_equal_reports_give_equal_bytes(whole: bytes) -> None:
    assert whole == report_workbook(report())
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_report_is_not_touched() -> None:
    before = [frame.copy(deep=True) for frame in FRAMES]
    report_workbook(report())
    for frame, kept in zip(FRAMES, before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


def test_a_plot_of_a_column_that_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="The table of “Wards” has no column Beds"):
        Page("Wards", "", "", WARDS, plot=Plot("bars", "Ward", ("Beds",)))


def test_a_table_no_sheet_holds_is_refused_in_words() -> None:
    long = pd.DataFrame(index=pd.RangeIndex(1_048_573), columns=[])
    with pytest.raises(ValueError, match="1,048,573 rows"):
        report_workbook(report(Page("Long", "", "", long)))


def test_twenty_five_pages_take_seconds() -> None:
    page = Page("Hospitals", "t", "s", HOSPITALS, ("n",), plot=Plot("bars", "Hospital", ("Stays",)))
    start = time.perf_counter()
    report_workbook(report(*[page] * 25))
    assert time.perf_counter() - start < 10


# --- charts -----------------------------------------------------------------------------------


def test_the_program_draws_a_chart_of_each_plot_from_the_cells(whole: bytes) -> None:
    drawn = charts(whole)
    assert [kinds(chart)[0:3] for chart in drawn] == [
        ["barChart", "catAx", "valAx"],
        ["lineChart", "dateAx", "valAx"],
        ["barChart", "catAx", "valAx"],
        ["doughnutChart"],
    ]
    assert references(drawn[0]) == [("Wards", "B4"), ("Wards", "A5:A7"), ("Wards", "B5:B7")]
    assert references(drawn[1]) == [
        ("Stay by month", "B4"), ("Stay by month", "A5:A18"), ("Stay by month", "B5:B18"),
        ("Stay by month", "C4"), ("Stay by month", "A5:A18"), ("Stay by month", "C5:C18"),
    ]  # fmt: skip


def test_a_chart_has_a_title_axes_with_titles_and_words(whole: bytes) -> None:
    drawn = charts(whole)
    assert words(drawn[0]) == ["Surgery admits most", "Ward", "Stays"]
    assert words(drawn[1]) == ["Medicine's stays are longest", "Month", "days"]
    for chart in drawn[:3]:
        hidden = [one.get("val") for one in chart.iter(f"{CHART}delete")]
        assert hidden == ["0", "0"]
    drawing = parts(whole)["xl/drawings/drawing1.xml"]
    assert 'descr="Bars: Surgery 1,200"' in drawing


def test_bars_begin_at_zero_and_the_first_row_is_on_top(whole: bytes) -> None:
    (lowest,) = charts(whole)[0].iter(f"{CHART}min")
    assert float(lowest.get("val", "nan")) == 0
    orders = [one.get("val") for one in charts(whole)[0].iter(f"{CHART}orientation")]
    assert orders == ["maxMin", "minMax"]
    losses = pd.DataFrame({"Ward": ["A", "B"], "Change": [-1.5, 2.0]})
    page = Page("Change", "", "", losses, plot=Plot("bars", "Ward", ("Change",)))
    (chart,) = charts(report_workbook(report(page)))
    assert not list(chart.iter(f"{CHART}min"))


def test_of_more_than_thirty_bars_the_first_are_drawn_and_the_sheet_says_so(whole: bytes) -> None:
    assert references(charts(whole)[2])[2] == ("Hospitals", "B5:B34")
    assert by_openpyxl(whole, 3)[2][0] == (
        "The chart shows the first 30 of 212 rows. Notes stand below."
    )


def test_a_line_shows_every_day() -> None:
    days = pd.DataFrame({"Day": pd.date_range("2024-01-01", periods=400), "Census": range(400)})
    page = Page("Census", "", "", days, plot=Plot("line", "Day", ("Census",)))
    (chart,) = charts(report_workbook(report(page)))
    assert references(chart)[2] == ("Census", "B5:B404")
    assert [one.get("val") for one in chart.iter(f"{CHART}baseTimeUnit")] == ["days"]


def drawn(frame: pd.DataFrame, kind: Any, *values: str) -> list[tuple[str, list[str]]]:
    """The kind of each chart of a table, and the columns it shows."""
    page = Page("P", "t", "", frame, plot=Plot(kind, str(frame.columns[0]), values))
    found = charts(report_workbook(report(page)))
    headers = dict(zip("ABCDE", frame.columns, strict=False))
    return [
        (kinds(chart)[0], [headers[cell[0]] for _, cell in references(chart)[::3]])
        for chart in found
    ]


@pytest.mark.parametrize(
    ("frame", "kind", "values", "expected"),
    [
        pytest.param({"W": ["A", "B"], "n": [1, None]}, "ring", ["n"], [("barChart", ["n"])],
                     id="a part is unknown: no shares"),
        pytest.param({"W": ["A", "B"], "n": [1, -1]}, "ring", ["n"], [("barChart", ["n"])],
                     id="less than nothing is no part"),
        pytest.param({"W": list("ABCDEFGHI"), "n": [1] * 9}, "ring", ["n"], [("barChart", ["n"])],
                     id="too many parts"),
        pytest.param({"W": ["A"], "n": ["x"]}, "bars", ["n"], [], id="text is not zero"),
        pytest.param({"W": ["A", "B"], "n": [1, "-"]}, "bars", ["n"], [], id="nor among numbers"),
        pytest.param({"W": ["A"], "n": [float("inf")]}, "bars", ["n"], [], id="infinite"),
        pytest.param({"W": ["A"], "n": [None]}, "bars", ["n"], [], id="all missing"),
        pytest.param({"W": ["A"], "n": [True]}, "bars", ["n"], [], id="yes and no"),
        pytest.param({"W": [], "n": []}, "bars", ["n"], [], id="no rows"),
        pytest.param({"W": ["A"], "n": [1], "x": ["y"]}, "bars", ["n", "x"],
                     [("barChart", ["n"])], id="only what can be drawn"),
        pytest.param({"W": ["A"], "n": [3], "m": [4]}, "columns", ["n", "m"],
                     [("barChart", ["n", "m"])], id="two series"),
        pytest.param({"W": ["A"], "n": [3], "cost": [4e6]}, "bars", ["n", "cost"],
                     [("barChart", ["n"]), ("barChart", ["cost"])], id="worlds apart"),
        pytest.param({"W": ["A"], "n": [3], "s (%)": [4]}, "bars", ["n", "s (%)"],
                     [("barChart", ["n"]), ("barChart", ["s (%)"])], id="another unit"),
        pytest.param({"Year": [2023, 2024], "n": [3, 4]}, "line", ["n"], [("lineChart", ["n"])],
                     id="years"),
    ],
)  # fmt: skip
def test_what_a_plot_becomes(
    frame: dict[str, list[Any]], kind: Any, values: list[str], expected: Any
) -> None:
    assert drawn(pd.DataFrame(frame), kind, *values) == expected


def test_a_chart_reads_the_right_columns_beside_a_named_index() -> None:
    frame = BANDS.set_index(pd.Index([7, 8, 9], name="Code"))
    page = Page("P", "", "", frame, plot=Plot("bars", "Stay", ("Stays",)))
    (chart,) = charts(report_workbook(report(page)))
    assert references(chart) == [("P", "C4"), ("P", "B5:B7"), ("P", "C5:C7")]


def test_charts_have_the_colours_of_the_screen() -> None:
    assert [f"#{colour.lower()}" for colour in COLOURS] == list(CATEGORICAL)


NAMES = ["It's", "'", "=1+1", "A1", "R1C1", "a!b", "$A$1", "[b.xlsx]S", "Sheet 1", "2024", "x'y'z",
         "a&b<c>\"d\"", "京都 😀", "a\x00b", "TRUE", "#REF!", "'[x]'!A1",
         "=cmd|' /C calc'!A0"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_series_find_their_cells_whatever_the_sheet_is_called(name: str) -> None:
    page = Page(name, name, name, BANDS, (name,), alt=name, plot=Plot("bars", "Stay", ("Stays",)))
    points_into_itself(report_workbook(report(page, page)))


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=40) | st.text("aA'!$[]=(2) ", max_size=40))
def test_series_find_their_cells_under_any_name(name: str) -> None:
    page = Page(name, name, "", BANDS, alt=name, plot=Plot("ring", "Stay", ("Stays",)))
    points_into_itself(report_workbook(report(page, page)))


def points_into_itself(data: bytes) -> None:
    """Each chart refers to cells of the sheet it stands on, which hold what it should show."""
    book = load_workbook(io.BytesIO(data))
    for number, chart in enumerate(charts(data), 1):
        for name, cells in references(chart):
            sheet = book.worksheets[number]
            assert name == sheet.title
            first, top, last, bottom = range_boundaries(cells)
            held = [row[0] for row in sheet.iter_rows(top, bottom, first, last, values_only=True)]
            assert held in (["Stays"], list(BANDS["Stay"]), list(BANDS["Stays"]))


# --- nothing runs -----------------------------------------------------------------------------

# Every element, attribute or part by which a workbook reaches beyond itself or computes.
RUNS = re.compile(
    r"<(?:\w+:)?(hyperlinks?|hlinkClick|hlinkHover|legacyDrawing|oleObjects?|control|extLst|"
    r"externalReferences?|externalData|userShapes|ddeLink|connections?|webPublish\w*|customUI|"
    r"definedName|queryTable\w*|customWorkbookView|pivot\w*|macro)\b|macro=|TargetMode|"
    r"fPublished=\"1|mc:AlternateContent",
    re.IGNORECASE,
)
PART = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles)\.xml|"
    r"xl/theme/theme1\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml|"
    r"xl/worksheets/_rels/sheet\d+\.xml\.rels|xl/drawings/drawing\d+\.xml|"
    r"xl/drawings/_rels/drawing\d+\.xml\.rels|xl/charts/chart\d+\.xml"
)
OWN_NAMES = re.compile(
    r'<definedName name="_xlnm\.(Print_Titles|_FilterDatabase)"[^>]*>[^<]*</definedName>'
)


def runs_nothing(data: bytes) -> None:
    """Walk every part of a workbook."""
    held = parts(data)
    for name, part in held.items():
        assert PART.fullmatch(name), name
        tree = ElementTree.fromstring(part)
        markup = OWN_NAMES.sub("", part)
        markup = re.sub(r">[^<]+<", "><", markup)  # what is text, in cells and titles, is not it
        markup = re.sub(r'(descr|name|title|sheet)="[^"]*"', "", markup)
        assert not RUNS.search(markup), (name, RUNS.search(markup))
        for element in tree.iter():
            if name.endswith(".rels"):
                if "Target" in element.attrib:
                    to = element.attrib["Target"].lstrip("/")
                    assert to in held or f"xl/{to}" in held, element.attrib
                    assert "TargetMode" not in element.attrib
            elif element.tag.endswith("}f"):
                assert element.tag == f"{CHART}f", f"a formula in {name}"
    for chart in charts(data):
        references(chart)
    for sheet in sheets(data):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "b", "d"), (sheet.title, cell.coordinate)
                assert cell.hyperlink is None


def test_every_relation_is_to_a_part_of_the_file(whole: bytes) -> None:
    runs_nothing(whole)
    types = parts(whole)["[Content_Types].xml"]
    for name in parts(whole):
        if name != "[Content_Types].xml" and not name.endswith(".rels"):
            assert f'PartName="/{name}"' in types


def test_the_walk_sees_what_could_run(whole: bytes) -> None:
    held = parts(whole)
    for name, was, becomes in (
        ("xl/worksheets/sheet1.xml", "</sheetData>", "</sheetData><hyperlinks/>"),
        ("xl/worksheets/sheet2.xml", "<v>1200</v>", "<f>1+1</f><v>1200</v>"),
        ("xl/worksheets/_rels/sheet2.xml.rels", 'Target="', 'TargetMode="External" Target="'),
        ("xl/charts/chart1.xml", "'Wards'!$B$4", "[1]Wards!$B$4"),
    ):
        changed = {**held, name: held[name].replace(was, becomes, 1)}
        assert changed[name] != held[name]
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for part, content in changed.items():
                archive.writestr(part, content)
        with pytest.raises((AssertionError, KeyError)):
            runs_nothing(data.getvalue())


def test_nothing_of_the_injection_files_runs_in_any_workbook(shared: Path) -> None:
    frames = injection_frames(shared)
    assert {"formula_injection.csv", "injection_in_headers.csv"} <= set(frames)
    for name, frame in frames.items():
        for raw in (False, True):
            data = report_workbook(injected(frame), raw=raw)
            runs_nothing(data)
            runs_nothing(to_workbook({name: frame}, [(text, text) for text in frame], raw=raw))
            if not raw:
                rows = (sheet.iter_rows(values_only=True) for sheet in sheets(data))
                cells = [str(cell) for row in chain.from_iterable(rows) for cell in row]
                assert not [cell for cell in cells if is_live(cell)]


def test_text_of_the_injection_files_comes_back_whole_where_it_is_asked_for_raw(
    shared: Path,
) -> None:
    frame = injection_frames(shared)["formula_injection.csv"]
    told = [list(frame.columns), *frame.to_numpy().tolist()]
    assert read(to_csv(frame, raw=True)) == told
    assert read(to_csv(frame))[1][1] == "'=1+1"
    told = [[held_by_xml(text) for text in row] for row in told]
    assert by_openpyxl(to_workbook({"S": frame}, raw=True)) == told
    page = Page("P", "t", "", frame)
    data = report_workbook(report(page), raw=True)
    assert by_openpyxl(data, 1)[3 : 4 + len(frame)] == told
    assert "As they are in the data" in str(by_openpyxl(data))
    assert "As they are in the data" not in str(by_openpyxl(report_workbook(report(page))))


def test_raw_numbers_are_the_same_numbers() -> None:
    frame = pd.DataFrame({"n": [-1.5, 2, None], "Int": pd.array([1, None, -3], dtype="Int64")})
    assert to_csv(frame, raw=True) == to_csv(frame)
    assert by_openpyxl(to_workbook({"S": frame}, raw=True)) == by_openpyxl(
        to_workbook({"S": frame})
    )
