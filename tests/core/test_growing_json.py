"""JSON laid out while it comes: whatever the pieces, it is what the whole would look like."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.growing_json import GrowingJson

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.integers(1, 9), st.booleans(), st.sampled_from([None, 1, 4]))
def test_the_pieces_together_are_the_whole_laid_out(value: object, size: int, ascii_only: bool, indent: int) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    growing = GrowingJson()
    made = "".join(growing.feed(text[at : at + size]) for at in range(0, len(text), size))
    assert made == json.dumps(value, ensure_ascii=ascii_only, indent=2)


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (('{"city', '": "Par'), '{\n  "city": "Par'),
        (("", "{"), "{"),
        (('{"a": [], "b": {}}',), '{\n  "a": [],\n  "b": {}\n}'),
        (('{"a": "\\', '""}'), '{\n  "a": "\\""\n}'),
        (("}}", "x"), "\n}\n}x"),
    ],
)
def test_what_is_not_whole_shows_as_far_as_it_came(pieces: tuple[str, ...], shown: str) -> None:
    growing = GrowingJson()
    assert "".join(map(growing.feed, pieces)) == shown
