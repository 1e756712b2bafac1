"""How age, gender, region and payer go with stay, cost, intensive care and readmission."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import ranks, reductions
from caremap.measures.coverage import has
from caremap.measures.gates import covers
from caremap.measures.groups import read_order
from caremap.measures.readmission import PATIENTS
from caremap.measures.standing_out.answers import moments
from caremap.measures.standing_out.chance import eta_interval, spearman
from caremap.measures.standing_out.payers import readmission_counts
from caremap.measures.standing_out.tested import FEW, SMALL
from caremap.measures.tallies import Tally
from caremap.measures.view import Choices, View, overall_view

__all__ = ["CHARACTERISTICS", "NEEDS", "relations"]

CHARACTERISTICS = ("age", "gender", "region", "insurance")
NEEDS = ("length_of_stay", "cost", "icu", "readmission")

CORRELATION, ETA = "rank correlation", "rank eta"

_COLUMNS = {
    "characteristic": "str", "need": "str", "kind": "str", "effect": "float64",
    "low_95": "float64", "high_95": "float64", "n": "int64", "groups": "int64",
    "highest": "str", "lowest": "str", "p": "float64", "note": "str",
}  # fmt: skip
_CRUDE = "Not adjusted for anything else."


def relations(
    dataset: Dataset,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return how strongly each characteristic of patients goes with what they need.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.

    Returns
    -------
    pandas.DataFrame
        One row per pair that the data has:

        - ``characteristic``: age, gender, region or insurance
        - ``need``: length_of_stay, cost, icu (any day in intensive care) or readmission
        - ``kind``: ``rank correlation`` for age (Spearman, -1 to 1; ages of 0 to 119, or age
          bands in their order), ``rank eta`` for groups (0 to 1): sqrt(H / (n - 1)) of Kruskal
          and Wallis, which for yes and no is Cramer's V
        - ``effect``, ``low_95``, ``high_95``, and ``n``: stays (discharges) with both known
        - ``groups``: how many were compared (of age bands: their number; of ages: 0)
        - ``highest``, ``lowest``: the groups with the highest and lowest mean; empty for age
        - ``p``: probability of an effect as large by chance, not corrected for their number
        - ``note``: what was left out, and what it is not

    Raises
    ------
    ValueError
        Where a switch is none of the choices.

    Notes
    -----
    Spearman's correlation and its probability are those of `scipy.stats.spearmanr`, its
    interval is that of Bonett and Wright (2000); H and its probability are those of
    `scipy.stats.kruskal`, the interval is by noncentral chi-square (Steiger 2004). Rows are
    ranked, so a few very high costs decide nothing. Groups of fewer than 30 stays and those
    without a name are left out. Where one patient has several stays, each counts: the
    intervals are then too narrow.

    Examples
    --------
    >>> stays = pd.DataFrame({"gender": ["F", "M"] * 40, "length_of_stay": [1.0, 2, 3, 4] * 20})
    >>> relations(Dataset(stays=stays))[["characteristic", "need", "effect", "highest"]].round(2)
      characteristic            need  effect highest
    0         gender  length_of_stay    0.45       M
    """
    choices = Choices(same_day, overnight_only, cost_date)
    lines: list[dict[str, Any]] = []
    if dataset.stays is not None:
        located = dataset.with_regions()
        stays = located.stays
        assert stays is not None
        view = overall_view(located, _with_need(stays), as_of, choices, with_coverage=True)
        lines = list(_lines(view))
    return pd.DataFrame(lines, columns=list(_COLUMNS)).astype(_COLUMNS)


def _lines(view: View) -> Iterator[dict[str, Any]]:
    for characteristic in CHARACTERISTICS:
        column = characteristic
        if characteristic == "age" and not has(view.stays, "age"):
            column = "age_band"
        if not has(view.stays, column):
            continue
        for need in NEEDS:
            line = (
                _of_age(view, column, need)
                if characteristic == "age"
                else _of_groups(view, column, need)
            )
            if line is not None:
                yield {"characteristic": characteristic, "need": need, **line}


def _with_need(stays: pd.DataFrame) -> pd.DataFrame:
    """Return stays with whether they had intensive care, and ages that are ones, as numbers."""
    rows = nw.from_native(stays)
    if "icu_days" in stays:
        days = nw.col("icu_days").cast(nw.Float64).fill_nan(None)
        rows = rows.with_columns(icu=nw.when(~days.is_null()).then((days > 0).cast(nw.Float64)))
    if "age" in stays:
        age = nw.col("age").cast(nw.Float64).fill_nan(None)
        rows = rows.with_columns(years=nw.when((age >= 0) & (age < 120)).then(age))
    return rows.to_native()


def _taken(view: View, need: str) -> Tally | None:
    """Return which stays count for a need, as `caremap.measures.headline` has it."""
    (window,) = view.windows
    dates = {"cost": (view.choices.cost_date, "admitted", "discharged"),
             "icu": ("discharged", "admitted")}.get(need, ("discharged",))  # fmt: skip
    date = view.first(*dates)
    column = need
    if column not in view.stays or not has(view.stays, column) or not covers(view, date):
        return None
    taken = Tally(date=date, first=window.start, last=window.end)
    if need == "length_of_stay":
        low = 1.0 if view.choices.overnight_only else 0.0
        lift = 1.0 if view.choices.same_day else None
        taken = replace(taken, only=view.only, low=low, lift=lift)
    return taken


