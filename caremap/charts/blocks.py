"""Where the blocks of a tree map lie: nested and squarified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import squarify

__all__ = ["Block", "Leaf", "Rectangle", "blocks_of"]

_GAPS = (5.0, 3.0, 1.0)  # pixels between facilities, departments, wards
_HEAD = 19.0
_ROOM_FOR_HEAD = (56.0, 62.0)  # a block smaller than this is all leaf
_LEAST = 1e-5  # of the whole: so small a block is a line


@dataclass(frozen=True)
class Leaf:
    """A finest place: its names from the widest in, its size, and its row."""

    path: tuple[str, ...]
    size: float
    row: int


@dataclass(frozen=True)
class Rectangle:
    """A rectangle in pixels, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def within(self, gap: float) -> Rectangle:
        """Return it smaller by half a gap on every side; a line stays a line."""
        across, down = min(gap, self.width / 2), min(gap, self.height / 2)
        return Rectangle(
            self.x + across / 2, self.y + down / 2, self.width - across, self.height - down
        )

    def below(self, head: float) -> Rectangle:
        """Return what is left under a head."""
        return Rectangle(self.x, self.y + head, self.width, self.height - head)


@dataclass(frozen=True)
class Block:
    """A rectangle of the drawing: a leaf, or the head over the leaves of one place."""

    place: Rectangle
    path: tuple[str, ...]
    rows: tuple[int, ...]
    head: bool
    label: str


def blocks_of(leaves: Sequence[Leaf], whole: Rectangle) -> list[Block]:
    """Return the rectangles of a tree map: area is size, and what belongs together is together.

    "Squarified Treemaps" (Bruls, Huizing and van Wijk, 2000), level by level. A block large
    enough has a head for its name; one that holds a single place is that place.

    Parameters
    ----------
    leaves
        Places with paths of one length and sizes above zero; at most some hundred.
    whole
        Where to draw.

    Returns
    -------
    list of Block
        Heads before what they stand over.

    Examples
    --------
    >>> leaves = [Leaf(("North",), 3, 0), Leaf(("South",), 1, 1)]
    >>> [(b.label, b.place.width) for b in blocks_of(leaves, Rectangle(0, 0, 400, 100))]
    [('North', 299.0), ('South', 99.0)]
    """
    if not leaves:
        return []
    depth = len(leaves[0].path)
    return _level(list(leaves), whole, 0, _GAPS[max(0, len(_GAPS) - depth) :] or _GAPS)


def _level(leaves: list[Leaf], whole: Rectangle, depth: int, gaps: Sequence[float]) -> list[Block]:
    last = depth == len(leaves[0].path) - 1
    groups = _singles(leaves) if last else _groups(leaves, depth)
    groups.sort(key=lambda group: (-sum(leaf.size for leaf in group), group[0].path))
    places = _squares([sum(leaf.size for leaf in group) for group in groups], whole)
    gap = gaps[min(depth, len(gaps) - 1)]
    blocks: list[Block] = []
    for group, place in zip(groups, places, strict=True):
        inside = place.within(gap)
        rows = tuple(leaf.row for leaf in group)
        if len(group) == 1:
            label = _label(group[0].path[depth:])
            blocks.append(Block(inside, group[0].path, rows, head=False, label=label))
            continue
        if inside.width >= _ROOM_FOR_HEAD[0] and inside.height >= _ROOM_FOR_HEAD[1]:
            path = group[0].path[: depth + 1]
            head = Rectangle(inside.x, inside.y, inside.width, _HEAD)
            blocks.append(Block(head, path, rows, head=True, label=path[-1]))
            inside = inside.below(_HEAD)
        blocks += _level(group, inside, depth + 1, gaps)
    return blocks


def _singles(leaves: list[Leaf]) -> list[list[Leaf]]:
    return [[leaf] for leaf in leaves]


def _groups(leaves: list[Leaf], depth: int) -> list[list[Leaf]]:
    ordered = sorted(leaves, key=lambda leaf: leaf.path[depth])
    return [list(group) for _, group in groupby(ordered, key=lambda leaf: leaf.path[depth])]


def _label(path: tuple[str, ...]) -> str:
    """Call a place by the levels it stands alone in; an unknown ward adds nothing to them."""
    parts = list(dict.fromkeys(path))
    return " · ".join(parts[:-1] if len(parts) > 1 and parts[-1] == "Unknown" else parts)


def _squares(sizes: list[float], whole: Rectangle) -> list[Rectangle]:
    total = sum(sizes)
    shares = [max(size / total, _LEAST) for size in sizes]
    width, height = max(whole.width, 1e-3), max(whole.height, 1e-3)
    areas = squarify.normalize_sizes(shares, width, height)
    return [
        Rectangle(square["x"], square["y"], square["dx"], square["dy"])
        for square in squarify.squarify(areas, whole.x, whole.y, width, height)
    ]
