"""A drawing reduced to what can do no harm: shapes and words, wherever it is opened.

Texts of a file stand in it as text. What runs, what is fetched and what is followed has no
place: only named elements and attributes are kept, so that what nobody thought of is out too.
"""

from __future__ import annotations

import hashlib
import re
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import fromstring

__all__ = ["harmless"]

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan defs clipPath "
    "linearGradient radialGradient stop".split()
)
_ATTRIBUTES = frozenset(
    "width height viewBox x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform dx dy "
    "gradientUnits offset stop-color stop-opacity clip-path clip-rule fill fill-opacity fill-rule "
    "stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap "
    "stroke-linejoin stroke-miterlimit opacity font-family font-size font-style font-weight "
    "text-anchor dominant-baseline display direction unicode-bidi".split()
)
_REFERENCE = re.compile(r"url\(\s*['\"]?#([\w-]+)['\"]?\s*\)")
_CALL = re.compile(r"(?i)url\s*\(|[a-z]+script\s*:|expression\s*\(|@import|data\s*:")


def harmless(drawing: str, title: str = "", description: str = "") -> bytes:
    r"""Return an SVG drawing with nothing in it but shapes and words.

    Parameters
    ----------
    drawing
        An SVG document.
    title, description
        What it is and shows, for those who cannot see it.

    Returns
    -------
    bytes
        UTF-8, without declaration, so that it can stand in a page. The names its parts have
        for one another are its own: several drawings in one page do not meet.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        Where it is not XML.
    defusedxml.DefusedXmlException
        Where it defines entities.

    Examples
    --------
    >>> harmless('<svg xmlns="http://www.w3.org/2000/svg" onload="go()">'
    ...          '<a href="http://x"><text>a</text></a><text fill="red">&lt;b&gt;</text></svg>')
    b'<svg xmlns="http://www.w3.org/2000/svg" role="img"><text fill="red">&lt;b&gt;</text></svg>'
    """
    tree = fromstring(drawing, forbid_dtd=True)
    own = "c" + hashlib.sha256(drawing.encode()).hexdigest()[:10] + "-"
    kept = Element("svg", {"xmlns": _SVG[1:-1], **_attributes(tree, own), "role": "img"})
    kept.extend(_kept(child, own) for child in _known(tree))
    for place, (name, words) in enumerate([("title", title), ("desc", description)]):
        if words:
            said = Element(name)
            said.text = words
            kept.insert(place, said)
    return bytes(tostring(kept, encoding="utf-8", xml_declaration=False))


def _kept(element: Element, own: str) -> Element:
    """Return a copy without what is not known; words after an element that goes, go too."""
    copy = Element(element.tag.removeprefix(_SVG), _attributes(element, own))
    copy.text, copy.tail = element.text, element.tail
    copy.extend(_kept(child, own) for child in _known(element))
    return copy


def _known(element: Element) -> list[Element]:
    """Return what may stand in an element; a comment's name is a function, no text."""
    return [
        child
        for child in element
        if isinstance(child.tag, str)
        and child.tag.startswith(_SVG)
        and child.tag.removeprefix(_SVG) in _ELEMENTS
    ]


def _attributes(element: Element, own: str) -> dict[str, str]:
    kept = {}
    for name, value in element.attrib.items():
        if name == "id":
            kept[name] = own + value
        elif name in _ATTRIBUTES and not _CALL.search(_REFERENCE.sub("", value)):
            kept[name] = _REFERENCE.sub(rf"url(#{own}\1)", value)
    return kept
