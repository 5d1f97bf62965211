"""The loader's lines, understood field by field: each shape from a real file that has the fault."""

import gzip

import pytest

from data.load_files import LoadError
from data.portfolios import load
from model import drift_batch
from model.job_faults import understood


def test_lines_keep_place_and_count_and_lose_the_value():
    lines = [
        "lot.csv: column A, B missing; add what is missing",
        "lot.csv: column A, B, C, D, E and 115 more missing; add what is missing",
        "lot.csv line 12: AMT is 'Dupont', a number is expected (1 such row)",
        "lot.parquet row 3: AMT is 'it's, expected', a whole number is expected (12 such rows)",
        "lot.csv line 4: ID is empty, a value is expected (2 such rows)",
        "lot.csv line 9: Expected Number of Columns: 3 Found: 2 (missing columns, 4 lines)",
        "main: (AGE >= 0) does not hold in 3 rows, for example -4 (ID 7)",
        "main: repeated ID (2, for example 100002, 100003); keep one row of each",
        "lot.csv: 500000 files, 400000 at most; draw a sample",
        "lot.csv.gz: unpacks to more than 600 MB; draw a sample, or send it plain",
        "lot: no row; nothing to judge",
        "Dupont",
    ]
    assert understood(lines) == [
        {"code": "missing_columns", "file": "lot.csv", "column": "A, B"},
        {"code": "other_file", "file": "lot.csv", "column": "A, B, C, D, E", "more": 115},
        {"code": "wrong_value", "file": "lot.csv", "line": 12, "column": "AMT", "count": 1},
        {"code": "wrong_value", "file": "lot.parquet", "line": 3, "column": "AMT", "count": 12},
        {"code": "empty_value", "file": "lot.csv", "line": 4, "column": "ID", "count": 2},
        {"code": "unreadable_line", "file": "lot.csv", "line": 9, "count": 4},
        {"code": "beyond_limits", "file": "main", "column": "(AGE >= 0)", "count": 3},
        {"code": "repeated", "file": "main", "column": "ID", "count": 2},
        {"code": "too_many_rows", "file": "lot.csv", "count": 500000},
        {"code": "too_large", "file": "lot.csv.gz"},
        {"code": "nothing"},
        {"code": "other"},
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("lot.csv", b"", "empty"),
        ("lot.csv", b"ID,X\n1,2\n", "other_file"),
        ("lot.csv", b"ID,ID\n1,2\n", "twice"),
        ("lot.parquet", b"PAR1nothingPAR1", "unreadable"),
        ("lot.csv.gz", gzip.compress(b"ID,X\n1,2\n" * 100)[:20], "unreadable"),
        ("lot.zip", b"PKnothing", "unreadable"),
        ("lot.pdf", b"x", "no_data"),
    ],
)
def test_what_the_loader_says_of_real_files_is_understood(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError) as caught:
        drift_batch.read(load("home_credit"), str(path))
    assert [fault["code"] for fault in understood(caught.value.faults)] == [code]
