"""What follows from the rows of a dataset is worked out once, and never for other rows."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pandas as pd

from caremap.dataset import Dataset

STAYS = pd.DataFrame({"facility": ["N", "S", "N"], "cost": [1.0, 2.0, 4.0]})


class Counting:
    """A reduction that knows how often it was asked."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, stays: pd.DataFrame, name: str, by: tuple[str, ...] = ()) -> pd.DataFrame:
        self.calls += 1
        return pd.DataFrame({name: [stays[name].sum()]})


def test_the_same_question_is_worked_out_once_however_it_is_put() -> None:
    work, dataset = Counting(), Dataset(stays=STAYS)
    for answer in (
        dataset.once("stays", work, "cost"),
        dataset.once("stays", work, name="cost", by=()),
        dataset.filtered(start="2024-01-01").once("stays", work, "cost"),
        dataset.with_beds(3).once("stays", work, "cost"),
    ):
        assert answer["cost"].tolist() == [7.0]
    assert work.calls == 1


def test_other_rows_and_other_questions_are_worked_out_anew() -> None:
    work, dataset = Counting(), Dataset(stays=STAYS)
    dataset.once("stays", work, "cost")
    north = dataset.filtered(facility="N").once("stays", work, "cost")
    fewer = replace(dataset, stays=STAYS.head(1)).once("stays", work, "cost")
    dataset.once("stays", work, "cost", by=("facility",))
    assert (north["cost"].item(), fewer["cost"].item(), work.calls) == (5.0, 1.0, 4)
    assert dataset.once("stays", work, "cost")["cost"].item() == 7.0


def test_what_is_lent_can_be_changed_without_changing_what_is_known() -> None:
    work, dataset = Counting(), Dataset(stays=STAYS)
    lent = dataset.once("stays", work, "cost")
    lent.loc[0, "cost"] = -1.0
    assert dataset.once("stays", work, "cost")["cost"].item() == 7.0


def test_what_is_known_is_not_written_with_the_dataset() -> None:
    dataset = Dataset(stays=STAYS)
    dataset.once("stays", lambda stays: stays["cost"].sum())
    assert pickle.loads(pickle.dumps(dataset)).options("facility") == ["N", "S"]
