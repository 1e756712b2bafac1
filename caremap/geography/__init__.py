"""Where facilities are, how far apart, and how many people live in their reach."""

from caremap.geography.distances import MILES, distances, kilometres, nearest, pairs, within

__all__ = ["MILES", "distances", "kilometres", "nearest", "pairs", "within"]
