"""Lengths of stay given in bands: neither dates nor numbers, and no mean can be made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.matching import name_score
from caremap.intake.profile import profile
from caremap.intake.sentinels import mended_bands
from caremap.schema import FIELDS

__all__ = ["banded_findings", "banded_stays"]

_NAMED = 0.6
_MOSTLY = 0.6


def banded_stays(
    columns: Mapping[str, pa.Array], mapping: Mapping[str, Any]
) -> dict[str, tuple[pa.Array, int]]:
    """Return the columns that give the length of stay in bands, where none gives it in days.

    Parameters
    ----------
    columns
        All columns by header.
    mapping
        Field to column, as matched.

    Returns
    -------
    dict
        Header to the bands, and how many of them a spreadsheet program had made dates of
        (``Nov-20`` for ``11-20``): these are what they were again.

    Examples
    --------
    >>> stays = pa.array(["0-10", "Nov-20", "21-30", "0-10"])
    >>> banded_stays({"Stay": stays}, {})["Stay"][0].to_pylist()
    ['0-10', '11-20', '21-30', '0-10']
    """
    if {"length_of_stay", "discharged"} & set(mapping):
        return {}
    item = FIELDS["length_of_stay"]
    found = {}
    for header, values in columns.items():
        if pa.types.is_string(values.type) and name_score(header, item) >= _NAMED:
            bands, mended = mended_bands(text_of(values))
            if profile(bands).band >= _MOSTLY:
                found[header] = (bands, mended)
    return found


def banded_findings(columns: Mapping[str, pa.Array], mapping: Mapping[str, Any]) -> list[Finding]:
    """Return that lengths of stay in bands have no mean, and that some had become dates.

    Parameters
    ----------
    columns, mapping
        All columns by header, and field to column as matched.
    """
    findings = []
    for header, (_, mended) in banded_stays(columns, mapping).items():
        told = (
            f"“{header}” gives the length of stay in bands (0-10, 11-20): it can be broken down "
            "by, and predicted as bands in their order, but a mean or median stay cannot be "
            "computed from bands."
        )
        findings.append(Finding("banded-stay", "warning", told, header))
        if mended:
            values = f"{mended:,} value{'' if mended == 1 else 's'}"
            told = (
                f"{values} of “{header}” had been made dates by a spreadsheet program (11-20 "
                "became Nov-20): read as the bands they were."
            )
            findings.append(Finding("bands-mended", "warning", told, header))
    return findings
