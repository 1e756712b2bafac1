from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.planning.admission import admission_table
from caremap.planning.risk_cases import Cases, cases_of, limit_of
from caremap.planning.risk_features import Encoder, coded
from caremap.planning.risk_fitting import training
from caremap.planning.risk_rows import numbers, without_facility
from caremap.planning.risk_validation import Validation, validation_of
from caremap.problems import DataProblem
from tests.unit.planning.build_risk import dataset, table


def made(**options: object) -> tuple[Cases, Validation, np.ndarray, np.ndarray]:
    drop = options.pop("drop", [])
    stays = table(**options).drop(columns=drop)
    admission = admission_table(type(dataset())(stays=stays))
    cases = cases_of(admission, 7)
    patient = numbers(admission.patient, cases.rows)
    facility = numbers(admission.facility, cases.rows)
    return cases, validation_of(cases, patient, facility), patient, facility


@pytest.mark.parametrize("dated", [True, False])
def test_a_patient_is_never_on_both_sides(dated: bool) -> None:
    _, validation, patient, _ = made(dated=dated)
    for fold in validation.folds:
        assert not set(patient[fold.train]) & set(patient[fold.test])
        assert not set(patient[fold.measured]) & set(patient[fold.test])
    assert "never on both sides" in validation.said


def test_with_dates_it_is_learned_from_what_was_known_then() -> None:
    cases, validation, *_ = made()
    assert validation.by == "time" and len(validation.folds) == 3
    for fold in validation.folds:
        assert cases.day[fold.train].max() < fold.as_of - cases.gap
        assert cases.day[fold.test].min() >= fold.as_of
        given = training(cases, fold.train, fold.as_of, 0)
        assert (given.nights <= fold.as_of - cases.day[fold.train]).all()
        assert (given.long == cases.long[fold.train]).all()
    assert not len(validation.folds[0].measured)
    judged = validation.judged
    assert len(judged) == len(set(judged)) == sum(len(f.test) for f in validation.folds[1:])
    assert len(judged) == pytest.approx(0.4 * cases.usable.sum(), abs=30)


@pytest.mark.parametrize(
    ("drop", "by"),
    [([], "patient"), (["patient_id"], "facility"), (["patient_id", "facility"], "stay")],
)
def test_without_dates_groups_stay_together(drop: list[str], by: str) -> None:
    cases, validation, patient, facility = made(dated=False, drop=drop)
    assert validation.by == by and len(validation.folds) == 4
    group = {"patient": patient, "facility": facility}.get(by, np.arange(len(cases.nights)))
    for fold in validation.folds:
        assert not set(group[fold.train]) & set(group[fold.test])
        assert len(fold.test) > len(cases.nights) / 6
    assert sorted(validation.judged) == list(range(len(cases.nights)))


def test_where_long_stays_come_too_late_it_is_not_in_time_order() -> None:
    stays = table(600).drop(columns="length_of_stay")
    late = stays["admitted"] > stays["admitted"].quantile(0.6)
    nights = np.where(late & (np.arange(600) % 4 == 0), 12, 2)
    left = stays["admitted"] + pd.to_timedelta(nights, unit="D")
    stays["discharged"] = left.mask(left > stays["admitted"].max())
    admission = admission_table(type(dataset())(stays=stays))
    cases = cases_of(admission, 7)
    group = numbers(admission.patient, cases.rows)
    found = validation_of(cases, group, group)
    assert found.by == "patient" and "too few days or long stays" in found.said
    one = validation_of(cases, np.zeros(len(group), dtype="int64"), group)
    assert one.by == "facility"


def test_what_only_says_which_facility_it_is_is_left_out_where_facilities_are_judged() -> None:
    stays = table(dated=False).drop(columns="patient_id")
    stays["region"] = stays["facility"].map(lambda name: "East" if name < "Site E" else "West")
    admission = admission_table(type(dataset())(stays=stays))
    cases = cases_of(admission, 7)
    found, why = without_facility(cases, numbers(admission.facility, cases.rows))
    assert set(why) == {"facility", "region"}
    assert set(cases.table.names) - set(found.table.names) == {"facility", "region"}
    kept = found.table.names.index("department")
    assert (found.table.codes[:, kept] == cases.table.codes[:, 1]).all()


def test_the_last_stays_count_only_where_long_ones_could_have_ended() -> None:
    cases, *_ = made(n=3_000)
    late = cases.day > cases.as_of - cases.gap
    assert not cases.usable[late].any()
    assert cases.gap >= 8
    early = cases.usable & ~late
    assert (cases.ended | cases.long)[early].all()
    assert cases.current.sum() == (~cases.ended).sum() > 0
    # of the stays admitted of late, those that have ended are short: that is the bias avoided
    of_late = cases.ended & (cases.day > cases.as_of - 5)
    assert cases.long[of_late].mean() == 0 < cases.long[cases.usable].mean()


@pytest.mark.parametrize(
    ("over", "nights", "limit"),
    [(7, [1], 7), (0, [1], 0), ("top tenth", range(1, 101), 90), ("Top tenth ", [3] * 50, 3)],
)
def test_the_limit(over: float | str, nights: list[int], limit: float) -> None:
    found = limit_of(over, np.array(list(nights), dtype="float64"))
    assert found == limit
    if isinstance(over, str):
        assert (np.array(list(nights)) > found).mean() <= 0.1


@pytest.mark.parametrize("over", [-1, float("nan"), float("inf"), "soon"])
def test_another_limit_is_no_limit(over: object) -> None:
    with pytest.raises(DataProblem, match="over a number of nights"):
        limit_of(over, np.ones(3))


@pytest.mark.parametrize(
    ("n", "over", "words"),
    [
        (150, 7, "150 stays have a known length, 200 are needed"),
        (400, 300, "0 of 400 stays lasted over 300 nights, 20 are needed"),
        (400, 0, "all but"),
    ],
)
def test_too_few_stays_are_a_problem_in_words(n: int, over: float, words: str) -> None:
    with pytest.raises(DataProblem, match=words):
        cases_of(admission_table(dataset(n, dated=False)), over)


def test_rare_and_unknown_categories_are_one() -> None:
    rows = pd.DataFrame({"ward": ["A"] * 100 + ["B"] * 50 + ["C"] * 2, "age": np.arange(152.0)})
    both = coded(pd.concat([rows, pd.DataFrame({"ward": ["New"], "age": [np.nan]})]))
    encoder = Encoder.of(both.taken(np.arange(152)))
    assert encoder.trees(both)[[0, 100, 151, 152], 0].tolist() == [1, 2, 0, 0]
    sparse = encoder.indicators(both)
    assert (sparse.sum(axis=1) == 2).all()
    assert sparse[152].nonzero()[1][-1] == sparse.shape[1] - 1  # a missing number has its own


def test_columns_are_coded_whatever_their_type() -> None:
    rows = pd.DataFrame(
        {
            "text": ["b", "a", None],
            "flag": [True, False, True],
            "number": [1, 2, 3],
            "nothing": [np.nan] * 3,
            "same": ["x"] * 3,
        },
        index=[7, 7, 9],
    )
    found = coded(rows)
    assert found.names == ("text", "flag", "number")
    assert found.codes[:, 0].tolist() == [2, 1, 0]
    assert found.numbers.tolist() == [[1, 1], [0, 2], [1, 3]]
