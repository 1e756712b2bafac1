"""Choices saved once are recognised with the same layout, and nothing strange gets in."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap import DataProblem, Loaded, open_all, open_file
from caremap.intake.recipes import fits, read_recipe, recipe_of, written

# Two columns could be the department, and no date tells its order: both are decided by hand.
APRIL = """Unit code,Team,Admission Date,Discharge Date,Cost
A1,Heart,03/04/2024,05/04/2024,100
B2,Bones,04/04/2024,06/04/2024,200
"""
MAY = APRIL.replace("/04/", "/05/")
CHOSEN: dict[str, Any] = {"department": "Unit code", "treatment": "Team", "ward": None}
MONTH_FIRST = {"dates": "month-first"}


def corrected() -> Loaded:
    return open_file(APRIL.encode(), "april.csv", None, CHOSEN, MONTH_FIRST)


def saved() -> bytes:
    return written(recipe_of(corrected(), CHOSEN, MONTH_FIRST))


def codes(loaded: Loaded) -> set[str]:
    return {finding.code for finding in loaded.findings}


def test_the_same_layout_is_read_the_same_way_again() -> None:
    again = open_file(MAY.encode(), "may.csv", options={"recipe": saved()})
    assert again.mapping["department"] == "Unit code"
    assert again.mapping["treatment"] == "Team"
    assert "ward" not in again.mapping
    assert list(again.table["admitted"].dt.strftime("%d %b")) == ["05 Mar", "05 Apr"]
    told = next(finding for finding in again.findings if finding.code == "recipe-applied")
    assert told.severity == "info"
    assert "3 fields matched by hand, the order of day and month" in told.message
    plain = open_file(MAY.encode(), "may.csv")
    assert plain.mapping.get("treatment") != "Team"
    assert "recipe-applied" not in codes(plain)


def test_other_separators_orders_and_spellings_of_the_headers_are_the_same_layout() -> None:
    rows = [line.split(",") for line in MAY.splitlines()]
    turned = "\n".join(";".join(reversed(row)) for row in rows).replace("Unit code", "UNIT_CODE")
    again = open_file(turned.encode(), options={"recipe": saved()})
    assert again.mapping["department"] == "UNIT_CODE"
    assert again.source.separator == ";"


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        (["Unit code", "Team", "Admission Date", "Discharge Date", "Cost"], True),
        (["cost", "TEAM", "discharge_date", "Admission date", "Unit Code"], True),
        # 5 of 6 in common is more than 80 %, 5 of 7 is less, 4 of 5 just enough
        (["Unit code", "Team", "Admission Date", "Discharge Date", "Cost", "Age"], True),
        (["Unit code", "Team", "Admission Date", "Discharge Date", "Cost", "Age", "Sex"], False),
        (["Unit code", "Team", "Admission Date", "Discharge Date"], True),
        # one that a decision mentions is missing
        (["Unit code", "Admission Date", "Discharge Date", "Cost", "Other"], False),
        ([], False),
    ],
)
def test_a_layout_is_recognised_by_its_headers(headers: list[str], same: bool) -> None:
    assert fits(saved(), headers) is same


def test_another_layout_is_told_and_left_alone() -> None:
    text = "ZIP,Population\n98101,12000\n98102,21000\n"
    loaded = open_file(text.encode(), options={"recipe": saved()})
    assert loaded.kind == "population"
    assert "recipe-not-for-this-file" in codes(loaded)
    assert "recipe-applied" not in codes(loaded)


def test_what_the_caller_says_wins_over_the_recipe() -> None:
    options = {"recipe": saved(), "dates": "day-first"}
    loaded = open_file(MAY.encode(), None, None, {"department": "Team"}, options)
    assert loaded.mapping["department"] == "Team"
    assert "treatment" not in loaded.mapping  # the recipe's column is taken
    assert loaded.table["admitted"].iloc[0].strftime("%d %b") == "03 May"


def test_a_caller_who_sees_another_table_gets_it() -> None:
    loaded = open_file(MAY.encode(), options={"recipe": saved(), "kind": "lookup"})
    assert loaded.kind == "lookup"
    loaded = open_file(MAY.encode(), None, None, {"occupied_beds": "Cost"}, {"recipe": saved()})
    assert loaded.kind == "activity"


def test_of_several_recipes_the_one_that_fits_is_used() -> None:
    other = open_file(b"ZIP,Population\n98101,12000\n98102,21000\n")
    recipes = [recipe_of(other), json.loads(saved())]
    assert open_file(MAY.encode(), options={"recipe": recipes}).mapping["treatment"] == "Team"


def test_a_header_row_found_by_hand_is_found_again_further_down() -> None:
    # As wide as the table and made of words: a trap for whoever looks for the header.
    top = "Unit,Report of,the whole,hospital group,EUR\n"
    options = {"header_row": 2}
    first = open_file((top + APRIL).encode(), options=options)
    recipe = recipe_of(first, {}, options)
    again = open_file((top + MAY).encode(), options={"recipe": recipe})
    assert (again.source.header_row, again.rows_used) == (2, 2)
    assert "recipe-applied" in codes(again)


def workbook(sheets: dict[str, str]) -> bytes:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(","))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_sheet_of_the_same_layout_is_taken_whatever_the_month_in_its_name() -> None:
    stays = "Admission Date,Discharge Date,Age,Cost,Gender\n" + "2024-04-01,2024-04-02,4,5,F\n" * 9
    first = workbook({"All stays": stays, "Detail April 2024": APRIL})
    assert open_file(first).source.sheet == "All stays"
    chosen = open_file(first, None, "Detail April 2024", {"department": "Unit code"})
    recipe = recipe_of(chosen, {"department": "Unit code"})
    assert recipe["choices"]["sheet"] == "detail # #"
    second = workbook({"All stays": stays, "Old": APRIL, "Detail May 2024": MAY})
    again = open_file(second, options={"recipe": recipe})
    assert again.source.sheet == "Detail May 2024"
    assert again.mapping["department"] == "Unit code"
    every = open_all(second, options={"recipe": recipe})
    assert [("recipe-applied" in codes(one)) for one in every] == [True, True, False]
    assert not any("recipe-not-for-this-file" in codes(one) for one in every)


def test_a_recipe_holds_headers_and_no_cell() -> None:
    text = saved().decode()
    assert "unit code" in text
    for cell in ("Heart", "Bones", "A1", "2024", "april.csv"):
        assert cell not in text


def test_decisions_about_the_values_of_one_file_are_not_passed_on() -> None:
    told = recipe_of(corrected(), {}, {"dates": "as-read", "encoding": "UTF-8"})
    assert told["choices"]["dates"] == {}
    assert "encoding" not in told["choices"]


def test_kept_columns_and_dates_by_column_are_passed_on() -> None:
    text = "Doctor,Admission Date,Discharge Date\nWho,03/04/2024,05/04/2024\n"
    options: dict[str, Any] = {"keep": ["Doctor"], "dates": {"Admission Date": "month-first"}}
    recipe = recipe_of(open_file(text.encode(), options=options), {}, options)
    again = open_file(text.replace("Doctor", "DOCTOR").encode(), options={"recipe": recipe})
    assert "DOCTOR" in again.table
    assert again.table["admitted"].iloc[0].month == 3


def test_columns_without_names_are_never_recognised() -> None:
    text = "A,12,3\nB,9,4\nC,7,5\n"
    loaded = open_file(text.encode())
    assert loaded.source.header_row == 0
    assert not fits(recipe_of(loaded), [column.header for column in loaded.columns])


def test_headers_in_other_scripts_are_told_apart() -> None:
    text = "入院日,退院日,病棟\n2024-04-01,2024-04-03,A\n2024-04-02,2024-04-05,B\n"
    mapping = {"admitted": "入院日", "discharged": "退院日", "ward": "病棟"}
    recipe = recipe_of(open_file(text.encode(), None, None, mapping), mapping)
    again = open_file(text.encode(), options={"recipe": recipe})
    assert again.mapping == {"admitted": "入院日", "discharged": "退院日", "ward": "病棟"}


def changed(**parts: Any) -> bytes:
    return json.dumps({**json.loads(saved()), **parts}).encode()


def with_choice(**choices: Any) -> bytes:
    told = json.loads(saved())
    return json.dumps({**told, "choices": {**told["choices"], **choices}}).encode()


@pytest.mark.parametrize(
    "strange",
    [
        b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe\x00", b"[" * 100_000, b"1" * 6_000,
        b'{"caremap_choices": 1}', b" " * 600_000 + saved(),
        changed(caremap_choices=2), changed(caremap_choices=True), changed(more=1),
        changed(layout=[]), changed(choices=[]), changed(layout={"headers": ["a"]}),
        changed(layout={"headers": ["a"], "signature": "0"}),
        changed(layout={"headers": [], "signature": "e3b0c44298fc1c14"}),
        with_choice(kind="x"), with_choice(kind=["stays"]), with_choice(mapping=[]),
        with_choice(mapping={"nothing": "cost"}), with_choice(mapping={"cost": 1}),
        with_choice(mapping={"cost": []}), with_choice(mapping={"cost": "no such column"}),
        with_choice(mapping={"cost": "x" * 201}), with_choice(mapping={"units": "cost"}),
        with_choice(dates="day-first"), with_choice(dates={"*": "repair"}),
        with_choice(dates={"*": ["day-first"]}), with_choice(decimal=";"), with_choice(keep="cost"),
        with_choice(keep=["nobody"]), with_choice(header_row=-1), with_choice(header_row=1.5),
        with_choice(header_row=True), with_choice(sheet=3), with_choice(sheet="a\nb"),
        with_choice(encoding="UTF-8"), with_choice(mapping={"cost": "\ud800"}),
    ],
)  # fmt: skip
def test_anything_strange_is_refused_in_words(strange: bytes) -> None:
    with pytest.raises(DataProblem) as refused:
        open_file(APRIL.encode(), options={"recipe": strange})
    assert refused.value.message
    assert refused.value.hint


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["caremap_choices", "layout", "choices", "headers", "mapping", "*"]),
        inner, max_size=4)).map(lambda told: json.dumps(told).encode()))  # fmt: skip
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(DataProblem):
        read_recipe(data)
