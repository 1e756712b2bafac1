"""Which of the encodings older than Unicode some bytes could be.

Single accented letters between plain ones are a language in Latin letters, nearly always Western
European (Windows-1252); see `latin.py`. Whole words of high bytes are another script. No rule
proves any of it, so whoever asks shows the result as a guess, with the alternatives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from caremap.intake.reading import latin

__all__ = ["CODECS", "rank"]

CODECS: dict[str, str] = {
    "Shift-JIS (Japanese)": "cp932",
    "EUC-JP (Japanese)": "euc_jp",
    "GB18030 (Chinese)": "gb18030",
    "Big5 (Chinese)": "big5hkscs",
    "EUC-KR (Korean)": "cp949",
    "Windows-1250 (Central European)": "cp1250",
    "ISO-8859-2 (Central European)": "iso8859_2",
    "Windows-1251 (Cyrillic)": "cp1251",
    "KOI8-R (Cyrillic)": "koi8_r",
    "DOS 866 (Cyrillic)": "cp866",
    "Windows-1253 (Greek)": "cp1253",
    "Windows-1254 (Turkish)": "cp1254",
    "Windows-1255 (Hebrew)": "cp1255",
    "Windows-1256 (Arabic)": "cp1256",
    "Windows-874 (Thai)": "cp874",
    "DOS 850 (Western European)": "cp850",
    "Mac Roman (Western European)": "mac_roman",
}

OF_TWO_BYTES = frozenset(
    label for label in CODECS if "Japanese" in label or "Chinese" in label or "Korean" in label
)

SAMPLE, PARTS, LONGEST_LINE = 1 << 16, 16, 1 << 10
FEWEST = 4  # high bytes below which no other script can be told
HIGH = re.compile(rb"[\x80-\xff]")
WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
BESIDE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")

# The most frequent characters of Chinese prose and of hospital tables, in both scripts.
COMMON_SIMPLIFIED = frozenset(
    "的一是不了在有人这上大为来个国中到说们年医院科室病患者姓名性别男女龄入出日期费用天数住"
    "号诊断区县市省部门地址时间类型编码总计合保险药治疗床位护士生月内外心脏血管呼吸消化神经骨儿妇产"
    "眼耳鼻喉口腔皮肤肿瘤急重症监感染泌尿泄肾肝胆胃肠分泌康复中西高低新老小本以可要会发成动方面"
    "北京东南海江河湖山广州安川云津重庆苏杭武汉长沙沈阳青岛元万个表数量名称备注电话职业民族汉"
)
COMMON_TRADITIONAL = frozenset(
    "的一是不了在有人這上大為來個國中到說們年醫院科室病患者姓名性別男女齡入出日期費用天數住"
    "號診斷區縣市省部門地址時間類型編碼總計合保險藥治療床位護士生月內外心臟血管呼吸消化神經骨兒婦產"
    "眼耳鼻喉口腔皮膚腫瘤急重症監加護感染泌尿腎肝膽胃腸分復健中西高低新老小本以可要會發成動方面"
    "北東南海江河湖山臺台灣桃園竹苗栗彰化投雲林嘉義屏宜蘭花蓮基隆元萬個表數量名稱備註電話病房別編"
)
# The same of Japanese: wards and addresses are often written without any kana.
COMMON_JAPANESE = frozenset(
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山女北名川"
    "千水男西電校語土木車南万病院患者番号科室棟性別齢費用退診療循環器内呼吸消化整形児産婦皮膚脳神経"
    "眼耳鼻咽喉泌尿救急麻酔精市区町村県都府道郡計合数床医師看護部手術検査保険住所氏際額療養受付期"
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
    accented = latin.rank(sample)
    if high < FEWEST:
        return accented and ["Windows-1252", *(one for one in accented if one != "Windows-1252")]
    if in_latin_words(sample) or not accented:
        return accented
    scores: Counter[str] = Counter()
    for label, score in SCRIPTS.items():
        text = decoded(sample, CODECS[label])
        if text is not None and (label in OF_TWO_BYTES or not between_latin(text)):
            wide = [character for character in text if ord(character) > 127]
            scores[label] = round(1000 * score(wide)) if wide else 0
    likely = [label for label, score in scores.most_common() if score > 250]
    if not likely or scores[likely[0]] < 400:
        return [*dict.fromkeys([*accented, *likely])]
    return likely


def between_latin(text: str) -> bool:
    """Whether most letters beyond ASCII stand beside a plain one: no script mixes its words so."""
    beside = len(BESIDE.findall(text))
    return 2 * beside > sum(character > "\x7f" for character in text)


def in_latin_words(sample: bytes) -> bool:
    """Whether high bytes stand in words of mostly plain letters, as in Portuguese “situação”.

    A character of two bytes has at least one high one, so no word of such is mostly plain. A
    letter by itself (“à”) tells nothing.
    """
    words = [word for word in WORD.findall(sample) if len(word) > 1]
    high = [len(HIGH.findall(word)) for word in words]
    plain = sum(count for count, word in zip(high, words, strict=True) if 2 * count < len(word))
    return plain > 0.3 * sum(high)


def high_part(data: bytes) -> bytes:
    """Cut whole lines with high bytes out of `data`, from its beginning to its end.

    The first one alone may be a “µg” in a header, and tell nothing of the names far below.
    """
    pieces: list[bytes] = []
    end = 0
    for part in range(PARTS):
        first = HIGH.search(data, max(end, len(data) * part // PARTS))
        if first is None:
            break
        begin = max(end, data.rfind(b"\n", end, first.start()) + 1, first.start() - LONGEST_LINE)
        end = min(len(data), begin + SAMPLE // PARTS)
        last = data.rfind(b"\n", first.start(), end)
        if end < len(data) and last > 0:
            end = last + 1
        pieces.append(data[begin:end])
    return b"\n".join(pieces)


def decoded(sample: bytes, codec: str) -> str | None:
    """Decode `sample`, or nothing where more than a few damaged bytes do not fit."""
    text = sample.decode(codec, "replace")
    broken = text.count("\ufffd")
    return None if broken > 2 + len(text) // 2000 else text.replace("\ufffd", "")


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
    common = 2.2 * sum(character in COMMON_JAPANESE for character in wide) / len(wide)
    mixed = 0.0 if kana < 0.08 * len(wide) else 1.2 * (kana + other) / len(wide)
    return min(1.0, max(common if other > 0.9 * (len(wide) - kana) else 0.0, mixed))


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
    "DOS 866 (Cyrillic)": script("\u0400\u045f", "оеаинтсрвл"),
    "Windows-1253 (Greek)": script("\u0384\u03ce", "αοιετσνηυρς"),
    "Windows-1255 (Hebrew)": script("\u05d0\u05ea", "יוהלאמרתבש"),
    "Windows-1256 (Arabic)": script("\u0621\u064a", "ايلمنرتوةبع"),
    "Windows-874 (Thai)": script("\u0e01\u0e5b", "านรอกเงมยลวดทส่้ัี"),
}
