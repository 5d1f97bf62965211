import math

import pytest
from werkzeug.exceptions import UnsupportedMediaType

from web.bodies import read_json, shown
from web.errors import Refused


def read(bare, body: bytes | str, kind: str = "application/json", limit: int = 1_000_000):
    with bare.test_request_context("/", method="POST", data=body, content_type=kind):
        return read_json(limit)


class TestReads:
    @pytest.mark.parametrize(
        ("body", "value"),
        [
            (
                '{"a": 1, "b": null, "c": "é", "d": 0.5, "e": true}',
                {"a": 1, "b": None, "c": "é", "d": 0.5, "e": True},
            ),
            ("[]", []),
            ('"\\ud83d\\ude00"', "😀"),
            ("123456789012345", 123456789012345),
        ],
    )
    def test_plain_json(self, bare, body, value):
        assert read(bare, body) == value

    def test_json_announced_with_its_charset(self, bare):
        assert read(bare, "{}", kind="application/json; charset=utf-8") == {}

    def test_huge_numbers_as_floats_to_be_refused_further_on(self, bare):
        assert read(bare, "9" * 400) == math.inf
        assert read(bare, "1e999") == math.inf


class TestRefuses:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("", "invalid_json"),
            ("{", "invalid_json"),
            ("{'a': 1}", "invalid_json"),
            ('{"a": 1,}', "invalid_json"),
            ('{"a": 1} {"b": 2}', "invalid_json"),
            ("<script>", "invalid_json"),
            ('{"a": NaN}', "not_finite"),
            ('{"a": Infinity}', "not_finite"),
            ('{"a": -Infinity}', "not_finite"),
            ('{"a": 1, "a": 2}', "field_twice"),
            ('[{"a": {"b": 1, "b": 1}}]', "field_twice"),
            ('"\\ud800"', "invalid_text"),
            ('{"\\udc00": 1}', "invalid_text"),
            (b'"\xff"', "invalid_text"),
            ("[" * 100_000, "too_deep"),
        ],
    )
    def test_what_is_doubtful(self, bare, body, code):
        with pytest.raises(Refused) as refused:
            read(bare, body)
        assert refused.value.status == 400
        assert refused.value.code == code

    @pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/json"])
    def test_what_is_not_announced_as_json(self, bare, kind):
        with pytest.raises(UnsupportedMediaType):
            read(bare, "{}", kind=kind)

    def test_many_names_given_twice_without_tiring(self, bare):
        names = ", ".join(f'"{number}": 1' for number in range(50_000))
        with pytest.raises(Refused, match="field_twice"):
            read(bare, f'{{{names}, "49999": 1}}')


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        (math.inf, "inf"),
        ({"a": 1}, "{…}"),
        ([1], "[…]"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_what_was_received_is_repeated_short_and_plain(value, seen):
    assert shown(value) == seen
