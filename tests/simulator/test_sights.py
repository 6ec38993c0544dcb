"""Images and documents: the official SDK sends them; the simulator weighs, refuses and mentions them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.pictures import gif, jpeg, pdf, png, webp
from tests.simulator.official import anthropic
from tests.simulator.world import World
from workbench.core import attached, citations
from workbench.core.conversation import request_of
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.session import Message, Session
from workbench.simulator import Simulator

MODEL = "claude-sonnet-4-6"


def picture(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    encoded = base64.b64encode(data).decode()
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": encoded}}


def document(data: bytes) -> dict[str, Any]:
    return {**picture(data, "application/pdf"), "type": "document"}


def asks(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [*blocks, {"type": "text", "text": "Tell me about the harbour in it."}]}]


EVERY = (
    picture(png(640, 480)),
    picture(jpeg(30, 40), "image/jpeg"),
    picture(gif(9, 8), "image/gif"),
    picture(webp(70, 80), "image/webp"),
    document(pdf(3)),
    attached.of_text("Seven bells ring at noon.", "note.txt"),
    {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
    {"type": "document", "source": {"type": "file", "file_id": "file_011Cat"}},
)


async def test_the_sdk_sends_each_kind_and_its_body_is_ours(
    sdk: anthropic.AsyncAnthropic, simulator: Simulator
) -> None:
    messages: Any = asks(*EVERY)
    async with sdk.messages.stream(model=MODEL, max_tokens=400, messages=messages) as stream:
        answer = await stream.get_final_message()
    text = answer.content[0].text  # type: ignore[union-attr]  # a text block
    assert text.startswith("The image is 640 × 480 pixels, a PNG.")
    assert "The PDF has 3 pages." in text
    assert "The document note.txt begins with “Seven bells ring at noon.”" in text
    assert "lies elsewhere" in text
    counted = await sdk.messages.count_tokens(model=MODEL, messages=messages)
    assert counted.input_tokens == answer.usage.input_tokens
    assert 414 + 4 + 1 + 9 + 3 * 1600 + 2 * 1600 < counted.input_tokens < 414 + 4 + 1 + 9 + 5 * 1600 + 60
    session = Session(
        params=Params(model=MODEL, max_tokens=400), messages=(Message("m1", "user", Json.of(messages[0]["content"])),)
    )
    ours = request_of(session, session.lane(), "m1").body()
    assert json.loads(simulator.received[0].body) == ours


async def test_a_document_that_is_to_be_cited_is(sdk: anthropic.AsyncAnthropic) -> None:
    cited = attached.of_text("  Seven bells ring at noon, and the ninth at ten o'clock.", "note.txt")
    messages: Any = asks(picture(png(64, 48)), {**cited, "citations": {"enabled": True}})
    async with sdk.messages.stream(model=MODEL, max_tokens=400, messages=messages) as stream:
        streamed = await stream.get_final_message()
    whole = await sdk.messages.create(model=MODEL, max_tokens=400, messages=messages)
    quoted = streamed.content[1].model_dump()
    assert quoted["text"] == "The document note.txt begins with “Seven bells ring at noon, and the ninth”."
    assert [each["cited_text"] for each in quoted["citations"]] == ["Seven bells ring at noon, and the ninth"]
    blocks = [block.model_dump() for block in streamed.content]
    assert citations.told(blocks) == ("note.txt, characters 2–41: “Seven bells ring at noon, and the ninth”",)
    assert citations.told(block.model_dump() for block in whole.content) == citations.told(blocks)
    again = [*messages, {"role": "assistant", "content": blocks}, *asks()]
    assert (await sdk.messages.create(model=MODEL, max_tokens=40, messages=again)).content
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    format_: Any = {"format": {"type": "json_schema", "schema": schema}}
    with pytest.raises(anthropic.BadRequestError, match="citations"):
        await sdk.messages.create(model=MODEL, max_tokens=40, messages=messages, output_config=format_)


@pytest.mark.parametrize(
    ("blocks", "status", "words"),
    [
        ([picture(png(8001, 2))], 400, "max allowed size: 8000 pixels"),
        ([picture(png(20, 20))] * 20 + [picture(jpeg(2001, 2), "image/jpeg")], 400, "many-image requests: 2000 pixels"),
        ([picture(png(), "image/jpeg")], 400, "specified using the image/jpeg media type, but the image appears to be"),
        ([picture(b"nothing")], 400, "Could not process image"),
        ([{**picture(b""), "source": {**picture(b"")["source"], "data": "?"}}], 400, "Invalid base64 data"),
        ([picture(png(9, 9, more=8 * 2**20))], 400, "image exceeds 10 MB maximum"),
        ([document(b"nothing")], 400, "The PDF specified was not valid."),
        ([document(pdf(1, "hush"))], 400, "password protected"),
        ([document(pdf(101))], 400, "A maximum of 100 PDF pages"),
        ([picture(gif(1, 1), "image/gif")] * 101, 400, "Too many images: 101 > 100"),
        ([{"type": "image", "source": {"type": "url", "url": "file:///etc/passwd"}}], 400, "Only HTTP and HTTPS"),
        ([{"type": "image", "source": {"type": "file", "file_id": "cat"}}], 404, "File not found: cat"),
        ([{"type": "image", "source": {"type": "path", "path": "cat.png"}}], 400, "Input tag 'path'"),
        ([attached.of_text("")], 400, "document text must be non-empty"),
    ],
)
async def test_what_is_too_much_or_wrong_is_refused(blocks: list[dict[str, Any]], status: int, words: str) -> None:
    answer = await World().ask(model="claude-haiku-4-5", messages=asks(*blocks))
    assert answer.status == status
    assert words in answer.error
    if "pixels" in words:
        details = answer.json["error"]["details"]
        assert details["error_code"] == "image_dimensions_too_large"
        assert details["paths"] == [f"messages.0.content.{len(blocks) - 1}"]
