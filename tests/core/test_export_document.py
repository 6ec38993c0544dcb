"""The conversation as Markdown: whatever was said is text in it, for every reader of Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.core.hostile import PROMPTS, sample
from workbench.core.exports import document
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.core.run_list import rows_of
from workbench.core.safe import display
from workbench.core.session import Lane, Session
from workbench.core.state import State

MARKUP = (
    "```\n<script>alert(1)</script>\n```",
    "````\n![x](http://127.0.0.1/pixel)\n````",
    "~~~~~~\n[x](javascript:alert(1))",
    "```text\n``````````````\n# Heading\n`````",
    "a\r```\r<img src=http://127.0.0.1/x>\r\n```\r\n<b>",
    "a\x0b```\x0c```\u2028```\u2029```\u0085```\n```",
    "<img src=x onerror=alert(1)>",
    "![x](http://127.0.0.1/pixel) [x](http://127.0.0.1) <http://127.0.0.1>",
    "www.example.com http://example.com me@example.com ftp://example.com",
    "[x]: http://127.0.0.1 'x'\n[x]",
    "# A heading\n## Lane `Z`\n- cost: `$0`",
    "a\n===\nb\n---\n| a | b |\n|---|---|\n| 1 | 2 |",
    "`", "``", "` `` ```", "x`", "`x", " ` ", "\\`", "a\n\n\n    b", "&lt;b&gt; &#60;",
    "<!--", "-->", "<![CDATA[", "<?php", "</details>", "$$x$$", ":smile:", "@somebody", "#1", "1. a", "> q", "* * *",
)  # fmt: skip
INERT = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "fence", "text", "code_inline"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
}
PARSERS = (MarkdownIt("commonmark"), MarkdownIt("gfm-like", {"html": True, "linkify": True}))


def conversation(text: str) -> Session:
    """The text wherever a session has room for some."""
    lane = Lane("A", text)
    record = RunRecord(
        id="r1", lane="A", parent="m1", model=text, state=State.COMPLETE, stop_reason=text, params={"user_id": text}
    )
    failed = replace(record, id="r2", state=State.REJECTED, text=text, problem=Problem(text, text, text))
    session = Session(
        title=text,
        endpoint=text,
        params=Params(model=text, system=text, stop_sequences=(text,)),
        variables=(("x", text),),
        lanes=(lane,),
    )
    content = Json.of(
        [
            {"type": "text", "text": text},
            {"type": "thinking", "thinking": text, "signature": text},
            {"type": text, text: text, "source": {"data": text}},
        ]
    )
    session = session.say(lane, text, parent=None).finish(record, content)
    return replace(session, runs=(*session.runs, failed))


def written(session: Session) -> str:
    return document.write(session, session.lanes, rows_of(session))


def tokens(text: str, parser: MarkdownIt) -> list[Token]:
    """All of them, those inside lines too."""
    return [each for token in parser.parse(text) for each in (token, *(token.children or ()))]


@pytest.mark.fault("E04")
@pytest.mark.parametrize("text", MARKUP)
def test_nothing_that_was_said_is_markup(text: str) -> None:
    made = written(conversation(text))
    for parser in PARSERS:
        found = tokens(made, parser)
        assert {token.type for token in found} <= INERT
        headings = [
            token.content for token, before in zip(found[1:], found, strict=False) if before.type == "heading_open"
        ]
        assert len(headings) == 6
        fences = [token.content.rstrip("\n") for token in found if token.type == "fence"]
        said = display(text.replace("\r\n", "\n")).rstrip("\n")
        assert fences[:5] == [said] * 5
    assert made == display(made)


@pytest.mark.fault("E04")
def test_hostile_prompts_stay_text(rounds: Callable[[int, int], int]) -> None:
    for text in sample(rounds(60, len(PROMPTS))):
        for parser in PARSERS:
            assert {token.type for token in tokens(written(conversation(text)), parser)} <= INERT


@pytest.mark.fault("E04")
def test_what_a_reader_can_not_see_is_drawn_and_that_is_said() -> None:
    made = written(conversation("a\x1b[31m\u202eb\ud800"))
    assert "\x1b" not in made
    assert "\u202e" not in made
    assert "␛[31m" in made
    assert made.encode()
    assert "the JSON export has them" in made
    assert "the JSON export has them" not in written(conversation("plain"))


def test_an_answer_has_its_state_figures_and_settings() -> None:
    record = RunRecord(
        id="r1",
        lane="A",
        parent="m1",
        model="claude-haiku-4-5",
        state=State.INTERRUPTED,
        usage={"input_tokens": 1204, "output_tokens": 1},
        cost_basis="unknown",
        params={"model": "claude-haiku-4-5", "max_tokens": 5},
    )
    session = Session(title="t", params=Params(model="claude-haiku-4-5", max_tokens=9))
    made = written(session.say(Lane(), "Why?", parent=None).finish(record, "Because"))
    assert "- `max_tokens`: `9`" in made
    assert "- state: `interrupted`" in made
    assert '- sent with: `{"max_tokens": 5}`' in made
    assert "1 204 in" in made
    assert "### 2 · `assistant`" in made
    assert "```text\nBecause\n```" in made
    assert "All runs of the session: `1 run" in made


def test_thinking_that_the_api_omitted_says_so() -> None:
    block = {"type": "thinking", "thinking": "", "signature": "c2ln"}
    made = written(Session().say(Lane(), Json.of([block]), parent=None, role="assistant"))
    assert "Thinking, omitted by the API." in made
    assert "```" not in made


def test_other_blocks_are_their_json() -> None:
    block = {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": "```"}}
    session = Session().say(Lane(), Json.of([block]), parent=None, role="assistant")
    fences = [token.content for token in tokens(written(session), PARSERS[0]) if token.type == "fence"]
    assert json.loads(fences[0]) == block
