"""Choices this session remembers: made here about a table, or uploaded as a saved file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from caremap.intake import Loaded
from caremap.intake.recipes import Recipe, fits, read_recipe, recipe_of

__all__ = ["Held", "keep_made", "keep_saved", "may_fit", "recipes", "used_for"]

_HELD = "recipes"
_OF_ONE_FILE = frozenset({"encoding", "separator"})
"""Options that say how one file is written, not how its layout is understood."""


@dataclass(frozen=True)
class Held:
    """A recipe, and where it comes from in words."""

    recipe: Recipe
    source: str


def recipes() -> list[Recipe]:
    """Return what is remembered, the latest first: it wins."""
    return [held.recipe for held in reversed(_held().values())]


def keep_saved(name: str, data: bytes) -> Recipe:
    """Keep an uploaded file of choices.

    Raises
    ------
    caremap.DataProblem
        It is no such file.
    """
    recipe = read_recipe(data)
    _keep(f"saved:{recipe.signature}", Held(recipe, f"the saved choices in “{name}”"))
    return recipe


def keep_made(
    origin: str, name: str, table: Loaded, mapping: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    """Keep what was decided about a table, in place of what was decided about it before.

    Parameters
    ----------
    origin
        Which table it is, for good.
    name
        Its file.
    table, mapping, options
        The table and what was decided about it.
    """
    lasting = {name: value for name, value in options.items() if name not in _OF_ONE_FILE}
    recipe = read_recipe(recipe_of(table, mapping, lasting))
    if recipe.decides or lasting.get("kind"):
        _keep(origin, Held(recipe, f"your choices for “{name}”"))
    else:
        _held().pop(origin, None)


def used_for(table: Loaded) -> tuple[dict[str, Any], dict[str, Any], str] | None:
    """Return mapping, options and source of the choices a table was just opened with."""
    if not any(finding.code == "recipe-applied" for finding in table.findings):
        return None
    headers = [column.header for column in table.columns]
    held = next((one for one in reversed(_held().values()) if fits(one.recipe, headers)), None)
    if held is None:
        return None
    options = held.recipe.options_for(headers)
    if held.recipe.header_row and held.recipe.header_row == table.source.header_row:
        options["header_row"] = held.recipe.header_row
    return held.recipe.mapping_for(headers), options, held.source


def may_fit(recipe: Recipe, table: Loaded) -> bool:
    """Whether a table that is loaded may have the layout of a recipe.

    Where a header row was chosen by hand, the one found now may be the wrong one.
    """
    return bool(recipe.header_row) or fits(recipe, [column.header for column in table.columns])


def _held() -> dict[str, Held]:
    held: dict[str, Held] = st.session_state.setdefault(_HELD, {})
    return held


def _keep(origin: str, held: Held) -> None:
    _held().pop(origin, None)  # so that it becomes the latest
    _held()[origin] = held
