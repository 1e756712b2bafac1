"""Tables to figures: definitions, key figures, trends and the midnight census."""

from caremap.measures.census import census
from caremap.measures.definitions import MEASURES, Measure
from caremap.measures.headline import headline
from caremap.measures.occupancy import occupancy, occupancy_notes
from caremap.measures.trend import trend

__all__ = ["MEASURES", "Measure", "census", "headline", "occupancy", "occupancy_notes", "trend"]
