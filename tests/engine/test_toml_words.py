"""Mistakes that people make in a file written by hand: told by what was meant, and never with what stands there."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli

from workbench.engine import toml_file
from workbench.engine.files import StoreError

SEVERAL = 'a text doesn\'t end on its line; end it there, or put """ before and behind one of several lines'
SMALL = "true and false are written in small letters: stream = "


@pytest.mark.parametrize("parser", [tomli, tomllib])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[params]\nmodel = claude-haiku-4-5\n", 'line 2, column 9: text needs quotes: model = "…"'),
        ("model = 4-haiku # mine", 'text needs quotes: model = "…"'),
        ("a.'b' = 1\nc = trueish", 'text needs quotes: c = "…"'),
        ("stream = True\n", f"{SMALL}true"),
        ("stream = FALSE # no\n", f"{SMALL}false"),
        ('text = "Hi\nthere"\n', f"line 1, column 11: {SEVERAL}"),
        ("text = 'Hi\r\nthere'\r\n", SEVERAL),
        ('model = "a"\nmodel = "b"\n', "line 2, column 12: model is there twice; leave one"),
        ('text = """\nx = 1\n"""\ntext = ""', "at its end: text is there twice"),
        ('text = ""\ntext = """\nx = 1\n"""\n', "text is there twice"),
        ('text = ""\ntext = """\nx = 1"""\n', "text is there twice"),
        ("a = 1\na = [\n1,\n]\n", "a is there twice"),
        ("a = { b = 1, c = 2, b = 3 }", "b is there twice; leave one"),
        ("[params]\na = 1\n[params]\n", "line 3, column 8: [params] is there twice; put all of its keys under one"),
        ("[lanes]\n[[lanes]]\n", "[lanes] and [[lanes]] are both there; write each of them alike"),
        ("[[lanes]]\n[lanes]\n", "[lanes] and [[lanes]] are both there; write each of them alike"),
        ("b = \n", "line 1, column 5: invalid value"),
        ("b = [x, y]\n", "invalid value"),
        ('b = "x" y\n', "expected newline"),
        ("b c\n", "expected '='"),
    ],
)
def test_what_was_meant_is_said(parser: Any, text: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_file, "_parser", lambda: parser)
    with pytest.raises(StoreError) as caught:
        toml_file.loads(text.encode(), "s.toml")
    assert told in str(caught.value)


def test_a_key_that_stands_there_without_quotes_is_not_shown() -> None:
    with pytest.raises(StoreError) as caught:
        toml_file.loads(b"[endpoints.mine]\nkey_env = sk-ant-api03-secret\n", "config.toml")
    assert "secret" not in str(caught.value)
    assert 'text needs quotes: key_env = "…"' in str(caught.value)
