"""Whole loops of tools, driven by the official SDK: rounds, errors, the server's own tools, a turn that is paused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.official import anthropic

MODEL = "claude-sonnet-4-6"


def tool(name: str, **properties: object) -> dict[str, Any]:
    return {"name": name, "input_schema": {"type": "object", "properties": properties, "required": [*properties]}}


ORDER, STOCK, WEATHER = (
    tool("find_order", id={"enum": ["88231"]}),
    tool("check_stock"),
    tool("get_weather", city={"type": "string"}),
)
SEARCH = {"type": "web_search_20260318", "name": "web_search"}


class Talk:
    """A conversation through the SDK, streamed, that gives back what came as it came."""

    def __init__(self, sdk: anthropic.AsyncAnthropic, question: str, *tools: dict[str, Any], **fields: Any) -> None:
        self.sdk = sdk
        self.fields = {"model": MODEL, "max_tokens": 2000, "tools": [*tools], **fields}
        self.messages: list[Any] = [{"role": "user", "content": question}]

    async def next(self) -> Any:
        async with self.sdk.messages.stream(messages=self.messages, **self.fields) as stream:
            message = await stream.get_final_message()
        content = [block.to_dict(exclude_unset=True) for block in message.content]
        for block in content:
            block.pop("parsed_output", None)
        self.messages.append({"role": "assistant", "content": content})
        return message

    async def goes_on_from(self, text: str) -> Any:
        self.messages.append({"role": "assistant", "content": text})
        return await self.next()

    def answers(self, text: str, **more: object) -> None:
        calls = [block for block in self.messages[-1]["content"] if block["type"] == "tool_use"]
        results = [{"type": "tool_result", "tool_use_id": each["id"], "content": text, **more} for each in calls]
        self.messages.append({"role": "user", "content": results})

    @property
    def called(self) -> list[list[str]]:
        """The names of the tools that each answer called."""
        turns = [turn for turn in self.messages if turn["role"] == "assistant"]
        return [[block["name"] for block in turn["content"] if block["type"] == "tool_use"] for turn in turns]


async def test_what_is_asked_for_in_steps_takes_a_round_each(sdk: anthropic.AsyncAnthropic) -> None:
    talk = Talk(sdk, "First find_order, then check_stock, then get_weather.", WEATHER, STOCK, ORDER)
    for _ in range(3):
        assert (await talk.next()).stop_reason == "tool_use"
        talk.answers("all is well")
    last = await talk.next()
    assert talk.called == [["find_order"], ["check_stock"], ["get_weather"], []]
    assert last.stop_reason == "end_turn"
    assert "all is well" in last.content[-1].text


async def test_no_parallel_calls_means_the_others_in_later_rounds(sdk: anthropic.AsyncAnthropic) -> None:
    choice = {"type": "auto", "disable_parallel_tool_use": True}
    talk = Talk(sdk, "Use find_order and check_stock.", ORDER, STOCK, tool_choice=choice)
    for _ in range(2):
        await talk.next()
        talk.answers("yes")
    assert (await talk.next()).stop_reason == "end_turn"
    assert talk.called == [["find_order"], ["check_stock"], []]


async def test_every_result_is_acknowledged_and_a_failure_as_one(sdk: anthropic.AsyncAnthropic) -> None:
    talk = Talk(sdk, "Use find_order and check_stock.", ORDER, STOCK)
    await talk.next()
    talk.answers("the archive is shut", is_error=True)
    text = (await talk.next()).content[-1].text
    assert text.count("the archive is shut") == 2
    assert "failed" in text or "reported a problem" in text
    assert "`find_order`" in text
    assert "`check_stock`" in text


@pytest.mark.parametrize(("left", "extra"), [(0, 0), (1, 1)])
async def test_a_call_without_its_result_is_refused(sdk: anthropic.AsyncAnthropic, left: int, extra: int) -> None:
    talk = Talk(sdk, "Use find_order and check_stock.", ORDER, STOCK)
    await talk.next()
    talk.answers("yes")
    results = talk.messages[-1]["content"]
    talk.messages[-1]["content"] = [results[left], {"type": "text", "text": "and?"}][: 1 + extra]
    with pytest.raises(anthropic.BadRequestError, match="`tool_use` ids were found without `tool_result` blocks"):
        await talk.next()


async def test_the_tools_that_the_vendor_defines_are_called_like_any(sdk: anthropic.AsyncAnthropic) -> None:
    named = {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool"}
    for kind in ({"type": "bash_20250124", "name": "bash"}, named, {"type": "memory_20250818", "name": "memory"}):
        talk = Talk(sdk, "What is in there?", kind)
        message = await talk.next()
        assert talk.called == [[kind["name"]]]
        assert "command" in message.content[-1].input


async def test_the_server_searches_by_itself_and_counts_it(sdk: anthropic.AsyncAnthropic) -> None:
    talk = Talk(sdk, "Search for the history of lighthouses.", SEARCH)
    message = await talk.next()
    kinds = [block.type for block in message.content]
    assert kinds[-3:] == ["server_tool_use", "web_search_tool_result", "text"]
    use, found = message.content[-3], message.content[-2]
    assert use.input == {"query": "lighthouses"}
    assert found.tool_use_id == use.id
    assert found.content[0].url.startswith("https://example.com/")
    assert message.usage.server_tool_use.web_search_requests == 1
    whole = await sdk.messages.create(messages=talk.messages[:1], **talk.fields)
    assert [block.type for block in whole.content] == kinds
    talk.messages.append({"role": "user", "content": "Thanks. And who built them?"})
    assert (await talk.next()).stop_reason == "end_turn"


@pytest.mark.parametrize(
    ("kind", "name", "question", "blocks"),
    [
        ("web_fetch_20260318", "web_fetch", "Read https://example.com/a.", "web_fetch_tool_result"),
        ("code_execution_20250522", "code_execution", "Compute it.", "code_execution_tool_result"),
        ("code_execution_20260521", "code_execution", "Compute it.", "bash_code_execution_tool_result"),
        ("tool_search_tool_bm25_20251119", "tool_search_tool_bm25", "Which tools?", "tool_search_tool_result"),
    ],
)
async def test_each_served_tool_has_its_result(
    sdk: anthropic.AsyncAnthropic, kind: str, name: str, question: str, blocks: str
) -> None:
    talk = Talk(sdk, question, {"type": kind, "name": name})
    message = await talk.next()
    assert blocks in [block.type for block in message.content]
    assert message.stop_reason == "end_turn"


async def test_a_paused_turn_goes_on_where_it_was(sdk: anthropic.AsyncAnthropic) -> None:
    talk = Talk(sdk, "Search thoroughly: pause_turn, and again pause_turn.", SEARCH)
    for _ in range(2):
        message = await talk.next()
        assert message.stop_reason == "pause_turn"
        assert message.content[-1].type == "web_search_tool_result"
    message = await talk.next()
    assert message.stop_reason == "end_turn"
    assert [turn["role"] for turn in talk.messages] == ["user", "assistant", "assistant", "assistant"]


async def test_a_pause_that_was_wished_for_is_gone_on_with_too(sdk: anthropic.AsyncAnthropic) -> None:
    talk = Talk(sdk, "Say hello.\nx-simulate-stop: pause_turn", model="claude-opus-5-5")
    assert [(await talk.next()).stop_reason for _ in range(2)] == ["pause_turn", "end_turn"]
    with pytest.raises(anthropic.BadRequestError, match="prefill"):
        await Talk(sdk, "Say hello.", model="claude-opus-5-5").goes_on_from("Hello")


async def test_nothing_is_called_where_that_is_switched_off(sdk: anthropic.AsyncAnthropic) -> None:
    for given in (SEARCH, ORDER):
        talk = Talk(sdk, "Search with find_order.", given, tool_choice={"type": "none"})
        assert [block.type for block in (await talk.next()).content] == ["text"]
