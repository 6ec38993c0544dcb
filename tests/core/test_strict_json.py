"""JSON as RFC 8259 has it, and not as far as the standard library takes it."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import strict_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=3),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["", " ", "\n\t\r "]), st.sampled_from(["", " ", "\n"]))
def test_what_json_can_say_is_read(value: object, before: str, after: str) -> None:
    assert strict_json.loads(before + json.dumps(value) + after) == value


@pytest.mark.parametrize("depth", [1, 63, 64])
def test_sixty_four_levels_are_read(depth: int) -> None:
    assert json.dumps(strict_json.loads("[" * depth + "]" * depth)).count("[") == depth


NOT_JSON = [
    *("", " ", "\ufeff1", "[1,]", "[,1]", "{'a':1}", '{"a":1,}', "[1 2]", '{"a" 1}', "01", "1.", ".5", "+1", "0x1"),
    *("1e", "tru", "True", "nul", "undefined", '"\t"', '"\n"', '"a', '"\\x"', '"\\u12"', "[", "]", "{", "1 2", "[]]"),
    *("NaN", "-NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 4301, "\x0b1", "\xa01", "//c", "[1]x"),
    *("[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, "[" * 100_000),
]


@pytest.mark.parametrize("text", NOT_JSON, ids=[text[:12] for text in NOT_JSON])
def test_what_is_not_is_refused_with_one_kind_of_error(text: str) -> None:
    with pytest.raises(strict_json.BadJsonError):
        strict_json.loads(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(strict_json.BadJsonError):
        assert strict_json.loads(text) == json.loads(text)


def test_lone_surrogates_become_visible_everywhere() -> None:
    value = strict_json.loads('{"a\\ud800":["\\udfff",{"b":"\\ud83d\\ude00"},1,null]}')
    assert strict_json.encodable(value) == {"a\ufffd": ["\ufffd", {"b": "😀"}, 1, None]}
