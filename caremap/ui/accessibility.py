"""What Streamlit's own widgets leave open: for keyboards, screen readers, telephones, paper.

What a theme or another widget can mend is mended there. The rest are two style sheets and one
script beside this file, sent once per page; each rule in them says what it answers.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

__all__ = ["add_aids"]

_HERE = Path(__file__).parent
_STYLE = "".join(
    f"<style>{(_HERE / name).read_text(encoding='utf-8')}</style>"
    for name in ("accessibility.css", "print.css")
)
_SCRIPT = f"<script>{(_HERE / 'accessibility.js').read_text(encoding='utf-8')}</script>"


def add_aids() -> None:
    """Add the style sheets and the script to the page: in ``streamlit_app.py``, before the page.

    Neither holds or reads anything of the user's. Whatever stands in a container whose key
    begins with ``screen_only`` is not printed.
    """
    st.html(_STYLE)
    with st.container(key="page_aids"):
        st.html(_SCRIPT, unsafe_allow_javascript=True)
