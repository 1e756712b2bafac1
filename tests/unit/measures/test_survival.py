"""Survival and readmissions by group: what counts, what is unknown, what cannot be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import breakdown, headline, narrowed, readmissions, survival, trend
from tests.unit.measures.build import generated, stays

SHARES = ["survival", "low_95", "high_95"]


def ward(outcomes: list[Any], left: Any = "2024-04-02", **columns: Any) -> Dataset:
    rows = [(str(n), "2024-04-01", left) for n in range(len(outcomes))]
    said = pd.Series(outcomes, dtype="str")
    return Dataset(stays=stays(rows, outcome=said, ward="A", **columns))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["Home", "Died", "Transferred", "Home"], (3, 1, 4, 0)),
        (["Alive", "Alive", None], (2, 0, 2, 1)),
        (["Home", "Expired", "Unknown", "n/a", None], (1, 1, 2, 3)),
        (["Entlassen", "Verstorben", "Unbekannt"], (1, 1, 2, 1)),
        (["Home", "Transferred", None], (0, 0, 0, 3)),  # are deaths recorded at all?
        ([None, None], (0, 0, 0, 2)),
        (["Died", "Died"], (0, 2, 2, 0)),
    ],
)
def test_what_an_outcome_says(outcomes: list[Any], expected: tuple[int, ...]) -> None:
    found = survival(ward(outcomes), "ward")
    assert tuple(found[["survived", "died", "n", "unknown"]].iloc[0]) == expected
    known = expected[2] > 0
    assert found[SHARES].notna().all(axis=None) == known
    if known:
        assert found["survival"].iloc[0] == pytest.approx(100 * expected[0] / expected[2])


def test_patients_still_in_hospital_have_no_unknown_outcome() -> None:
    rows = [("A", "2024-04-01", "2024-04-02"), ("B", "2024-04-01", None)]
    table = stays(rows, outcome=pd.Series(["Died", None], dtype="str"))
    found = survival(Dataset(stays=table), None)
    assert found[["died", "n", "unknown"]].to_numpy().tolist() == [[1, 1, 0]]


def test_filters_and_the_period_are_honoured_and_nothing_is_given_in_doubt() -> None:
    table = generated(700, seed=6)
    network = Dataset(stays=table).filtered(start="2024-02-01", end="2024-02-29")
    february = table[
        (table["was_admitted"] == True)  # noqa: E712
        & table["discharged"].between("2024-02-01", "2024-02-29 23:59")
    ]
    for part, rows in (
        (network, february),
        (narrowed(network, {"department": ["ICU"]}), february[february["department"] == "ICU"]),
    ):
        found = survival(part, "facility").set_index("facility")
        counted = rows.groupby(rows["facility"].fillna("Unknown"))["outcome"]
        died = counted.apply(lambda said: (said == "Died").sum())
        assert found["died"].to_dict() == died.to_dict()
        assert found["n"].to_dict() == counted.count().to_dict()
        assert found["unknown"].to_dict() == counted.apply(lambda said: said.isna().sum()).to_dict()
        figure = headline(part).loc["survival"]
        assert figure["n"] == found["n"].sum()
        assert figure["overall"] == pytest.approx(100 * found["survived"].sum() / found["n"].sum())
    doubt = Dataset(stays=table, findings=(Finding("swapped-dates", "error", "swapped"),))
    assert survival(doubt, None)["n"].iloc[0] > 0  # of the whole file
    assert survival(doubt.filtered(start="2024-02-01"), None)["n"].tolist() == [0]


def test_a_trend_has_survival_too() -> None:
    table = generated(700, seed=6)
    whole = trend(Dataset(stays=table))
    month = table[(table["was_admitted"] == True) & (table["discharged"].dt.month == 2)]  # noqa: E712
    alive = month["outcome"].isin(["Home", "Transferred"]).sum() / month["outcome"].notna().sum()
    assert whole.set_index("period")["survival"]["2024-02-01"] == pytest.approx(100 * alive)


@pytest.mark.parametrize("measure", [survival, readmissions])
def test_no_stays_no_figure(measure: Any) -> None:
    found = measure(Dataset(), by=None)
    assert found["n"].tolist() == [0]
    assert found[["low_95", "high_95"]].isna().all(axis=None)
    with pytest.raises(DataProblem):
        measure(Dataset(), by="region")
    with pytest.raises(DataProblem):
        measure(Dataset(stays=generated(5)), by="patient_id")


@pytest.mark.parametrize("by", ["facility", "outcome", None])
def test_readmissions_agree_with_the_breakdown(by: str | None) -> None:
    network = Dataset(stays=generated(900, seed=8)).filtered(end="2024-03-20")
    found = readmissions(network, by)
    assert found["source"].eq("computed").all()
    if by is None:
        figure = headline(network).loc["readmission"]
        assert found["n"].tolist() == [figure["n"]]
        assert found["readmission"].iloc[0] == pytest.approx(figure["overall"])
    else:
        whole = breakdown(network, by, measures=["readmission"])
        assert found[by].tolist() == whole[by].tolist()
        np.testing.assert_allclose(found["readmission"], whole["readmission"])
        assert found["n"].tolist() == whole["readmission_n"].tolist()
    assert (found["alive"] >= found["n"]).all()
    assert (found["n"] >= found["readmitted"]).all()


def test_a_yes_no_column_is_as_recorded() -> None:
    table = generated(300).drop(columns=["patient_id", "was_admitted"])
    found = readmissions(Dataset(stays=table), "facility")
    flags = table["readmitted"].astype("Float64").groupby(table["facility"].fillna("Unknown"))
    assert found["source"].eq("as recorded").all()
    assert found["readmitted"].tolist() == flags.sum().astype("int64").tolist()
    assert found["n"].tolist() == flags.count().tolist()
    nothing = readmissions(Dataset(stays=table.drop(columns="readmitted")), "facility")
    assert nothing["source"].eq("").all()
    assert nothing["n"].eq(0).all()
    assert nothing["readmission"].isna().all()
