"""File bytes -> raw sheets, before any understanding of what columns mean.

Read `source.py` first. `DataProblem` is the only exception that leaves this package.
"""

from caremap.intake.reading.contents import Body, Cell, Note, Ragged, Sheet, Source
from caremap.intake.reading.limits import Limits
from caremap.intake.reading.source import open_source

__all__ = ["Body", "Cell", "Limits", "Note", "Ragged", "Sheet", "Source", "open_source"]
