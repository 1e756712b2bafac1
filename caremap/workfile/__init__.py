"""A session's work in one file that the user keeps: the files, and what was decided about them.

`save` writes a zip archive: a manifest (JSON) and the bytes of each file as they were uploaded.
`opened` reads one and trusts nothing in it. Nothing is pickled and nothing is run.
"""

from caremap.workfile.archive import ENDING, is_work, opened, save
from caremap.workfile.work import Beds, Counting, Work, WorkFile, WorkTable

__all__ = [
    "ENDING",
    "Beds",
    "Counting",
    "Work",
    "WorkFile",
    "WorkTable",
    "is_work",
    "opened",
    "save",
]
