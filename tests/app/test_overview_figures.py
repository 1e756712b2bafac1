"""The figures of the overview: which appear follows from the data, and what lacks is said once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.app.pages import STAYS, loaded, overview, upload, words

HEAD, *ROWS = STAYS.splitlines()
TIMED = "\n".join(
    [f"{HEAD},Ward,Waiting minutes"]
    + [f"{row.replace('-03,', '-03 14:30,')},A,{10 * place}" for place, row in enumerate(ROWS, 1)]
)
BEDS = b"Facility,Beds\nNorth,3\nSouth,2\n"


def titles(at: AppTest) -> list[str]:
    """The messages of the figures, in order."""
    return [one.value.replace("\\", "") for one in at.subheader]


def sections(at: AppTest) -> list[str]:
    cards = {"Total", "Average", "Still", "Visits", "Mean", "What", "Report"}
    return [one.value for one in at.header if one.value.split()[0] not in cards]


def test_every_section_has_its_figures() -> None:
    at = overview(upload(loaded(TIMED), "beds.csv", BEDS))
    assert sections(at) == [
        "Over time", "Departments and locations", "Length of stay", "Beds", "Through the week",
        "Waiting",
    ]  # fmt: skip
    found = titles(at)
    assert found[0].startswith("Admissions:")
    assert "Most admissions: Surgery, 5 of 8" in found[1]
    assert found[2:6] == [
        "Admissions: 4 in each facility",
        "7 stays, as many of Same day as of 4-7 days",
        "Half of 7 stays lasted 6 days or less; the mean is 16.3 days",
        found[5],
    ]
    assert "full" in found[5]
    assert found[-1] == "100 % were seen within 4 h; half waited no longer than 45 min"
    assert len(found) == 9


def test_stays_without_dates_have_no_trend_and_no_beds_but_places_and_lengths() -> None:
    at = overview(loaded("Department,Length of Stay,Cost\nA,3,100\nB,5,200\nA,4,50\n"))
    assert "there is no month to date and no trend" in words(at)
    assert sections(at) == ["Over time", "Departments and locations", "Length of stay", "Beds"]
    assert len(titles(at)) == 3
    assert not [box for box in at.selectbox if box.key == "trend"]


def test_without_places_one_line_says_so() -> None:
    at = overview(loaded("Admission Date,Discharge Date\n2024-04-01,2024-04-03\n"))
    assert "No column names a department, a facility or a region." in words(at)


def test_a_short_file_begins_with_weeks_and_offers_months() -> None:
    at = overview(loaded(f"{HEAD}\n{chr(10).join(ROWS[1:4])}\n"))
    by = at.selectbox(key="by")
    assert (by.value, by.options) == ("week", ["Week", "Month", "Quarter", "Year"])
    assert overview(loaded()).selectbox(key="by").value == "month"


def test_a_file_counted_by_month_offers_no_weeks() -> None:
    rows = "".join(f"2023-{month:02}-01,{100 + 7 * (month % 3)}\n" for month in range(1, 13))
    at = overview(loaded(f"Month,Admissions\n{rows}", "monthly.csv"))
    assert at.selectbox(key="by").options == ["Month", "Quarter", "Year"]


def test_any_measure_can_be_drawn_by_any_period() -> None:
    at = overview(upload(loaded(), "beds.csv", BEDS))
    for measure in at.selectbox(key="trend").options:
        at.selectbox(key="trend").set_value(measure).run()
        assert not at.exception
        assert titles(at)[0].startswith(measure)
    for every in at.selectbox(key="by").options:
        at.selectbox(key="by").set_value(every.lower()).run()
        assert not at.exception
        assert f"by {every.lower()}" in words(at)


def test_rows_of_the_heat_map_are_chosen() -> None:
    at = overview(upload(loaded(), "beds.csv", b"Facility,Department,Beds\n" + b"".join(
        b"%s,%s,3\n" % (place, part)
        for place in (b"North", b"South") for part in (b"Surgery", b"Medicine")
    )))  # fmt: skip
    assert at.selectbox(key="occupancy_by").options == [
        "Facility", "Department", "Facility and department",
    ]  # fmt: skip
    at.selectbox(key="occupancy_by").set_value("facility and department").run()
    assert any("fullest" in one and " at " in one for one in titles(at))
