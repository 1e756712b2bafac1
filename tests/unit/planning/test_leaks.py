"""Columns that know how long the stay was are found by what they hold, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.planning.leaks import functions_of, leaks_found

COUNT = 600
Array = np.ndarray[Any, Any]
Random = np.random.Generator


def lengths(seed: int = 1) -> Array:
    """Nights as real ones are: many short, a few long."""
    return np.floor(np.random.default_rng(seed).lognormal(1.2, 0.8, COUNT))


def words_of(numbers: Array, *names: str) -> Array:
    return np.asarray(names, dtype=object)[numbers.astype(int)]


COPIES: dict[str, Callable[[Array, Random], Any]] = {
    "itself": lambda stay, _: stay,
    "its logarithm": lambda stay, _: np.log1p(stay),
    "one over it": lambda stay, _: 1 / (stay + 1),
    "a day more": lambda stay, _: stay + 1,
    "in hours, to the minute": lambda stay, draw: stay * 24 + draw.uniform(-2, 2, COUNT),
    "its bands as numbers": lambda stay, _: np.digitize(stay, [2, 5, 10]).astype("float64"),
    "its bands as words": lambda stay, _: words_of(
        np.digitize(stay, [2, 5, 10]), "short", "usual", "long", "very long"
    ),
    "whether it was long": lambda stay, _: words_of(stay > 7, "No", "Yes"),
    "odd nights": lambda stay, _: words_of(stay % 2, "even", "odd"),
    "with some not known": lambda stay, draw: np.where(draw.random(COUNT) < 0.7, stay, np.nan),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_of_the_stay_is_found_whatever_it_is_called(name: str) -> None:
    stay = lengths()
    column = pd.Series(COPIES[name](stay, np.random.default_rng(5)))
    column = column if column.dtype.kind == "f" else column.astype("str")
    found = leaks_found({"Notes": column}, pd.Series(stay))
    assert found["Notes"].kind == "copy"


STRONG: dict[str, tuple[float, str]] = {
    "nearly the stay": (0.35, "later"),
    "half of it, as charges are": (0.85, "doubt"),
}


@pytest.mark.parametrize("name", STRONG)
def test_a_column_that_tells_too_much_alone_is_told_with_how_much(name: str) -> None:
    noise, kind = STRONG[name]
    stay = lengths()
    draw = np.random.default_rng(2)
    column = pd.Series(np.log1p(stay) + draw.normal(0, noise * np.log1p(stay).std(), COUNT))
    found = leaks_found({"Total": column}, pd.Series(stay))
    assert found["Total"].kind == kind
    assert "Alone it tells" in found["Total"].reason


@pytest.mark.parametrize("seed", range(8))
def test_what_may_be_known_is_left_alone(seed: int) -> None:
    draw = np.random.default_rng(seed + 100)
    stay = lengths(seed)
    effect = stay + draw.normal(0, 3 * stay.std(), COUNT)
    columns = {
        "noise": pd.Series(draw.normal(size=COUNT)),
        "with an effect": pd.Series(effect),
        "names": pd.Series(draw.choice(["A", "B", "C"], COUNT), dtype="str"),
        "many names": pd.Series(draw.integers(0, 250, COUNT)).astype("str"),
        "seldom": pd.Series(np.where(draw.random(COUNT) < 0.01, "Yes", "No"), dtype="str"),
        "one of its own each": pd.Series(range(COUNT)).astype("str"),
        "mostly missing": pd.Series(np.where(draw.random(COUNT) < 0.95, np.nan, 1.0)),
        "empty": pd.Series(np.nan, index=range(COUNT)),
    }
    nights = pd.Series(stay).mask(draw.random(COUNT) < 0.03)
    assert leaks_found(columns, nights) == {}


def test_blank_until_the_stay_is_over() -> None:
    nights = pd.Series(lengths()).mask(np.arange(COUNT) >= COUNT - 20)
    draw = np.random.default_rng(3)
    ended = pd.Series(draw.choice(["Home", "Other"], COUNT), dtype="str")
    columns = {
        "when over": ended.where(nights.notna(), "Unknown"),
        "always": ended,
        "seldom filled": pd.Series(np.where(draw.random(COUNT) < 0.02, 1.0, np.nan)).where(
            nights.notna()
        ),
    }
    found = leaks_found(columns, nights)
    assert {name: leak.kind for name, leak in found.items()} == {"when over": "later"}
    assert "every one of the 20 patients still in hospital" in found["when over"].reason


def test_a_column_that_is_no_longer_filled_in_is_not_one_of_the_discharge() -> None:
    admitted = pd.Series(pd.date_range("2024-01-01", periods=COUNT, freq="12h"))
    # The last stays are open, every other one of the month before as well.
    open_ = (np.arange(COUNT) > COUNT - 120) & (np.arange(COUNT) % 2 == 0)
    nights = pd.Series(lengths()).mask(open_)
    given_up = pd.Series("A", index=range(COUNT)).where(admitted < "2024-08-01", "Unknown")
    assert leaks_found({"Old": given_up}, nights, admitted) == {}
    assert list(leaks_found({"Old": given_up}, nights)) == ["Old"]


def test_what_only_repeats_a_column_left_out_is_left_out_with_it() -> None:
    draw = np.random.default_rng(4)
    ended = pd.Series(draw.choice(["Home", "Home with help", "Nursing home", "Died"], COUNT))
    group = ended.replace({"Home with help": "Home", "Nursing home": "Elsewhere"}).astype("str")
    columns = {
        "group": group,
        "code": ended.map({"Home": 1.0, "Home with help": 2.0, "Nursing home": 3.0, "Died": 4.0}),
        "nearly": group.where(draw.random(COUNT) < 0.8, "Home"),
        "other": pd.Series(draw.choice(["Home", "Elsewhere"], COUNT), dtype="str"),
        "seldom": pd.Series(np.where(np.arange(COUNT) < 3, "Yes", "No"), dtype="str"),
    }
    assert list(functions_of(columns, {"outcome": ended})) == ["group", "code"]


def test_a_source_with_a_value_of_its_own_on_every_row_gives_nothing_away() -> None:
    one_each = pd.Series(range(COUNT)).astype("str")
    names = pd.Series(np.random.default_rng(5).choice(["A", "B"], COUNT), dtype="str")
    assert functions_of({"name": names}, {"number": one_each}) == {}
