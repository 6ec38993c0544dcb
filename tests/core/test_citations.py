"""What an answer cites, in lines for people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.recordings import played, recorded
from workbench.core import citations, turn_cautions
from workbench.core.conversation import check
from workbench.core.exports import document
from workbench.core.kinds import Json
from workbench.core.models import builtin
from workbench.core.params import Params
from workbench.core.session import Lane, Message, Session

FORMAT = Json.of({"type": "json_schema", "schema": {"type": "object", "additionalProperties": False}})
NOTE = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}
CITED = {**NOTE, "citations": {"enabled": True}}


def text(*cited: object) -> dict[str, Any]:
    return {"type": "text", "text": "So it is.", "citations": list(cited)}


@pytest.mark.parametrize(
    ("citation", "line"),
    [
        (
            {"cited_text": "a\n b", "document_title": "T", "start_char_index": 0, "end_char_index": 4},
            "T, characters 0–4: “a b”",
        ),
        (
            {"cited_text": "a", "document_index": 1, "start_page_number": 3, "end_page_number": 4},
            "document 2, page 3: “a”",
        ),
        (
            {"cited_text": "", "document_title": "T", "start_page_number": 3, "end_page_number": 6},
            "T, pages 3–5",
        ),
        (
            {"cited_text": "a", "title": None, "search_result_index": 0, "source": "s", "start_block_index": 0,
             "end_block_index": 1},
            "search result 1, part 1, s: “a”",
        ),
        (
            {"cited_text": "a", "document_title": "T", "start_block_index": 1, "end_block_index": 3},
            "T, parts 2–3: “a”",
        ),
        ({"cited_text": "a", "title": "P", "url": "https://example.com/"}, "P, https://example.com/: “a”"),
        ({"cited_text": "x" * 900, "title": "P"}, f"P: “{'x' * 499}…”"),
        ({"document_index": "?", "start_char_index": None, "cited_text": 7}, "“7”"),
    ],
)  # fmt: skip
def test_a_citation_is_a_line(citation: dict[str, Any], line: str) -> None:
    assert citations.told([text(citation, citation)]) == (line,)


def test_what_is_no_citation_is_none() -> None:
    assert citations.told([{"type": "text", "text": "a", "citations": None}, text("x"), CITED]) == ()


def test_citations_of_a_stream_are_kept_and_stand_in_the_document() -> None:
    run = played(recorded("citations"))
    lines = ("Terms, characters 10–19: “passage 1”", "Terms, characters 40–49: “passage 4”")
    assert citations.told(run.content()) == lines
    session = Session().say(Lane(), Json.of(run.content()), parent=None, role="assistant")
    made = document.write(session, session.lanes, ())
    assert f"- cites 1: `{lines[0]}`\n- cites 2: `{lines[1]}`" in made


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (CITED, True),
        ({**NOTE, "citations": {"enabled": False}}, False),
        (NOTE, False),
        ({"type": "tool_result", "tool_use_id": "t", "content": [CITED]}, True),
    ],
)
def test_an_output_format_does_not_go_with_citations(block: dict[str, Any], said: bool) -> None:
    params = Params(model="claude-sonnet-4-6", max_tokens=9, output_format=FORMAT)
    content = Json.of([block, {"type": "text", "text": "Why?"}])
    session = Session(params=params, messages=(Message("m1", "user", content),))
    found = [each.text for each in check(session, session.lane(), "m1", None, catalogue=builtin())]
    assert (turn_cautions.CITED in found) is said
