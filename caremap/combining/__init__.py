"""Several tables of one kind put one under the other, with every overlap reported.

Counts are never added to their own total or to the same counts per month. A row that
occurs in two files would count twice. It is kept once where something names what it is
about: a stay or patient number, or the place and date of a count. Without such a name two
equal rows may be two equal events, so they stay and a finding says so.
"""

from __future__ import annotations

from caremap.combining.agreement import stays_against_counts
from caremap.combining.origin import Source, called, headers_of
from caremap.combining.tables import put_together

__all__ = ["Source", "headers_of", "called", "put_together", "stays_against_counts"]
