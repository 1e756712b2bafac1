"""Cards side by side: a title, a figure, and what it is of."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from caremap.ui.text import escaped

__all__ = ["draw"]


def draw(cards: Sequence[tuple[str, str, str]]) -> None:
    """Draw cards in a row.

    Parameters
    ----------
    cards
        Title, figure and a sentence of each. Figure and sentence are text and nothing else: names
        of a file may be in them. The title is Markdown.
    """
    for column, (title, figure, said) in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.metric(title, escaped(figure))
            st.caption(escaped(said))
