from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone
from time import process_time
from typing import Any

import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.engine import toml_file, toml_guard
from workbench.engine.files import StoreError

NASTY = (
    "",
    "\n",
    "\n\n\n",
    "\r",
    "\r\n",
    "a\r\nb\r\n",
    "a\rb\nc",
    "\\",
    "ends in a backslash\\",
    "line\\\nnext",
    "line \\  \n   next",
    '"',
    '""',
    '"""',
    '""""""',
    'a\n"',
    'a\n""',
    'a\n"""',
    'a\n""""',
    'a\n"""""',
    '"""\n"""',
    "'''",
    "a\n'''",
    "\ttab\n\ttab",
    "trailing  \n  leading",
    "\x00",
    "a\n\x00\x01\x1b[31m\x7f\x08\x0c",
    "\x85\u2028\u2029",
    "a\u2028b\nc\x85d",
    "\ufeffmark",
    "# no comment\n[no.table]\nno = key",
    "{{name}} \\{{name}}",
    "\\u0041 \\n \\x",
    "👩‍👩‍👧 \u202e rtl \U000e0041",
    "x" * 500,
    ("y" * 200 + "\n") * 3,
)

text = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet="\"\\\n\r\t a\x00\u2028é#[]{}=.,'", max_size=12),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=20),
)
plain = st.one_of(
    text,
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.datetimes(timezones=st.one_of(st.none(), st.just(UTC), st.just(timezone(timedelta(hours=-3, minutes=-30))))),
    st.dates(),
    st.times(),
)
values = st.recursive(
    plain, lambda each: st.one_of(st.lists(each, max_size=4), st.dictionaries(text, each, max_size=4)), max_leaves=12
)


@pytest.mark.fault("F16")
@given(st.dictionaries(text, values, max_size=5))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
def test_what_is_written_is_read_back_exactly(tables: dict[str, Any]) -> None:
    written = toml_file.dumps(tables)
    assert tomllib.loads(written) == tables
    assert tomli.loads(written) == tables
    assert toml_file.loads(written.encode(), "a.toml") == tables


@pytest.mark.fault("F16")
@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_survives_wherever_it_stands(nasty: str) -> None:
    tables = {
        "top": nasty,
        "table": {nasty: nasty, "list": [nasty, [nasty]], "inner": {"a": {"b": nasty}}},
        "rows": [{"text": nasty, "blocks": [{"type": "text", "text": nasty}]}, {nasty: {nasty: [{nasty: nasty}]}}],
    }
    assert tomllib.loads(toml_file.dumps(tables)) == tables


def test_the_file_reads_like_the_one_a_person_would_write() -> None:
    tables = {
        "session": {"title": "refund-triage", "created": datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)},
        "format": 1,
        "params": {"model": "claude-sonnet-4-6", "max_tokens": 1024, "stop_sequences": ["\n\nHuman:"]},
        "systems": [{"id": "s1", "text": 'You are a "support" triage agent.\nBe \\brief."'}],
        "lanes": [{"id": "A", "params": {"temperature": 0.0}, "unset": ["max_tokens"]}, {"id": "B", "tip": ""}],
        "messages": [{"id": "m1", "content": [{"type": "text", "text": "a\nb"}, {"type": "text", "text": "c"}]}],
    }
    assert (
        toml_file.dumps(tables)
        == r'''format = 1

[session]
title = "refund-triage"
created = 2026-11-22T14:03:11Z

[params]
model = "claude-sonnet-4-6"
max_tokens = 1024
stop_sequences = ["\n\nHuman:"]

[[systems]]
id = "s1"
text = """
You are a "support" triage agent.
Be \\brief.\""""

[[lanes]]
id = "A"
params = { temperature = 0.0 }
unset = ["max_tokens"]

[[lanes]]
id = "B"
tip = ""

[[messages]]
id = "m1"

[[messages.content]]
type = "text"
text = """
a
b"""

[[messages.content]]
type = "text"
text = "c"
'''
    )


def test_a_long_table_in_a_row_becomes_a_block_of_its_own() -> None:
    row = {"id": "r1", "usage": {f"a_rather_long_count_{n}": n for n in range(8)}, "state": "complete"}
    written = toml_file.dumps({"runs": [row]})
    assert written.startswith('[[runs]]\nid = "r1"\nstate = "complete"\n\n[runs.usage]\na_rather_long_count_0 = 0\n')


def test_a_long_list_has_one_item_a_line() -> None:
    written = toml_file.dumps({"stop": [f"{n}{'=' * 30}" for n in range(4)]})
    assert written.splitlines()[1] == f'    "0{"=" * 30}",'


@pytest.mark.fault("F16")
def test_a_row_with_a_carriage_return_has_no_text_of_many_lines() -> None:
    written = toml_file.dumps({"rows": [{"a": "x\r\ny", "b": "x\ny"}, {"b": "x\ny"}]})
    assert written == '[[rows]]\na = "x\\r\\ny"\nb = "x\\ny"\n\n[[rows]]\nb = """\nx\ny"""\n'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC), "2026-01-02T03:04:05.678000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T03:04:05+02:00"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(seconds=90))), "2026-01-02T03:02:35Z"),
        (datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05"),
        (date(26, 1, 2), "0026-01-02"),
        (time(1, 2, 3), "01:02:03"),
        (-0.0, "-0.0"),
        (float("inf"), "inf"),
        (1e300, "1e+300"),
        (True, "true"),
    ],
)
def test_plain_values_look_the_same_in_a_line_and_in_a_list(value: object, written: str) -> None:
    assert toml_file.dumps({"v": value, "list": [value]}) == f"v = {written}\nlist = [{written}]\n"
    tomllib.loads(f"v = {written}")


