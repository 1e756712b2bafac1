"""From demand to what it takes: beds, staff and patients in house."""

__all__: list[str] = []
