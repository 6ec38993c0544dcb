"""The values of an axis as they are typed: read back the same, suggested, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.rows import CATALOGUE
from workbench.core import axis_text
from workbench.core.kinds import Json
from workbench.core.params import BY_KEY, Params
from workbench.core.sweep import Axis


@pytest.mark.parametrize(
    ("key", "values", "text"),
    [
        ("temperature", (0, 0.5, 1), "0, 0.5, 1"),
        ("temperature", (None, 1), ", 1"),
        ("effort", ("low", "high"), "low, high"),
        ("system", ("Be brief, please.", "s1"), '"Be brief, please.", s1'),
        ("system", (" x", 'say "x"'), '" x", "say \\"x\\""'),
        ("stop_sequences", (("a", "b"), ("c",)), '["a", "b"], ["c"]'),
        ("tools", (Json.of([{"name": "a"}]), None), '[{"name": "a"}], '),
    ],
)
def test_values_stand_in_the_field_as_they_are_typed(key: str, values: tuple[Any, ...], text: str) -> None:
    assert axis_text.written(values) == text
    assert axis_text.axis_of(key, text) == Axis(key, values)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=4, unique=True)
)
def test_any_texts_are_read_back_as_they_were(texts: list[str]) -> None:
    assert axis_text.axis_of("system", axis_text.written(texts)).values == tuple(texts)


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("temperature", "", "no values"),
        ("temperature", "warm", "takes a number"),
        ("temperature", "0, 0", "stands twice"),
        ("max_tokens", "1.5", "whole number"),
        ("temperature", "0, 0.5", None),
    ],
)
def test_a_mistake_in_the_values_is_a_sentence(key: str, text: str, said: str | None) -> None:
    found = axis_text.mistake(key, text)
    assert found is None if said is None else said in (found or "")


@pytest.mark.parametrize("key", BY_KEY)
def test_what_is_suggested_can_be_taken_as_it_is(key: str) -> None:
    words = tuple(model.id for model in CATALOGUE.choices) if key == "model" else ()
    words = words or tuple(getattr(BY_KEY[key].kind, "values", ()))
    found = axis_text.suggested(key, Params(model="claude-sonnet-4-6", system="Be brief."), words, ("s1", "s2"))
    assert not found or axis_text.mistake(key, found) is None


def test_one_value_is_enough_for_an_axis_and_not_for_a_comparison() -> None:
    assert axis_text.mistake("temperature", "0") is None
    assert "write 2 or more" in (axis_text.mistake("temperature", "0", least=2) or "")
    assert axis_text.mistake("temperature", "0, 1", least=2) is None
