"""Breakeven: the volume that covers costs, the margin of a forecast, and what it hangs on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from caremap import charts, planning
from caremap.charts import Figure
from caremap.planning import CostBasis
from caremap.problems import DataProblem
from caremap.ui import caches, card_row, measured, scenario_work
from caremap.ui.figures import show
from caremap.ui.recipes import Recipe, settled
from caremap.ui.scenario_recipes import days_of
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, escaped

__all__ = ["breakeven"]

_MOST = 1e12
_FROM, _ADDED = "From so many cases a year", "Fixed cost added a year"
_PAYER, _SHARE, _PRICE, _BILLED = (
    "Payer", "Share of cases (%)", "Price of a case", "Mean charges (billed, not paid)",
)  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """Costs of a year and of a case, prices by payer, and steps of the fixed cost."""

    fixed: float
    variable: float
    volume: float
    payers: pd.DataFrame
    steps: pd.DataFrame

    @property
    def price(self) -> pd.DataFrame:
        """The payer mix as `caremap.planning.breakeven` takes it."""
        mix = self.payers.rename(columns={_SHARE: "share", _PRICE: "price"})
        return mix[mix["share"].gt(0)][["share", "price"]].astype("float64")

    @property
    def added(self) -> pd.DataFrame | None:
        """The steps on top of the fixed cost; None where there are none."""
        named = self.steps.rename(columns={_FROM: "from", _ADDED: "fixed"}).dropna()
        return None if named.empty else named.astype("float64")

    @property
    def levels(self) -> pd.DataFrame:
        """Every step of the fixed cost, the one from no case on among them."""
        first = pd.DataFrame({"from": [0.0], "fixed": [self.fixed]})
        return first if self.added is None else pd.concat([first, self.added], ignore_index=True)

    @property
    def settings(self) -> str:
        """Everything the figures depend on."""
        tables = self.payers.to_csv(index=False), self.steps.to_csv(index=False)
        return f"{self.fixed} {self.variable} {self.volume} {tables}"


def breakeven(view: View) -> None:
    """The volume that breaks even, the margin ahead, and what it hangs on."""
    asked = _ask(view)
    if asked is None:
        return
    if asked.price["price"].isna().any() or asked.price.empty:
        st.info("Type in the price of a case, for every payer.", icon=":material/edit:")
        return
    try:
        price = planning.blended_price(asked.price["price"], asked.price["share"])
        stretches = planning.breakeven_steps(asked.levels, asked.variable, price, whole=True)
    except ValueError as problem:
        st.info(escaped(str(problem)), icon=":material/edit:")
        return
    _cards(asked, price, stretches)
    if len(stretches) > 1:
        st.warning(escaped(_several(stretches)), icon=":material/stairs:")
    show(_of_volume(asked, price, stretches), view)
    show(_of_drivers(asked, price), view)
    st.header("At the volume that is forecast", anchor=False)
    _ahead(view, asked, price)
    st.caption(
        "Price and variable cost are taken as the same at every volume. The fixed cost is that of "
        "a year; of a forecast, the part of the year it is for."
    )


# --- what is asked ----------------------------------------------------------------------------


def _ask(view: View) -> _Asked | None:
    """Draw costs, prices and steps; None where a cost is missing, which is said."""
    basis = _basis(view)
    key = view.key[:12]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = st.number_input(
            "Share of costs that is fixed (%)", 0.0, 100.0, 100 * planning.FIXED_SHARE, 1.0,
            format="%.0f", key="breakeven_share", bind="query-params", width=240,
            help=escaped(planning.FIXED_SHARE_SOURCE),
        ) / 100  # fmt: skip
        fixed = st.number_input(
            "Fixed cost a year", 0.0, _MOST, _whole(_of(basis, "fixed", share)),
            format="%.0f", key=f"breakeven_fixed_{share}_{key}", placeholder="type it in",
            width=200,
        )  # fmt: skip
        variable = st.number_input(
            "Variable cost of a case", 0.0, _MOST, _whole(_of(basis, "variable", share)),
            format="%.0f", key=f"breakeven_variable_{share}_{key}", placeholder="type it in",
            width=200,
        )  # fmt: skip
        volume = st.number_input(
            "Cases a year now", 0.0, 1e9, _cases(basis), format="%.0f",
            key=f"breakeven_volume_{key}", placeholder="type it in", width=170,
        )  # fmt: skip
    payers = _prices(basis, key)
    steps = _steps()
    if basis is not None:
        st.caption(escaped(" ".join(filter(None, (*basis.notes, basis.currency)))))
    if fixed is None or variable is None or volume is None:
        st.info("Type in what is missing: costs of a year and of a case, and how many cases.")
        return None
    return _Asked(fixed, variable, volume, payers, steps)


def _basis(view: View) -> CostBasis | None:
    try:
        found: CostBasis = caches.measured(view, measured.cost_basis)
    except DataProblem as problem:
        st.caption(escaped(f"{problem.message} Type the costs in."))
        return None
    return found


def _of(basis: CostBasis | None, what: str, share: float) -> float | None:
    """Return the fixed cost of a year or the variable cost of a case, where the data has it."""
    if basis is None:
        return None
    return basis.fixed_per_year(share) if what == "fixed" else basis.variable(share)


def _whole(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(round(value))


def _cases(basis: CostBasis | None) -> float | None:
    """Return the cases the costs of the last year are of."""
    if basis is None or not basis.per_case or pd.isna(basis.per_case):
        return None
    return _whole(basis.year_total / basis.per_case)


def _prices(basis: CostBasis | None, key: str) -> pd.DataFrame:
    """Let the user type in what each payer pays for a case."""
    known = None if basis is None or basis.payers.empty else basis.payers
    table = pd.DataFrame({_PAYER: ["All payers"], _SHARE: [100.0]})
    if known is not None:
        table = pd.DataFrame({_PAYER: known["payer"], _SHARE: (100 * known["share"]).round(1)})
    collected = None
    billed = None if known is None else known["mean_charges"]
    with st.expander("Prices by payer", expanded=True, icon=":material/payments:"):
        if billed is not None and billed.notna().any():
            collected = st.number_input(
                "Start from the charges: how much of them is paid (%)", 0.0, 100.0, None, 1.0,
                format="%.0f", key="breakeven_collected", placeholder="not used", width=330,
                help="Charges are what was billed. Prices are taken from them only where you say "
                "how much of them is paid.",
            )  # fmt: skip
            table[_BILLED] = billed.round(0).to_numpy()
        price = pd.Series([None] * len(table), dtype="float64")
        if collected is not None and billed is not None:
            price = (billed * collected / 100).round(0).reset_index(drop=True)
        table.insert(2, _PRICE, price.to_numpy())
        st.caption("Type in what is paid for a case on average. Shares are those of the data.")
        typed = st.data_editor(
            table, hide_index=True, num_rows="dynamic", width="stretch",
            key=f"breakeven_prices_{collected}_{key}", disabled=[_BILLED], placeholder="type it in",
            column_config={
                name: st.column_config.NumberColumn(min_value=0, format="localized")
                for name in (_SHARE, _PRICE, _BILLED)
            },
        )  # fmt: skip
    return pd.DataFrame(typed)[[_PAYER, _SHARE, _PRICE]]


def _steps() -> pd.DataFrame:
    """Let the user type in from which volume on fixed costs rise: another ward, another team."""
    with st.expander("Fixed costs that come in steps", icon=":material/stairs:"):
        st.caption(
            "From so many cases a year another ward, team or machine is needed: what does it add?"
        )
        empty = pd.DataFrame(
            {_FROM: pd.Series(dtype="float64"), _ADDED: pd.Series(dtype="float64")}
        )
        typed = st.data_editor(
            empty, hide_index=True, num_rows="dynamic", width="stretch", key="breakeven_steps",
            placeholder="",
            column_config={
                name: st.column_config.NumberColumn(min_value=0, format="localized")
                for name in (_FROM, _ADDED)
            },
        )  # fmt: skip
    return pd.DataFrame(typed)


# --- what is shown ----------------------------------------------------------------------------


def _cards(asked: _Asked, price: float, stretches: pd.DataFrame) -> None:
    first = stretches.loc[stretches["kind"].eq("breaks even"), "volume"]
    never = first.empty
    left = float(planning.margin(asked.volume, asked.fixed, asked.variable, price, asked.added))
    unit = price - asked.variable
    if never:
        said = "at no volume: a case is paid no more than it costs" if unit <= 0 else "at no volume"
    else:
        more = asked.volume - float(first.iloc[0])
        said = f"{amount(abs(more))} {'below' if more >= 0 else 'above'} the cases a year now"
    cards = [
        ("Breaks even at", NONE if never else f"{amount(float(first.iloc[0]))} cases", said),
        ("Margin of a year", amount(left), f"at {amount(asked.volume)} cases, as now"),
        ("Price of a case", amount(price), "the mean over payers"),
        ("A case more brings", amount(unit), "price less variable cost"),
    ]
    card_row.draw(cards)


def _several(stretches: pd.DataFrame) -> str:
    """Say every volume it breaks even at, and where a step puts it back into loss."""
    told = []
    each = zip(stretches["volume"], stretches["to"], stretches["kind"], strict=True)
    for volume, last, kind in each:
        to = "on" if math.isinf(last) else f"to {amount(float(last))}"
        told.append(f"{kind} from {amount(float(volume))} {to}")
    times = "more than once" if stretches["kind"].eq("breaks even").sum() > 1 else "for a while"
    return f"It breaks even {times}: {'; '.join(told)} cases a year."


def _of_volume(asked: _Asked, price: float, stretches: pd.DataFrame) -> Recipe:
    curve = planning.breakeven_curve(
        asked.fixed, asked.variable, price, steps=asked.added, volume=asked.volume
    )

    def breakeven_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        return charts.breakeven_figure(
            found, stretches, volume=asked.volume, volume_title="Now", period="a year"
        )

    return settled("breakeven", asked.settings, curve, breakeven_figure)


def _of_drivers(asked: _Asked, price: float) -> Recipe:
    frame = planning.sensitivity(
        asked.fixed, asked.variable, price, asked.volume, steps=asked.added
    )

    def sensitivity_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        return charts.sensitivity_figure(found, period="a year")

    return settled("sensitivity", asked.settings, frame, sensitivity_figure)


def _ahead(view: View, asked: _Asked, price: float) -> None:
    """Show the margin if fewer or more come than expected."""
    of = scenario_work.ahead(view)
    if of is None:
        return
    given = (of.forecast, asked.fixed, asked.variable, price)
    frame = planning.margin_ahead(*given, steps=asked.added)
    lost = planning.chance_of_loss(*given, steps=asked.added)

    def margin_figure(found: pd.DataFrame, *, period: str) -> Figure:
        return charts.margin_figure(found, period=period, loss=lost)

    settings = f"{asked.settings} {of.asked.settings}"
    show(settled("margin", settings, frame, margin_figure, period=days_of(of)), view)
