"""Files that belong together, joined on their keys: patients to stays, names to codes.

A look-up is joined only where its key is unique, so that no row of a table is ever
multiplied, and only where headers or distinctive values say that two columns are one key.
"""

from __future__ import annotations

from caremap.joining.join import Joined, join

__all__ = ["Joined", "join"]
