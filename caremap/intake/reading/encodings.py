"""Bytes of a text file -> UTF-8, knowing how sure that is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from caremap.intake.reading import legacy
from caremap.problems import DataProblem

__all__ = ["OFFERED", "Decoded", "decode"]

PIECE = 1 << 20  # decoding in pieces keeps Python's four bytes a character away from memory
CONTROL = bytes(set(range(1, 32)) - set(b"\t\n\r"))
SHORT = 1 << 12  # characters; a longer text has line ends
MARKS = 200  # how many stray bytes are located, at most

# What the interface offers, and the codec that reads it.
OFFERED: dict[str, str] = {
    "UTF-8": "utf-8",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    "Windows-1252": "caremap-1252",
    "Latin-1": "latin-1",
    **legacy.CODECS,
}
BOMS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF32_LE, "UTF-32 LE", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "UTF-32 BE", "utf-32-be"),
    (codecs.BOM_UTF8, "UTF-8 with BOM", "utf-8"),
    (codecs.BOM_UTF16_LE, "UTF-16 LE", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16 BE", "utf-16-be"),
)
# Windows-1252 leaves five bytes undefined; browsers and this table read them as Latin-1 does.
TABLE_1252 = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


@dataclass(frozen=True)
class Decoded:
    """A text as UTF-8 bytes.

    Attributes
    ----------
    data
        UTF-8 without NUL bytes; the text begins at `start`.
    encoding
        What it was, in the words shown to users.
    guess
        "" where the bytes prove the encoding; else the language it was taken for.
    alternatives
        Other encodings that read the same bytes, most plausible first.
    nul
        Positions in `data` where NUL bytes were taken out, and `nul_count` how many there were.
    stray
        Positions of bytes that broke UTF-8 and were read as Windows-1252, and their count.
    damaged
        Whether bytes were replaced because they fit no character of the encoding.
    """

    data: bytes
    encoding: str
    start: int = 0
    guess: str = ""
    alternatives: tuple[str, ...] = ()
    nul: tuple[int, ...] = ()
    nul_count: int = 0
    stray: tuple[int, ...] = ()
    stray_count: int = 0
    damaged: bool = False


def decode(data: bytes, name: str, chosen: str | None = None) -> Decoded:
    """Find the encoding of `data`, or use the one `chosen`, and turn it into UTF-8.

    Raises
    ------
    DataProblem
        The chosen encoding does not exist or does not fit.
    """
    if chosen is not None:
        return as_chosen(data, name, chosen)
    for bom, label, codec in BOMS:
        if data.startswith(bom):
            if codec == "utf-8" and valid_utf8(data):
                return without_nul(Decoded(data, label, start=len(bom)))
            return broken_or(data[len(bom) :], label, codec)
    wide = wide_without_bom(data)
    if wide is not None:
        return broken_or(data, *wide)
    if valid_utf8(data):
        return without_nul(Decoded(data, "UTF-8"))
    cleaned = without_nul(Decoded(data, ""))
    return mostly_utf8(cleaned) or guessed(cleaned)


def broken_or(data: bytes, label: str, codec: str) -> Decoded:
    """Read a text whose encoding is certain, even where some of its bytes are damaged."""
    if codec == "utf-8":
        text = without_nul(Decoded(data, ""))
        return mostly_utf8(text) or guessed(text)
    try:
        return without_nul(Decoded(transcode(data, codec), label))
    except UnicodeDecodeError:
        return without_nul(Decoded(transcode(data, codec, "replace"), label, damaged=True))


def as_chosen(data: bytes, name: str, chosen: str) -> Decoded:
    """Read `data` in the encoding the user chose, strictly."""
    label = chosen.removesuffix(" with BOM")
    codec = OFFERED.get(label, label)
    if codec == "caremap-1252":
        return without_nul(Decoded(translate_1252(data), label))
    try:
        known = codecs.lookup(codec)
        "a".encode(known.name)
        text = known.name not in {"idna", "punycode", "undefined"} and "escape" not in known.name
    except (LookupError, UnicodeError, TypeError, ValueError):
        text = False
    if not text:
        raise DataProblem(
            "That encoding is not known.", "Choose one of: " + ", ".join(OFFERED) + "."
        )
    for bom, _, bom_codec in BOMS:
        if data.startswith(bom) and codecs.lookup(bom_codec).name == known.name:
            data = data[len(bom) :]
            break
    try:
        return without_nul(Decoded(transcode(data, known.name), label))
    except UnicodeError as error:
        at = getattr(error, "start", None)
    where = "" if at is None else f" from about byte {at + 1:,} of its piece on"
    raise DataProblem(
        f"“{name}” cannot be read as {label}: its bytes do not fit{where}.",
        "Choose another encoding, or leave the choice to CareMap.",
    )


def pieces(data: bytes) -> Iterator[memoryview]:
    """Cut `data` into views of a size that decodes without filling memory."""
    view = memoryview(data)
    for begin in range(0, len(data), PIECE):
        yield view[begin : begin + PIECE]


def valid_utf8(data: bytes) -> bool:
    """Whether all of `data` is UTF-8."""
    return data.isascii() or decodes(data, "utf-8")


def decodes(data: bytes, codec: str) -> bool:
    """Whether every byte of `data` stands for something in a codec."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for piece in pieces(data):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def transcode(data: bytes, codec: str, errors: str = "strict") -> bytes:
    """Turn `data` into UTF-8, piece by piece."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    result = bytearray()
    for piece in pieces(data):
        result += decoder.decode(piece).encode("utf-8", "replace")
    result += decoder.decode(b"", final=True).encode("utf-8", "replace")
    return bytes(result)


def translate_1252(data: bytes) -> bytes:
    """Turn Windows-1252 into UTF-8."""
    result = bytearray()
    for piece in pieces(data):
        result += codecs.charmap_decode(piece, "strict", TABLE_1252)[0].encode("utf-8")
    return bytes(result)


def wide_without_bom(data: bytes) -> tuple[str, str] | None:
    """Tell UTF-16 and UTF-32 by their NULs: line ends and separators have a half of zeros."""
    sample = data[: 1 << 16]
    if len(data) % 2 or len(sample) < 4 or b"\x00" not in sample:
        return None
    for label, codec in (("UTF-32 LE", "utf-32-le"), ("UTF-32 BE", "utf-32-be")):
        if len(data) % 4 == 0 and "\ufffd" not in sample.decode(codec, "replace"):
            return label, codec
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    # Halves of letters look like control characters, of which a text of bytes has none.
    strange = len(sample) - len(sample.translate(None, CONTROL)) > len(sample) * 0.02
    found: dict[int, tuple[str, str]] = {}
    for label, codec, zero, other in (
        ("UTF-16 LE", "utf-16-le", odd, even),
        ("UTF-16 BE", "utf-16-be", even, odd),
    ):
        text = sample.decode(codec, "replace")
        if "\ufffd" in text[:-1]:  # the last may be half a pair, cut by the sampling
            continue
        ends = text.count("\n") + text.count("\r")
        # One letter of another script may have its zero on the other side.
        zeros = zero > half * 0.15 and other <= max(0.05 * zero, zero >= 4)
        if (zeros and (ends or len(text) < SHORT)) or (strange and ends):
            found[ends] = (label, codec)
    return found[max(found)] if found else None


def without_nul(decoded: Decoded) -> Decoded:
    """Take NUL bytes out and remember where they were."""
    data = decoded.data
    if b"\x00" not in data:
        return decoded
    found = [match.start() for match in islice(re.finditer(b"\x00", data), MARKS)]
    cleaned = data.replace(b"\x00", b"")
    return replace(
        decoded,
        data=cleaned,
        nul=tuple(position - before for before, position in enumerate(found)),
        nul_count=len(data) - len(cleaned),
    )


def mostly_utf8(text: Decoded) -> Decoded | None:
    """Read a UTF-8 file with a few foreign bytes as just that.

    Files put together from two systems hold both. Reading all of it as Windows-1252 would
    spoil every accent that is right.
    """
    view = memoryview(text.data)
    stray: list[int] = []
    step = PIECE
    count = wide = position = 0
    result = bytearray()
    while position < len(view):
        piece = view[position : position + step]
        good, mended = len(piece), ""
        last = position + step >= len(view)
        try:
            characters, good = codecs.utf_8_decode(piece, "strict", last)
            step = min(2 * step, PIECE)
        except UnicodeDecodeError as error:
            step = 1 << 10  # the error holds a copy of the piece, and the next one may be near
            good, mended = error.start, TABLE_1252[piece[error.start]]
            characters = codecs.utf_8_decode(piece[:good])[0]
        wide += good - len(characters)
        result += piece[:good]
        position += good
        if mended:
            stray.append(len(result))
            result += mended.encode()
            count += 1
            position += 1
            if count * 10 > wide and count > 20:
                return None
    if count * 10 > wide:
        return None
    return Decoded(
        bytes(result),
        "UTF-8",
        nul=text.nul,
        nul_count=text.nul_count,
        stray=tuple(stray[:MARKS]),
        stray_count=count,
    )


def guessed(text: Decoded) -> Decoded:
    """Read bytes that no rule decides as the most plausible of the legacy encodings."""
    ranked = legacy.rank(text.data)
    label = ranked[0] if ranked else "Windows-1252"
    others = tuple(dict.fromkeys(one for one in [*ranked, "Windows-1252"] if one != label))
    if label == "Windows-1252":
        data = translate_1252(text.data)
    else:
        data = transcode(text.data, OFFERED[label], errors="replace")
    return Decoded(
        data,
        label,
        guess=label,
        alternatives=others if ranked else (),
        nul=text.nul,
        nul_count=text.nul_count,
        damaged=not fits(text.data, label),
    )


def fits(data: bytes, label: str) -> bool:
    """Whether every byte of `data` stands for a character of the encoding."""
    return label in ("Windows-1252", "Latin-1") or decodes(data, OFFERED[label])
