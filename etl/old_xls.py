"""What an old XLS workbook says of itself, apart from the loader: how many rows it has, and which cells show an error.

The records are read as Microsoft publishes them: the compound file [MS-CFB, 2021, section 2] that holds the stream
`Workbook`, and the records of that stream [MS-XLS, 2021, section 2.4]. Excel 95 and before (`Book`) are not read here.
"""

import struct
from collections.abc import Iterator

from etl.sheet_xml import Cells, Scan, scan_rows

END, FREE = 0xFFFFFFFE, 0xFFFFFFFF
BOF, EOF, SHEET, SST, CONTINUE = 0x0809, 0x000A, 0x0085, 0x00FC, 0x003C
NUMBER, RK, MULRK, LABELSST, LABEL, FORMULA, BOOLERR = 0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x0006, 0x0205
STRING = 0x0207
CELLS = (NUMBER, RK, MULRK, LABELSST, LABEL, FORMULA, BOOLERR)
SPECIAL = b"\xff\xff"
"""What stands in a formula's result where it is no number."""
Record = tuple[int, bytes]


def scan_xls(data: bytes, position: int, header_row: int) -> Scan | None:
    """The sheet at this position, or None where the file is of an older kind than is read here."""
    stream = _stream(data, "Workbook")
    if stream is None:
        return None
    sheets, blank = _globals(stream)
    found: dict[int, Cells] = {}
    waiting: tuple[int, int] | None = None
    for kind, body in _records(stream, sheets[position]):
        if waiting and kind == STRING:  # what the formula before it shows
            row, column = waiting
            found.setdefault(row, []).extend([(column, False)] if _said(body) else [])
            waiting = None
        elif kind in CELLS:
            row, column = struct.unpack_from("<HH", body)
            found.setdefault(row, []).extend(_cells(kind, body, column, blank))
            if kind == FORMULA and body[12:14] == SPECIAL and body[6] == 0:
                waiting = row, column
    return scan_rows(((row + 1, 1, found[row]) for row in sorted(found)), header_row)


def _globals(stream: bytes) -> tuple[list[int], set[int]]:
    """Where each sheet begins, and the numbers of the shared strings that are blank."""
    sheets: list[int] = []
    strings: list[bytes] = []
    last = 0
    for kind, body in _records(stream, 0):
        if kind == SHEET:
            sheets.append(struct.unpack_from("<I", body)[0])
        if kind == SST or (kind == CONTINUE and last in (SST, CONTINUE) and strings):
            strings.append(body)
        last = kind
    return sheets, _blank(strings) if strings else set()


def _cells(kind: int, body: bytes, column: int, blank: set[int]) -> Cells:
    """What a record of cells holds, but for the text that a formula shows, which is in the next record."""
    if kind == MULRK:
        return [(at, False) for at in range(column, struct.unpack_from("<H", body, len(body) - 2)[0] + 1)]
    if kind == LABELSST:
        return [] if struct.unpack_from("<I", body, 6)[0] in blank else [(column, False)]
    if kind == LABEL:
        return [(column, False)] if body[9:].strip(b" \0\t\r\n") else []
    if kind == BOOLERR:
        return [(column, body[7] == 1)]
    if kind == FORMULA and body[12:14] == SPECIAL:  # 0 a text, 1 yes or no, 2 an error, 3 an empty text
        return [(column, body[6] == 2)] if body[6] in (1, 2) else []
    return [(column, False)]


def _said(body: bytes) -> bool:
    """Whether the text that a formula shows is more than blanks."""
    length, wide = struct.unpack_from("<HB", body)
    text = body[3 : 3 + length * (2 if wide & 1 else 1)].decode("utf-16-le" if wide & 1 else "latin-1", "replace")
    return bool(text.strip())


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """The records from a BOF to its EOF; those of charts within it are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == BOF) - (kind == EOF)
        if depth == 1 or kind == EOF:
            yield kind, stream[at + 4 : at + 4 + size]
        if depth == 0:
            return
        at += 4 + size


def _blank(parts: list[bytes]) -> set[int]:
    """The numbers of the shared strings that hold nothing but blanks. A string may run on into the next record."""
    unique = struct.unpack_from("<I", parts[0], 4)[0]
    part, at, found = 0, 8, set()

    def take(size: int) -> bytes:
        nonlocal part, at
        got = b""
        while len(got) < size and part < len(parts):
            piece = parts[part][at : at + size - len(got)]
            got, at = got + piece, at + len(piece)
            if len(got) < size:
                part, at = part + 1, 0
        return got

    for number in range(unique):
        if part < len(parts) and at >= len(parts[part]):
            part, at = part + 1, 0
        length, flags = struct.unpack("<HB", take(3))
        runs = struct.unpack("<H", take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", take(4))[0] if flags & 4 else 0
        filled, left, wide = False, length, flags & 1
        while left:
            if at >= len(parts[part]):  # the rest is in the next record, which says anew how wide its letters are
                part, at = part + 1, 1
                wide = parts[part][0] & 1
            here = min(left, (len(parts[part]) - at) // (2 if wide else 1))
            text = take(here * (2 if wide else 1)).decode("utf-16-le" if wide else "latin-1", "replace")
            filled, left = filled or bool(text.strip()), left - here
        take(4 * runs + extra)
        if not filled:
            found.add(number)
    return found


def _stream(data: bytes, wanted: str) -> bytes | None:
    """A stream of a compound file, or None where the file has none of that name."""
    if data[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return None
    size, small = 1 << struct.unpack_from("<H", data, 30)[0], 1 << struct.unpack_from("<H", data, 32)[0]
    first, cutoff, mini = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
    more = struct.unpack_from("<I", data, 68)[0]

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def words(raw: bytes) -> list[int]:
        return [word for (word,) in struct.iter_unpack("<I", raw[: len(raw) // 4 * 4])]

    where = words(data[76:512])
    while more not in (END, FREE):
        *some, more = words(sector(more))
        where += some
    table = [entry for number in where if number not in (END, FREE) for entry in words(sector(number))]

    def chain(at: int, following: list[int]) -> Iterator[int]:
        while at not in (END, FREE):
            yield at
            at = following[at]

    def whole(at: int) -> bytes:
        return b"".join(sector(number) for number in chain(at, table))

    entries = [entry for entry in _split(whole(first), 128) if entry[66]]
    for entry in entries:
        if entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le") == wanted:
            at, length = struct.unpack_from("<II", entry, 116)
            if length >= cutoff:
                return whole(at)[:length]
            inside = _split(whole(struct.unpack_from("<I", entries[0], 116)[0]), small)
            return b"".join(inside[number] for number in chain(at, words(whole(mini))))[:length]
    return None


def _split(raw: bytes, size: int) -> list[bytes]:
    return [raw[at : at + size] for at in range(0, len(raw), size)]
