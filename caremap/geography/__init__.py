"""Where facilities are, how far apart, and how many people live in their reach."""

from caremap.geography.access import access
from caremap.geography.catchment import Catchment, Method, catchment
from caremap.geography.decays import Decay, gaussian, inverse, step
from caremap.geography.distances import MILES, distances, kilometres, nearest, pairs, within
from caremap.geography.facility_list import facilities_of
from caremap.geography.geocode import geocode
from caremap.geography.locate import locate
from caremap.geography.population import population_from_web
from caremap.geography.zips import zip_centroids, zip_code

__all__ = [
    "Catchment",
    "Decay",
    "MILES",
    "Method",
    "access",
    "catchment",
    "distances",
    "facilities_of",
    "gaussian",
    "geocode",
    "inverse",
    "kilometres",
    "locate",
    "nearest",
    "pairs",
    "population_from_web",
    "step",
    "within",
    "zip_centroids",
    "zip_code",
]
