"""CSV, strictly: the file's own encoding, one delimiter, one quote, doubled quotes inside quotes, nothing guessed.

The bytes are scanned first: where each record ends and how many columns it has. That scan is the independent
count of rows. Records with too few or too many columns, a stray or unclosed quote, or text that is not in the
encoding are set aside with a rule; only whole records of the right width reach the parser.
"""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from common.errors import ProblemError
from etl.settings import Read

LINE, RETURN = 10, 13
UNDECODED = "�"
WRONG_WIDTH = "wrong number of columns"
STRAY = "stray quote or line end"
NUL = "a NUL byte"
MOST_COLUMNS = 16_384
"""What a worksheet can hold. More is a file without line ends, or with another delimiter."""
BLOCK = 1 << 24


@dataclass(frozen=True)
class Records:
    """Where the records of a text lie: `start` and `end` (without the line end) in bytes, `fields`, and what is wrong."""

    start: np.ndarray
    end: np.ndarray
    fields: np.ndarray
    stray: np.ndarray


def read(data: bytes, read: Read, name: str) -> tuple[pl.DataFrame, list[str | None], int, list[tuple[int, str]]]:
    """The cells (columns c0, c1, ... beside `row`), the header, the count of data rows, and the rejected rows."""
    text, undecodable = decode(data, read.encoding)
    if b"\n" not in text and b"\r" in text:
        text = text.replace(b"\r", b"\n")
    records = scan(text, read.delimiter, read.quote)
    blank = records.end == records.start
    number = np.arange(1, len(records.start) + 1)
    if len(number) < read.header_row or blank[read.header_row - 1] or records.stray[read.header_row - 1]:
        raise ProblemError(
            "the header row is missing or broken", name, f"a header in row {read.header_row}",
            "check header_row, delimiter, quote and encoding in the mapping",
        )  # fmt: skip
    top = read.header_row - 1
    if b"\0" in text[records.start[top] : records.end[top]]:
        raise ProblemError(
            "the header holds NUL bytes, so the file is not text in this encoding", name, read.encoding,
            'check encoding in the mapping (a file with a NUL beside every letter is "utf-16")',
        )  # fmt: skip
    if int(records.fields[top]) > MOST_COLUMNS:
        raise ProblemError(
            f"the header has {int(records.fields[top])} columns", name, f"{MOST_COLUMNS} or fewer",
            "check delimiter and header_row in the mapping",
        )  # fmt: skip
    header = _parse(text[records.start[top] : records.end[top]] + b"\n", int(records.fields[top]), read, name)
    width = header.num_columns
    is_data = (number > read.header_row) & ~blank
    broken = np.zeros(len(number), dtype=bool)
    if undecodable:
        broken = _holding(text, records, UNDECODED.encode())
    nul = _holding(text, records, b"\0") if b"\0" in text else np.zeros(len(number), dtype=bool)
    wrong = (records.fields != width) | nul
    rejected = [
        (int(row), NUL if nul[row - 1] else _rule(row - 1, records.stray, broken, read.encoding))
        for row in number[is_data & (records.stray | broken | wrong)]
    ]
    good = is_data & ~(records.stray | broken | wrong)
    body = _body(text, records, good, is_data)
    table = _parse(body, width, read, name)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    if frame.height != int(good.sum()):
        raise ProblemError("the file's rows could not be told apart", name, remedy="check the delimiter and the quote")
    frame = frame.with_columns(pl.Series("row", number[good], dtype=pl.Int64))
    return frame, [header.column(i)[0].as_py() for i in range(width)], int(is_data.sum()), rejected


def decode(data: bytes, encoding: str) -> tuple[bytes, bool]:
    """The file as UTF-8 bytes, and whether some of it is not in its encoding. Nothing is written to disk."""
    usual = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    try:
        text, broken = data.decode("utf-8" if usual else encoding), False
        encoded = data if usual else text.encode("utf-8")
    except UnicodeDecodeError:
        text, broken = data.decode("utf-8" if usual else encoding, errors="replace"), True
        encoded = text.encode("utf-8", errors="replace")
    return encoded.removeprefix(b"\xef\xbb\xbf"), broken


def scan(text: bytes, delimiter: str, quote: str) -> Records:
    """Find every record by the parity of the quotes before each line end; slowly, line by line, if a quote is stray."""
    cells = np.frombuffer(text, dtype=np.uint8)
    if not len(cells):
        empty = np.zeros(0, dtype=np.int64)
        return Records(empty, empty, empty, empty.astype(bool))
    marks = np.flatnonzero(cells == ord(quote))
    lines, splits = np.flatnonzero(cells == LINE), np.flatnonzero(cells == ord(delimiter))
    if len(marks):
        if not _quotes_are_sound(cells, marks, ord(delimiter), ord(quote)):
            return _scan_slowly(text, delimiter, quote)
        lines = lines[np.searchsorted(marks, lines) % 2 == 0]
        splits = splits[np.searchsorted(marks, splits) % 2 == 0]
    starts = np.concatenate([[0], lines + 1])
    ends = np.concatenate([lines, [len(cells)]])
    if starts[-1] == len(cells):
        starts, ends = starts[:-1], ends[:-1]
    stray = _with_lone_returns(cells, marks, starts)
    returns = (ends > starts) & (cells[np.maximum(ends - 1, 0)] == RETURN)
    fields = np.searchsorted(splits, ends) - np.searchsorted(splits, starts) + 1
    return Records(starts, ends - returns, fields, stray)


