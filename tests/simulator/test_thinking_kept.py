"""Whatever is changed between two turns, the next request carries no thinking that the API would refuse."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.world import World
from workbench.core import conversation, thoughts
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Session, content_of

MODELS = [f"claude-{name}" for name in ("fable-5-2", "opus-5-5", "haiku-5-5", "sonnet-5-5", "opus-5")]
TOOLS = [[{"name": name, "input_schema": {"type": "object", "properties": {}}}] for name in ("get_time", "get_place")]
PROMPTS = ["Hi {{who}}.", "What is the time now? Use a tool.", "And?\nx-simulate-thinking: redacted"]
CHANGES: dict[str, list[Any]] = {
    "model": MODELS,
    "system": ["", "Be brief, {{who}}.", "Be long."],
    "who": ["Ada", "Bob"],
    "tools": [None, *TOOLS],
    "max_tokens": [20, 4000],
    "ask": [*PROMPTS, "No.\nx-simulate-stop: refusal"],
    "edit": ["Edited."],
    "back": [0, 1, 2],
}
STEPS = st.sampled_from(sorted(CHANGES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(CHANGES[name])))
START = Session(params=Params(model=MODELS[0], max_tokens=4000), variables=(("who", "Ada"),))


class Chat:
    """A conversation with the simulator, kept as the program keeps it."""

    def __init__(self) -> None:
        self.session = START
        self.world = World()
        self.kept = 0

    async def does(self, what: str, value: Any) -> None:
        session, lane = self.session, self.session.lane()
        answers = [message for message in session.path(lane.tip) if message.role == "assistant"]
        if what == "ask":
            self.session = session.say(lane, value, parent=lane.tip)
            await self.runs()
        elif what == "who":
            self.session = session.with_variable("who", value)
        elif what == "system":
            self.session = session.with_system(lane, value)
        elif what == "edit" and answers and not thoughts.calls(answers[-1].blocks):
            blocks = [
                *(block for block in answers[-1].blocks if block["type"] != "text"),
                {"type": "text", "text": value},
            ]
            self.session = session.say(lane, Json.of(blocks), parent=answers[-1].parent, role="assistant")
        elif what == "back" and answers:
            tip = answers[min(value, len(answers) - 1)]
            if not thoughts.calls(tip.blocks):
                self.session = session.with_lane(replace(lane, tip=tip.id))
        elif what in {"model", "tools", "max_tokens"}:
            self.session = session.with_param(lane, what, value)

    async def runs(self) -> None:
        """Send what stands there, and answer tool calls until none comes."""
        for _ in range(4):
            session, lane = self.session, self.session.lane()
            request = conversation.request_of(session, lane, lane.tip)
            answer = await self.world.call("POST", "/v1/messages", request.body(stream=False))
            assert answer.status == 200, (answer.error, request.body())
            message = answer.json
            self.kept += sum(
                thoughts.has(blocks) for turn in request.turns if (blocks := _blocks(turn.wire["content"]))
            )
            record = RunRecord(
                id=f"r{len(session.runs) + 1}",
                lane=lane.id,
                parent=lane.tip,
                model=message["model"],
                stop_reason=message["stop_reason"],
                params=request.params.to_mapping(),
                conversation_sha256=request.conversation_sha256 if thoughts.has(message["content"]) else "",
            )
            self.session = session.finish(record, content_of(message["content"]))
            calls = [block["id"] for block in message["content"] if block["type"] == "tool_use"]
            if not calls or message["stop_reason"] != "tool_use":
                return
            results = [{"type": "tool_result", "tool_use_id": call, "content": "12:00"} for call in calls]
            self.session = self.session.say(self.session.lane(), Json.of(results), parent=self.session.lane().tip)
        # still calling: its last results go with the next question


def _blocks(content: Any) -> list[Any]:
    return content if isinstance(content, list) else []


async def _all(steps: list[tuple[str, Any]]) -> Chat:
    chat = Chat()
    for what, value in steps:
        await chat.does(what, value)
    return chat


@settings(max_examples=120, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_no_change_makes_the_next_request_one_that_is_refused(steps: list[tuple[str, Any]]) -> None:
    chat = asyncio.run(_all([("ask", "Begin."), *steps, ("ask", "And now?")]))
    assert chat.session.runs


def test_thinking_does_go_back_while_nothing_changes() -> None:
    chat = asyncio.run(_all([("tools", TOOLS[0]), *[("ask", prompt) for prompt in PROMPTS], ("ask", "And now?")]))
    assert chat.kept > 4
