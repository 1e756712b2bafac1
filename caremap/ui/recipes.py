"""How every figure comes about: what is measured, how it is drawn, what is said beside it.

A page shows a recipe, a download and the report make the same figure again: from the same
frame, or from one in which small counts are hidden (`caremap.measures.protected`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.measures import MEASURES, protected, protected_headline
from caremap.measures.by_group import COUNTED_BY, rows_of_counts
from caremap.measures.groups import asked
from caremap.ui import measured
from caremap.ui.band import period_of
from caremap.ui.measured import Every
from caremap.ui.sidebar import View
from caremap.ui.text import title_of

__all__ = [
    "Every", "Get", "Recipe", "bars", "clock", "control", "crossed", "donut", "drawn",
    "group_trend", "hiding", "histogram", "occupancy_map", "occupancy_tree", "over_months",
    "plain", "pyramid", "readmissions", "relations", "seasons", "settled", "shared", "spread",
    "survival", "trend", "wait_clock", "waiting",
]  # fmt: skip

Get = Callable[..., Any]
"""Gives what a function of `caremap.ui.measured` gives for a view, cached or not."""


_FEW_A_DAY = 2


@dataclass(frozen=True)
class Recipe:
    """A figure to be made.

    Attributes
    ----------
    work, given
        A function of `caremap.ui.measured`, and its arguments beside the view.
    drawing, options
        A function of `caremap.charts`, and its arguments beside the frame and the period.
    beside
        Further arguments of the drawing, made of other frames; given a `Get`.
    notes
        Notes of the measure that stand behind the figure's own; given a `Get`.
    pick
        The column whose groups a click on the figure picks; empty where it picks nothing.
    to_as_of
        Whether the figure ends with the as-of date, as a trend does.
    """

    work: Callable[..., pd.DataFrame]
    given: Mapping[str, Any]
    drawing: Callable[..., Figure]
    options: Mapping[str, Any] = field(default_factory=dict)
    beside: Callable[[Get], dict[str, Any]] | None = None
    notes: Callable[[Get], tuple[str, ...]] | None = None
    pick: str = ""
    to_as_of: bool = False

    @property
    def words(self) -> str:
        """What the figure is, where it cannot be drawn."""
        by = self.given.get("by")
        what = self.work.__name__.replace("_", " ")
        return f"{what} by {title_of(by).lower()}" if isinstance(by, str) else what

    @property
    def key(self) -> str:
        """Everything the figure depends on beside the view."""
        told = (sorted(self.given.items()), sorted(self.options.items(), key=lambda one: one[0]))
        return f"{self.work.__name__} {self.drawing.__name__} {told}"


def plain(view: View) -> Get:
    """Return a `Get` that computes: for downloads, made where no cache can be reached."""

    @cache
    def get(work: Callable[..., Any], **given: Any) -> Any:
        return work(view, **given)

    return get


def hiding(view: View, get: Get) -> Get:
    """Return a `Get` whose frames have small counts, and what gives them away, hidden.

    What is narrowed by a filter or a period is compared with all of the data: the difference
    of the two must not give a small count away either.
    """
    narrowed = bool(view.dataset.filters or view.dataset.period)
    end = (view.dataset.period or (None, None))[1]
    # A period ends what goes on to the as-of date too; who has all of it has the days after.
    cut = end is not None and view.as_of is not None and view.as_of <= end
    of_all = replace(view, dataset=view.whole)
    all_of_it = plain(replace(of_all, as_of=view.whole.as_of) if cut else of_all)
    same_day = plain(of_all)

    def hidden(work: Callable[..., Any], **given: Any) -> Any:
        frame = get(work, **given)
        if not isinstance(frame, pd.DataFrame) or frame.empty:
            return frame
        whole_of = same_day if work is measured.headline else all_of_it
        whole = whole_of(work, **given) if narrowed else None
        not_patients = _not_patients(view, given)
        if work is measured.headline:
            return protected_headline(frame, whole, not_patients=not_patients)
        return protected(frame, whole=whole, not_patients=not_patients)

    return hidden


def _not_patients(view: View, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of a frame so asked for that count rows of a file of counts."""
    by = given.get("by")
    return rows_of_counts(view.dataset, asked(by, given.get("then")) if by else ())


def shared(view: View) -> Get:
    """Return a `Get` for what leaves the app: small counts hidden, if the user wants it so."""
    return hiding(view, plain(view)) if view.sharing.hide else plain(view)


