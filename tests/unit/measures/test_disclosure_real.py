"""Figures of real files, hidden as they leave the app: nobody finds a small count out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap import measures
from caremap.dataset import Dataset
from caremap.hidden import HIDDEN
from caremap.measures import protected
from caremap.measures.disclosure.registry import made
from tests.unit.measures.disclosure.attack import given_away, totals

FILES = {
    "emergency": ["kaggle_er/Hospital ER.csv"],
    "jersey": ["nj_hospitals/nj_hosp_2020_06_19.csv"],
    "halifax": ["halifax_synth/admissions.csv", "halifax_synth/patients.csv",
                "halifax_synth/units.csv"],
    "beds": ["kaggle_beds/patient.csv"],
    "undated": ["kaggle_hospital_data_analysis/hospital_data_analysis.csv"],
}  # fmt: skip
FRAMES: dict[str, tuple[list[str], Callable[[Dataset, str], pd.DataFrame]]] = {
    "breakdown": ([], measures.breakdown),
    "survival": ([], measures.survival),
    "readmissions": ([], measures.readmissions),
    "cost_spread": ([], lambda d, by: measures.cost_spread(d, by, "length_of_stay")),
    "seasonal": (["season"], measures.seasonal),
    "over_time": (["period"], lambda d, by: measures.over_time(d, by, "quarter")),
}
FIGURES = {
    "cost": "cost_n", "mean_cost": "cost_n", "length_of_stay": "length_of_stay_n",
    "median_stay": "length_of_stay_n", "satisfaction": "satisfaction_n", "waiting": "waiting_n",
    "readmission": "readmission_n", "mean": "n", "median": "n", "p5": "n", "p95": "n",
    "survival": "n", "low_95": "n", "high_95": "n",
}  # fmt: skip
"""What the figures of a frame are of."""

MOST = 40  # hidden counts of a column for which a program is solved


@pytest.fixture(scope="module", params=list(FILES))
def network(request: pytest.FixtureRequest, shared: Path) -> Dataset:
    paths = [shared / "data" / path for path in FILES[request.param]]
    return Dataset.of(*(table for path in paths for table in caremap.open_all(path)))


def columns_of(dataset: Dataset) -> list[str]:
    found = measures.dimensions(dataset)
    return [str(one) for one in found["column"][found["groups"] <= 100] if one != "readmitted"][:5]


def counts_in(frame: pd.DataFrame) -> list[str]:
    return [
        str(name)
        for name in frame
        if (one := made(str(name))) is not None and one.how in ("count", "part")
        and pd.api.types.is_numeric_dtype(frame[name])
    ]  # fmt: skip


def attacked(frame: pd.DataFrame, keys: list[str]) -> int:
    """Try everything on a frame without its small counts; return how many counts are hidden."""
    found = protected(frame)
    numbers = {name: found[name].to_numpy("float64", na_value=np.nan) for name in counts_in(frame)}
    hidden_counts = 0
    for name, shown in numbers.items():
        values = np.nan_to_num(frame[name].to_numpy("float64"))
        hidden = np.isnan(shown) & (values > 0)
        hidden_counts += int(hidden.sum())
        assert not ((shown > 0) & (shown <= 10)).any(), name
        if (
            made(name).how == "count"
            and name not in ("unknown", "outliers")
            and hidden.sum() < MOST
        ):  # type: ignore[union-attr]
            known = totals(frame, keys)
            sums = known @ values  # a total of few is not published
            known = known[~((sums > 0) & (sums <= 10))]
            if len(known):
                lost = values[given_away(values, hidden, known)]
                assert not (lost <= 10).any(), name
    for name, of in FIGURES.items():
        if name in frame and of in numbers:
            gone = np.isnan(numbers[of]) & (frame[of].to_numpy() > 0)
            assert found[name][gone].isna().all(), name
    for rate, of in (("readmission", "readmission_n"), ("readmission", "n"), ("survival", "n")):
        if rate in frame and of in frame:
            cases = (found[rate] * frame[of] / 100).round(6)
            for few in (cases, frame[of] - cases):
                assert not few.between(0.5, 10).any(), rate
    few = [name for name in numbers if frame[name].between(1, 10).any()]
    assert few or hidden_counts == 0 or "survival" in frame or "readmission" in frame
    return hidden_counts


@pytest.mark.parametrize("name", FRAMES)
def test_no_count_of_a_group_is_found_out(network: Dataset, name: str) -> None:
    more, figures = FRAMES[name]
    if network.stays is None and name in ("survival", "readmissions", "cost_spread"):
        pytest.skip("a file of counts")
    for by in columns_of(network):
        frame = figures(network, by)
        if not frame.empty:
            attacked(frame, [by, *more])


@pytest.mark.parametrize("name", ["breakdown", "survival", "readmissions", "cost_spread"])
def test_no_count_of_thirty_stays_is_found_out(network: Dataset, name: str) -> None:
    if network.stays is None:
        pytest.skip("a file of counts")
    part = replace(network, stays=network.stays.sample(30, random_state=4), whole=None)
    for by in columns_of(part):
        attacked(FRAMES[name][1](part, by), [by])


def test_large_counts_are_left_alone(shared: Path) -> None:
    file = Dataset.of(caremap.open_file(shared / "data/kaggle_er/Hospital ER.csv"))
    for by in ("age_band", "department", "patient_race"):
        frame = measures.breakdown(file, by)
        pd.testing.assert_frame_equal(protected(frame), frame)
    pd.testing.assert_frame_equal(protected(measures.wait_clock(file)), measures.wait_clock(file))
    by_gender = protected(measures.breakdown(file, "gender"))
    hidden = by_gender.set_index("gender")
    assert hidden["visits"].tolist() == [4487, 4705, 24]  # M, F and NC: none of few
    assert hidden[HIDDEN].sum() == 2  # of NC few were admitted, and one more goes with them


@pytest.mark.parametrize(
    ("column", "names"), [("gender", ["F", "M"]), ("gender", ["NC"]), ("department", ["None"])]
)
def test_a_filter_less_all_is_no_small_count(shared: Path, column: str, names: list[str]) -> None:
    file = Dataset.of(caremap.open_file(shared / "data/kaggle_er/Hospital ER.csv"))
    part = measures.narrowed(file, {column: names})
    for by in ("department", "age_band", "gender", "patient_race"):
        whole, few = measures.breakdown(file, by), measures.breakdown(part, by)
        of_all = protected(whole).set_index(by)
        of_part = protected(few, whole=whole).set_index(by)
        for count in ("admissions", "visits", "waiting_n", "satisfaction_n"):
            rest = of_all[count].astype("Float64") - of_part[count].astype("Float64")
            assert not rest.between(1, 10).fillna(value=False).any(), (by, count)


def test_nothing_of_few_stays_gets_a_rate() -> None:
    """A rate of nought tells of no patient, yet it is one of few: hidden like any other."""
    frame = pd.DataFrame(
        {"ward": list("ABCD"), "readmission": [0.0, 20.0, 0.0, 50.0],
         "readmission_n": [3, 200, 12, 80]}
    )  # fmt: skip
    found = protected(frame)
    assert found["readmission_n"].isna().tolist() == [True, False, True, False]
    assert found["readmission"].isna().tolist() == [True, False, True, False]
