"""Headers of postal codes that say of themselves that they are no ZIP codes."""

from __future__ import annotations

from caremap.findings import Finding
from caremap.intake.headers import words

__all__ = ["POSTAL_CODES", "abroad", "postal_findings"]

POSTAL_CODES = "postal-codes"
"""The finding that the column read as ``zip`` holds postal codes of another country."""
_ABROAD = frozenset(
    "plz,postleitzahl,postcode,post code,poskod,kode pos,codigo postal,cp,code postal,cep,cap,"
    "codice postale,postnummer,postnr,postinumero,kod pocztowy,pin code,pincode,eircode,"
    "npa".split(",")
)


def abroad(header: str) -> bool:
    """Whether postal codes are called so outside the United States, where they are ZIP codes.

    Examples
    --------
    >>> abroad("PLZ"), abroad("Postcode"), abroad("ZIP Code"), abroad("Postal Code")
    (True, True, False, False)
    """
    return words(header) in _ABROAD


def postal_findings(kind: str, mapping: dict[str, str | list[str]]) -> list[Finding]:
    """Say that the postal codes of facilities are those of another country.

    Parameters
    ----------
    kind, mapping
        The kind of table, and which column is which field.
    """
    header = mapping.get("zip")
    if kind != "facilities" or not isinstance(header, str) or not abroad(header):
        return []
    return [
        Finding(POSTAL_CODES, "info", f"“{header}” is read as postal codes of a country other than "
                "the United States, by what it is called.", header)
    ]  # fmt: skip