def settled(
    name: str, settings: str, frame: pd.DataFrame, draw: Callable[..., Figure], **more: Any
) -> Recipe:
    """Return a recipe of a frame that is there already.

    Parameters
    ----------
    name
        What the frame holds, in a word.
    settings
        Everything the frame depends on beside the view.
    frame
        The frame.
    draw
        A function of `caremap.charts`.
    more
        Its arguments beside the frame; its period, where that is another than the view's.
    """

    def work(view: View, settings: str) -> pd.DataFrame:
        del view, settings
        return frame

    def drawing(found: pd.DataFrame, *, period: str) -> Figure:
        return draw(found, **({"period": period} | more))

    work.__name__ = name
    drawing.__name__ = draw.__name__
    return Recipe(work, {"settings": settings}, drawing)


def drawn(recipe: Recipe, view: View, get: Get) -> Figure:
    """Return the figure of a recipe.

    Raises
    ------
    ValueError
        Where there is nothing to draw: see `caremap.charts`.
    """
    options: dict[str, Any] = {"period": period_of(view, to_as_of=recipe.to_as_of)}
    options |= recipe.options
    if recipe.beside is not None:
        options |= recipe.beside(get)
    frame = get(recipe.work, **recipe.given)
    # Of how many patients rows of counts tell is not known: no chart may call them few.
    rows = _not_patients(view, recipe.given)
    figure = recipe.drawing(frame.drop(columns=list(rows), errors="ignore"), **options)
    notes = () if recipe.notes is None else recipe.notes(get)
    return replace(figure, notes=(*figure.notes, *notes))


# --- the overview ---------------------------------------------------------------------------


def trend(
    name: str, every: Every, style: Literal["bars", "line", "area"] | None = None,
    years: bool = False,
) -> Recipe:  # fmt: skip
    """A measure over time."""
    options = {"measure": MEASURES[name], "every": every, "style": style, "year_over_year": years}
    return Recipe(measured.trend, {"every": every}, charts.trend_figure, options, to_as_of=True)


def bars(by: str, names: tuple[str, ...], top: int = 12, in_order: bool = False) -> Recipe:
    """One or two measures by group."""
    shown = [MEASURES[name] for name in names]
    options = {"by": by, "title_of_by": title_of(by), "measures": shown, "top": top}
    if in_order or by == "age_band":  # ages go up, all of them
        options |= {"in_order": True, "top": max(top, 24)}
    given = {"by": by, "names": names}
    return Recipe(measured.breakdown, given, charts.bars_figure, options, pick=by)


def donut() -> Recipe:
    """Shares of short and long stays."""
    return Recipe(measured.bands, {}, charts.stay_donut)


def histogram() -> Recipe:
    """Every length of stay."""

    def means(get: Get) -> dict[str, Any]:
        overall = get(measured.headline)["overall"]
        return {
            name: None if pd.isna(overall[measure]) else float(overall[measure])
            for name, measure in (("mean", "length_of_stay"), ("median", "median_stay"))
        }

    return Recipe(measured.stay_lengths, {}, charts.stay_histogram, beside=means)


def occupancy_map(places: tuple[str, ...], every: Every) -> Recipe:
    """Occupancy by place and period."""
    return Recipe(
        measured.occupancy, {"by": places, "every": every}, charts.occupancy_heat_map,
        {"places": places, "every": every},
        beside=lambda get: {"overall": get(measured.occupancy, by=places)},
        notes=lambda get: get(measured.occupancy_notes),
    )  # fmt: skip


def occupancy_tree(levels: tuple[str, ...]) -> Recipe:
    """Occupancy of places as parts of the whole."""
    options = {"levels": list(levels)}
    return Recipe(measured.occupancy, {"by": levels}, charts.occupancy_tree_map, options)


def clock(event: str) -> Recipe:
    """Admissions or discharges by weekday and hour."""
    return Recipe(
        measured.clock, {"event": event}, charts.clock_figure, {"event": event},
        notes=lambda get: get(measured.clock_notes, event=event),
    )  # fmt: skip


def waiting(target: int) -> Recipe:
    """How long patients waited."""
    return Recipe(
        measured.wait_lengths, {}, charts.waiting_figure, {"target": target},
        beside=lambda get: {"summary": get(measured.waits)},
    )  # fmt: skip


# --- the breakdowns -------------------------------------------------------------------------


