"""The faults of a file, from the loader's lines to fields that a page can word in its language.

The values that the loader quotes are left out: the ledger keeps no client's data for a file that
was refused. File, line and column are enough to find them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

# The words of data.load_files, data.load_sources and data.load_checks; tests hold them together.
_FILE = r"(?P<file>[^:]+?)"
_SHAPES: tuple[tuple[str, str], ...] = (
    (
        "missing_columns",
        rf"{_FILE}: column (?P<column>.+?)(?: and (?P<more>\d+) more)? missing; add what is missing",
    ),
    ("twice", rf"{_FILE} line 1: column (?P<column>.+) is there twice; keep one"),
    (
        "wrong_value",
        rf"{_FILE} (?:line|row) (?P<line>\d+): (?P<column>\S+) is .*expected \((?P<count>\d+) such rows?\)",
    ),
    ("unreadable_line", rf"{_FILE} line (?P<line>\d+): .*, (?P<count>\d+) lines?\)"),
    ("beyond_limits", rf"{_FILE}: (?P<column>.+) does not hold in (?P<count>\d+) rows?, for example .*"),
    ("repeated", rf"{_FILE}: repeated (?P<column>.+?) \((?P<count>\d+), for example .*"),
    ("orphans", rf"{_FILE}: orphan rows, whose (?P<column>\S+) .* does not have \((?P<count>\d+), .*"),
    ("no_main_table", r".*: no file for table (?P<column>\S+); expected .*"),
    ("too_many_rows", rf"{_FILE}: (?P<count>\d+) files, \d+ at most; draw a sample"),
    ("too_large", rf"{_FILE}: (?:[\d,]+ MB, [\d,]+ MB at most|unpacks to more than [\d,]+ MB); .*"),
    ("nothing", r".*; nothing to judge"),
    ("no_data", r".*: no data file here; expected .*"),
    ("empty", rf"{_FILE}: the file is empty; .*"),
    ("unreadable", rf"{_FILE}: (?:cannot be (?:read|unpacked)|not a readable zip file).*"),
)
_KNOWN = tuple((code, re.compile(shape, re.DOTALL)) for code, shape in _SHAPES)
_EMPTY_VALUE = re.compile(r": \S+ is empty, ")
LONGEST = 120


def understood(lines: Iterable[str]) -> list[Mapping]:
    """Return each line as ``{"code", "file", "line", "column", "count", "more"}``, absent ones left out."""
    return list(_each(lines))


def _each(lines: Iterable[str]) -> Iterator[Mapping]:
    for line in lines:
        for code, shape in _KNOWN:
            if found := shape.fullmatch(line):
                yield {"code": _finer(code, line, found)} | _fields(found)
                break
        else:
            yield {"code": "other"}


def _finer(code: str, line: str, found: re.Match) -> str:
    if code == "wrong_value" and _EMPTY_VALUE.search(line):
        return "empty_value"
    # So many are missing that it is another table, or another portfolio's.
    return "other_file" if code == "missing_columns" and found["more"] else code


def _fields(found: re.Match) -> dict[str, str | int]:
    given = {name: text[:LONGEST] for name, text in found.groupdict().items() if text}
    return given | {name: int(given[name]) for name in ("line", "count", "more") if name in given}
