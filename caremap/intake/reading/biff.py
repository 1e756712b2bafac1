"""Error values of a binary worksheet (xlsb), which calamine hands out as blank cells."""

from __future__ import annotations

import struct

__all__ = ["error_rows"]

# Numbers of records: the head of a row; an error value, and a formula whose result is one.
ROW, ERRORS = 0, (3, 11)
MOST = 100_000


def error_rows(part: bytes) -> list[int]:
    """Return the source row of every error value.

    A record is a number of one or two bytes, a length of up to four times seven bits, and as
    many bytes as that.
    """
    rows: list[int] = []
    position, row, end = 0, 0, len(part)
    try:
        while position < end and len(rows) < MOST:
            code = part[position]
            position += 1
            if code > 127:
                code = code & 127 | part[position] << 7
                position += 1
            size = part[position]
            position += 1
            if size > 127:
                size &= 127
                for shift in (7, 14, 21):
                    byte = part[position]
                    position += 1
                    size |= (byte & 127) << shift
                    if byte < 128:
                        break
            if code == ROW:
                row = struct.unpack_from("<I", part, position)[0] + 1
            elif code in ERRORS:
                rows.append(row)
            position += size
    except (IndexError, struct.error):  # cut off: the reader says so
        pass
    return rows
