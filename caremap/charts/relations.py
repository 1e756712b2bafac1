"""How characteristics of patients go with what they need: a matrix a manager can read."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from caremap.charts.figure import Figure
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.look import MISSING, NO_FIGURE, nothing, number, times
from caremap.charts.matrix import LINES, matrix
from caremap.charts.points import capital, whole_column
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, veiled
from caremap.hidden import WHY_HIDDEN

__all__ = ["relations_figure"]

_STEPS = (0.1, 0.3, 0.5)  # Cohen, Statistical Power Analysis, 1988: of correlations
_STRENGTHS = ("negligible", "weak", "moderate", "strong")
_SURE = 0.01  # probability of naming a relation in the title where there is none
_UNCLEAR = "no clear relation"
_NEEDS = {"icu": "ICU use", "length_of_stay": "length of stay"}
_DEPTH = {"weak": 1.0, "moderate": 2.0, "strong": 3.0}  # of colour; what is negligible has none
_SIGNS = {1: "▲", -1: "▼"}


def relations_figure(frame: pd.DataFrame, *, period: str = "") -> Figure:
    """Return how each characteristic goes with each need: strength, direction, interval and n.

    Parameters
    ----------
    frame
        As `caremap.measures.relations` returns it: ``characteristic``, ``need``, ``kind``,
        ``effect`` (with its sign for age), ``low_95``, ``high_95``, ``n``, ``highest``,
        ``lowest``, ``p`` and ``note``.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        Effects below 0.1 are negligible, below 0.3 weak, below 0.5 moderate, else strong
        (Cohen 1988); where the interval holds zero there is no clear relation. The title names
        the strongest clear relation, and none where so many comparisons bring one by chance
        (Bonferroni, one in a hundred for all).

    Raises
    ------
    ValueError
        Where there is no row or a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"characteristic": ["age"], "need": ["length_of_stay"],
    ...     "kind": ["rank correlation"], "effect": [0.34], "low_95": [0.31], "high_95": [0.37],
    ...     "n": [4000], "highest": [""], "lowest": [""], "p": [1e-9], "note": [""]})
    >>> relations_figure(frame).title
    'Strongest relation: length of stay rises with age (moderate, rank correlation +0.34)'
    """
    needs(frame, ["characteristic", "need", "kind", "effect", "low_95", "high_95", "n"])
    cells = _cells(frame)
    title = _title(cells)
    pairs = times(len(cells), "pair")
    parts = ["Characteristics of patients against what they needed", period, pairs]
    return Figure(
        name="relations",
        title=title,
        subtitle=" · ".join(filter(None, parts)),
        chart=_chart(cells),
        alt=f"Matrix of cells. {title}. {'; '.join(cells['said'])}.",
        table=_table(cells),
        notes=_notes(cells),
    )


# --- the figures ----------------------------------------------------------------------------


def _cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pair with what is known and said of it."""

    def text(column: str) -> list[str]:
        if column not in frame.columns:
            return [""] * len(frame)
        return text_of(frame[column]).where(frame[column].fillna("").ne(""), "").tolist()

    cells = pd.DataFrame(
        {
            "who": [_named(name) for name in text_of(frame["characteristic"])],
            "what": [_named(name) for name in text_of(frame["need"])],
            "kind": text_of(frame["kind"]).to_numpy(),
            "effect": numbers(frame["effect"]),
            "low": numbers(frame["low_95"]),
            "high": numbers(frame["high_95"]),
            "n": numbers(frame["n"]),
            "p": numbers(frame["p"]) if "p" in frame.columns else math.nan,
            "highest": text("highest"),
            "lowest": text("lowest"),
            "note": text("note"),
            "hidden": hidden_rows(frame),
        }
    )
    cells["signed"] = ~cells["kind"].str.contains("eta")
    known = cells["effect"].notna() & cells["low"].notna() & cells["high"].notna()
    apart = (cells["low"] > 0) | (cells["high"] < 0)
    cells["clear"] = known & apart & ~cells["p"].gt(0.05)
    cells["strength"] = [
        _strength(value) if math.isfinite(value) else "" for value in cells["effect"]
    ]
    return cells.assign(said=[_told(cell) for _, cell in cells.iterrows()])


