"""Axes as a person writes them, and what they show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.kinds import Json
from workbench.core.params import FIELDS, ParamError
from workbench.core.sweep import Axis, Sweep, SweepError, free_id, plain, read_axis, read_value, with_sweep

TOOL = '[{"name":"a","input_schema":{"type":"object","required":["x","y"]}}]'


@pytest.mark.parametrize(
    ("text", "key", "values", "shown"),
    [
        ("temperature=0,0.5,1", "temperature", (0, 0.5, 1), ("0", "0.5", "1")),
        ("temperature=0.25", "temperature", (0.25,), ("0.25",)),
        (" temperature = 0.1 , 0.2 ", "temperature", (0.1, 0.2), ("0.1", "0.2")),
        ("temperature=,1", "temperature", (None, 1), ("—", "1")),
        ("temperature=0,", "temperature", (0, None), ("0", "—")),
        ("max_tokens=256,1_024,4096", "max_tokens", (256, 1024, 4096), ("256", "1 024", "4 096")),
        ("top_k=1,40", "top_k", (1, 40), ("1", "40")),
        (
            "model=claude-sonnet-4-6,claude-haiku-4-5,llama3:8b",
            "model",
            ("claude-sonnet-4-6", "claude-haiku-4-5", "llama3:8b"),
            ("sonnet-4-6", "haiku-4-5", "llama3:8b"),
        ),
        ("effort=low,high,", "effort", ("low", "high", None), ("low", "high", "—")),
        ("version=2023-06-01,2026-10-21", "version", ("2023-06-01", "2026-10-21"), ("2023-06-01", "2026-10-21")),
        ("system=s1,s2,", "system", ("s1", "s2", None), ("s1", "s2", "—")),
        ('system="Be brief, please.",s2', "system", ("Be brief, please.", "s2"), ("Be brief, please.", "s2")),
        ("system='a,\"b',c", "system", ('a,"b', "c"), ('a,"b', "c")),
        ('system="a\\",b",c', "system", ('a",b', "c"), ('a",b', "c")),
        ('system="""a,b""",c', "system", ("a,b", "c"), ("a,b", "c")),
        ("system=don't,can't", "system", ("don't", "can't"), ("don't", "can't")),
        ("system=say [this, that]", "system", ("say [this", "that]"), ("say [this", "that]")),
        ('user_id="",u', "user_id", (None, "u"), ("—", "u")),
        ('stop_sequences=["a","b"],["c"]', "stop_sequences", (("a", "b"), ("c",)), ('"a" +1', '"c"')),
        ('stop_sequences=["a]"],x,', "stop_sequences", (("a]",), ("x",), None), ('"a]"', '"x"', "—")),
        ("stop_sequences=[END],[STOP]", "stop_sequences", (("[END]",), ("[STOP]",)), ('"[END]"', '"[STOP]"')),
        ('stop_sequences=[],["\\n"]', "stop_sequences", ((), ("\n",)), ("[]", '"\\n"')),
        (f"tools={TOOL},", "tools", (Json.parse(TOOL), None), ("1 · a", "—")),
        (
            'tool_choice={"type":"auto"},{ type = "tool", name = "a,b" }',
            "tool_choice",
            (Json.of({"type": "auto"}), Json.of({"type": "tool", "name": "a,b"})),
            ("auto", "a,b"),
        ),
    ],
)
def test_an_axis_is_read_as_it_is_written(text: str, key: str, values: tuple[Any, ...], shown: tuple[str, ...]) -> None:
    axis = read_axis(text)
    assert axis == Axis(key, values)
    assert tuple(axis.shown(value) for value in axis.values) == shown
    assert axis.label == next(row.label for row in FIELDS if row.key == key)
    assert tuple(read_value(key, plain(key, value)) for value in values) == values


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("temperature", SweepError, "'temperature' has no '='; write KEY=VALUE,VALUE"),
        ("temperature=", SweepError, "temperature has no values: write temperature=VALUE,VALUE"),
        ("temperature= ", SweepError, "temperature has no values"),
        ("temperature=0,0.0", SweepError, "temperature: 0 stands twice; repeats ask the same again"),
        ("temperature=,1,", SweepError, "temperature: — stands twice"),
        ("temprature=1", ParamError, "there is no parameter 'temprature'; did you mean temperature?"),
        ("temperature=0,warm", ParamError, "temperature takes a number, not 'warm'"),
        ("max_tokens=1.5", ParamError, "max_tokens takes a whole number, not 1.5"),
        ("effort=some", ParamError, "effort takes low, medium, high, xhigh or max, not 'some'"),
        ('stop_sequences=["a', SweepError, "'[\"a': [ is not closed"),
        ('system="a,b', SweepError, "'\"a,b': \" is not closed"),
    ],
)
def test_a_mistake_on_an_axis_is_a_sentence(text: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as told:
        read_axis(text)
    assert type(told.value) is kind
    assert said in str(told.value)


@given(st.lists(st.text(), min_size=1, max_size=5, unique=True))
def test_whatever_stands_in_quotes_parts_nothing(texts: list[str]) -> None:
    written = ",".join(json.dumps([text]) for text in texts)
    assert read_axis(f"stop_sequences={written}").values == tuple((text,) for text in texts)


def test_a_value_is_told_with_its_parameter_where_it_could_be_any() -> None:
    assert Axis("model", ()).told("claude-haiku-4-5") == "haiku-4-5"
    assert Axis("system", ()).told("s2") == "s2"
    assert Axis("temperature", ()).told(0.7) == "temperature 0.7"
    assert Axis("model", ()).told(None) == "model —"


def test_a_definition_that_is_there_is_not_added_twice() -> None:
    axes = (read_axis("temperature=0,1"),)
    first, named = with_sweep((), Sweep("", axes, 3))
    assert named.id == "w1"
    again, same = with_sweep(first, Sweep("other", axes, 3))
    assert again == first
    assert same is first[0]
    more, second = with_sweep(first, Sweep("w1", axes, 4))
    assert [each.id for each in more] == ["w1", "w2"]
    assert second.id == "w2"
    assert with_sweep(more, Sweep("mine", axes, 5))[1].id == "mine"
    assert free_id(["w2", "w1", "x"]) == "w3"


def test_its_shape_has_the_repeats_where_there_are_several() -> None:
    axes = (read_axis("model=a,b"), read_axis("temperature=0,0.3,0.7,1"))
    assert Sweep(axes=axes, repeats=8).shape == "2 × 4 × 8"
    assert Sweep(axes=axes).shape == "2 × 4"
