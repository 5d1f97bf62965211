"""How a text file of one table is written: its encoding, its separator, its first line.

Found in each file, since programs write the same table in many ways. Nothing is said here of
what the values are; that is ``data.flat_values``.
"""

import codecs
import csv
import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from data.load_files import LoadError

DELIMITERS = ",;\t|"
CHUNK = 1 << 20
# Lines that are looked at to tell the separator.
SAMPLE = 100
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# What other programs put first: their files are no text.
KNOWN = {
    b"PK\x03\x04": "a zip archive or an Excel workbook: save its sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save its sheet as CSV",
    b"PAR1": "a Parquet file: name it .parquet",
    b"\x1f\x8b": "a gzip archive: name it .csv.gz",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that the first line names, their separator, and what ends lines where that must be said."""

    names: tuple[str, ...]
    delimiter: str
    ending: str = ""


def as_utf8(path: Path, work: Path) -> tuple[Path, str]:
    """Return a path at which the file can be read as UTF-8, and the encoding it came in.

    A file in UTF-16 or Windows-1252 is rewritten into ``work``, line by line the same.

    Raises
    ------
    LoadError
        When it is no text, or empty.
    """
    encoding = _encoding(path)
    if encoding in ("utf-8", "utf-8-sig"):
        return path, encoding
    target = work / f"{path.name.removesuffix('.gz')}.utf-8.csv"
    with (
        closing(_opened(path)) as given,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for chunk in _chunks(given):
                out.write(decoder.decode(chunk))
            out.write(decoder.decode(b"", final=True))
        except UnicodeDecodeError:
            raise LoadError(
                f"{path.name}: neither UTF-8, UTF-16 nor Windows-1252 text; save it as CSV in UTF-8"
            ) from None
    return target, encoding


def layout(path: Path, name: str = "") -> Layout:
    """Read the first line of a UTF-8 file: the names of its columns and their separator.

    Raises
    ------
    LoadError
        When there is no first line, or a name stands in it twice; ``name`` is the file's for a message.
    """
    name = name or path.name
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
        sample = [line for line, _ in zip(_lines(lines), range(SAMPLE), strict=False)]
    if not sample or not sample[0].strip():
        raise LoadError(f"{name}: the file is empty; a first line with the column names is expected")
    if sample[0].lower().startswith("sep="):
        raise LoadError(f"{name} line 1: a note for a spreadsheet ({sample[0].strip()}); remove that line")
    delimiter = max(DELIMITERS, key=lambda mark: _fit(sample, mark))
    # Data frames written with their index have a first column without a name.
    lines = csv.reader(sample, delimiter=delimiter)
    header = next(lines)
    # DuckDB takes a line break within the first line for what ends all lines, and then finds none below.
    broken = lines.line_num > 1 and sample[lines.line_num - 1].endswith("\r\n")
    # Spreadsheets break long names over lines and put no-break spaces in them, which nobody types.
    names = tuple(" ".join(text.split()) or f"column {place}" for place, text in enumerate(header, start=1))
    if sum(map(_is_value, names)) > len(names) / 2:
        shown = ", ".join(names[:4])
        raise LoadError(
            f"{name} line 1: seems to hold values ({shown}), not names; add a first line with names"
        )
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise LoadError(f"{name} line 1: column {', '.join(twice)} is there twice; keep one")
    return Layout(names, delimiter, r"\r\n" if broken else "")


def _is_value(name: str) -> bool:
    """Whether a first line holds a number there; a year may well name a column."""
    try:
        number = float(name.replace(",", "."))
    except ValueError:
        return False
    return not 1900 <= number <= 2100


def _fit(sample: list[str], delimiter: str) -> tuple[float, int]:
    """Return how well a separator fits: the share of lines as wide as the first, then that width."""
    widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    if widths[0] == 1:
        return 0.0, 1
    # The last line of a sample may be cut within quotes.
    known = widths[:-1] if len(widths) > 2 else widths
    return sum(width == widths[0] for width in known) / len(known), widths[0]


def _lines(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines of bounded length: a file without any end of line is no table."""
    while line := lines.readline(CHUNK):
        yield line


def _encoding(path: Path) -> str:
    with closing(_opened(path)) as given:
        head = given.read(CHUNK)
        for mark, told in KNOWN.items():
            if head.startswith(mark):
                raise LoadError(f"{path.name}: not a text file but {told}")
        for mark, encoding in MARKS.items():
            if head.startswith(mark):
                return encoding
        if not head.strip():
            raise LoadError(f"{path.name}: the file is empty; a first line with the column names is expected")
        if unmarked := _utf16(head):
            return unmarked
        if b"\0" in head:
            raise LoadError(f"{path.name}: not a text file; a CSV or Parquet file is expected")
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            for chunk in _chunks(given):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _utf16(head: bytes) -> str | None:
    """Return the kind of UTF-16 of a text without a mark: every other byte of plain letters is zero."""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        bytes_there = head[start::2]
        if bytes_there.count(0) > 0.6 * len(bytes_there) and head[1 - start :: 2].count(0) == 0:
            return encoding
    return None


def _opened(path: Path):
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def _chunks(given) -> Iterator[bytes]:
    while chunk := given.read(CHUNK):
        yield chunk
