"""Names of places, as they are compared: files write one name in several ways."""

from __future__ import annotations

import pandas as pd

__all__ = ["place_key"]


def place_key(name: object) -> str:
    """Return the name of a place as it is compared: without case and needless blanks.

    Empty where there is none.

    Examples
    --------
    >>> place_key(" North  Hospital "), place_key("NORTH HOSPITAL"), place_key(None)
    ('north hospital', 'north hospital', '')
    """
    return "" if pd.isna(name) else " ".join(str(name).split()).casefold()  # type: ignore[call-overload]
