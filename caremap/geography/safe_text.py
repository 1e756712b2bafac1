r"""Text of a file on a map: shown as it was typed, never run, never markup.

What a map is told goes through five readers one after another: a template of Python, a script
of JavaScript, its template literals, the markup of a page, and streamlit-folium, which puts names
of its own into the script. `script_value` leaves none of them anything to read: beyond letters,
digits and a few harmless marks every character of a text becomes ``\uXXXX``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["safe_text", "script_value"]

_HARMLESS = re.compile(r"[^A-Za-z0-9 .,]")
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_LITERAL = re.compile(r"[`${}\\%#]")


def safe_text(text: object) -> str:
    r"""Return text that is the same in markup, in a template literal and in a template of Python.

    For elements of folium itself, which put tooltips and popups into a template literal: the five
    marks of markup first, then back-tick, ``$``, braces, ``\``, ``%`` and ``#`` as entities.

    Examples
    --------
    >>> safe_text("St. Mary's <b>`${alert(1)}`")
    'St. Mary&#39;s &lt;b&gt;&#96;&#36;&#123;alert(1)&#125;&#96;'
    >>> safe_text("{{ 7 * 7 }}")
    '&#123;&#123; 7 * 7 &#125;&#125;'
    """
    # Entities of markup hold a "#" themselves: what is not markup is replaced before.
    parts = [
        _MARKUP.get(letter) or (f"&#{ord(letter)};" if _LITERAL.match(letter) else letter)
        for letter in str(text)
    ]
    return "".join(parts)


def script_value(value: Any) -> str:
    r"""Return a value as JavaScript that no template, page or component reads anything else into.

    Parameters
    ----------
    value
        Texts, numbers, booleans, None, and lists, tuples and mappings of them. A number that is
        not finite becomes ``null``. Keys of a mapping are names in the program, not of a file.

    Examples
    --------
    >>> script_value({"name": "`</script>${x}`", "km": float("nan"), "staff": [3, 0.5]})
    '{"name":"\\u0060\\u003c\\u002fscript\\u003e\\u0024\\u007bx\\u007d\\u0060","km":null,"staff":[3,0.5]}'
    """  # noqa: E501
    if isinstance(value, str):
        return f'"{_HARMLESS.sub(_unit, value)}"'
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return f"{value:.12g}" if math.isfinite(value) else "null"
    if isinstance(value, Mapping):
        pairs = (f"{script_value(str(key))}:{script_value(one)}" for key, one in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, (Sequence, np.ndarray)):
        return f"[{','.join(map(script_value, value))}]"
    raise TypeError(f"{type(value).__name__} is nothing a map is told")


def _unit(found: re.Match[str]) -> str:
    """Return a character as JavaScript counts it: two units beyond the first 65,536."""
    raw = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{raw[at]:02x}{raw[at + 1]:02x}" for at in range(0, len(raw), 2))
