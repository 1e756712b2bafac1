"""What `Dataset.of` needs of a loaded file, made without one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from caremap.findings import Finding


@dataclass(frozen=True)
class Source:
    name: str
    digest: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Loaded:
    kind: str
    table: pd.DataFrame
    source: Source
    findings: tuple[Finding, ...] = ()
    mapping: dict[str, str] = field(default_factory=dict)
