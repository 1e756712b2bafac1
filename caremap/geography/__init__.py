"""Where facilities are, how far apart, and how many people live in their reach."""

from caremap.geography.zips import zip_centroids, zip_code

__all__ = ["zip_centroids", "zip_code"]
