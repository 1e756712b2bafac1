"""Columns asked for by their name, or by the header they have in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from caremap.intake.headers import words

__all__ = ["ByHeader"]


class ByHeader(Mapping[str, str]):
    """What is said of each column; a header of the file is as good as the column's name.

    It goes through the names, each once: who asks for “Total Charges” or for “charges” is told
    the same.

    Parameters
    ----------
    said
        Column to what is said of it.
    headers
        Column to the headers it was read from.

    Examples
    --------
    >>> reasons = ByHeader({"charges": "Known later."}, {"charges": ["Total.Charges"]})
    >>> list(reasons), "Total.Charges" in reasons, reasons["total charges"], "age" in reasons
    (['charges'], True, 'Known later.', False)
    """

    def __init__(self, said: Mapping[str, str], headers: Mapping[str, Sequence[str]]) -> None:
        self._said = dict(said)
        self._called = {
            words(header): name for name, read in headers.items() if name in self._said
            for header in read
        }  # fmt: skip

    def __getitem__(self, name: str) -> str:
        if name in self._said:
            return self._said[name]
        return self._said[self._called[words(name)]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)

    def __repr__(self) -> str:
        return repr(self._said)
