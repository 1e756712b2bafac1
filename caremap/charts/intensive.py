"""All patients, intensive care and ventilators ahead: a tile each, with its own scale."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from caremap.charts.ahead import briefly, levels_in, on_day
from caremap.charts.course import key_of_bands
from caremap.charts.figure import Figure, Plot
from caremap.charts.forecast import bands_in_words
from caremap.charts.frames import needs, numbers
from caremap.charts.keys import CENTRE, Key, Keys
from caremap.charts.look import number
from caremap.charts.mosaic import Mosaic, ends_of, marks_up

__all__ = ["intensive_figure"]

_KINDS = {
    "census": "All patients",
    "icu": "In intensive care",
    "ventilated": "On a ventilator",
}
_ROW = 230


def intensive_figure(
    frame: pd.DataFrame, *, levels: Sequence[int] = (80, 95), period: str = ""
) -> Figure:
    """Return the patients to expect in house, in intensive care and on a ventilator.

    Parameters
    ----------
    frame
        ``date``, ``census``, ``icu``, ``ventilated`` and their bounds, ``icu_low_80``,
        ``icu_high_80``, ...; as `caremap.planning.intensive` returns it.
    levels
        Percent that the intervals hold.
    period
        The days it is for, in words.

    Returns
    -------
    Figure
        A tile each, every one from zero and with a scale of its own. The title says the most
        intensive care beds and ventilators that the narrower interval reaches.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or a date stands twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"date": pd.date_range("2026-04-27", periods=2),
    ...     "census": [200.0, 204.0], "icu": [18.1, 18.6], "ventilated": [7.0, 7.2],
    ...     "icu_low_80": [14.0, 14.0], "icu_high_80": [22.0, 23.0],
    ...     "ventilated_low_80": [4.0, 4.0], "ventilated_high_80": [10.0, 11.0]})
    >>> intensive_figure(frame).title
    'Expect up to 19 patients in intensive care, 80 % at most 23, and up to 7 on a ventilator,
    80 % at most 11'
    """
    needs(frame, ["date", *_KINDS])
    if frame["date"].duplicated().any():
        raise ValueError("A day stands in several rows: a chart shows one hospital or all.")
    ordered = frame.sort_values("date").reset_index(drop=True)
    kept = {kind: levels_in(_bounds(ordered, kind), levels) for kind in _KINDS}
    rows = _long(ordered, kept)
    title = _title(rows, kept)
    ends = [pd.Timestamp(ordered["date"].iloc[at]) for at in (0, -1)]
    shown = kept["icu"]
    return Figure(
        name="intensive_care_forecast",
        title=title,
        subtitle=f"Patients at midnight · forecast {period or briefly(ends[0], ends[1])} · "
        "each tile has its own scale",
        chart=_chart(rows, max(kept.values(), key=len)),
        alt=_alt(title, rows),
        table=_table(ordered, kept),
        notes=tuple(
            filter(
                None,
                [
                    "Whoever is on a ventilator is in intensive care, and counts as a patient.",
                    bands_in_words(shown, "day"),
                ],
            )
        ),
        plot=Plot("line", "Day", tuple(_KINDS.values())),
    )


def _bounds(ordered: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the columns of one kind without its name: ``low_80``, ``high_80``, ..."""
    mine = ordered.filter(regex=f"^{kind}_")
    return mine.set_axis([name.removeprefix(f"{kind}_") for name in mine.columns], axis=1)


