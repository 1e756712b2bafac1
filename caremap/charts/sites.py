"""Need per staff member at every facility, now and after the moves of a plan."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot
from caremap.charts.fitting import fit
from caremap.charts.frames import hidden_of, needs, numbers, text_of
from caremap.charts.look import MASKED_FIGURE, NO_FIGURE, number, times
from caremap.charts.per_staff import NO_STAFF, per_staff, ratio, spread, written
from caremap.charts.points import capital, whole_column
from caremap.charts.site_lanes import ALIKE, site_lanes
from caremap.charts.words import isolated
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["sites_figure"]

_PER = "per staff member"
_SPOKEN = 6  # facilities the alternative text names


def sites_figure(
    sites: pd.DataFrame,
    role: str,
    *,
    need_title: str,
    need_unit: str,
    top: int = 30,
    period: str = "",
) -> Figure:
    """Return the need per staff member of each facility, now and after the moves of a plan.

    Parameters
    ----------
    sites
        One row per facility and role: ``facility``, ``role``, ``need``, ``staff``, and, where
        there is a plan, ``after`` (staff then); ``target`` goes into the table. As
        `caremap.planning.site_table` returns it.
    role
        The role to draw.
    need_title, need_unit
        What the need is ("Population"), and what it counts ("people").
    top
        How many facilities to draw at most: the worst off, and those that change most.
    period
        What period the need is of, in words.

    Returns
    -------
    Figure
        A hollow point now, a filled one after the moves, the worst off on top, and a line where
        all would be if staff were shared by need. Need without staff has no ratio: it is drawn at
        the end of the scale by a sign of its own.

    Raises
    ------
    ValueError
        Where the role has no row, or a column is missing.

    Examples
    --------
    >>> sites = pd.DataFrame({"facility": ["Kent", "Auburn"], "role": "Nurses",
    ...     "need": [2100.0, 8800.0], "staff": [10, 2], "after": [3, 9]})
    >>> sites_figure(sites, "Nurses", need_title="Population", need_unit="people").title
    'Nurses: 210 to 4,400 people per staff member now, 700 to 978 after the moves'
    """
    needs(sites, ["facility", "role", "need", "staff"])
    rows = _rows(sites[text_of(sites["role"].astype("object")).eq(_plain(role)).to_numpy()])
    needs(rows, ["name"])
    unit = f"{need_unit} {_PER}"
    planned = bool(rows["after"].notna().any())
    fair = _fair(rows)
    kept = _kept(rows, max(top, 1))
    title = _title(rows, role, unit, planned, fair)
    span = times(len(rows), "facility", "facilities")
    parts = [f"{need_title} ({need_unit}) {_PER}", _of(role), period, span]
    table = _table(rows, role, need_title, need_unit, planned)
    return Figure(
        name="staff_by_need",
        title=title,
        subtitle=" · ".join(filter(None, parts)),
        chart=site_lanes(
            kept.assign(
                figures=[_figures(row, planned) for _, row in kept.iterrows()],
                said=[_said(row, unit) for _, row in kept.iterrows()],
            ),
            unit,
            planned,
            fair,
        ),
        alt=_alt(title, rows, unit, fair),
        table=table,
        notes=_notes(rows, kept, fair),
        plot=Plot("bars", "Facility", tuple(table.filter(regex=f"{_PER}").columns)),
    )


def _plain(role: str) -> str:
    return str(text_of(pd.Series([role], dtype="object")).iloc[0])


def _of(role: str) -> str:
    """Return the role as it stands alone; a file that only counts staff names none."""
    return "" if _plain(role).casefold() == "staff" else fit(role, 280)


# --- the figures ----------------------------------------------------------------------------


def _rows(sites: pd.DataFrame) -> pd.DataFrame:
    """Return the facilities with their ratios, the worst off first, without a figure last."""
    optional = {
        name: numbers(sites[name]) if name in sites.columns else np.nan
        for name in ("after", "target")
    }
    need = numbers(sites["need"])
    rows = pd.DataFrame(
        {
            "name": text_of(sites["facility"].astype("object")).to_numpy(),
            "need": need.where(need.ge(0)),
            "staff": numbers(sites["staff"]),
            **optional,
        }
    )
    rows[HIDDEN] = hidden_of(sites, rows["need"])
    rows["now"] = per_staff(rows["need"], rows["staff"])
    rows["then"] = per_staff(rows["need"], rows["after"])
    rows["change"] = rows["after"] - rows["staff"]
    return rows.sort_values(
        ["now", "need", "name"], ascending=[False, False, True], na_position="last",
        kind="stable", ignore_index=True,
    )  # fmt: skip


def _fair(rows: pd.DataFrame) -> float:
    """Return the need per staff member where all had the same: a ratio of sums."""
    both = rows[rows["need"].notna() & rows["staff"].notna()]
    staff = float(both["staff"].sum())
    return float(both["need"].sum()) / staff if staff > 0 else math.nan


def _kept(rows: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return what is drawn: of too many, half the worst off and half those that change most.

    Without changes the best off stand for them: they are who could give.
    """
    if len(rows) <= top + 1:  # one alone is not worth a sentence
        return rows
    bare = rows.index[np.isinf(rows["now"])]
    some = bare[: max(top // 4, 1)]  # alike, one by one: the worst that can be told apart come too
    worst = [*some, *rows.index.drop(bare), *bare[len(some) :]][: -(-top // 2)]
    rest = rows.drop(worst)
    weight = rest["change"].abs().fillna(0.0) if _moving(rows) else -rest["now"].fillna(math.inf)
    most = weight.sort_values(ascending=False, kind="stable").index[: top - len(worst)]
    return rows.loc[sorted([*worst, *most])]


def _moving(rows: pd.DataFrame) -> bool:
    return bool(rows["change"].fillna(0.0).any())


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, role: str, unit: str, planned: bool, fair: float) -> str:
    """Say from where to where the ratio goes, and what the plan makes of that."""
    name = _of(role)
    known = rows[rows["now"].notna()]
    if known.empty:
        hidden = " can be shown" if rows[HIDDEN].any() else " can be computed"
        return f"{capital(isolated(name))}: no {unit}{hidden}" if name else f"No {unit}{hidden}"
    opening = f"{capital(isolated(name))}: " if name else f"{capital(unit)}: "
    counted = f" {unit}" if name else ""
    finite = known[np.isfinite(known["now"])]
    if finite.empty:
        return f"{opening}none of {times(len(known), 'facility', 'facilities')} has any staff"
    now = spread(finite["now"])
    bare = spread(known["now"]).removeprefix(now)
    if planned:
        return f"{opening}{now}{counted}{bare}{_changed(rows)}"
    where = f" in {isolated(fit(finite['name'].iloc[0], 280))}"
    alike = f"; equal shares would be {ratio(fair)}" if math.isfinite(fair) else ""
    if len(known) == 1:
        return f"{opening}{now}{counted}{where}"
    if " to " not in now:
        return f"{opening}{now}{counted} in {'all others' if bare else 'each facility'}{bare}"
    return f"{opening}{now}{counted}{bare}, most{where}{alike}"


def _changed(rows: pd.DataFrame) -> str:
    """Say what the ratios are after the moves."""
    if not _moving(rows):
        return "; nobody moves"
    return f" now, {spread(rows['then'].dropna())} after the moves"


def _figures(row: pd.Series, planned: bool) -> str:
    """Write what stands at the end of a lane: now, and after the moves where that differs."""
    now = MASKED_FIGURE if row[HIDDEN] else written(row["now"])
    if not planned or row[HIDDEN] or row["change"] == 0 or not pd.notna(row["then"]):
        return now
    return f"{now} → {written(row['then'])}"


def _said(row: pd.Series, unit: str) -> str:
    if row[HIDDEN]:
        return f"{row['name']}: {MASKED_FIGURE}"
    if not pd.notna(row["now"]):
        return f"{row['name']}: {NO_FIGURE}"
    bare = math.isinf(row["now"])
    now = f"{NO_STAFF} now" if bare else f"{ratio(row['now'])} {unit} now"
    if pd.isna(row["change"]):
        return f"{row['name']}: {now.removesuffix(' now')}"
    if row["change"] == 0:
        return f"{row['name']}: {now.removesuffix(' now')}, which stays"
    people = f"staff {_people(row['staff'])} to {_people(row['after'])}"
    return f"{row['name']}: {now}, {written(row['then'])} after the moves, {people}"


def _people(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)


def _alt(title: str, rows: pd.DataFrame, unit: str, fair: float) -> str:
    said = [_said(row, unit) for _, row in rows.head(_SPOKEN).iterrows()]
    more = len(rows) - len(said)
    rest = [times(more, "more facility", "more facilities")] if more > 0 else []
    line = [f"A line marks {ratio(fair)} for {ALIKE.lower()}"] if math.isfinite(fair) else []
    parts = [f"Points by facility, the worst off first. {title}", "; ".join([*said, *rest]), *line]
    return ". ".join(parts) + "."


def _notes(rows: pd.DataFrame, kept: pd.DataFrame, fair: float) -> tuple[str, ...]:
    notes = [WHY_HIDDEN] if rows[HIDDEN].any() else []
    if math.isfinite(fair):
        notes.append(
            f"{ALIKE}: all need over all staff, {ratio(fair)}. The further right a facility, "
            "the more each of its staff has to serve."
        )
    bare = int(np.isinf(rows["now"]).sum())
    if bare:
        notes.append(
            f"{times(bare, 'facility has', 'facilities have')} need and no staff: no ratio can be "
            "computed, it is worse than any other."
        )
    if len(kept) < len(rows):
        which = "worst off and " + ("those that change most" if _moving(rows) else "best off")
        count = times(len(rows), "facility", "facilities")
        hidden = bare - int(np.isinf(kept["now"]).sum())
        more = f", {hidden:,} more without staff among them" if hidden else ""
        notes.append(f"Drawn are {len(kept)} of {count}, the {which}; all are in the table{more}.")
    unknown = rows["now"].isna() & ~rows[HIDDEN]
    if unknown.any():
        are = times(int(unknown.sum()), "facility has", "facilities have")
        notes.append(f"{are} no ratio, as need or staff is not known or there is neither.")
    return tuple(notes)


def _table(
    rows: pd.DataFrame, role: str, need_title: str, need_unit: str, planned: bool
) -> pd.DataFrame:
    def figures(values: pd.Series) -> pd.Series:
        return values.where(np.isfinite(values)).round(2)

    per = f"{capital(need_unit)} {_PER}"
    need = f"{need_title} ({need_unit})"
    columns: dict[str, object] = {
        "Facility": rows["name"],
        "Role": _plain(role),
        need: whole_column(rows["need"], 0),
        "Staff now": whole_column(rows["staff"], 0),
        f"{per}, now": figures(rows["now"]),
    }
    if rows["target"].notna().any():
        columns["Target (staff)"] = whole_column(rows["target"], 0)
    if planned:
        columns["Staff after the moves"] = whole_column(rows["after"], 0)
        columns["Change (staff)"] = whole_column(rows["change"], 0)
        columns[f"{per}, after the moves"] = figures(rows["then"])
    return pd.DataFrame(columns)
