"""Canned results: which call each answers, how often, and how a session file says so."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from workbench.core import session_file
from workbench.core.canned import Call, CannedResult, Result, matches
from workbench.core.kinds import Json
from workbench.core.session import Session
from workbench.engine import toml_file


def written(text: str) -> session_file.Loaded:
    return session_file.load(tomllib.loads(text))


def call(name: str = "get_weather", **given: object) -> Call:
    return Call("toolu_1", name, given)


PARIS = CannedResult("get_weather", Json.of({"city": "Paris"}), Result("12 degrees"))
ANYWHERE = CannedResult("get_weather", None, Result("unknown", is_error=True))


@pytest.mark.parametrize(
    ("row", "asked", "answers"),
    [
        (PARIS, call(city="Paris"), True),
        (PARIS, call(city="Paris", unit="C"), True),
        (PARIS, call(city="paris"), False),
        (PARIS, call(), False),
        (PARIS, call("get_time", city="Paris"), False),
        (PARIS, Call("toolu_1", "get_weather", "Paris"), False),
        (ANYWHERE, call(city="Rome"), True),
        (ANYWHERE, call(), True),
        (CannedResult("t", Json.of({"a": 1})), call("t", a=1.0), True),
        (CannedResult("t", Json.of({"a": 1})), call("t", a=True), False),
        (CannedResult("t", Json.of({"a": False})), call("t", a=0), False),
        (CannedResult("t", Json.of({"a": [1, {"b": None}]})), call("t", a=[1, {"b": None}]), True),
        (CannedResult("t", Json.of({"a": {"b": 1}})), call("t", a={"b": 1, "c": 2}), False),
        (CannedResult(extra={"input": {}}), call(""), False),
    ],
)
def test_every_member_that_is_given_must_be_equal(row: CannedResult, asked: Call, answers: bool) -> None:
    assert row.answers(asked) is answers


def test_the_first_that_answers_is_taken_until_it_is_used_up() -> None:
    first = CannedResult("get_weather", result=Result("one"), times=1)
    second = CannedResult("get_weather", result=Result("two"), times=2)
    rows = (PARIS, first, second)
    rome = call(city="Rome")
    assert matches(rows, (), [rome, call(city="Paris"), rome, rome, rome]) == (first, PARIS, second, second, None)
    assert matches(rows, [rome, rome], [rome, rome]) == (second, None)


def test_what_is_written_by_hand() -> None:
    found = written("""
[[tool_results]]
tool = "get_weather"
input = { city = "Paris" }
text = "12 degrees"

[[tool_results]]
tool = "get_weather"
content = "unknown"
is_error = true

[[tool_results]]
tool = "chart"
times = 1
content = [{ type = "text", text = "a chart" }]

