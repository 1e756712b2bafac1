"""Where facilities are, how far apart, and how many people live in their reach."""

__all__: list[str] = []
