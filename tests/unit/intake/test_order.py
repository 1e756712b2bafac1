from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from caremap.intake.dates import DateOrder, read_dates
from caremap.intake.evidence import Evidence
from caremap.intake.order import decide_orders


def columns(**texts: list[str]) -> dict[str, Any]:
    return {
        name: (name.title(), read_dates(pa.array(values)), pa.array(values))
        for name, values in texts.items()
    }


@pytest.mark.parametrize(
    ("texts", "order", "why"),
    [
        (["25/03/2024", "03/04/2024"], "day-first", "values"),
        (["03/25/2024", "03/04/2024"], "month-first", "values"),
        (["03.04.2024", "05.06.2024"], "day-first", "dots"),
        (["2024-03-04", "2024-04-05"], "day-first", "iso"),
        (["01/01/2024", "02/02/2024"], "day-first", "iso"),
        (["03/04/2024", "05/06/2024"], "day-first", "assumed"),
        (["25/03/2024", "03/25/2024", "03/04/2024"], "day-first", "mixed"),
    ],
)
def test_one_column_decides(texts: list[str], order: DateOrder, why: str) -> None:
    decision = decide_orders(columns(admitted=texts), {})["admitted"]
    assert (decision.order, decision.why) == (order, why)
    assert decision.certain == (why not in {"assumed", "mixed"})


def test_an_open_question_is_asked_and_the_assumption_said() -> None:
    decision = decide_orders(columns(admitted=["03/04/2024"]), {})["admitted"]
    assert decision.finding is not None
    assert decision.finding.severity == "error"
    assert "day-first for now" in decision.finding.message
    american = decide_orders(columns(admitted=["03/04/2024"]), {}, american=True)["admitted"]
    assert american.order == "month-first"


@pytest.mark.parametrize("key", ["*", "admitted", "Admitted"])
def test_the_users_choice_wins(key: str) -> None:
    decision = decide_orders(columns(admitted=["03/04/2024"]), {key: "month-first"})["admitted"]
    assert (decision.order, decision.why) == ("month-first", "chosen")


def test_another_column_of_the_file_decides() -> None:
    decided = decide_orders(columns(admitted=["03/04/2024"], discharged=["25/04/2024"]), {})
    assert decided["admitted"].order == decided["discharged"].order == "day-first"
    assert decided["admitted"].why == "sibling"


def test_stays_decide_where_one_order_makes_them_impossible() -> None:
    # Month first these stays last two to five days; day first, months.
    starts = [f"0{month}/0{day}/2024" for month in (1, 2, 3) for day in (1, 2, 3)]
    ends = [f"0{month}/0{day + 4}/2024" for month in (1, 2, 3) for day in (1, 2, 3)]
    found = decide_orders(columns(admitted=starts, discharged=ends), {}, Evidence(np.full(9, 4.0)))
    assert {decision.order for decision in found.values()} == {"month-first"}
    assert found["admitted"].why == "evidence"


@pytest.mark.parametrize(
    ("other", "expected", "severity"),
    [(1, "2024-04-03", "warning"), (40, "NaT", "error")],
)
def test_a_mixed_column_reads_what_can_be_told(other: int, expected: str, severity: str) -> None:
    texts = ["25/03/2024"] * 99 + ["03/25/2024"] * other + ["03/04/2024"]
    read = columns(admitted=texts)
    decision = decide_orders(read, {})["admitted"]
    moments, bad = decision.read(read["admitted"][1])
    days = moments.astype("datetime64[D]").astype(str)
    assert set(days[:-1]) == {"2024-03-25"}
    assert days[-1] == expected
    assert bad[-1] == (expected == "NaT")
    assert decision.finding is not None
    assert decision.finding.severity == severity


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/1/2023", "2/1/2023", "12/1/2024"], "month-first"),
        (["01/01/2023", "01/02/2023", "01/12/2024"], "day-first"),
    ],
)
def test_firsts_of_months_decide(texts: list[str], order: DateOrder) -> None:
    decision = decide_orders(columns(date=texts), {})["date"]
    assert (decision.order, decision.certain, decision.why) == (order, True, "month starts")
    assert decision.finding is not None
    assert decide_orders(columns(date=texts[:2]), {})["date"].certain is False
    assert decide_orders(columns(admitted=texts), {})["admitted"].certain is False


def test_a_month_column_decides() -> None:
    # Read month first these are of April, May and June, as the file says.
    texts = ["04/02/2024", "05/03/2024", "06/11/2024"]
    found = decide_orders(
        columns(admitted=texts, discharged=["05/04/2024", "05/06/2024", "06/12/2024"]),
        {}, Evidence(months=np.array([4, 5, 6]), months_header="Month"),
    )  # fmt: skip
    assert (found["admitted"].order, found["admitted"].why) == ("month-first", "evidence")
    assert found["admitted"].finding is not None
    assert "“Month”" in found["admitted"].finding.message
    assert (found["discharged"].order, found["discharged"].why) == ("month-first", "sibling")


def test_an_extract_of_a_few_days_is_read_so_that_its_days_follow_one_another() -> None:
    texts = [f"05/{day:02}/2024" for day in range(3, 12)]
    decision = decide_orders(columns(admitted=texts), {})["admitted"]
    assert (decision.order, decision.certain) == ("month-first", True)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["02/05/2024", "03/06/2024", "01/07/2024"], "month-first"),
        (["05/02/2024", "06/03/2024", "07/01/2024"], "day-first"),
    ],
)
def test_dates_after_every_other_date_of_the_file_decide(
    texts: list[str], order: DateOrder
) -> None:
    newest = int(np.datetime64("2024-03-31", "D").astype(np.int64))
    found = decide_orders(columns(admitted=texts), {}, Evidence(newest=newest))["admitted"]
    assert (found.order, found.certain) == (order, True)
    assert found.finding is not None
    assert "3 dates would lie after" in found.finding.message
