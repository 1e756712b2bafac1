"""Tables to figures: definitions, key figures, breakdowns, trends and the midnight census."""

from caremap.measures.breakdown import breakdown
from caremap.measures.census import census
from caremap.measures.clock import clock, clock_notes
from caremap.measures.definitions import MEASURES, Measure
from caremap.measures.glossary import choices, glossary
from caremap.measures.headline import headline
from caremap.measures.lengths import stay_bands, stay_lengths
from caremap.measures.occupancy import occupancy, occupancy_notes
from caremap.measures.standing_out import (
    control_chart,
    relations,
    standout_notes,
    standouts,
)
from caremap.measures.trend import trend
from caremap.measures.waits import wait_lengths, waits

__all__ = [
    "MEASURES", "Measure", "breakdown", "census", "choices", "clock", "clock_notes",
    "control_chart", "glossary", "headline", "occupancy", "occupancy_notes", "relations",
    "standout_notes", "standouts", "stay_bands", "stay_lengths", "trend",
    "wait_lengths", "waits",
]  # fmt: skip
