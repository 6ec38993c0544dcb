"""What each kind of value takes from a file and from a keyboard, how it steps, and how it shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.kinds import Choice, Json, JsonKind, Kind, KindError, Lines, Number, Text, Value, either, shown_raw

SHARE = Number(0, 1, 0.05, 0.25, 1.0)
COUNT = Number(1, 500, 1, 10, 40, integer=True)
BUDGET = Number(1024, 128_000, 1024, 8192, 2048, integer=True)
WORD = Choice(("low", "medium", "high"))
ANY_WORD = Choice(("global", "us"), open=True)
LIST, TABLE, LOOSE = JsonKind(list), JsonKind(dict), JsonKind(plain=True)
NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (SHARE, 0.2, 0.2),
        (SHARE, 1, 1),
        (SHARE, 7, 7),  # beyond the bounds is warned of, not refused
        (COUNT, 40, 40),
        (WORD, "low", "low"),
        (ANY_WORD, "mars", "mars"),
        (Lines(), ["a", " "], ("a", " ")),
        (Lines(), ("a",), ("a",)),
        (Lines(), "a\nb", ("a\nb",)),
        (Lines(), [], ()),
        (Text(), " a\r\n", " a\r\n"),
        (Text(), 815, "815"),
        (LIST, [{"a": 1}], Json('[{"a": 1}]')),
        (LIST, '[{"a":null}]', Json('[{"a": null}]')),
        (TABLE, {"é": [1, 2.5, True]}, Json('{"é": [1, 2.5, true]}')),
        (TABLE, Json("{}"), Json("{}")),
        (LOOSE, "container_1", Json('"container_1"')),
        (LOOSE, {"id": "x"}, Json('{"id": "x"}')),
        (LOOSE, '"quoted"', Json('"quoted"')),
    ],
)
def test_read(kind: Kind, raw: object, value: Value) -> None:
    read = kind.read(raw)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "raw", "mistake"),
    [
        (SHARE, "0.2", "takes a number, not '0.2'"),
        (SHARE, True, "takes a number, not true or false"),
        (SHARE, None, "takes a number, not nothing"),
        (SHARE, NAN, "takes a finite number, not nan"),
        (SHARE, -INFINITY, "takes a finite number, not -inf"),
        (COUNT, 10**16, "takes a finite whole number, not 10000000000000000"),
        (COUNT, 1.0, "takes a whole number, not 1.0"),
        (COUNT, [1], "takes a whole number, not a list"),
        (WORD, "lo", "takes low, medium or high, not 'lo'"),
        (WORD, "", "takes a word, not ''"),
        (WORD, 5, "takes a word, not 5"),
        (ANY_WORD, "", "takes a word, not ''"),
        (Lines(), [1], "takes a list of strings, not a list"),
        (Lines(), {}, "takes a list of strings, not a table"),
        (Text(), True, "takes text, not true or false"),
        (Text(), ["a"], "takes text, not a list"),
        (LIST, {}, "takes a JSON list, not a table"),
        (TABLE, [], "takes a JSON table, not a list"),
        (TABLE, "text", "is not JSON: expecting value at line 1, column 1"),
        (LIST, "[" * 65 + "]" * 65, "nests deeper than 64 levels"),
        (LIST, "[" * 9_000 + "]" * 9_000, "nests deeper than 64 levels"),
        (TABLE, '{"a": 1,\n "a": 2}', 'is not JSON: the key "a" stands twice in one object'),
        (TABLE, '{"a": NaN}', "is not JSON: NaN is no JSON number"),
        (TABLE, {"a": NAN}, "can't be sent as JSON: "),
        (TABLE, {"a": b"x"}, "can't be sent as JSON: "),
        (LOOSE, "{broken", "is not JSON: "),
        (LOOSE, " ", "is not JSON: "),
    ],
)
def test_what_is_refused_and_why(kind: Kind, raw: object, mistake: str) -> None:
    with pytest.raises(KindError) as refused:
        kind.read(raw)
    assert str(refused.value).startswith(mistake)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (SHARE, " 0.25 ", 0.25),
        (SHARE, "1", 1),
        (SHARE, "1e-1", 0.1),
        (COUNT, "1 024", 1024),
        (COUNT, "1_024", 1024),
        (WORD, " high\n", "high"),
        (Text(), " as is ", " as is "),
        (Lines(), "\n\nHuman:", ("\n\nHuman:",)),
        (Lines(), "[END]", ("[END]",)),
        (Lines(), "[", ("[",)),
        (Lines(), ' ["a", "b"] ', ("a", "b")),
        (Lines(), "[]", ()),
        (LIST, "[1,2]", Json("[1, 2]")),
    ],
)
def test_read_what_was_typed(kind: Kind, text: str, value: Value) -> None:
    assert kind.read_text(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "mistake"),
    [
        (SHARE, "much", "takes a number, not 'much'"),
        (SHARE, "", "takes a number, not ''"),
        (SHARE, "nan", "takes a finite number, not nan"),
        (COUNT, "1.5", "takes a whole number, not 1.5"),
        (COUNT, "9" * 20, "takes a finite whole number"),
        (COUNT, "9" * 5000, "takes a finite whole number"),
        (WORD, "none", "takes low, medium or high, not 'none'"),
        (Lines(), '["a"', "is not JSON: "),
        (Lines(), "[1]", "takes a list of strings, not a list"),
        (TABLE, "{" * 100_000, "is not JSON: "),
        (LIST, "[" * 100_000, "nests deeper than 64 levels"),
    ],
)
def test_what_was_typed_wrongly(kind: Kind, text: str, mistake: str) -> None:
    with pytest.raises(KindError) as refused:
        kind.read_text(text)
    assert str(refused.value).startswith(mistake)


@pytest.mark.parametrize(
    ("kind", "value", "by", "big", "after"),
    [
        (SHARE, None, 1, False, 1.0),
        (SHARE, None, -1, True, 1.0),
        (SHARE, 0.3, 1, False, 0.35),
        (SHARE, 0.3, -1, False, 0.25),
        (SHARE, 0.33, 1, False, 0.35),
        (SHARE, 0.33, -1, False, 0.3),
        (SHARE, 0.3, 1, True, 0.5),
        (SHARE, 0.95, 1, True, 1.0),
        (SHARE, 1.0, 1, False, 1.0),
        (SHARE, 0.0, -1, False, 0.0),
        (SHARE, 7, -1, False, 1.0),
        (COUNT, None, 1, False, 40),
        (COUNT, 1, 1, True, 10),
        (COUNT, 10, -1, True, 1),
        (COUNT, 499, 1, True, 500),
        (BUDGET, 1500, 1, False, 2048),
        (BUDGET, 1500, -1, False, 1024),
        (BUDGET, 1024, 1, True, 8192),
    ],
)
def test_steps_stay_on_the_grid_and_within_the_bounds(
    kind: Number, value: Value | None, by: int, *, big: bool, after: float
) -> None:
    stepped = kind.stepped(value, by, big=big)
    assert stepped == after
    assert isinstance(stepped, int) == kind.integer


@pytest.mark.parametrize(
    ("value", "by", "among", "after"),
    [
        (None, 1, (), "low"),
        (None, -1, (), "high"),
        ("low", 1, (), "medium"),
        ("high", 1, (), "high"),
        ("low", -1, (), "low"),
        ("odd", 1, (), "low"),
        ("high", -1, ("low", "high"), "low"),
        ("medium", 1, ("low", "high"), "low"),
    ],
)
def test_a_choice_steps_along_its_words(value: str | None, by: int, among: tuple[str, ...], after: str) -> None:
    assert WORD.stepped(value, by, among=among) == after


def test_a_choice_without_words_stays() -> None:
    assert Choice(open=True).stepped("mine", 1) == "mine"


@pytest.mark.parametrize(
    ("kind", "value", "warning"),
    [
        (SHARE, 1.5, "1.5 lies outside 0–1"),
        (SHARE, -1, "-1 lies outside 0–1"),
        (SHARE, 1, None),
        (BUDGET, 5, "5 lies outside 1024–128000"),
        (WORD, "low", None),
        (Lines(), (), None),
        (Text(), "", None),
        (TABLE, Json("{}"), None),
    ],
)
def test_what_is_warned_of(kind: Kind, value: Any, warning: str | None) -> None:
    assert kind.warning(value) == warning


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (SHARE, 1, "1.00"),
        (SHARE, 0.2, "0.20"),
        (SHARE, 0.125, "0.125"),
        (COUNT, 40, "40"),
        (BUDGET, 128_000, "128 000"),
        (WORD, "low", "low"),
        (Lines(), (), "[]"),
        (Lines(), ("\n",), '"\\n"'),
        (Lines(), ("a", "b", "c"), '"a" +2'),
        (Text(), "two\n  lines", "two lines"),
        (Text(), "x" * 41, "x" * 39 + "…"),
        (LIST, Json("[1, 2]"), "2 items"),
        (LIST, Json.of([{"name": f"tool_number_{at}"} for at in range(9)]), "9 · tool_number_0, tool_number_1, tool_…"),
        (LIST, Json('[{"name": "a"}, {"type": "b"}, {}]'), "3 · a, b, ?"),
        (TABLE, Json('{"type": "auto"}'), "auto"),
        (TABLE, Json('{"type": "tool", "name": "t"}'), "t"),
        (TABLE, Json('{"a": 1}'), '{"a": 1}'),
        (LOOSE, Json('"c"'), '"c"'),
    ],
)
def test_how_it_shows(kind: Kind, value: Any, shown: str) -> None:
    assert kind.shown(value) == shown


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_is_what_it_was(value: object) -> None:
    held = Json.of(value)
    assert held.value == value
    assert Json.parse(held.text) == held
    assert hash(Json.parse(held.text)) == hash(held)
    assert held.plain == (json.loads(held.text) if held.plain is not held.text else held.text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('{"a": [1]}', {"a": [1]}),
        ('{"a": [null]}', '{"a": [null]}'),
        ('[{"b": null}]', '[{"b": null}]'),
        ("null", "null"),
        ('"text"', '"text"'),
        ("[]", []),
    ],
)
def test_what_toml_cant_say_goes_as_json_text(text: str, plain: object) -> None:
    assert Json(text).plain == plain


def test_words() -> None:
    assert either(("a",)) == "a"
    assert either(("a", "b", "c")) == "a, b or c"
    assert shown_raw("x" * 100) == "'" + "x" * 58 + "…"
