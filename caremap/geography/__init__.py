"""Where facilities are, how far apart, and how many people live in their reach."""

from caremap.geography.access import access
from caremap.geography.catchment import Catchment, catchment
from caremap.geography.decays import Decay, gaussian, inverse, step
from caremap.geography.distances import MILES, distances, kilometres, nearest, pairs, within

__all__ = [
    "MILES",
    "Catchment",
    "Decay",
    "access",
    "catchment",
    "distances",
    "gaussian",
    "inverse",
    "kilometres",
    "nearest",
    "pairs",
    "step",
    "within",
]