def _with_lone_returns(cells: np.ndarray, marks: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Which records hold, outside quotes, a carriage return that ends no line: some programs end the row there."""
    stray = np.zeros(len(starts), dtype=bool)
    returns = np.flatnonzero(cells == RETURN)
    if len(returns):
        after = cells[np.minimum(returns + 1, len(cells) - 1)]
        lone = returns[(after != LINE) & (returns < len(cells) - 1) & (np.searchsorted(marks, returns) % 2 == 0)]
        stray[np.searchsorted(starts, lone, side="right") - 1] = True
    return stray


def _quotes_are_sound(cells: np.ndarray, marks: np.ndarray, delimiter: int, quote: int) -> bool:
    """Whether every quote opens at the start of a cell, closes at its end, or is one of a doubled pair."""
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = np.where(opening > 0, cells[np.maximum(opening - 1, 0)], LINE)
    last = len(cells) - 1
    after = np.where(closing < last, cells[np.minimum(closing + 1, last)], LINE)
    two_after = np.where(closing + 1 < last, cells[np.minimum(closing + 2, last)], LINE)
    opens = np.isin(before, (delimiter, LINE, quote))
    closes = np.isin(after, (delimiter, LINE, quote)) | ((after == RETURN) & (two_after == LINE))
    return bool(opens.all() and closes.all())


def _scan_slowly(text: bytes, delimiter: str, quote: str) -> Records:
    """One record at a time. A line that does not parse is set aside alone, and reading starts again below it."""
    q, d = re.escape(quote.encode()), re.escape(delimiter.encode())
    cell = rb"(?:%b[^%b]*(?:%b%b[^%b]*)*%b(?=%b|\r?\n|\r?\Z)|[^%b%b\r\n]*)" % (q, q, q, q, q, q, d, q, d)
    record = re.compile(rb"(%b(?:%b%b)*?)\r?(?:\n|\Z)" % (cell, d, cell))
    cell_pattern = re.compile(cell + rb"(?:%b|\Z)" % d)
    found: list[tuple[int, int, int, bool]] = []
    at = 0
    while at < len(text):
        match = record.match(text, at)
        if match:
            body = match.group(1)
            plain = body.removesuffix(b"\r")
            fields = plain.count(delimiter.encode()) + 1
            if quote.encode() in plain:
                fields = _count_cells(plain, cell_pattern, delimiter.encode())
            found.append((at, at + len(plain), fields, False))
            at = match.end()
            continue
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        found.append((at, end, 0, True))
        at = end + 1
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Records(columns[0], columns[1], columns[2], columns[3].astype(bool))


def _count_cells(record: bytes, cell: re.Pattern[bytes], delimiter: bytes) -> int:
    at, fields = 0, 0
    while at <= len(record):
        match = cell.match(record, at)
        fields += 1
        if not match or not match.group(0).endswith(delimiter) or match.end() == at:
            break
        at = match.end()
        if at == len(record):
            return fields + 1
    return fields


def _holding(text: bytes, records: Records, needle: bytes) -> np.ndarray:
    """Which records hold a given sequence of bytes."""
    found = np.array([match.start() for match in re.finditer(re.escape(needle), text)], dtype=np.int64)
    holding = np.zeros(len(records.start), dtype=bool)
    holding[np.searchsorted(records.start, found, side="right") - 1] = True
    return holding


def _body(text: bytes, records: Records, good: np.ndarray, is_data: np.ndarray) -> bytes | memoryview:
    """The good records alone; the text as it stands from the first data record on when all of them are good."""
    chosen = np.flatnonzero(good)
    if not len(chosen):
        return b""
    if (good == is_data).all() and len(chosen) == len(good) - chosen[0]:
        return memoryview(text)[int(records.start[chosen[0]]) :]
    view = memoryview(text)
    pieces: list[bytes | memoryview] = []
    breaks = np.flatnonzero(np.diff(chosen) > 1)
    for first, last in zip(np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [len(chosen) - 1]]), strict=True):
        pieces += [view[int(records.start[chosen[first]]) : int(records.end[chosen[last]])], b"\n"]
    return b"".join(pieces)


def _parse(body: bytes | memoryview, width: int, read: Read, name: str) -> pa.Table:
    names = [f"c{position}" for position in range(width)]
    if not len(body):
        return pa.table({column: pa.array([], pa.string()) for column in names})
    try:
        return pc.read_csv(
            pa.BufferReader(body),
            read_options=pc.ReadOptions(column_names=names, block_size=max(BLOCK, 1 << 20)),
            parse_options=pc.ParseOptions(
                delimiter=read.delimiter, quote_char=read.quote, double_quote=True, escape_char=False,
                newlines_in_values=True, ignore_empty_lines=False,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:  # its message quotes the row
        raise ProblemError("the file could not be parsed", name, remedy="check delimiter, quote and encoding") from None


def _rule(index: int, stray: np.ndarray, broken: np.ndarray, encoding: str) -> str:
    if broken[index]:
        return f"text that is not {encoding}"
    return STRAY if stray[index] else WRONG_WIDTH