def _long(ordered: pd.DataFrame, kept: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    """Return a row per kind and day: ``tile``, ``value`` and its bounds."""
    parts = []
    for tile, kind in enumerate(_KINDS):
        columns = {
            f"{side}_{level}": numbers(ordered[f"{kind}_{side}_{level}"])
            for level in kept[kind]
            for side in ("low", "high")
        }
        parts.append(
            pd.DataFrame(
                {
                    "tile": tile,
                    "kind": kind,
                    "date": pd.to_datetime(ordered["date"]),
                    "value": numbers(ordered[kind]),
                    **columns,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _title(rows: pd.DataFrame, kept: dict[str, tuple[int, ...]]) -> str:
    said = []
    for kind, words in (("icu", "patients in intensive care"), ("ventilated", "on a ventilator")):
        part = rows[rows["kind"].eq(kind)]
        if part["value"].isna().all():
            continue
        most = f"up to {number(part['value'].max())} {words}"
        if kept[kind]:
            high = part[f"high_{kept[kind][0]}"].max()
            most += f", {kept[kind][0]} % at most {number(high)}"
        said.append(most)
    if not said:
        return "No forecast of patients in intensive care"
    return f"Expect {', and '.join(said)}"


def _alt(title: str, rows: pd.DataFrame) -> str:
    said = [title]
    for kind, name in _KINDS.items():
        known = rows[rows["kind"].eq(kind)].dropna(subset="value")
        if known.empty:
            said.append(f"{name}: no figure")
            continue
        row = known.iloc[int(known["value"].argmax())]
        low, high = (number(end, decimals=1) for end in (known["value"].min(), row["value"]))
        said.append(f"{name}: {low} to {high} expected, most on {on_day(row['date'], 'day')}")
    return ". ".join(said) + "."


def _table(ordered: pd.DataFrame, kept: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    columns: dict[str, object] = {
        "Day": pd.to_datetime(ordered["date"]).dt.strftime("%Y-%m-%d"),
        "Weekday": [on_day(day, "day").split()[0] for day in pd.to_datetime(ordered["date"])],
    }
    for kind, name in _KINDS.items():
        columns[name] = numbers(ordered[kind]).round(1)
        for level in kept[kind]:
            for side, end in (("low", "from"), ("high", "to")):
                values = numbers(ordered[f"{kind}_{side}_{level}"])
                columns[f"{name}, {level} % interval: {end}"] = values.round(1)
    return pd.DataFrame(columns)


# --- the drawing ----------------------------------------------------------------------------


def _chart(rows: pd.DataFrame, levels: Sequence[int]) -> alt.LayerChart:
    keys = Keys([Key("expected", "Expected"), *key_of_bands(levels)])
    mosaic = Mosaic(list(_KINDS.values()), (3, 1), f"({keys.height} + 8)", keys.most + 8, _ROW)
    placed, lines = _placed(rows)
    said = _said(placed, levels)
    tooltip = [
        alt.Tooltip("name:N", title="Day"),
        alt.Tooltip("shown:N", title="Expected"),
        *(alt.Tooltip(f"within_{level}:N", title=f"{level} %") for level in levels),
    ]
    line = alt.MarkDef("line", aria=False, strokeWidth=2, strokeDash=CENTRE)
    dot = alt.MarkDef("point", filled=True, size=26, opacity=1)
    known = said[said["value"].notna()]
    layers = [
        mosaic.titles("Patients"),
        *mosaic.levels(pd.DataFrame(lines)),
        *mosaic.bands(placed, levels),
        mosaic.place(line, known, detail="tile:N"),
        mosaic.place(dot, known, description=alt.Description("said:N"), tooltip=tooltip),
        mosaic.feet(ends_of(placed, "day")),
        *keys.charts(),
    ]
    return alt.LayerChart(layer=[one for one in layers if len(one.data)], height=mosaic.height)


def _placed(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Return where in its tile each day lies, and the lines that say what the scales are."""
    parts, lines = [], []
    for tile, part in rows.groupby("tile"):
        bounds = [name for name in part.columns if name.startswith(("low_", "high_"))]
        top = part[["value", *bounds]].max().max()
        high = (top if pd.notna(top) and top > 0 else 1.0) * 1.08
        steps = (part["date"] - part["date"].min()).dt.days
        widest = float(steps.max()) + 1
        shares = {f"at_{name}": part[name] / high for name in bounds}
        parts.append(
            part.assign(
                u=(steps + 0.5) / widest, half=0.5 / widest, v=part["value"] / high, **shares
            )
        )
        lines += marks_up(int(str(tile)), 0.0, high / 1.08, high)
    return pd.concat(parts, ignore_index=True), lines


def _said(placed: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    said = placed.assign(
        name=[on_day(day, "day", year=True) for day in placed["date"]],
        shown=[number(value, decimals=1) for value in placed["value"]],
    )
    for level in levels:
        said[f"within_{level}"] = [
            f"{number(low)} to {number(high)}"
            for low, high in zip(said[f"low_{level}"], said[f"high_{level}"], strict=True)
        ]
    kinds = said["kind"].map(_KINDS)
    said["said"] = list(map("{}, {}: {} expected".format, kinds, said["name"], said["shown"]))
    return said