def crossed(by: str, then: str, name: str, scale: str = "") -> Recipe:
    """A measure by two columns."""
    return Recipe(
        measured.breakdown, {"by": by, "then": then, "names": (name,)}, charts.crossed_figure,
        _crossed(by, then, title_of(then), name) | {"scale": scale},
    )  # fmt: skip


def over_months(by: str, name: str, every: Every, scale: str = "") -> Recipe:
    """A measure by group and period, as a heat map."""
    return Recipe(
        measured.over_time, {"by": by, "every": every, "names": (name,)}, charts.crossed_figure,
        _crossed(by, "period", every.capitalize(), name) | {"every": every, "scale": scale},
        to_as_of=True,
    )  # fmt: skip


def seasons(by: str, name: str) -> Recipe:
    """A measure by group and season; what adds up per day, as seasons are covered unevenly."""
    options = _crossed(by, "season", "Season", name)
    if MEASURES[name].kind == "flow":
        options["measure"] = replace(
            MEASURES[name], name=f"{name}_per_day", title=f"{MEASURES[name].title} per day",
            unit=f"{MEASURES[name].unit} per day", kind="ratio", decimals=1,
        )  # fmt: skip
    given = {"by": by, "every": "season", "names": (name,)}

    def finer(get: Get) -> dict[str, Any]:
        """Few a day need a second decimal, or every cell reads 0.0."""
        column = f"{name}_per_day"
        frame = get(measured.seasonal, **given)
        few = column in frame and frame[column].max() < _FEW_A_DAY
        return {"measure": replace(options["measure"], decimals=2)} if few else {}

    return Recipe(measured.seasonal, given, charts.crossed_figure, options, beside=finer)


def _crossed(by: str, then: str, title_of_then: str, name: str) -> dict[str, Any]:
    return {
        "by": by, "then": then, "title_of_by": title_of(by), "title_of_then": title_of_then,
        "measure": MEASURES[name], "n": COUNTED_BY.get(name),
    }  # fmt: skip


def pyramid(name: str) -> Recipe:
    """A measure by age band and gender."""
    given = {"by": "age_band", "then": "gender", "names": (name,)}
    options = {"bands": "age_band", "sides": "gender", "measure": MEASURES[name]}
    return Recipe(measured.breakdown, given, charts.pyramid_figure, options)


def spread(by: str, value: str) -> Recipe:
    """How an amount is distributed within each group."""
    options = {"by": by, "title_of_by": title_of(by), "quantity": MEASURES[value]}
    return Recipe(
        measured.cost_spread, {"by": by, "value": value}, charts.spread_figure, options
    )  # fmt: skip


def group_trend(by: str, name: str, every: Every) -> Recipe:
    """A measure over time, group by group."""
    options = {"by": by, "title_of_by": title_of(by), "measure": MEASURES[name], "every": every}
    given = {"by": by, "every": every, "names": (name,)}
    return Recipe(measured.over_time, given, charts.group_trend_figure, options, to_as_of=True)


def survival(by: str) -> Recipe:
    """Who left alive, by group."""
    options = _rates(by, "survival", "discharges with a known outcome")
    return Recipe(measured.survival, {"by": by}, charts.rates_figure, options)


def readmissions(by: str) -> Recipe:
    """Who was readmitted, by group."""
    options = _rates(by, "readmission", "discharges whose next 30 days are known")
    return Recipe(measured.readmissions, {"by": by}, charts.rates_figure, options)


def _rates(by: str, rate: str, what: str) -> dict[str, Any]:
    """Return what rates are drawn with; ``what`` is counted in the denominator."""
    title = MEASURES[rate].title
    return {"by": by, "title_of_by": title_of(by), "rate": rate, "title": title, "what": what}


def relations() -> Recipe:
    """How age, gender, region and payer go with stay, cost, intensive care and readmission."""
    return Recipe(measured.relations, {}, charts.relations_figure)


def control(name: str, every: Every) -> Recipe:
    """A measure over time with the limits chance explains."""
    options = {"measure": MEASURES[name], "every": every}
    given = {"name": name, "every": every}
    return Recipe(measured.control_chart, given, charts.control_figure, options, to_as_of=True)


def wait_clock(target: int) -> Recipe:
    """The middle wait by weekday and hour."""
    return Recipe(measured.wait_clock, {}, charts.wait_clock_figure, {"target": target})
