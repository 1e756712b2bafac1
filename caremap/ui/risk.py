"""The prediction of stays as the page shares it: worked out once, and said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from caremap import planning
from caremap.charts.risk_models import SCORES
from caremap.dataset import Dataset
from caremap.planning import StayRisk
from caremap.schema import FIELDS
from caremap.ui import working
from caremap.ui.risk_asked import TENTH, Asked
from caremap.ui.sidebar import View
from caremap.ui.text import title_of
from caremap.ui.working import Told

__all__ = [
    "AID", "Predicted", "can_be_kept", "known_on_the_day", "last", "left_out_table",
    "scores_table", "second_run", "used_table", "worked_out",
]  # fmt: skip

AID = "Not a medical device: decision support for capacity, not for care."

_CALLED = {"linear": "Linear model", "random forest": "Random forest"}
_IN_WORDS = {
    "linear": "points for what is known at admission, added up",
    "random forest": "the average of many decision trees",
    "XGBoost": "decision trees, each mending the errors of those before",
}
_BASELINE = "baseline"  # what `caremap.planning.StayRisk` calls the simple rule
_EVERYTHING = ("all",)
_NEVER = {"discharged", "length_of_stay"}  # the length of stay itself predicts nothing


@dataclass(frozen=True)
class Predicted:
    """A prediction with what it was asked for."""

    asked: Asked
    risk: StayRisk

    @property
    def long(self) -> str:
        """What is predicted, in words: "a stay over 7 nights"."""
        tenth = ", the longest tenth" if self.asked.over == TENTH else ""
        return f"a stay over {self.risk.over:g} nights{tenth}"

    @property
    def tried(self) -> str:
        """How many stays it was tried on, for subtitles."""
        n = self.risk.metrics.get("n", float("nan"))
        return f"{n:,.0f} stays no model had seen" if n == n else "stays no model had seen"

    @property
    def chosen(self) -> str:
        """The model in use, as it is called on the screen."""
        return self.called(self.risk.chosen)

    @property
    def rule(self) -> str:
        """The simple rule: figures of the department, or of all where there is but one.

        It goes by departments also where no model may: where facilities not seen are judged.
        """
        stays = self.risk.predictions
        several = "department" in stays and len(stays["department"].dropna().unique()) > 1
        return "The department alone" if several else "One figure for all"

    @property
    def by_rule(self) -> str:
        """The simple rule within a sentence."""
        return self.rule[:1].lower() + self.rule[1:]

    @property
    def in_words(self) -> str:
        """The model in use and how it comes to its figures, for those who know none by name."""
        how = _IN_WORDS.get(self.risk.chosen, "")
        return f"{self.chosen} ({how})" if how else self.chosen

    def called(self, model: str) -> str:
        """Return what a model is called on the screen."""
        return self.rule if model == _BASELINE else _CALLED.get(model, model)


def worked_out(
    view: View, asked: Asked, instead: Callable[[], None] | None = None
) -> Predicted | None:  # fmt: skip
    """Return the prediction; None where it was cancelled, which is said.

    Parameters
    ----------
    view
        What is looked at.
    asked
        What a long stay is.
    instead
        As in `caremap.ui.working.once`.

    Raises
    ------
    caremap.DataProblem
        Where there can be none: too few stays, or no lengths of stay.
    """
    found = _run(view, asked, (), "prediction", instead)
    return None if found is None else Predicted(asked, found)


def last(view: View) -> StayRisk | None:
    """Return the last prediction worked out of this view in this session; None without one.

    Never one of columns that are left out otherwise.
    """
    found: StayRisk | None = working.last(_key(view, ()))
    return found


def _key(view: View, keep: tuple[str, ...]) -> str:
    """Return what the keys of all predictions of a view from the same columns begin with."""
    return f"stay risk {view.key} {keep} over "


def can_be_kept(view: View, made: Predicted) -> list[str]:
    """Return the columns left out that a second run can be made with, in their order."""
    stays = view.dataset.stays
    columns = set() if stays is None else set(map(str, stays.columns)) - _NEVER
    people = {name for name, field in FIELDS.items() if field.personal}
    return [name for name in made.risk.left_out if name in columns - people]


def second_run(view: View, asked: Asked, keep: tuple[str, ...] = ()) -> Predicted | None:
    """Return the prediction from columns left out too, by default all: how they would deceive."""
    found = _run(view, asked, keep or _EVERYTHING, "second run")
    return None if found is None else Predicted(asked, found)


def _run(
    view: View, asked: Asked, keep: tuple[str, ...], name: str,
    instead: Callable[[], None] | None = None,
) -> StayRisk | None:  # fmt: skip
    def work(told: Told) -> StayRisk:
        return planning.stay_risk(
            known_on_the_day(view), asked.over, keep=keep, progress=working.in_parts(told)
        )

    return working.once(f"{_key(view, keep)}{asked.over}", work, name, instead)


def known_on_the_day(view: View) -> Dataset:
    """Return the data of a view as they were known on its as-of date.

    What is learned from does not begin with the reporting period: older stays teach as well.
    """
    if view.as_of is None:
        return view.dataset
    return replace(view.dataset, period=(None, view.as_of))


def scores_table(made: Predicted) -> pd.DataFrame:
    """Return every score of the model in use beside the simple rule's, with what it says."""
    mine, rule = made.risk.metrics, made.risk.baseline
    rows = [
        {
            "Score": one.title,
            "Model in use": one.written(float(mine[name])),
            "Simple rule": one.written(float(rule.get(name, float("nan")))),
            "What it says": one.means,
        }
        for name, one in SCORES.items()
        if name in mine
    ]
    return pd.DataFrame(rows, columns=["Score", "Model in use", "Simple rule", "What it says"])


def left_out_table(made: Predicted) -> pd.DataFrame:
    """Return the columns nothing was predicted from, each with the reason."""
    pairs = made.risk.left_out.items()
    return pd.DataFrame(
        [(title_of(name), why) for name, why in pairs], columns=["Column", "Why it is left out"]
    )


def used_table(made: Predicted) -> pd.DataFrame:
    """Return the columns it was predicted from."""
    return pd.DataFrame({"Predicted from": [title_of(name) for name in made.risk.used]})
