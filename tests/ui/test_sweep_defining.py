"""A sweep's definition as it is typed: values, repeats, and what is suggested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.rows import CATALOGUE
from workbench.core.kinds import Json
from workbench.core.params import BY_KEY, Params
from workbench.core.session import Session
from workbench.core.sweep import Axis, Sweep, read_axis
from workbench.ui.sweep import defining

MODELS = read_axis("model=claude-opus-4-6,claude-haiku-4-5")
HEATS = read_axis("temperature=0,0.5,1")


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
    assert defining.written(values) == text
    assert defining.axis_of(key, text) == Axis(key, values)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=4, unique=True)
)
def test_any_texts_are_read_back_as_they_were(texts: list[str]) -> None:
    assert defining.axis_of("system", defining.written(texts)).values == tuple(texts)


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
    found = defining.mistake(key, text)
    assert found is None if said is None else said in (found or "")


@pytest.mark.parametrize(
    ("text", "wrong"), [("8", False), (" 12 ", False), ("0", True), ("1001", True), ("x", True), ("", True)]
)
def test_repeats_are_a_number_that_makes_sense(text: str, wrong: bool) -> None:
    assert (defining.repeats_mistake(text) is not None) is wrong


@pytest.mark.parametrize("key", BY_KEY)
def test_what_is_suggested_can_be_taken_as_it_is(key: str) -> None:
    words = tuple(model.id for model in CATALOGUE.choices) if key == "model" else ()
    words = words or tuple(getattr(BY_KEY[key].kind, "values", ()))
    found = defining.suggested(key, Params(model="claude-sonnet-4-6", system="Be brief."), words, ("s1", "s2"))
    assert not found or defining.mistake(key, found) is None


def test_axes_are_changed_in_place_and_taken_away() -> None:
    sweep = defining.with_axis(defining.with_axis(Sweep(), MODELS), HEATS)
    assert sweep.axes == (MODELS, HEATS)
    other = Axis("model", ("x",))
    assert defining.with_axis(sweep, other).axes == (other, HEATS)
    assert defining.without_axis(sweep, "model").axes == (HEATS,)
    session = defining.with_changed(Session(), sweep)
    assert defining.chosen(session) == sweep
    assert defining.chosen(defining.with_changed(session, replace(sweep, repeats=9))) == replace(sweep, repeats=9)
    assert defining.started(session).id == "w2"
    assert defining.chosen(Session()) is None
    assert defining.editable(session, sweep) is sweep
    assert defining.editable(session, None).id == "w2"
    assert defining.editable(session, Sweep("w1", extra={"axes": {"heat": [1]}})).id == "w2"
