"""Where facilities are, how far apart, and how many people live in their reach."""

from caremap.geography.facility_list import facilities_of
from caremap.geography.geocode import geocode
from caremap.geography.locate import locate
from caremap.geography.zips import zip_centroids, zip_code

__all__ = ["facilities_of", "geocode", "locate", "zip_centroids", "zip_code"]