def _of_age(view: View, column: str, need: str) -> dict[str, Any] | None:
    rows, number, bands = view.stays, "years", 0
    if column == "age_band":
        names = reductions.categories(rows, column)["value"].to_list()
        bands = len(names)
        rows, number = ranks.placed(rows, column, sorted(names, key=read_order)), "place"
    if need == "readmission":
        found = _age_against_readmission(view, column)
    else:
        taken = _taken(view, need)
        if taken is None:
            return None
        found = ranks.rank_products(rows, number, need, taken)
    if found is None:
        return None
    n, first, second, both = found.iloc[0]
    if n < SMALL or not first * second > 0:
        return None
    gap = spearman(float(both / np.sqrt(first * second)), int(n))
    note = f"{_CRUDE} Age bands in their order." if bands else _CRUDE
    return _line(CORRELATION, gap.value, gap.low, gap.high, int(n), bands, "", "", gap.p, note)


def _age_against_readmission(view: View, column: str) -> pd.DataFrame | None:
    counts, _ = readmission_counts(view, column)
    if counts is None or not counts["rows"].sum():
        return None
    counts = counts[counts["group"] != UNKNOWN]
    if column == "age":
        place = counts["group"].astype("float64")
        counts, place = counts[place.between(0, 119.999)], place[place.between(0, 119.999)]
    else:
        order = sorted(counts["group"], key=read_order)
        place = counts["group"].map({name: number for number, name in enumerate(order)})
    cells = _yes_and_no(counts)
    age = np.concatenate([place, place]).astype("float64")
    one = _ranks(age, cells["rows"].to_numpy("float64"))
    two = _ranks(cells["value"].to_numpy("float64"), cells["rows"].to_numpy("float64"))
    rows = cells["rows"].to_numpy("float64")
    sums = [float((rows * a * b).sum()) for a, b in ((one, one), (two, two), (one, two))]
    return pd.DataFrame([[rows.sum(), *sums]], columns=["n", "first", "second", "both"])


def _yes_and_no(counts: pd.DataFrame) -> pd.DataFrame:
    """Return ``group``, ``value`` (0, then 1) and ``rows`` of counts and events."""
    no = counts.assign(value=0.0, rows=counts["rows"] - counts["events"])
    yes = counts.assign(value=1.0, rows=counts["events"])
    return pd.concat([no, yes], ignore_index=True)[["group", "value", "rows"]]


def _ranks(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return mean ranks of values that occur several times, counted from the mean rank."""
    kinds, place = np.unique(values, return_inverse=True)
    often = np.bincount(place, weights=rows, minlength=len(kinds))
    found: np.ndarray = (np.cumsum(often) - (often - 1) / 2 - (rows.sum() + 1) / 2)[place]
    return found


def _of_groups(view: View, column: str, need: str) -> dict[str, Any] | None:
    if need == "readmission":
        counts, _ = readmission_counts(view, column)
        if counts is None:
            return None
        sizes = counts.set_index("group")["rows"]
    else:
        taken = _taken(view, need)
        if taken is None:
            return None
        tally = {"need": replace(taken, value=need)}
        sizes = reductions.tallies(view.stays, [column], tally).set_index(column)["need_n"]
    sizes = sizes[sizes.index != UNKNOWN]
    kept = sizes.index[sizes >= SMALL].to_list()
    if len(kept) < 2:
        return None
    if need == "readmission":
        assert counts is not None
        cells = _yes_and_no(counts[counts["group"].isin(kept)])
        found = moments(cells[cells["rows"] > 0])
    else:
        found = ranks.rank_sums(view.stays, need, column, taken, kept)
        found = found.rename(columns={column: "group"})
    total, squares = float(found["n"].sum()), float(found["squares"].sum())
    if not squares > 0:
        return None
    statistic = (total - 1) * float((found["ranks"] ** 2 / found["n"]).sum()) / squares
    gap = eta_interval(statistic, len(found), int(total))
    ordered = found.sort_values(["mean", "group"])["group"].to_list()
    small = sizes[sizes < SMALL]
    note = _CRUDE
    if len(small):
        stays = f" ({small.sum():,.0f} stays)" if small.sum() > FEW else ""
        note = f"Groups of fewer than {SMALL} left out: {len(small):,}{stays}. {_CRUDE}"
    if need == "readmission" and not view.has(*PATIENTS):
        note = f"As recorded in the file. {note}"
    return _line(
        ETA, gap.value, gap.low, gap.high, int(total), len(found), ordered[-1], ordered[0],
        gap.p, note,
    )  # fmt: skip


def _line(
    kind: str, effect: float, low: float, high: float, n: int, groups: int,
    highest: str, lowest: str, p: float, note: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": kind, "effect": effect, "low_95": low, "high_95": high, "n": n,
        "groups": groups, "highest": highest, "lowest": lowest, "p": p, "note": note,
    }  # fmt: skip