def test_half_a_surrogate_pair_becomes_visible_and_loses_no_key() -> None:
    keys = [f"a{chr(code)}" for code in (0xD800, 0xDC00, 0xFFFD)]
    tables = dict(zip(keys, ("x\udfff", [{"b": "\ud83d"}], 1), strict=True))
    read = tomllib.loads(toml_file.dumps(tables))
    assert read == {"a\ufffd\ufffd": "x\ufffd", "a\ufffd\ufffd\ufffd": [{"b": "\ufffd"}], "a\ufffd": 1}


@pytest.mark.parametrize("thing", [None, b"x", object(), {1, 2}])
def test_what_toml_cannot_say_is_a_bug_that_shows(thing: object) -> None:
    with pytest.raises(TypeError):
        toml_file.dumps({"a": thing})
    with pytest.raises(TypeError):
        toml_file.dumps({"a": [1, thing]})


def nested(depth: int, kind: type[list[object]] | type[dict[str, object]]) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


@pytest.mark.parametrize("kind", [list, dict])
def test_what_can_be_written_can_be_read_and_what_is_deeper_is_refused(kind: type[Any]) -> None:
    tables = {"v": nested(60, kind)}
    assert toml_file.loads(toml_file.dumps(tables).encode(), "a.toml") == tables
    with pytest.raises(ValueError, match="deeper than 64"):
        toml_file.dumps({"v": nested(2000, kind)})


# Reading


@pytest.mark.fault("F11", "F12")
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a = 1\nb = \n", "line 2, column 5: invalid value"),
        (b"a = [1,\n", "at its end"),
        (b"a = 1\na = 2", "at its end: a is there twice"),
        (b'a = "unclosed [[[[\n', "line 1"),
        (b'a = """' + b"[" * 500, "at its end: unterminated string"),
        (b"a = " + b"9" * 5000, "a number in it is too long"),
        (b"a = " + b"[" * 100_000, "deeper than 64 levels"),
        (b"a = " + b"[" * 65 + b"]" * 65, "deeper than 64 levels"),
        (b"a = " + b"{a = " * 65 + b"1" + b"}" * 65, "deeper than 64 levels"),
        (b"a." * 65 + b"a = 1", "more than 64 dots"),
        (b"a = 1\n[" + b'"a" . ' * 65 + b"a]", "more than 64 dots"),
        (b"x = {" + b"'a'." * 100_000 + b"a = 1}", "more than 64 dots"),
        (b"a=[" + b"1," * 2_000_001 + b"]", "more than 2 000 000 values"),
        ("a = 1".encode("utf-16"), "UTF-16"),
        ("a = 1".encode("utf-16-le"), "UTF-16"),
        ("a = 1".encode("utf-16-be"), "UTF-16"),
        ("a = 1\nb = 'é'".encode("latin-1"), "line 2 is not UTF-8"),
        (b"a = 1\nb = 2\n\0\0\0", "NUL bytes from line 3"),
        (b"\0" * 100, "NUL bytes from line 1"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(StoreError) as caught:
        toml_file.loads(data, "mine.toml")
    sentence = str(caught.value)
    assert says in sentence
    assert sentence.startswith("mine.toml can't be read")
    assert "\n" not in sentence
    assert caught.value.problem.hint


@pytest.mark.fault("F12")
@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfa = 1",
        b"a = 1\r\n",
        b"a." * 64 + b"a = 1",
        b"a = " + b"[" * 64 + b"]" * 64,
        b"a = '" + b"[" * 500 + b"x." * 500 + b"'",
        b'a = """' + b"[{" * 500 + b'\\""" '[:-1] + b'\n""""" # ' + b"[" * 100,
        b"a = [" + b"0.5, " * 500 + b"]",
        b"",
    ],
)
def test_what_is_only_unusual_is_read(data: bytes) -> None:
    assert toml_file.loads(data, "mine.toml") == tomllib.loads(data.decode("utf-8-sig"))


def test_the_standard_library_reads_as_well_where_tomli_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_file, "_parser", lambda: tomllib)
    assert toml_file.loads(b"a = 1", "a.toml") == {"a": 1}
    with pytest.raises(StoreError, match="line 1, column 5"):
        toml_file.loads(b"a = ?", "a.toml")


@pytest.mark.fault("F11")
def test_the_guard_takes_as_long_as_the_text_and_not_its_square() -> None:
    started = process_time()
    for hostile in ("a" * 300_000, " " * 300_000, "." * 300_000, '"' * 300_001, "\\" * 300_000, "a.b " * 100_000):
        toml_guard.refusal(f"a = {hostile}")
    assert process_time() - started < 5


@pytest.mark.parametrize("character", ["\x9b", "\u202e", "\u2066", "\u200f", "\u2028", "\U000e0041"])
def test_what_steers_a_terminal_or_hides_in_a_diff_stands_escaped_in_the_file(character: str) -> None:
    tables = {
        "s": {f"a{character}": f"one{character}line", "many": f"two{character}\nlines", "list": [f"x{character}"]}
    }
    text = toml_file.dumps(tables)
    assert character not in text
    assert toml_file.loads(text.encode(), "x.toml") == tables
