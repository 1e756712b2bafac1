"""What stands out in a network beyond chance, and how characteristics go with need."""

from caremap.measures.standing_out.control import control_chart
from caremap.measures.standing_out.listing import (
    StandingOut,
    standing_out,
    standout_notes,
    standouts,
)
from caremap.measures.standing_out.relations import relations

__all__ = [
    "StandingOut", "control_chart", "relations", "standing_out", "standout_notes", "standouts",
]  # fmt: skip