[[tool_results]]
tool = "read"
file = "results/page.txt"
note = "mine"
""")
    assert found.notes == ()
    assert found.session.tool_results == (
        PARIS,
        ANYWHERE,
        CannedResult("chart", None, Result(Json.of([{"type": "text", "text": "a chart"}])), times=1),
        CannedResult("read", file="results/page.txt"),
    )
    tables = session_file.dump(found.session)
    again = written(toml_file.dumps(tables)).session
    assert again == found.session
    assert again.tool_results[3].extra == {"note": "mine"}
    assert tables["tool_results"] == [
        {"tool": "get_weather", "input": {"city": "Paris"}, "text": "12 degrees"},
        {"tool": "get_weather", "is_error": True, "text": "unknown"},
        {"tool": "chart", "times": 1, "content": [{"type": "text", "text": "a chart"}]},
        {"tool": "read", "file": "results/page.txt", "note": "mine"},
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("text = 'x'", "tool must say which tool it answers"),
        ("tool = 3", "tool must say which tool it answers"),
        ("tool = 't'", 'text, content or file must give the result, like text = "12 °C";'),
        ("tool = 't'\nis_error = true", "text, content or file must give the result"),
        (
            "tool = 't'\ntxt = 'x'",
            'text, content or file must give the result, like text = "12 °C"; txt is not known, did you mean text?',
        ),
        ("tool = 't'\nfile = ''", "file must name a text file"),
        ("tool = 't'\ntext = 'x'\ninput = 3", "input must be a table"),
        ("tool = 't'\ntext = 'x'\ninput = 'Paris'", "input must be a table, like { city = \"Paris\" }, not 'Paris'"),
        ("tool = 't'\ntext = 'x'\ninput = '{x'", "input is not JSON"),
        ("tool = 't'\ntext = 'x'\ninput = { day = 2026-01-01 }", "input can't be sent as JSON"),
        ("tool = 't'\ntext = 'x'\nfile = 'y'", "text and file can't both be the result"),
        ("tool = 't'\ntext = 12", "text must be text in quotes, not 12"),
        ("tool = 't'\ncontent = 4", "content must be text in quotes, or a list"),
        ("tool = 't'\ncontent = [{ text = 'x' }]", "content must be text in quotes, or a list"),
        ("tool = 't'\ncontent = [{ type = 'text', text = 2026-01-01 }]", "content can't be sent as JSON"),
        ("tool = 't'\ncontent = [{ type = 'image', source = { type = 'path', path = 5 } }]", "a source of type"),
        ("tool = 't'\nfile = ['x']", "file must be text in quotes"),
        ("tool = 't'\ntext = 'x'\nis_error = 'yes'", "is_error must be true or false"),
        ("tool = 't'\ntext = 'x'\ntimes = 0", "times must be a whole number from 1 on"),
        ("tool = 't'\ntext = 'x'\ntimes = true", "times must be a whole number from 1 on"),
    ],
)
def test_a_mistake_is_told_and_the_row_kept(row: str, said: str) -> None:
    found = written(f"[[tool_results]]\n{row}")
    assert found.notes[0].startswith(f"tool_results, row 1: {said}"), found.notes
    assert found.notes[0].endswith("; it is kept, and not used")
    assert matches(found.session.tool_results, (), [call("t")]) == (None,)
    assert session_file.dump(found.session)["tool_results"] == [tomllib.loads(row)]


def test_a_tool_that_the_session_has_not_is_told_where_it_has_some() -> None:
    row = "[[tool_results]]\ntool = 'get_wether'\ntext = ''\n"
    tools = "tools = [{ name = 'get_weather', input_schema = {} }]"
    told = "tool_results, row 1: no tool of the session is called get_wether"
    assert written(row).notes == ()
    assert written(f"{row}[params]\n{tools}").notes == (f"{told}; did you mean get_weather?",)
    assert written(f"{row}[[lanes]]\nparams.{tools.replace('weather', 'time')}").notes == (told,)
    kept = written(row).session
    assert session_file.load(session_file.dump(kept)).session == kept
    assert kept.tool_results == (CannedResult("get_wether"),)


def test_a_misspelt_key_is_told() -> None:
    found = written("[[tool_results]]\ntool = 't'\ntext = 'x'\nis_eror = true")
    assert found.notes == (
        "tool_results, row 1: is_eror is not known; did you mean is_error? It is kept, and not used",
    )


@pytest.mark.parametrize(
    ("result", "block"),
    [
        (Result("x"), {"content": "x"}),
        (Result(""), {}),
        (Result("x", is_error=True), {"content": "x", "is_error": True}),
        (Result(Json.of([{"type": "text", "text": "x"}])), {"content": [{"type": "text", "text": "x"}]}),
    ],
)
def test_a_result_as_the_api_takes_it(result: Result, block: dict[str, Any]) -> None:
    assert result.block(call()) == {"type": "tool_result", "tool_use_id": "toolu_1", **block}


def test_a_session_without_any_has_no_table() -> None:
    assert "tool_results" not in session_file.dump(Session())