def _named(name: str) -> str:
    return _NEEDS.get(name, name.replace("_", " "))


def _strength(effect: float) -> str:
    """Say how strong an effect is.

    Examples
    --------
    >>> [_strength(effect) for effect in (0.09, -0.1, 0.3, -0.5)]
    ['negligible', 'weak', 'moderate', 'strong']
    """
    return _STRENGTHS[sum(abs(effect) >= step for step in _STEPS)]


# --- the words ------------------------------------------------------------------------------


def _title(cells: pd.DataFrame) -> str:
    known = cells[cells["effect"].notna()]
    if known.empty:
        return "No relation between patients and what they needed can be shown"
    clear = known[known["clear"] & ~known["p"].gt(_SURE / len(cells))]
    if clear.empty:
        pair = "the one pair" if len(known) == 1 else f"the {len(known)} pairs"
        return f"No clear relation between patients and what they needed, in {pair} compared"
    best = clear.loc[clear["effect"].abs().sort_values(ascending=False, kind="stable").index[0]]
    shown = " shown" if cells["hidden"].any() else ""
    if best["strength"] == "negligible":
        return (
            f"No relation{shown} is more than negligible; the strongest: {_relation(best)} "
            f"({best['kind']} {_effect(best)})"
        )
    figure = f"({best['strength']}, {best['kind']} {_effect(best)})"
    return f"Strongest relation{shown}: {_relation(best)} {figure}"


def _relation(cell: pd.Series) -> str:
    if cell["signed"]:
        rises = "rises" if cell["effect"] > 0 else "falls"
        return f"{cell['what']} {rises} with {cell['who']}"
    most = f", highest in {cell['highest']}" if cell["highest"] else ""
    return f"{cell['what']} goes with {cell['who']}{most}"


def _effect(cell: pd.Series) -> str:
    """Write an effect, with its sign where it has one."""
    return _signed(cell["effect"]) if cell["signed"] else f"{cell['effect']:.2f}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−") if round(value, 2) else "0.00"


def _interval(cell: pd.Series) -> str:
    ends = (cell["low"], cell["high"])
    if not all(map(math.isfinite, ends)):
        return "interval not known"
    return " to ".join(_signed(end).removeprefix("+") for end in ends)


def _verdict(cell: pd.Series) -> str:
    return cell["strength"] if cell["clear"] else _UNCLEAR


def _blank(cell: pd.Series) -> str:
    return HIDDEN_WORD if cell["hidden"] else NO_FIGURE


def _told(cell: pd.Series) -> str:
    pair = f"{capital(cell['who'])} and {cell['what']}"
    if not math.isfinite(cell["effect"]):
        return f"{pair}: {_blank(cell)}"
    n = f", n {number(cell['n'])}" if math.isfinite(cell["n"]) else ""
    figures = f"{cell['kind']} {_effect(cell)}, 95 % interval {_interval(cell)}{n}"
    ends = ""
    if cell["clear"] and not cell["signed"] and cell["highest"]:
        ends = f"; highest in {cell['highest']}, lowest in {cell['lowest'] or 'unknown'}"
    if cell["clear"] and cell["signed"]:
        ends = f"; {_relation(cell)}"
    return f"{pair}: {_verdict(cell)} ({figures}{ends})"


def _notes(cells: pd.DataFrame) -> tuple[str, ...]:
    missing = int((cells["effect"].isna() & ~cells["hidden"]).sum())
    signed, groups = cells["signed"].any(), (~cells["signed"]).any()
    notes = [
        "Not adjusted for anything; association is not cause.",
        "Strength by Cohen (1988): below 0.1 negligible, below 0.3 weak, below 0.5 moderate, "
        "else strong. No clear relation: the 95 % interval holds zero.",
        f"{_SIGNS[1]} rises and {_SIGNS[-1]} falls with the characteristic." * bool(signed),
        "Between groups the effect has no direction; the table names the groups with the highest "
        "and the lowest mean." * bool(groups),
        f"The title counts that {times(len(cells), 'pair')} were compared.",
        f"{MISSING} marks a pair without a figure ({missing} of {len(cells)})." * bool(missing),
        WHY_HIDDEN * bool(cells["hidden"].any()),
        *dict.fromkeys(cells["note"]),
    ]
    return tuple(filter(None, notes))


