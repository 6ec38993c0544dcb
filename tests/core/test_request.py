"""The body, its bytes and its version."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import EVERYTHING
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.request import COUNTED, Request, Turn, encode

HI = (Turn("user", "hi"),)


def test_the_smallest_request() -> None:
    request = Request(Params(model="m", max_tokens=1), HI)
    assert request.encoded == b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}],"stream":true}'


def test_blocks_go_as_they_are_and_unstreamed_bodies_say_nothing_of_streaming() -> None:
    blocks = [{"type": "text", "text": "a\r\n"}, {"type": "image", "source": None}]
    request = Request(Params(), (*HI, Turn("assistant", Json.of(blocks))))
    assert request.body(stream=False) == {
        "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": blocks}]
    }


def test_counting_sends_what_counts() -> None:
    body = Request(EVERYTHING, HI).count_body()
    assert set(body) == set(COUNTED)
    whole = Request(EVERYTHING, HI).body()
    assert body == {key: whole[key] for key in COUNTED}
    assert "max_tokens" not in body
    assert Request(Params(), HI).count_body() == {"messages": [{"role": "user", "content": "hi"}]}


@pytest.mark.parametrize(
    ("params", "configured", "version"),
    [
        (Params(), "auto", "2026-10-21"),
        (Params(temperature=0.0), "auto", "2023-06-01"),
        (Params(top_p=0.5), "auto", "2023-06-01"),
        (Params(top_k=5), "auto", "2023-06-01"),
        (Params(temperature=0.5), "2026-10-21", "2026-10-21"),
        (Params(), "2023-06-01", "2023-06-01"),
        (Params(version="2023-06-01"), "auto", "2023-06-01"),
        (Params(version="2026-10-21", temperature=1), "2023-06-01", "2026-10-21"),
    ],
)
def test_the_version_follows_the_parameter_then_the_endpoint_then_the_sampling(
    params: Params, configured: str, version: str
) -> None:
    assert Request(params, HI).version(configured) == version


@given(st.text())
def test_text_is_sent_to_the_character(text: str) -> None:
    assert json.loads(Request(Params(system=text), (Turn("user", text),)).encoded) == {
        "system": text,
        "messages": [{"role": "user", "content": text}],
        "stream": True,
    }


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("\ud83d\ude00", "😀"),
        ("a\ud83d", "a\ufffd"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\x00\x1f\u2028", "\x00\x1f\u2028"),
    ],
)
def test_half_a_character_becomes_a_visible_mark(text: str, sent: str) -> None:
    assert json.loads(encode({"a": text})) == {"a": sent}
