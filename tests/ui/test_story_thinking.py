"""Thinking: three generations side by side, while it comes, left out, redacted, and with nothing left to answer."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from tests.engine.fault_server import CHUNKED, ENDED, Talk, event, serving
from tests.ui.acts import Start, reaching
from tests.ui.lane_acts import comes
from workbench.core.config import Config
from workbench.core.params import Params

SESSIONS = Path(__file__).parent.parent / "sessions"
QUESTION = "Why do lighthouses still need keepers?"
THINKS = Config(defaults=Params(model="claude-opus-5-5", max_tokens=2048))


async def test_three_generations_think_side_by_side(start: Start, tmp_path: Path) -> None:
    file = Path(shutil.copy(SESSIONS / "thinking.toml", tmp_path / "thinking.toml"))
    async with start("large", file=file) as user:
        user.chat.view.focus()
        await user.does("compare")
        await comes(user)
        await user.does("run-all")
        await user.settles()
        user.reads("adaptive", "enabled")
        assert user.screen.count("▸ thinking  ") == 3
        await user.sees("thinking-generations")


async def test_an_answer_that_only_thought_says_so_and_its_thinking_is_left_out(start: Start) -> None:
    few = Config(defaults=Params(model="claude-opus-5-5", max_tokens=24, thinking="adaptive", effort="max"))
    async with start("small", config=few) as user:
        await user.asks(QUESTION)
        user.reads("▸ thinking (omitted by the API)  24 tokens")
        user.reads("All 24 output tokens went into thinking, and none was left", "lower effort (it was max)")
        await user.sees("thinking-spent")
        user.chat.view.focus()
        await user.does("fold")
        user.reads("With the parameter display at summarized", "space open", "^T tune")


async def test_thinking_goes_along_until_what_was_before_it_changes(start: Start) -> None:
    """The simulator refuses thinking that no longer holds, as the API does."""
    async with start(config=THINKS) as user:
        await user.asks(f"{QUESTION}\nx-simulate-thinking: redacted\nAnswer briefly.")
        user.chat.view.focus()
        await user.does("first")
        user.reads("▸ thinking (redacted by the API)  ")
        await user.asks("And at night?")
        await user.asks("And in fog?")
        session = user.chat.session
        assert [run.state for run in session.runs] == ["complete"] * 3
        assert session.asked == session.runs[0].endpoint == "simulator"  # elsewhere it would be left out
        contents = [turn.wire["content"] for turn in user.chat.last.request.turns] if user.chat.last else []
        kinds = [[block["type"] for block in content] for content in contents if isinstance(content, list)]
        assert kinds == [["redacted_thinking", "text"], ["thinking", "text"]]
        user.chat.change(session.with_system(user.chat.lane, "Be brief."))
        await user.rests()
        user.reads("! thinking of 2 earlier answers is")
        await user.asks("And in storms?")
        assert user.chat.session.runs[-1].state == "complete"
        user.chat.change(user.chat.session.with_param(user.chat.lane, "model", "claude-haiku-5-5"))
        await user.rests()
        user.reads("! thinking of 3 earlier answers is")
        await user.asks("Thanks.")
        assert user.chat.session.runs[-1].state == "complete"


async def test_a_refused_answer_says_why_and_stays_out_of_what_follows(start: Start) -> None:
    async with start("usual", config=THINKS) as user:
        await user.asks("How is a safe opened?\nx-simulate-stop: refusal: cyber")
        user.reads(
            "Refused: attacks on computers (cyber).", "Say it otherwise: edit the question, or branch before it."
        )
        await user.sees("refused-answer")
        user.chat.prompt.focus()
        await user.types("How are locks made?")
        user.reads("! an earlier answer was refused:")
        await user.does("run")
        await user.settles()
        assert user.chat.last is not None
        assert [turn.role for turn in user.chat.last.request.turns] == ["user", "user"]
        await user.asks("x-simulate-stop: of_next_year")
        user.reads("The server ended the answer with 'of_next_year'")
        await user.does("new")
        await user.asks("How is a safe opened?\nx-simulate-stop: refusal: at_once")
        user.reads("Say it otherwise: edit the question", " · refusal · r runs it again")


def thinks(text: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": text})


class Thinking:
    """An answer whose thinking comes in two parts, the second when it may go on."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts
        self.go_on = asyncio.Event()

    async def __call__(self, talk: Talk) -> None:
        message = {"id": "msg_1", "model": "claude-opus-5-5", "content": [], "usage": {"input_tokens": 9}}
        block = {"type": "thinking", "thinking": "", "signature": ""}
        await talk.send(CHUNKED)
        await talk.chunks(
            event("message_start", message=message), event("content_block_start", index=0, content_block=block)
        )
        await talk.chunks(*(thinks(part) for part in self.parts[:1]))
        await self.go_on.wait()
        await talk.chunks(*(thinks(part) for part in self.parts[1:]))
        signed = {"type": "signature_delta", "signature": "c2ln"}
        text = {"type": "text", "text": ""}
        await talk.chunks(
            event("content_block_delta", index=0, delta=signed),
            event("content_block_stop", index=0),
            event("content_block_start", index=1, content_block=text),
            event("content_block_delta", index=1, delta={"type": "text_delta", "text": "Because of fog."}),
            event("content_block_stop", index=1),
            event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 40}),
            event("message_stop"),
        )
        await talk.send(ENDED)


async def test_thinking_grows_in_its_fold_and_what_is_left_out_is_told_at_once(start: Start) -> None:
    shown, omitted = Thinking("one two " * 40, "three " * 70), Thinking()
    async with serving(shown, omitted) as server, start(config=THINKS, chosen=reaching(server.base_url)) as user:
        for held, before in ((shown, "▸ thinking  ≈ 91 tokens"), (omitted, "▸ thinking  …")):
            user.chat.prompt.focus()
            await user.types(QUESTION)
            await user.does("run")
            await user.until(lambda: any(live.run.blocks for live in user.chat.lives))
            if held is shown:
                await user.until(lambda: user.chat.lives[0].run.blocks[0].parts)
            user.draws()
            await user.pilot.pause()
            user.reads(before, "thinking · ")
            if held is shown:
                user.chat.view.focus()
                await user.does("fold")
                user.reads("▾ thinking", "one two")
            held.go_on.set()
            await user.settles()
            user.reads("Because of fog.")
        user.reads("▸ thinking (omitted by the API)")