def _table(cells: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "Characteristic": [capital(name) for name in cells["who"]],
            "Need": [capital(name) for name in cells["what"]],
            "Relation": [
                _verdict(cell) if math.isfinite(cell["effect"]) else ""
                for _, cell in cells.iterrows()
            ],
            "Effect": cells["effect"].round(3),
            "95 % from": cells["low"].round(3),
            "95 % to": cells["high"].round(3),
            "n": whole_column(cells["n"], 0),
            "Measured as": cells["kind"],
            "Highest in": cells["highest"],
            "Lowest in": cells["lowest"],
        }
    )
    return veiled(table, cells["hidden"])


# --- the drawing ----------------------------------------------------------------------------


def _chart(cells: pd.DataFrame) -> alt.LayerChart:
    if cells["effect"].isna().all():
        return nothing("There is no relation to show.")
    rows, columns = list(dict.fromkeys(cells["who"])), list(dict.fromkeys(cells["what"]))
    drawn = cells.drop_duplicates(["who", "what"])
    each = [cell for _, cell in drawn.iterrows()]
    known = [math.isfinite(cell["effect"]) for cell in each]
    lines = [_lines(cell) for cell in each]
    drawn = drawn.assign(
        down=drawn["who"].map(rows.index),
        over=drawn["what"].map(columns.index),
        value=drawn["strength"].map(_DEPTH).where(drawn["clear"]),
        bold=[1 if cell["clear"] or not one else 2 for cell, one in zip(each, known, strict=True)],
        more=[fit(f"highest: {cell['highest']}", 150) if cell["clear"] and cell["highest"] else ""
              for cell in each],
        lines=list(map(len, lines)),
        pair=[f"{capital(cell['who'])} and {cell['what']}" for cell in each],
        verdict=[_verdict(cell) if one else _blank(cell)
                 for cell, one in zip(each, known, strict=True)],
        figure=[_effect(cell) * one for cell, one in zip(each, known, strict=True)],
        span=[_interval(cell) * one for cell, one in zip(each, known, strict=True)],
        count=[number(n) * math.isfinite(n) for n in drawn["n"]],
        **{f"line{at}": [line[at] if at < len(line) else "" for line in lines]
           for at in range(LINES)},
    )  # fmt: skip
    tooltip = [
        alt.Tooltip("pair:N", title="Pair"),
        alt.Tooltip("verdict:N", title="Relation"),
        alt.Tooltip("figure:N", title="Effect"),
        alt.Tooltip("span:N", title="95 % interval"),
        alt.Tooltip("count:N", title="n"),
        alt.Tooltip("highest:N", title="Highest in"),
        alt.Tooltip("lowest:N", title="Lowest in"),
        alt.Tooltip("kind:N", title="Measured as"),
    ]
    heads = [capital(name) for name in columns]
    return matrix(drawn, [capital(name) for name in rows], heads, tooltip, 3.5)


def _lines(cell: pd.Series) -> list[str]:
    """Return what stands in a cell, short enough for a quarter of a telephone."""
    if not math.isfinite(cell["effect"]):
        return [HIDDEN_WORD if cell["hidden"] else MISSING]
    sign = 1 if cell["effect"] > 0 else -1
    arrow = f"{_SIGNS[sign]} " if cell["signed"] and cell["clear"] else ""
    verdict = [cell["strength"]] if cell["clear"] else ["no clear", "relation"]
    n = [f"n {number(cell['n'])}"] if math.isfinite(cell["n"]) else []
    return [*verdict, f"{arrow}{_effect(cell)}", _interval(cell), *n]
