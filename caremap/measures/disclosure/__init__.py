"""Small numbers: counts of few patients, and what would give them away, are hidden."""

from caremap.measures.disclosure.key_figures import protected_headline
from caremap.measures.disclosure.protection import protected
from caremap.measures.disclosure.suppression import suppress

__all__ = ["protected", "protected_headline", "suppress"]
