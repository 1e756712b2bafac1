"""Saved choices at work while a file is opened: recognised, applied, and said so."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from caremap.findings import Finding
from caremap.intake.choices import Choices
from caremap.intake.reading import Sheet
from caremap.intake.recipes import Recipe, fits, read_recipe, sheet_pattern
from caremap.intake.tables import Understood, look_at
from caremap.schema import TABLES

__all__ = ["fitting", "look_again", "preferred", "taken_out", "with_recipe"]

Wanted = AnyMapping[str, "str | Sequence[str] | None"]


def taken_out(
    options: AnyMapping[str, Any] | None,
) -> tuple[tuple[Recipe, ...], dict[str, Any]]:
    """Return the recipes among the options, checked, and the options without them.

    Raises
    ------
    caremap.DataProblem
        A recipe cannot be used.
    """
    rest = dict(options or {})
    given = rest.pop("recipe", None)
    several = given if isinstance(given, list | tuple) else [] if given is None else [given]
    return tuple(read_recipe(one) for one in several), rest


def fitting(recipes: Sequence[Recipe], headers: Sequence[str]) -> Recipe | None:
    """Return the first recipe for a table with these headers."""
    return next((one for one in recipes if fits(one, headers)), None)


def look_again(recipes: Sequence[Recipe], sheet: Sheet, seen: list[Understood]) -> list[Understood]:
    """Look for a known layout in the row where a recipe found it, where none was found yet."""
    if any(fitting(recipes, one.layout.headers) for one in seen):
        return seen
    for recipe in recipes:
        again = look_at(sheet, recipe.header_row) if recipe.header_row else None
        if again is not None and fits(recipe, again.layout.headers):
            return [again]
    return seen


def preferred(recipes: Sequence[Recipe], seen: Understood) -> int:
    """Return the place of a sheet in the order of choice: known layout and name come first."""
    recipe = fitting(recipes, seen.layout.headers)
    if recipe is None:
        return 2
    return 0 if recipe.sheet == sheet_pattern(seen.sheet.name) else 1


def with_recipe(
    recipes: Sequence[Recipe],
    every: Sequence[Understood],
    seen: Understood,
    mapping: Wanted,
    choices: Choices,
) -> tuple[Wanted, Choices, list[Finding]]:
    """Complete what the caller decided about a sheet with what was decided about its layout.

    Parameters
    ----------
    recipes
        What is known.
    every, seen
        All sheets of the file, and the one.
    mapping, choices
        What the caller decided; it stands.
    """
    headers = seen.layout.headers
    recipe = fitting(recipes, headers)
    if recipe is None:
        strange = recipes and not any(fitting(recipes, one.layout.headers) for one in every)
        return mapping, choices, [_NOT_THIS] if strange else []
    options = {
        name: value
        for name, value in recipe.options_for(headers).items()
        if not getattr(choices, name)
    }
    kind = choices.kind or options.get("kind")
    known = set(TABLES[kind].fields) if kind else set()
    if not set(mapping) <= known and "kind" in options:  # the caller sees another table in it
        options.pop("kind")
        known = set()
    taken = {name for value in mapping.values() for name in _several(value)}
    recalled = {
        name: value
        for name, value in recipe.mapping_for(headers).items()
        if name in known and name not in mapping and not taken & set(_several(value))
    }
    told = Finding("recipe-applied", "info", _used(recipe, len(recalled), set(options)))
    return {**recalled, **mapping}, replace(choices, **options), [told]


_NOT_THIS = Finding(
    "recipe-not-for-this-file",
    "info",
    "The saved choices are for a table with other columns: they are not used here.",
)


def _used(recipe: Recipe, matched: int, options: set[str]) -> str:
    parts = []
    if matched:
        parts.append(f"{matched} {'field' if matched == 1 else 'fields'} matched by hand")
    if "dates" in options:
        parts.append("the order of day and month")
    if "decimal" in options:
        parts.append("the decimal mark")
    if "keep" in options:
        parts.append(f"{len(recipe.keep)} kept column{'' if len(recipe.keep) == 1 else 's'}")
    if recipe.header_row:
        parts.append("the row of the column names")
    what = f": {', '.join(parts)}" if parts else ""
    return f"The columns are known: choices saved for such a table are used{what}."


def _several(value: str | Sequence[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
