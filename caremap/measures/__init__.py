"""Tables to figures: definitions, key figures, breakdowns, trends and the midnight census."""

from caremap.measures.breakdown import breakdown
from caremap.measures.census import census
from caremap.measures.clock import clock, clock_notes
from caremap.measures.cost_spread import cost_spread
from caremap.measures.definitions import MEASURES, Measure
from caremap.measures.dimensions import dimensions
from caremap.measures.disclosure import protected, protected_headline, suppress
from caremap.measures.glossary import choices, glossary
from caremap.measures.headline import headline
from caremap.measures.lengths import stay_bands, stay_lengths
from caremap.measures.narrowing import narrowed
from caremap.measures.occupancy import occupancy, occupancy_notes
from caremap.measures.over_time import over_time
from caremap.measures.readmitted import readmissions
from caremap.measures.seasonal import seasonal
from caremap.measures.standing_out import (
    control_chart,
    relations,
    standout_notes,
    standouts,
)
from caremap.measures.survival import survival
from caremap.measures.trend import trend
from caremap.measures.wait_clock import wait_clock, wait_clock_notes
from caremap.measures.waits import wait_lengths, waits

__all__ = [
    "MEASURES",
    "Measure",
    "breakdown",
    "census",
    "choices",
    "clock",
    "clock_notes",
    "control_chart",
    "cost_spread",
    "dimensions",
    "glossary",
    "headline",
    "narrowed",
    "occupancy",
    "occupancy_notes",
    "over_time",
    "protected",
    "protected_headline",
    "readmissions",
    "relations",
    "seasonal",
    "standout_notes",
    "standouts",
    "stay_bands",
    "stay_lengths",
    "suppress",
    "survival",
    "trend",
    "wait_clock",
    "wait_clock_notes",
    "wait_lengths",
    "waits",
]
