"""Files that are sent are told by their content; what cannot be a batch is turned away unread."""

import gzip
import io
import zipfile

import pytest

from data.received import MOST_MEMBERS, NotReceived, receive

CSV = b"ID,X\n1,2\n"
PARQUET = b"PAR1" + b"\0" * 40 + b"PAR1"


def keep(content: bytes, folder, name: str = "lot.csv", limit: int = 100_000, unpacked: int = 400_000):
    return receive(io.BytesIO(content), folder, name, limit, unpacked)


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as files:
        for name, content in members:
            files.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (CSV, ".csv"),
        (b"\xef\xbb\xbf" + CSV, ".csv"),
        ("ID;Prénom\n1;Zoé\n".encode(), ".csv"),
        (("é" * 60_000).encode() + b"\n", ".csv"),  # a character is cut at the end of what is looked at
        (PARQUET, ".parquet"),
        (gzip.compress(CSV), ".csv.gz"),
        (archive(("a.csv", CSV), ("folder/b.parquet", PARQUET)), ".zip"),
    ],
)
def test_is_named_after_what_it_is_whatever_it_is_called(tmp_path, content, suffix):
    limit = len(content)
    found = keep(content, tmp_path, "lot.exe", limit)
    assert found == tmp_path / f"lot{suffix}"
    assert found.read_bytes() == content


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("lot été 2026.csv", "lot_ete_2026"),
        ("../../etc/passwd", "passwd"),
        (r"C:\files\lot.csv", "lot"),
        (".csv", "batch"),
        ("", "batch"),
        ("客户.csv", "batch"),
        ("a" * 300, "a" * 60),
        ("lot\0\n;rm -rf.csv", "lot_rm_-rf"),
    ],
)
def test_keeps_of_its_name_what_may_name_a_file(tmp_path, name, stem):
    assert keep(CSV, tmp_path, name).name == f"{stem}.csv"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"x" * 100_001, "too_large"),
        (b"\x89PNG\r\n\x1a\n\0\0", "unknown"),
        ("ID,X\n1,2\n".encode("utf-16"), "unknown"),
        ("ID;Prénom\n1;Zoé\n".encode("latin-1"), "unknown"),
        (b"PAR1" + b"x" * 40, "damaged"),
        (b"PAR1PAR1"[:8], "damaged"),
        (b"PK\x03\x04" + b"x" * 40, "damaged"),
        (archive(("a.csv", CSV))[:-10], "damaged"),
        (archive(("xl/workbook.xml", b"<a/>")), "no_data"),
        (archive(("a.csv", CSV), ("b.csv.gz", gzip.compress(CSV))), "no_data"),
        (archive(("a.csv", CSV), ("inner.zip", archive(("b.csv", CSV)))), "no_data"),
        (archive(*((f"{i}.csv", CSV) for i in range(MOST_MEMBERS + 1))), "no_data"),
        (archive(("a.csv", b"0" * 500_000)), "unpacks_too_large"),
        (archive(*((f"{i}.csv", b"0" * 100_000) for i in range(5))), "unpacks_too_large"),
    ],
)
def test_turns_away_what_cannot_be_a_batch(tmp_path, content, code):
    with pytest.raises(NotReceived) as caught:
        keep(content, tmp_path)
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_takes_text_in_any_encoding_where_a_portfolio_reads_them(tmp_path, encoding):
    sent = "ID;Prénom\n1;Zoé\n".encode(encoding)
    kept = receive(io.BytesIO(sent), tmp_path, "lot.csv", 100_000, 400_000, any_text=True)
    assert kept.read_bytes() == sent


def test_turns_away_what_is_no_text_in_any_encoding(tmp_path):
    with pytest.raises(NotReceived, match="unknown"):
        receive(io.BytesIO(b"\x89PNG\r\n\x1a\n"), tmp_path, "lot.csv", 100_000, 400_000, any_text=True)


def test_turns_away_an_archive_with_a_password(tmp_path):
    locked = bytearray(archive(("a.csv", CSV)))
    locked[6] |= 1  # in the file's own header
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # in the table of contents
    with pytest.raises(NotReceived, match="locked"):
        keep(bytes(locked), tmp_path)


def test_stops_reading_where_the_limit_is(tmp_path):
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(NotReceived, match="too_large"):
        receive(stream, tmp_path, "x", 3_000_000, 0)
    assert stream.taken < 6_000_000
