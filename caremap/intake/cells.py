"""Cells of a column as text: outer space off, and the words for “missing” among them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.bytewise import any_starts_with, byte_range, has_outer_space, per_kind

__all__ = ["BLANK_WORDS", "as_array", "text_of", "without_blank"]

_ODD_SPACES = r"[\x{00ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{feff}]"
BLANK_WORDS = (
    "", "na", "n/a", "nan", "null", "#n/a", "<na>", "-", "--", "?", ".", "#value!", "#ref!",
    "#div/0!", "#name?", "#null!", "#num!",
)  # fmt: skip
"""What stands for “missing” in any column; “None” and “Unknown” can be categories."""
_BLANK_STARTS = "".join({word[:1] + word[:1].upper() for word in BLANK_WORDS}).encode()


def as_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return one contiguous Arrow array."""
    if isinstance(values, pa.ChunkedArray):
        combined = values.combine_chunks()
        return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)
    return values


def text_of(values: pa.Array) -> pa.Array:
    """Return cells as text: whole numbers without ``.0``, dates as ISO, outer space off.

    Examples
    --------
    >>> text_of(pa.array([1169.0, 2.5, None])).to_pylist()
    ['1169', '2.5', None]
    """
    if pa.types.is_floating(values.type):
        whole = pc.and_(pc.equal(pc.round(values), values), pc.less(pc.abs(values), 1e15))
        integers = pc.cast(pc.cast(pc.if_else(whole, values, 0.0), pa.int64()), pa.string())
        return pc.if_else(whole, integers, pc.cast(values, pa.string()))
    if not pa.types.is_string(values.type):
        return pc.cast(values, pa.string())
    low, high = byte_range(values)
    if high < 0x80 and (low > ord(" ") or not has_outer_space(values)):
        return values
    return per_kind(_trimmed, values)


def _trimmed(values: pa.Array) -> pa.Array:
    text = pc.utf8_trim_whitespace(values)
    if not pc.all(pc.string_is_ascii(text), skip_nulls=True).as_py():
        text = pc.replace_substring(text, "\u00a0", " ")
        text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, _ODD_SPACES, ""))
    return text


def without_blank(text: pa.Array) -> tuple[pa.Array, int]:
    """Return text with the words for “missing” made null, and how many there were.

    Examples
    --------
    >>> texts, words = without_blank(pa.array(["A", "n/a", None]))
    >>> texts.to_pylist(), words
    (['A', None, None], 1)
    """
    if not len(text) or not _may_be_blank(text):
        return text, 0
    blanks = pa.array(BLANK_WORDS, pa.string())

    def without(texts: pa.Array) -> pa.Array:
        missing = pc.is_in(pc.utf8_lower(texts), blanks)
        return pc.if_else(missing, pa.scalar(None, pa.string()), texts)

    made = per_kind(without, text)
    gone = made.null_count - text.null_count
    empty = pc.sum(pc.equal(text, "")).as_py() or 0 if gone else 0
    return made, gone - empty


def _may_be_blank(text: pa.Array) -> bool:
    """Whether a column can hold a word for “missing”: if a short text begins like one."""
    shortest = pc.min(pc.binary_length(text)).as_py()
    if shortest is None:
        return False
    return shortest == 0 or any_starts_with(text, _BLANK_STARTS, max(map(len, BLANK_WORDS)))
