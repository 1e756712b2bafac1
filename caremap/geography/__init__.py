"""Where facilities are, how far apart, and how many people live in their reach."""

from caremap.geography.access import access
from caremap.geography.decays import Decay, gaussian, inverse, step
from caremap.geography.distances import MILES, distances, kilometres, nearest, pairs, within

__all__ = [
    "Decay",
    "MILES",
    "access",
    "distances",
    "gaussian",
    "inverse",
    "kilometres",
    "nearest",
    "pairs",
    "step",
    "within",
    "zip_centroids",
    "zip_code",
]
from caremap.geography.zips import zip_centroids, zip_code

__all__ = ["zip_centroids", "zip_code"]
