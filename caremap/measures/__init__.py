"""Tables to figures: definitions, key figures, trends and the midnight census."""

from caremap.measures.census import census
from caremap.measures.definitions import MEASURES, Measure
from caremap.measures.glossary import choices, glossary
from caremap.measures.headline import headline
from caremap.measures.trend import trend

__all__ = ["MEASURES", "Measure", "census", "choices", "glossary", "headline", "trend"]
