"""How far models were off on days they had not seen, beside what anybody could reach."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.ahead import Pace
from caremap.charts.figure import INK, Figure, Plot, Quantity
from caremap.charts.frames import needs, numbers, one_line
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import Across, Lanes
from caremap.charts.look import NO_FIGURE
from caremap.charts.years import OUTLINE

__all__ = ["models_figure"]

YARDSTICKS = ("overall average", "same weekday average", "same day last week", "last week")
_BEFORE = {"day": "the same day last week", "week": "the week before"}
_ONE = {
    "day": "1.0 is how far off the same day last week was, on average, in the days before those "
    "scored; 0.5 would be half as far off.",
    "week": "1.0 is as good as taking the week before, one week ahead; farther ahead every "
    "forecast errs more.",
}
_LAST = {"day": "same day last week", "week": "last week"}
_SAME = 1.0  # the scale of the error: taking the same day a week before
_ROOM = 1.15
_GAP = 6  # pixels under the keys
_AXIS = 44  # pixels of the axis under the lanes
_SCORES = (
    ("rmse", "RMSE", 2, 1.0),
    ("mae", "MAE", 2, 1.0),
    ("r2", "R²", 3, 1.0),
    ("gain", "RMSE below the overall average's (%)", 1, 100.0),
    ("gain_same_day", "RMSE below that of {before} (%)", 1, 100.0),
)


def models_figure(
    backtest: pd.DataFrame,
    *,
    limit: dict[str, float],
    chosen: str,
    every: Pace = "day",
    measure: Quantity | None = None,
    period: str = "",
) -> Figure:
    """Return the error of every model beside the simple rules and the attainable limit.

    Parameters
    ----------
    backtest
        One row per model: ``model``, ``mase``, ``rmse``, ``mae``, ``r2``, ``coverage_80``,
        ``coverage_95`` (percent), ``gain``, ``gain_same_day`` (fractions); as
        `caremap.forecasting.forecast` returns it. Scores that are not there are left out.
    limit
        ``mase`` and ``r2`` of the best possible forecast of such counts; may be empty.
    chosen
        The model in use, as the frame names it.
    every
        What one step of the series is.
    measure
        What was forecast: the unit of RMSE and MAE.
    period
        The days scored, in words.

    Returns
    -------
    Figure
        A bar per model, the best on top: filled for the chosen one, pale for the others, hollow
        for simple rules. Lines mark what the same day last week reaches and the best anyone can.
        The table has every score.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or the chosen model has no row.

    Notes
    -----
    Mean absolute scaled error: Hyndman and Koehler (2006), International Journal of Forecasting.

    Examples
    --------
    >>> backtest = pd.DataFrame({"model": ["CareMap mix", "same day last week"],
    ...                          "mase": [0.72, 1.01]})
    >>> models_figure(backtest, limit={"mase": 0.7}, chosen="CareMap mix").title
    'CareMap mix: error 0.72, where the same day last week has 1.01 and 0.70 the best possible'
    """
    needs(backtest, ["model", "mase"])
    scores = _scores(backtest, chosen)
    best = float(numbers(pd.Series([limit.get("mase", np.nan)])).iloc[0])
    title = _title(scores, chosen, best, every)
    table = _table(scores, limit, measure, every)
    return Figure(
        name="models_compared",
        title=title,
        subtitle=" · ".join(
            filter(None, ["Mean absolute scaled error (MASE): shorter is better",
                          period or "on days no model had seen"])
        ),
        chart=_chart(scores, best, every),
        alt=_alt(title, scores, best),
        table=table,
        notes=_notes(scores, best, every),
        plot=Plot("bars", "Model", ("MASE",)),
    )  # fmt: skip


def _scores(backtest: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """Return the models from the best to the worst, each with its part in the comparison."""
    names = backtest["model"].map(one_line)
    scores = backtest.assign(model=names, mase=numbers(backtest["mase"]).to_numpy())
    scores = scores.sort_values("mase", na_position="last", kind="stable").reset_index(drop=True)
    if chosen not in set(scores["model"]):
        raise ValueError(f"The chosen model {chosen!r} is not among {scores['model'].tolist()}.")
    simple = np.where(scores["model"].isin(YARDSTICKS), "rule", "other")
    return scores.assign(part=np.where(scores["model"].eq(chosen), "chosen", simple))


# --- the words ------------------------------------------------------------------------------


def _title(scores: pd.DataFrame, chosen: str, best: float, every: Pace) -> str:
    mine = float(scores.loc[scores["part"].eq("chosen"), "mase"].iloc[0])
    name = chosen[:1].upper() + chosen[1:]
    if not np.isfinite(mine):
        return f"{name}: its error could not be measured"
    possible = f" and {best:.2f} the best possible" if np.isfinite(best) else ""
    last = scores.loc[scores["model"].eq(_LAST[every]) & scores["mase"].notna(), "mase"]
    if len(last):  # 1.0 is the error of other days, and of one week ahead: not of those scored
        simple = {"day": "the same day last week", "week": "the last week known"}[every]
        return f"{name}: error {mine:.2f}, where {simple} has {last.iloc[0]:.2f}{possible}"
    return f"{name}: error {mine:.2f}, where 1.0 is taking {_BEFORE[every]}{possible}"


def _alt(title: str, scores: pd.DataFrame, best: float) -> str:
    said = [f"{row['model']} {_written(row['mase'])}" for _, row in scores.iterrows()]
    reach = f" The best anyone can reach: {best:.2f}." if np.isfinite(best) else ""
    return f"{title}. Errors from the least: {'; '.join(said)}.{reach}"


def _written(mase: float) -> str:
    return f"{mase:.2f}" if np.isfinite(mase) else NO_FIGURE


def _notes(scores: pd.DataFrame, best: float, every: Pace) -> tuple[str, ...]:
    missing = int(scores["mase"].isna().sum())
    return tuple(
        filter(
            None,
            [
                _ONE[every],
                f"No forecast of such counts does better than {best:.2f}: chance alone is that "
                "large. What lies between is what there is to gain."
                if np.isfinite(best)
                else "For a series that is no count, the best possible error is not known.",
                f"{missing} without a figure could not be measured." if missing else "",
            ],
        )
    )


def _table(
    scores: pd.DataFrame, limit: dict[str, float], measure: Quantity | None, every: Pace
) -> pd.DataFrame:
    """Return every score, and under them the attainable limit."""
    parts = {"chosen": "in use", "rule": "simple rule", "other": ""}
    table = pd.DataFrame({"Model": scores["model"], "MASE": scores["mase"].round(3)})
    unit = f" ({measure.unit})" if measure is not None and measure.unit else ""
    covered = [
        (name, f"Within the {name.removeprefix('coverage_')} % interval (%)", 1, 1.0)
        for name in sorted(scores.columns)
        if name.startswith("coverage_")
    ]
    units = {"rmse": unit, "mae": unit}
    columns = {"mase": "MASE"}
    for name, header, decimals, times in (*_SCORES[:3], *covered, *_SCORES[3:]):
        if name in scores.columns:
            columns[name] = f"{header.format(before=_BEFORE[every])}{units.get(name, '')}"
            table[columns[name]] = (numbers(scores[name]) * times).round(decimals)
    table["Part"] = scores["part"].map(parts)
    known = {columns[name]: round(float(value), 3) for name, value in limit.items()
             if name in columns and np.isfinite(value)}  # fmt: skip
    if not known:
        return table
    last = {"Model": "best possible", "Part": "attainable limit", **known}
    return pd.concat([table, pd.DataFrame([last])], ignore_index=True)


# --- the drawing ----------------------------------------------------------------------------


def _chart(scores: pd.DataFrame, best: float, every: Pace) -> alt.LayerChart:
    names = scores["model"] + scores["part"].map({"chosen": " (in use)"}).fillna("")
    figures = [_written(mase) for mase in scores["mase"]]
    keys = Keys(_keys(scores, best, every))
    lanes = Lanes(names.tolist(), figures, "Model", head=f"({keys.height} + {_GAP})")
    known = scores["mase"].notna()
    high = float(max(scores["mase"].max() if known.any() else 0.0, _SAME)) * _ROOM
    x = lanes.across(
        (0.0, high),
        {"title": "Error (MASE); 0 is never wrong", "tickCount": 5, "format": ".1f",
         "grid": False, "orient": "bottom"},
    )  # fmt: skip
    drawn = scores.assign(row=range(len(scores)), zero=0.0, one="", shown=figures)
    drawn["tag"] = drawn["part"].map(_PARTS)
    drawn["said"] = list(map("{}: error {}, {}".format, drawn["model"], figures, drawn["tag"]))
    tooltip = [
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("shown:N", title="Error (MASE)"),
        alt.Tooltip("tag:N", title="Part"),
    ]
    layers = [
        alt.Chart(drawn[known & drawn["part"].eq(part)], mark=look).encode(
            x("mase"), alt.X2("zero"), OUTLINE, y=lanes.down(0.25, 0.48),
            y2=lanes.down(0.75, 0.9), description="said:N", tooltip=tooltip,
        )
        for part, look in _looks().items()
        if (known & drawn["part"].eq(part)).any()
    ]  # fmt: skip
    lines = [
        _line(value, x, lanes, len(scores), dash, width)
        for value, dash, width in ((_SAME, [5, 3], 1.5), (best, [1, 0], 2.5))
        if np.isfinite(value)
    ]
    return alt.LayerChart(
        layer=[*layers, *lines, *lanes.texts(drawn["said"], known), *keys.charts()],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )


def _looks() -> dict[str, alt.MarkDef]:
    """Return how the parts of the comparison are told apart: by how full their bars are."""
    return {
        part: alt.MarkDef("bar", orient="horizontal", fillOpacity=opacity, strokeWidth=1)
        for part, opacity in (("chosen", 1.0), ("other", BANDS[0]), ("rule", 0.0))
    }


def _keys(scores: pd.DataFrame, best: float, every: Pace) -> list[Key]:
    parts = set(scores["part"])
    return [
        Key("solid", "Model in use", "In use"),
        *([Key("pale", "Other models")] if "other" in parts else []),
        *([Key("hollow", "Simple rules")] if "rule" in parts else []),
        Key("mark", f"{_BEFORE[every].capitalize()}, before: 1.0"),
        *([Key("limit", f"Best anyone can do: {best:.2f}")] if np.isfinite(best) else []),
    ]


def _line(
    value: float, x: Across, lanes: Lanes, count: int, dash: list[int], width: float
) -> alt.Chart:
    """Return a line across all lanes, on a telephone across their bars; the keys say what it is."""
    data = pd.DataFrame({"value": value, "row": range(count)})
    mark = alt.MarkDef("rule", color=INK, strokeWidth=width, strokeDash=dash, aria=False)
    return alt.Chart(data, mark=mark).encode(
        x("value"), y=lanes.down(0, 0.42), y2=lanes.down(1, 0.96)
    )


_PARTS = {"chosen": "the model in use", "rule": "a simple rule", "other": "another model"}
