"""A data file that somebody sends: kept as it arrives, and told by its content, not by its name.

Nothing is unpacked or parsed here. What is inside a file is read by the job, in a process of its
own with bounds; this only turns away what cannot be a batch at all.
"""

import codecs
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
HEAD = 1 << 16
MOST_MEMBERS = 64
_PARQUET, _GZIP, _ZIP = b"PAR1", b"\x1f\x8b", b"PK"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROLS = set(range(32)) - set(b"\t\r\n\f")
_LEAST_PARQUET = 12  # the mark at both ends and the size of the footer between


class NotReceived(ValueError):
    """A file that is not kept; ``code`` says why: empty, too_large, unknown, damaged, locked ..."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def receive(
    stream: BinaryIO, folder: Path, name: str, limit: int, unpacked: int, *, any_text: bool = False
) -> Path:
    """Write ``stream`` to a file in ``folder``, named after ``name`` with the suffix of its content.

    Parameters
    ----------
    limit : most bytes that are taken
    unpacked : most bytes that a zip archive may declare to hold
    any_text : whether text may come in another encoding than UTF-8

    Raises
    ------
    NotReceived
        When it is empty, larger, or neither CSV nor Parquet nor an archive of them.
    OSError
        When the disk is full, among others.
    """
    part = folder / "part"
    size = 0
    with part.open("wb") as written:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise NotReceived("too_large")
            written.write(chunk)
    if not size:
        raise NotReceived("empty")
    return part.rename(folder / f"{_stem(name)}{_suffix(part, size, unpacked, any_text)}")


def _stem(name: str) -> str:
    """Return what of a given name may name a file: the first part, in plain characters."""
    first = re.split(r"[\\/]", name)[-1].partition(".")[0]
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^\w-]+", "_", plain).strip("_")[:60] or "batch"


def _suffix(path: Path, size: int, unpacked: int, any_text: bool) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - 4))
        tail = file.read()
    if head.startswith(_PARQUET):
        if tail != _PARQUET or size < _LEAST_PARQUET:
            raise NotReceived("damaged")
        return ".parquet"
    if head.startswith(_GZIP):
        return ".csv.gz"
    if head.startswith(_ZIP):
        _check_archive(path, unpacked)
        return ".zip"
    if any_text:
        _check_any_text(head)
    else:
        _check_text(head, is_whole=size <= HEAD)
    return ".csv"


def _check_archive(path: Path, unpacked: int) -> None:
    """Refuse an archive by its table of contents; the sizes told there bind whoever unpacks it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise NotReceived("damaged") from error
    if any(member.flag_bits & 1 for member in members):
        raise NotReceived("locked")
    names = [member.filename.lower() for member in members]
    is_nested = any(name.endswith((".gz", ".zip")) for name in names)
    if (
        is_nested
        or len(names) > MOST_MEMBERS
        or not any(name.endswith((".csv", ".parquet")) for name in names)
    ):
        raise NotReceived("no_data")
    if sum(member.file_size for member in members) > unpacked:
        raise NotReceived("unpacks_too_large")


def _check_any_text(head: bytes) -> None:
    """Refuse what is no text in any encoding: what controls a terminal stands in none."""
    if head.startswith(UTF16):
        return
    if set(head) & CONTROLS:
        raise NotReceived("unknown")
    if not head.strip():
        raise NotReceived("empty")


def _check_text(head: bytes, *, is_whole: bool) -> None:
    """Refuse what is not text in UTF-8; a character cut at the end of the head is no fault."""
    if b"\0" in head:
        raise NotReceived("unknown")
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if is_whole or error.start < len(head) - 3:
            raise NotReceived("unknown") from error
        return
    if not text.strip():
        raise NotReceived("empty")
