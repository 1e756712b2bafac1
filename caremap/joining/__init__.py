"""Files that belong together, joined on their keys."""
