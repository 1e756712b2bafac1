"""Rows that belong to no figure: totals, footnotes, repeated headers, exact duplicates.

They are set aside and listed, never silently dropped and never counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import all_different, few_kinds, has_letters
from caremap.intake.cells import text_of
from caremap.intake.headers import words

__all__ = [
    "duplicate_rows", "empty_rows", "footnote_rows", "header_rows", "is_total", "note_rows",
    "run_totals",
    "sum_rows", "total_rows",
]  # fmt: skip

Mask = np.ndarray[Any, np.dtype[np.bool_]]

_TOTALS = frozenset(
    "total|totals|grand total|sub total|subtotal|sum|overall|all|all hospitals|all departments|"
    "all wards|all facilities|all regions|gesamt|gesamtsumme|summe|insgesamt|zwischensumme|suma|"
    "suma total|total general|totales|todos|todas|total geral|soma|ensemble|total general|"
    "sous total|somme|tous|totale|totale generale|totale complessivo|somma|complessivo|tutti|"
    "england|average|mean|"
    "durchschnitt|media|moyenne".split("|")
)
_STRONG = frozenset(word for word in _TOTALS if "tot" in word or word in {
    "gesamt", "gesamtsumme", "summe", "insgesamt", "zwischensumme", "suma", "soma", "somme",
    "somma",
})  # fmt: skip
_STRENGTHS = ("exact", "weak", "within")
LARGE = 100
"""From here on a number is the sum of three others by chance too seldom to matter."""
TAIL = 60
"""How many rows from the end footnotes are looked for in."""


def total_rows(columns: Sequence[pa.Array], wordy: Sequence[bool], stays: bool) -> Mask:
    """Return where a label says that the row adds up others.

    “Total” alone says so in any table of counts, also in a column of dates; in a table of
    stays, where it may be part of a name, only if half of the row is empty. “Total knee”
    or “All” can be a category: they need the other labels empty too.

    Parameters
    ----------
    columns
        The columns of the table.
    wordy
        Which of them hold words, not numbers or dates.
    stays
        Whether rows are stays.
    """
    size = len(columns[0]) if columns else 0
    result = np.zeros(size, dtype=bool)
    if stays:
        sparse = _sparse_rows(columns, wordy)
        if len(sparse) < size:
            few = [column.take(pa.array(sparse)) for column in columns]
            if len(sparse):
                result[sparse] = total_rows(few, wordy, stays)
            return result
    blank = [column.is_null().to_numpy(zero_copy_only=False) for column in columns]
    for place, column in enumerate(columns):
        if not pa.types.is_string(column.type) or not has_letters(column) or _clean(column):
            continue
        said = _said(text_of(column))
        if said is None:
            continue
        exact, weak, within = said
        others = [
            column for index, column in enumerate(blank)
            if index != place and (wordy[index] or (stays and not wordy[place]))
        ]  # fmt: skip
        beside = [column for index, column in enumerate(blank) if index != place]
        empty = np.mean(others, axis=0) if others else np.full(size, 0.0 if stays else 1.0)
        result |= exact & ((np.mean(beside, axis=0) >= 0.5) if stays and beside else not stays)
        if wordy[place]:
            result |= weak & (empty >= (1.0 if stays else 0.5)) & bool(others)
            result |= within & (empty >= 1.0)
    return result


def _sparse_rows(columns: Sequence[pa.Array], wordy: Sequence[bool]) -> Any:
    """The rows of stays empty enough for a total: half of all cells, or all words but one."""
    size = len(columns[0]) if columns else 0
    blank, wordless = np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32)
    for column, words_here in zip(columns, wordy, strict=True):
        if column.null_count:
            missing = column.is_null().to_numpy(zero_copy_only=False)
            blank += missing
            wordless += missing & words_here
    sparse = 2 * blank >= len(columns) - 1
    if sum(wordy) > 1:
        sparse |= wordless >= sum(wordy) - 1
    return np.flatnonzero(sparse)


def _said(text: pa.Array) -> list[Mask] | None:
    """Where a total word stands alone, where a weak one does, and where one ends a phrase."""
    encoded = pc.dictionary_encode(text) if few_kinds(text) else None
    said = _total_words(text if encoded is None else encoded.dictionary)
    if not any(said):
        return None
    masks = [np.array([word == kind for word in [*said, ""]]) for kind in _STRENGTHS]
    if encoded is None:
        return [mask[:-1] for mask in masks]
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return [mask[codes] for mask in masks]


def _clean(column: pa.Array) -> bool:
    """Whether a column holds numbers or dates and not a single word."""
    for kind in (pa.float64(), pa.timestamp("us")):
        try:
            pc.cast(column.slice(0, 20), kind)  # a cast that fails is slow: try a few first
            pc.cast(column, kind)
        except pa.ArrowInvalid:
            continue
        return True
    return False


def sum_rows(label: pa.Array, counts: Sequence[Any]) -> Mask:
    """Return the rows of one label whose counts are the sum of all other rows.

    The row “Malaysia” among the states, or “England” among the regions, says by its
    figures alone that it is a total; so does a row without a name. Asked where at least five
    other labels add up, or three to the last digit of large numbers.

    Examples
    --------
    >>> places = pa.array(["Land", "A", "B", "C", "D", "E"])
    >>> sum_rows(places, [np.array([25.0, 1, 2, 4, 8, 10])]).tolist()
    [True, False, False, False, False, False]
    """
    size = len(label)
    result = np.zeros(size, dtype=bool)
    encoded = pc.dictionary_encode(text_of(label))
    kinds = len(encoded.dictionary)
    blank = label.null_count > 0
    codes = pc.fill_null(encoded.indices, kinds).to_numpy(zero_copy_only=False).astype(np.int64)
    kinds += blank
    if kinds < 4 or not counts:
        return result
    exact = kinds < 6 or blank
    candidates = np.ones(kinds, dtype=bool)
    telling = 0
    for numbers in counts:
        sums = np.bincount(codes, weights=np.nan_to_num(numbers), minlength=kinds)
        if (whole := sums.sum()) < 20:
            continue
        telling += 1
        near = 1e-9 if exact else 0.002
        candidates &= np.abs(2 * sums - whole) <= near * whole
        if kinds < 6:  # a small number is the sum of three others by chance
            candidates &= sums >= LARGE
    places = np.flatnonzero(candidates)
    if telling and len(places) == 1 and places[0] in {codes[0], codes[-1]}:
        result = codes == places[0]
    return result


def run_totals(undated: Mask, counts: Sequence[Any]) -> Mask:
    """Return the rows without a date that add up the dated rows above them, or all of them.

    A row below each hospital’s days adds up those since the one before it, the last row all.

    Examples
    --------
    >>> beds = np.array([3.0, 4, 7, 5, 6, 11, 18])
    >>> run_totals(np.array([0, 0, 1, 0, 0, 1, 1], bool), [beds]).tolist()
    [False, False, True, False, False, True, True]
    """
    result = np.zeros(len(undated), dtype=bool)
    places = np.flatnonzero(undated)
    if not len(places) or undated.mean() > 0.5 or not counts:
        return result
    starts = np.concatenate([[0], places[:-1] + 1])
    fits, telling = np.ones((2, len(places)), dtype=bool), np.zeros(len(places), dtype=bool)
    for numbers in counts:
        dated = np.concatenate([[0.0], np.cumsum(np.where(undated, 0, np.nan_to_num(numbers)))])
        said = numbers[places]
        for row, added in enumerate((dated[places] - dated[starts], dated[-1])):
            fits[row] &= np.isnan(said) | (np.abs(said - added) <= 1e-6 * np.maximum(added, 1))
        telling |= said > 0
    several = places - starts >= 2
    result[places] = telling & ((fits[0] & several) | fits[1])
    return result


def note_rows(columns: Sequence[pa.Array], free: Sequence[bool]) -> Mask:
    """Return the rows inside the table with a single cell of text: a heading or a comment.

    Parameters
    ----------
    columns
        The columns of the table.
    free
        Which of them hold words that are no number of a stay or patient: a row that has
        only such a number is still a stay.
    """
    size = len(columns[0]) if columns else 0
    none = np.zeros(size, dtype=bool)
    if len(columns) < 4 or sum(column.null_count == 0 for column in columns) > 1:
        return none
    filled = np.zeros(size, dtype=np.int64)
    said = none.copy()
    for column, wordy in zip(columns, free, strict=True):
        there = column.is_valid().to_numpy(zero_copy_only=False)
        filled += there
        if wordy:
            said |= there
    return np.asarray((filled == 1) & said, dtype=bool)


def empty_rows(columns: Sequence[pa.Array]) -> Mask:
    """Return the rows without a value in any of the columns."""
    result = np.ones(len(columns[0]) if columns else 0, dtype=bool)
    for column in columns:
        if column.null_count == 0:
            return np.zeros(len(column), dtype=bool)
        result &= column.is_null().to_numpy(zero_copy_only=False)
    return result


def _total_words(items: pa.Array) -> list[str]:
    """Per distinct text: an exact total word, a weak one, one within a phrase, or nothing."""
    pattern = (
        r"(?i)tot|sum|all|gesamt|som|tod|tut|ensemble|mean|aver|moyenne|durchschn|media|england"
    )
    likely = pc.fill_null(pc.match_substring_regex(items, pattern), False)
    likely = likely.to_numpy(zero_copy_only=False)
    kinds = [""] * len(items)
    for place in np.flatnonzero(likely).tolist():
        item = items[place].as_py()
        text = words(item) if len(item) < 80 else ""
        if text in _STRONG:
            kinds[place] = "exact"
        elif text in _TOTALS:
            kinds[place] = "weak"
        elif _ends_total(text):
            kinds[place] = "within"
    return kinds


def is_total(item: str) -> bool:
    """Whether a cell is a word for a total, or ends or begins with one.

    Examples
    --------
    >>> is_total("Total: 400"), is_total("A subtotal"), is_total("V1")
    (True, True, False)
    """
    if len(item) >= 80 or not any(letter.isalpha() for letter in item):
        return False
    text = words(item)
    return text in _STRONG or _ends_total(text)


def _ends_total(text: str) -> bool:
    return text.startswith(("total ", "grand total", "gesamt ", "sub total", "subtotal ")) or (
        text.endswith((" total", " totals", " subtotal", " gesamt", " totale"))
    )


def footnote_rows(columns: Sequence[pa.Array]) -> Mask:
    """Return the rows at the end that hold one cell, or the same text in every cell.

    “Source: …”, “* provisional” and the census note repeated across the row stand below
    the table; a row inside the table is data however empty it is.
    """
    size = len(columns[0]) if columns else 0
    result = np.zeros(size, dtype=bool)
    if len(columns) < 3 or size == 0:
        return result
    start = max(0, size - TAIL)
    tail = [text_of(column.slice(start)).to_pylist() for column in columns]
    for index in range(size - start - 1, -1, -1):
        cells = [column[index] for column in tail if column[index]]
        alone = len(cells) == 1 and not cells[0].replace(".", "").isdigit()
        repeated = len(cells) == len(columns) and len(set(cells)) == 1 and len(cells[0]) > 12
        if not (alone or repeated or not cells):
            break
        result[start + index] = True
    return result if not result.all() else np.zeros(size, dtype=bool)


def header_rows(columns: Sequence[pa.Array], headers: Sequence[str]) -> Mask:
    """Return where the header stands again inside the table (files pasted together)."""
    size = len(columns[0]) if columns else 0
    same = np.ones(size, dtype=bool)
    checked = 0
    for column, header in zip(columns, headers, strict=True):
        if not pa.types.is_string(column.type):
            return np.zeros(size, dtype=bool)
        if checked >= 6 or not same.any():
            break
        equal = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), header), False)
        same &= equal.to_numpy(zero_copy_only=False)
        checked += 1
    return same if checked else np.zeros(size, dtype=bool)


def duplicate_rows(columns: Sequence[pa.Array]) -> Mask:
    """Return the rows that repeat an earlier row exactly, cell by cell.

    Rows are told apart by the codes of their cells, column after column; a column that
    leaves no two rows alike ends the search.
    """
    size = len(columns[0]) if columns else 0
    if size < 2:
        return np.zeros(size, dtype=bool)
    groups = np.zeros(size, dtype=np.int64)
    alive = np.arange(size)
    ordered = sorted(columns, key=_costly)
    if pa.types.is_string(ordered[0].type) and all_different(ordered[0]):
        return np.zeros(size, dtype=bool)
    for column in ordered:
        codes = pc.dictionary_encode(column.take(pa.array(alive)) if len(alive) < size else column)
        values = pc.fill_null(codes.indices, len(codes.dictionary)).to_numpy(zero_copy_only=False)
        keys = groups * np.int64(len(codes.dictionary) + 1) + values.astype(np.int64)
        _, groups, counts = np.unique(keys, return_inverse=True, return_counts=True)
        twice = counts[groups] > 1
        if not twice.any():
            return np.zeros(size, dtype=bool)
        alive, groups = alive[twice], groups[twice]
        _, groups = np.unique(groups, return_inverse=True)
    result = np.zeros(size, dtype=bool)
    _, first = np.unique(groups, return_index=True)
    result[np.delete(alive, first)] = True
    return result


def _costly(column: pa.Array) -> int:
    """Columns with many different values first: they leave few rows to compare."""
    sample = column.slice(0, 2000)
    return -int(pc.count_distinct(sample).as_py())
