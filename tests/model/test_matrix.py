import numpy as np
import polars as pl
import pytest

from model.matrix import Encoding

FRAME = pl.DataFrame({"amount": [1.5, None, 3.0], "job": ["cook", "clerk", None], "own": ["Y", "N", "Y"]})


@pytest.fixture
def encoding():
    return Encoding.learn(FRAME, ["amount", "job", "own"])


def test_categories_become_their_place_in_alphabetical_order(encoding):
    assert encoding.encode(FRAME)[:, 1].tolist()[:2] == [1.0, 0.0]
    assert encoding.encode(FRAME)[:, 2].tolist() == [1.0, 0.0, 1.0]


def test_what_is_missing_or_was_never_seen_becomes_nan(encoding):
    row = pl.DataFrame(
        {"amount": [None], "job": ["astronaut"], "own": ["Y"]}, schema_overrides={"amount": pl.Float64}
    )
    assert np.isnan(encoding.encode(row)[0]).tolist() == [True, True, False]


def test_one_row_is_encoded_as_it_is_among_many(encoding):
    whole = encoding.encode(FRAME)
    alone = np.vstack([encoding.encode(FRAME[index]) for index in range(len(FRAME))])
    np.testing.assert_array_equal(whole, alone)


def test_decoding_gives_the_value_back(encoding):
    assert encoding.decode("job", 1.0) == "cook"
    assert encoding.decode("amount", 1.5) == 1.5
    assert encoding.decode("job", np.nan) is None
