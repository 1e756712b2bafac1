"""What CareMap says when a file cannot be used, in words a user can act on."""

from __future__ import annotations

__all__ = ["DataProblem"]


class DataProblem(Exception):
    """A file, or a choice made about it, that cannot be used.

    Both parts are shown to the user as they stand, so neither ever quotes a cell
    of the file: names of files, sheets and columns, row numbers and limits only.

    Parameters
    ----------
    message
        What is wrong and where: file, sheet, column, row.
    hint
        What the user can do about it.

    Examples
    --------
    >>> problem = DataProblem("“scan.csv” is a PNG picture.", "Upload the table it shows.")
    >>> problem.message, problem.hint
    ('“scan.csv” is a PNG picture.', 'Upload the table it shows.')
    >>> print(problem)
    “scan.csv” is a PNG picture. Upload the table it shows.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Both sentences, for notebooks and logs."""
        return f"{self.message} {self.hint}".strip()
