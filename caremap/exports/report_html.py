"""A report as one HTML file: it asks nothing of any other, runs nothing, and prints."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from caremap.exports.markup import html_table, text
from caremap.exports.report import Page, Report, cover_rows, notes_of, table_of

__all__ = ["report_html"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_FINDINGS = 200  # rows of what was noticed
_NOTHING = "Nothing was noticed while the files were read."


def report_html(report: Report) -> bytes:
    """Return a report as one HTML file with all that belongs to it.

    Parameters
    ----------
    report
        The figures and what is said of them.

    Returns
    -------
    bytes
        UTF-8, the same for the same report. The cover, the contents, each figure with its
        drawing, notes and the first 20 rows of its table (it says of how many), the definitions
        and the findings. No script, no address of another file; a drawing is an image, in which
        nothing runs. Light or dark as the reader's device is, white on A4 paper. Text that could
        become a formula where the page is opened in, or pasted into, a spreadsheet program gets
        an apostrophe in front, as in `caremap.exports.to_csv`.

    Notes
    -----
    Content Security Policy Level 3, delivered by a ``meta`` element.

    Examples
    --------
    >>> import pandas as pd
    >>> wards = pd.DataFrame({"Ward": ["A", "B"], "Stays": [12, 30]})
    >>> page = Page("stays", "B admits most", "Stays, April 2024", wards)
    >>> report = Report("April", [("As of", "30 April 2024")], [page], pd.DataFrame(), (),
    ...                 pd.DataFrame())
    >>> report_html(report).decode().splitlines()[0]
    '<!DOCTYPE html>'
    """
    pages = list(report.pages)
    parts = [
        f"<header><h1>{text(report.title)}</h1></header>",
        "<main>",
        _cover(report),
        _contents(report),
        *(_figure(page, number) for number, page in enumerate(pages, 1)),
        _definitions(report),
        _notes(report),
        "</main>",
        "<footer><p>Made with CareMap.</p></footer>",
    ]
    return _document(report.title, "\n".join(filter(None, parts))).encode("utf-8", "replace")


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="format-detection" content="telephone=no">\n'
        f"<title>{text(title)}</title>\n<style>\n{_style()}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def _cover(report: Report) -> str:
    """Return what holds for all figures; a subject may have several texts."""
    groups: list[tuple[str, list[object]]] = []
    for subject, said in cover_rows(report):
        if subject or not groups:
            groups.append((subject, []))
        groups[-1][1].append(said)
    if not groups:
        return ""
    pairs = "\n".join(
        f"<dt>{text(subject)}</dt><dd>{''.join(f'<p>{text(one)}</p>' for one in texts)}</dd>"
        for subject, texts in groups
    )
    return f'<section id="about"><h2>About this report</h2>\n<dl>\n{pairs}\n</dl></section>'


def _contents(report: Report) -> str:
    entries = [(f"figure-{at}", page.title) for at, page in enumerate(report.pages, 1)]
    entries += [("definitions", "Definitions")] if len(report.definitions) else []
    entries += [("notes", "Notes")]
    items = "\n".join(f'<li><a href="#{to}">{text(title)}</a></li>' for to, title in entries)
    return (
        '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2>\n'
        f"<ol>\n{items}\n</ol></nav>"
    )


def _figure(page: Page, number: int) -> str:
    """Return a figure: the message, the drawing, what must be known, the numbers."""
    name = f"figure-{number}"
    table = table_of(page)
    parts = [
        f'<div class="head"><h2 id="{name}-title">{text(page.title)}</h2>',
        f'<p class="subtitle">{text(page.subtitle)}</p>' if page.subtitle else "",
        _drawing(page, number) + "</div>",
        _listed(notes_of(page)),
        _held(html_table(table, f"The numbers of figure {number}"), f"Table of figure {number}")
        if len(table.columns)
        else "",
    ]
    body = "\n".join(filter(None, parts))
    return (
        f'<section class="figure" id="{name}" aria-labelledby="{name}-title">\n{body}\n</section>'
    )


def _drawing(page: Page, number: int) -> str:
    if not page.svg:
        return ""
    data = b64encode(page.svg).decode("ascii")
    image = f'<img src="data:image/svg+xml;base64,{data}" alt="{text(page.alt or page.title)}">'
    return (
        f'<figure><div class="chart" role="group" tabindex="0" aria-label="Figure {number}">'
        f"{image}</div></figure>"
    )


def _held(table: str, name: str) -> str:
    """Return a table in a frame of its own, to be pushed sideways by finger and by keyboard."""
    return (
        f'<div class="table" role="group" tabindex="0" aria-label="{text(name)}">\n{table}\n</div>'
    )


def _listed(notes: list[str]) -> str:
    items = "".join(f"<li>{text(note)}</li>" for note in notes)
    return f'<ul class="notes">{items}</ul>' if items else ""


def _definitions(report: Report) -> str:
    if not len(report.definitions):
        return ""
    table = html_table(report.definitions, "What each measure is", rows=None, kind="words")
    return (
        f'<section id="definitions"><h2>Definitions</h2>\n{_held(table, "Definitions")}\n</section>'
    )


def _notes(report: Report) -> str:
    body = _listed(list(report.notes))
    if len(report.findings):
        caption = "What was noticed while the files were read"
        table = html_table(report.findings, caption, rows=_FINDINGS, kind="words")
        body += _held(table, "Findings")
    else:
        body += f"<p>{_NOTHING}</p>"
    return f'<section id="notes"><h2>Notes</h2>\n{body}\n</section>'
