"""Which encoding makes the accented letters of some bytes those of one language.

“Oddział” in the wrong table is “Oddzia³”, and “Größe” is “Gr”áe”: letters that no language puts
together, or signs between letters. So each table is held against the alphabets it was made for.
"""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["rank"]

WESTERN: dict[str, str] = {
    "French": "àâæçéèêëîïôœùûüÿ",
    "German": "äöüß",
    "Spanish": "áéíóúüñ",
    "Catalan": "àçéèíïóòúü",
    "Portuguese": "àáâãçéêíóôõúü",
    "Italian": "àèéìòù",
    "Dutch": "áéèëïóöü",
    "Swedish, Finnish": "åäöé",
    "Danish, Norwegian": "æøåé",
    "Icelandic": "áæðéíóöúýþ",
    "several": "àáâãäåæçèéêëìíîïñòóôõöøùúûüß",
}
CENTRAL: dict[str, str] = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian, Slovene": "čćđšž",
    "Romanian": "ăâîşţ",
    "German": "äöüß",
}
TURKISH: dict[str, str] = {"Turkish": "âçğıİöşüî"}
TABLES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Windows-1252", "cp1252", WESTERN),
    ("Windows-1250 (Central European)", "cp1250", CENTRAL),
    ("ISO-8859-2 (Central European)", "iso8859_2", CENTRAL),
    ("Windows-1254 (Turkish)", "cp1254", TURKISH),
    ("Mac Roman (Western European)", "mac_roman", WESTERN),
    ("DOS 850 (Western European)", "cp850", WESTERN),
)
# Of equal fits the one is taken that more people write: Turkish reads as Icelandic, letter by
# letter, in the Western table.
RARE = {"several": 0.9, "Icelandic": 0.95, "Slovak": 0.98, "Romanian": 0.98}

SIGNS = frozenset("€£§©®°ºª¹²³¼½¾µ·–—‘’“”„…«»¿¡×÷±•™\u00a0\u00ad")
JOINING = frozenset("’\u00ad\u00a0–")  # stand between letters: l’été
WINDOW = re.compile(r"(?s)(?=(.[^\x00-\x7f].))")
PLAIN = 0.95  # a share of fitting characters that needs no second thought
CLOSE = 0.3  # how much worse an alternative may fit


def rank(sample: bytes) -> list[str]:
    """Return the encodings that fit, best first; empty means plainly Windows-1252.

    Parameters
    ----------
    sample
        Bytes with accented letters in words of plain ones.
    """
    texts = {label: sample.decode(codec, "replace") for label, codec, _ in TABLES}
    fits = {label: fit(texts[label], languages) for label, _, languages in TABLES}
    ranked = sorted(fits, key=lambda label: -fits[label])
    best = ranked[0]
    if best == "Windows-1252" and fits[best] >= PLAIN:
        return []
    return [
        label
        for label in ranked
        if label == best or (fits[label] > fits[best] - CLOSE and texts[label] != texts[best])
    ]


def fit(text: str, languages: dict[str, str]) -> float:
    """Return the share of characters beyond ASCII that fit the best of some languages."""
    windows = Counter(WINDOW.findall(f" {text} "))
    total = sum(windows.values())
    signs = 0
    letters: Counter[str] = Counter()
    for (before, sign, after), count in windows.items():
        if sign in SIGNS:
            signs += count * (sign in JOINING or stands_alone(before, sign, after))
        elif sign in "õÕ" and after not in "eE":
            continue  # in Portuguese always ões, while Hungarian ő is anywhere
        elif sign.isalpha() and capital_fits(before, sign):
            letters[sign.lower() if sign != "İ" else sign] += count
    best = max(
        sum(letters[letter] for letter in alphabet) * RARE.get(language, 1.0)
        for language, alphabet in languages.items()
    )
    return (signs + best) / max(1, total)


def stands_alone(before: str, sign: str, after: str) -> bool:
    """Whether a sign is where signs are: m³ and µg, but not between the letters of a word."""
    if sign == "µ":
        return not before.isalpha()
    return not (before.isalpha() and (before not in "mM" or sign not in "²³")) or (
        sign in "”’…»™®" and not after.isalpha()
    )


def capital_fits(before: str, letter: str) -> bool:
    """Whether a letter has the case its neighbour lets expect: no capital after a small one."""
    return not (letter.isupper() and before.islower())
