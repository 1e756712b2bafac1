"""The Glossary page: no data, data, data without what a measure needs, a search in vain."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from caremap import dictionary
from caremap.exports import to_workbook
from caremap.measures import MEASURES, choices
from caremap.schema import TABLES
from caremap.ui import glossary as on_screen
from tests.app.pages import STAYS, app, loaded, words


def glossary(at: AppTest) -> AppTest:
    """The same session on the glossary page."""
    at.switch_page("pages/glossary.py").run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    """What the page says, as it is read: without the escapes of Markdown."""
    headings = "\n".join(element.value for element in [*at.header, *at.subheader])
    return words(at).replace("\\", "") + headings


def about(at: AppTest, title: str) -> str:
    """What the page says below the heading of a measure."""
    elements = list(at.main)
    start = next(
        place for place, one in enumerate(elements)
        if one.type == "subheader" and one.value == title
    )  # fmt: skip
    told = []
    for one in elements[start + 1 :]:
        if one.type in ("header", "subheader"):
            break
        told.append(str(one.value).replace("\\", ""))
    return "\n".join(told)


def test_without_data_every_measure_choice_and_table_is_there() -> None:
    at = glossary(app())
    headings = {(element.value, element.proto.anchor) for element in at.subheader}
    assert {(measure.title, measure.name) for measure in MEASURES.values()} <= headings
    assert {(title, f"choice-{name}") for title, name in zip(
        choices()["title"], choices()["name"], strict=True)} <= headings  # fmt: skip
    assert "With data loaded, each measure says" in said(at)
    assert "The data in view" not in said(at)


def test_every_measure_says_all_that_is_declared() -> None:
    at = glossary(app())
    for measure in MEASURES.values():
        told = about(at, measure.title)
        for text in (measure.definition, measure.numerator, measure.denominator, measure.source,
                     measure.caveats, measure.unit):  # fmt: skip
            assert text in told
        if measure.denominator:
            assert f"{measure.numerator} **÷** {measure.denominator}" in told


def test_every_field_of_the_schema_is_in_a_table_of_the_page() -> None:
    at = glossary(app())
    shown = [" ".join(table.value["Field"]) for table in at.table]
    expected = [dictionary.as_frame(name)["Field"] for name in TABLES]
    tables = [fields for fields in expected if len(fields)]
    assert len(shown) == len(tables)
    for text, fields in zip(shown, tables, strict=True):
        assert all(f"`{field}`" in text for field in fields)


def test_with_data_each_measure_says_whether_the_data_gives_it() -> None:
    at = glossary(loaded())
    assert "The data in view gives this measure." in about(at, "Admissions")
    beds = about(at, "Bed occupancy")
    assert "Not from the data in view." in beds
    assert "No staffed beds are known" in beds
    assert "No waiting time column." in about(at, "Median waiting time")


def test_a_measure_the_data_gives_says_nothing_is_missing() -> None:
    header, *rows = STAYS.splitlines()
    text = "\n".join([f"{header},Waiting time (minutes)", *(f"{row},15" for row in rows)])
    at = glossary(loaded(text))
    assert "The data in view gives this measure." in about(at, "Median waiting time")


def test_the_choices_in_force_are_those_of_the_view() -> None:
    at = loaded()
    assert "**In force:** 28 Apr 2024" in about(glossary(at), "As-of date")
    assert "**In force:** bed counts of the files" in about(at, "Staffed beds typed in")
    at.date_input(key="as_of").set_value("2024-04-20").run()
    assert "**In force:** 20 Apr 2024" in about(at, "As-of date")
    at.switch_page("pages/overview.py").run()
    at.number_input(key="beds").set_value(1200).run()
    assert "**In force:** 1,200 beds typed in" in about(glossary(at), "Staffed beds typed in")
    assert "The data in view gives this measure." in about(at, "Bed occupancy")
    at.multiselect(key="facility").set_value(["North"]).run()
    assert "the filters set aside the number typed in" in about(at, "Staffed beds typed in")


def test_filters_that_leave_nothing_are_not_taken_for_a_missing_column() -> None:
    at = glossary(loaded(STAYS.replace("South,Medicine", "South,Surgery")))
    at.multiselect(key="facility").set_value(["South"]).run()
    at.multiselect(key="department").set_value(["Medicine"]).run()
    assert not at.exception
    assert "Needs a column" not in about(at, "Average length of stay")
    assert "Not from the data in view." in about(at, "Average length of stay")


def test_without_dates_no_day_is_in_force() -> None:
    at = glossary(loaded("Length of Stay,Age,Gender,Cost\n3,40,F,100\n5,50,M,200\n"))
    assert "none: the data has no dates" in about(at, "As-of date")


@pytest.mark.parametrize(
    ("searched", "titles"),
    [
        ("KH03", ["Bed occupancy", "Occupied bed-days"]),
        ("  aihw SEPARATION ", ["Discharges"]),
        ("turnover_interval", ["Turnover interval"]),
        ("cost", ["Treatment cost"]),
    ],
)
def test_a_search_keeps_the_measures_that_speak_of_it(searched: str, titles: list[str]) -> None:
    at = glossary(app())
    at.text_input(key="glossary").set_value(searched).run()
    measures = {measure.title for measure in MEASURES.values()}
    assert [one.value for one in at.subheader if one.value in measures] == titles
    assert f"{len(titles)} measure{'s' if len(titles) > 1 else ''} found." in said(at)


def test_a_search_that_finds_nothing_says_so_and_repeats_it_as_typed() -> None:
    at = glossary(app())
    at.text_input(key="glossary").set_value("**$x$** [a](b)").run()
    assert not at.exception
    assert [info.value for info in at.info] == [
        r"No measure speaks of “\*\*\$x\$\*\* \[a\]\(b\)”: try one word, or a shorter one."
    ]
    assert "Same-day stays" in {one.value for one in at.subheader}


def test_the_workbook_of_the_glossary_holds_measures_choices_and_tables() -> None:
    sheets = on_screen.sheets({"admissions": "", "cost": "No cost column."}, {"same_day": "0 days"})
    book = load_workbook(io.BytesIO(to_workbook(sheets)))
    assert book.sheetnames[:3] == ["Measures", "Choices", "Stays"]
    assert {cell.value for cell in book["Measures"]["B"][1:]} == set(MEASURES)
    last = {row[1]: row[-1] for row in book["Measures"].iter_rows(values_only=True)}
    assert (last["admissions"], last["cost"]) == ("yes", "No cost column.")
    assert book["Choices"]["D2"].value == "0 days"
    assert [cell.value for cell in book["Population"]["A"]] == ["Field", "zip", "population"]
