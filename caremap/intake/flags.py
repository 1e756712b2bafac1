"""Columns of yes and no, and of what became of a visit, to true and false."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.cells import BLANK_WORDS, text_of
from caremap.intake.sentinels import flag_of
from caremap.intake.values import Converted

__all__ = ["is_admission", "to_admissions", "to_flags"]


def to_flags(values: pa.Array) -> Converted:
    """Read yes and no in six languages; anything else becomes missing.

    ``<30`` (within 30 days) is yes, ``>30`` (later than that) is no.

    Examples
    --------
    >>> to_flags(pa.array(["TRUE", "No", "oui", "?"])).series.tolist()
    [True, False, True, <NA>]
    """
    if pa.types.is_boolean(values.type):
        none = np.zeros(len(values), dtype=bool)
        return Converted(pd.Series(values.to_pandas(), dtype="boolean"), none, none)
    encoded = pc.dictionary_encode(text_of(values))
    meanings = [flag_of(word) for word in encoded.dictionary.to_pylist()]
    known = pa.array(meanings, pa.bool_()).take(encoded.indices)
    blank = pc.is_in(pc.utf8_lower(text_of(values)), pa.array(BLANK_WORDS, pa.string()))
    bad = pc.and_(pc.and_(pc.is_null(known), pc.is_valid(values)), pc.invert(blank))
    series = pd.Series(known.to_pandas(), dtype="boolean")
    none = np.zeros(len(values), dtype=bool)
    return Converted(series, pc.fill_null(bad, False).to_numpy(zero_copy_only=False), none)


_ADMISSION = re.compile(
    r"\badmit|\badmission|\binpatient|\bhospitali[sz]ed|\baufgenommen|\bstation|\bingres"
    r"|\binternad|\bricover", re.IGNORECASE,
)  # fmt: skip
_NO_ADMISSION = re.compile(
    r"\b(?:not|non|no|nicht|without|declined|refused|discharged)\b", re.IGNORECASE
)


def is_admission(text: str) -> bool:
    """Whether a disposition says that the visit became an admission.

    Examples
    --------
    >>> is_admission("Admitted to ward"), is_admission("Not admitted"), is_admission("Home")
    (True, False, False)
    """
    return bool(_ADMISSION.search(text)) and not _NO_ADMISSION.search(text)


def to_admissions(values: pa.Array) -> Converted:
    """Read dispositions as whether the visit became an admission.

    Examples
    --------
    >>> to_admissions(pa.array(["Admitted", "Discharged", None])).series.tolist()
    [True, False, <NA>]
    """
    encoded = pc.dictionary_encode(text_of(values))
    blank = {*BLANK_WORDS, "unknown"}
    meanings = [
        None if word.lower() in blank else is_admission(word)
        for word in encoded.dictionary.to_pylist()
    ]
    known = pa.array(meanings, pa.bool_()).take(encoded.indices)
    none = np.zeros(len(values), dtype=bool)
    return Converted(pd.Series(known.to_pandas(), dtype="boolean"), none, none)
