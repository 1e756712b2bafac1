"""Which of the encodings older than Unicode some bytes could be.

Single accented letters between plain ones are Western European (Windows-1252), and by far the
most frequent case. Whole words of high bytes are another script. No rule proves any of it, so
whoever asks shows the result as a guess, with the alternatives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

__all__ = ["CODECS", "rank"]

CODECS: dict[str, str] = {
    "Shift-JIS (Japanese)": "cp932",
    "EUC-JP (Japanese)": "euc_jp",
    "GB18030 (Chinese)": "gb18030",
    "Big5 (Chinese)": "big5hkscs",
    "EUC-KR (Korean)": "cp949",
    "Windows-1250 (Central European)": "cp1250",
    "Windows-1251 (Cyrillic)": "cp1251",
    "KOI8-R (Cyrillic)": "koi8_r",
    "Windows-1253 (Greek)": "cp1253",
    "Windows-1254 (Turkish)": "cp1254",
    "Windows-1255 (Hebrew)": "cp1255",
    "Windows-1256 (Arabic)": "cp1256",
    "Windows-874 (Thai)": "cp874",
    "DOS 850 (Western European)": "cp850",
    "Mac Roman (Western European)": "mac_roman",
}

SAMPLE = 1 << 16
FEWEST = 4  # high bytes below which nothing can be told
HIGH = re.compile(rb"[\x80-\xff]")
WORD = re.compile(rb"[A-Za-z\xc0-\xff]+")
RUN = re.compile(rb"[\x80-\xff]{2,}")
# What Windows-1252 prints between two letters only where it is the wrong table: ™, ‚, „, ³, ¹ ...
ODD_1252 = re.compile(
    rb"[A-Za-z\x80-\xff]"
    rb"[\x80-\x82\x84-\x8b\x8d-\x90\x93-\x95\x98\x99\x9b\x9d\xa1-\xa9\xab-\xae\xb1-\xb6\xb8\xb9\xbb-\xbf]"
    rb"[A-Za-z\x80-\xff]"
)
ODD_1250 = re.compile(rb"[a-z][\xb3\xb9\xbf](?![0-9])")
ODD_1254 = re.compile(rb"[a-z][\xf0\xfd\xfe](?![0-9])")
ODD_MAC = re.compile(rb"[a-z][\x87\x8e\x8f\x92\x96\x97\x9a\x9c\x9f\x8a\x8d][a-z]")
ODD_DOS = re.compile(rb"[A-Za-z][\x81-\x8d\x90\x93-\x98\xa0-\xa5\xe1][A-Za-z]")

# The most frequent characters of Chinese prose and of hospital tables, in both scripts.
COMMON_SIMPLIFIED = frozenset(
    "的一是不了在有人这上大为来个国中到说们年医院科室病患者姓名性别男女龄入出日期费用天数住"
    "号诊断区县市省部门地址时间类型编码总计合保险药治疗床位护士生月"
)
COMMON_TRADITIONAL = frozenset(
    "的一是不了在有人這上大為來個國中到說們年醫院科室病患者姓名性別男女齡入出日期費用天數住"
    "號診斷區縣市省部門地址時間類型編碼總計合保險藥治療床位護士生月"
)


def rank(data: bytes) -> list[str]:
    """Return the plausible encodings of `data`, best first; empty means plainly Western.

    Parameters
    ----------
    data
        Bytes that are not UTF-8.
    """
    sample = high_part(data)
    high = len(HIGH.findall(sample))
    if high < FEWEST:
        return []
    in_runs = sum(len(run) for run in RUN.findall(sample))
    turkish = len(ODD_1254.findall(sample))
    if in_runs < 0.5 * high or accents(sample) > 0.5 * high or turkish > 0.15 * high:
        odd = max(len(ODD_1252.findall(sample)), len(ODD_1250.findall(sample)), turkish)
        if odd < 0.1 * high:
            return []
        return single_accents(sample, high)
    scores: Counter[str] = Counter()
    for label, score in SCRIPTS.items():
        text = strictly(sample, CODECS[label])
        if text is not None:
            wide = [character for character in text if ord(character) > 127]
            scores[label] = round(1000 * score(wide)) if wide else 0
    return [label for label, score in scores.most_common() if score > 250]


def accents(sample: bytes) -> int:
    """Count high bytes in words that are mostly plain letters, as in Portuguese “situação”."""
    words = WORD.findall(sample)
    return sum(high for word in words if (high := len(HIGH.findall(word))) <= len(word) - high)


def high_part(data: bytes) -> bytes:
    """Cut out of `data` whole lines around its first non-ASCII byte."""
    first = HIGH.search(data)
    begin = 0 if first is None else data.rfind(b"\n", 0, first.start()) + 1
    sample = data[begin : begin + SAMPLE]
    if len(data) > begin + SAMPLE and b"\n" in sample:
        sample = sample[: sample.rfind(b"\n") + 1]
    return sample


def strictly(sample: bytes, codec: str) -> str | None:
    """Decode all of `sample` or nothing."""
    try:
        return sample.decode(codec)
    except UnicodeDecodeError:
        return None


def single_accents(sample: bytes, high: int) -> list[str]:
    """Tell apart the alphabets that add single letters to the Latin one."""
    found = {
        "Windows-1250 (Central European)": len(ODD_1250.findall(sample)),
        "Windows-1254 (Turkish)": len(ODD_1254.findall(sample)),
        "Mac Roman (Western European)": len(ODD_MAC.findall(sample)),
        "DOS 850 (Western European)": len(ODD_DOS.findall(sample)),
    }
    ranked = [label for label in sorted(found, key=lambda one: -found[one]) if found[label]]
    if not ranked or found[ranked[0]] < 0.15 * high:
        return ["Windows-1252", *ranked]
    return [*ranked, "Windows-1252"]


def script(block: str, frequent: str) -> Callable[[list[str]], float]:
    """Score a text by how much of it lies in an alphabet and is made of its usual letters.

    The tables of several scripts use the same bytes, so nearly anything decodes as any of them;
    but only in the right one are the ten most frequent letters of the language frequent.
    """

    def score(wide: list[str]) -> float:
        inside = sum(block[0] <= character <= block[1] for character in wide)
        usual = sum(character in frequent for character in wide)
        return (0.4 * inside + 0.9 * usual) / len(wide)

    return score


def korean(wide: list[str]) -> float:
    """Score Korean: Hangul syllables and next to nothing else."""
    return (sum("\uac00" <= character <= "\ud7a3" for character in wide) / len(wide)) ** 3


def japanese(wide: list[str]) -> float:
    """Japanese mixes kana with ideographs; half-width kana alone is what chance produces."""
    kana = sum("\u3041" <= character <= "\u30ff" for character in wide)
    other = sum(
        "\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u3040" for character in wide
    )
    return 0.0 if kana < 0.08 * len(wide) else min(1.0, 1.2 * (kana + other) / len(wide))


def chinese(common: frozenset[str]) -> Callable[[list[str]], float]:
    """Chinese text is made of few characters; wrongly decoded text is not."""
    return lambda wide: min(1.0, 2.2 * sum(character in common for character in wide) / len(wide))


SCRIPTS: dict[str, Callable[[list[str]], float]] = {
    "Shift-JIS (Japanese)": japanese,
    "EUC-JP (Japanese)": japanese,
    "EUC-KR (Korean)": korean,
    "GB18030 (Chinese)": chinese(COMMON_SIMPLIFIED),
    "Big5 (Chinese)": chinese(COMMON_TRADITIONAL),
    "Windows-1251 (Cyrillic)": script("\u0400\u045f", "оеаинтсрвл"),
    "KOI8-R (Cyrillic)": script("\u0400\u045f", "оеаинтсрвл"),
    "Windows-1253 (Greek)": script("\u0384\u03ce", "αοιετσνηυρς"),
    "Windows-1255 (Hebrew)": script("\u05d0\u05ea", "יוהלאמרתבש"),
    "Windows-1256 (Arabic)": script("\u0621\u064a", "ايلمنرتوةبع"),
    "Windows-874 (Thai)": script("\u0e01\u0e5b", "านรอกเงมยลวดทส่้ัี"),
}
