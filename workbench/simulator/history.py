"""The rules of a conversation: who speaks when, nothing empty, every tool call answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from workbench.core.rule import VERSION_NEWEST
from workbench.simulator import wishes
from workbench.simulator.ask import as_blocks, text_of, turns_of
from workbench.simulator.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.core.models import Model
    from workbench.simulator.ask import Turn
    from workbench.simulator.shape import Block

MOST: Final = 100_000
ASSISTANT_ONLY: Final = ("thinking", "redacted_thinking", "tool_use", "server_tool_use")
USER_ONLY: Final = ("image", "tool_result", "search_result", "container_upload")


def check(body: Mapping[str, object], model: Model, version: str) -> None:
    """Raises ApiError 400 at the first broken rule."""
    messages = cast("list[Block]", body["messages"])
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MOST:
        raise invalid(f"messages: at most {MOST} messages are allowed")
    if messages[0]["role"] != "user":
        raise invalid('messages: first message must use the "user" role')
    for at, message in enumerate(messages):
        _message(message, f"messages.{at}", version, last=at == len(messages) - 1)
        if message["role"] == "system":
            _system_message(messages, at, model)
    if any(not str(block["text"]) for block in as_blocks(body.get("system")) if body.get("system")):
        raise invalid("system: text content blocks must be non-empty")
    turns = turns_of(messages)
    _tools(turns)
    _opening_thoughts(body, turns)
    if not _paused(turns):
        _last(body, turns[-1], model)


def _message(message: Block, place: str, version: str, *, last: bool) -> None:
    role = str(message["role"])
    blocks = as_blocks(message["content"])
    if not message["content"] and not (last and role == "assistant"):
        raise invalid(
            f"{place}: all messages must have non-empty content except for the optional final assistant message"
        )
    for at, block in enumerate(blocks):
        kind, where = block["type"], f"{place}.content.{at}"
        if kind == "text" and message["content"]:
            if not block["text"]:
                raise invalid("messages: text content blocks must be non-empty")
            if not str(block["text"]).strip():
                raise invalid("messages: text content blocks must contain non-whitespace text")
        if kind in ASSISTANT_ONLY and role != "assistant":
            raise invalid(f"{where}: `{kind}` blocks can only be in `assistant` messages")
        if kind in USER_ONLY and role != "user":
            raise invalid(f"{where}: `{kind}` blocks can only be in `user` messages")
        if version == VERSION_NEWEST:
            if kind == "document" and role == "assistant":
                raise invalid(f"{where}: `document` blocks can only be in `user` messages")
            if kind == "text" and block.get("citations") and role == "user":
                raise invalid(f"{where}.citations: Extra inputs are not permitted")


def _system_message(messages: list[Block], at: int, model: Model) -> None:
    if not (model.system_messages or model.system_messages_ignored):
        raise invalid(f"messages.{at}: role 'system' is not supported on this model")
    after = messages[at + 1]["role"] if at + 1 < len(messages) else "assistant"
    if messages[at - 1]["role"] != "user" or after != "assistant":
        raise invalid(
            f"messages.{at}: a `system` message must follow a `user` message and be last or followed by `assistant`"
        )
    if any(block["type"] != "text" for block in as_blocks(messages[at]["content"])):
        raise invalid(f"messages.{at}: `system` messages can only contain text")


def _tools(turns: tuple[Turn, ...]) -> None:
    """Every call is answered in the next turn, first thing, and nothing else is answered."""
    for at, turn in enumerate(turns):
        after = turns[at + 1] if at + 1 < len(turns) else None
        calls = [str(block["id"]) for block in turn.blocks if block["type"] == "tool_use"]
        if len(set(calls)) < len(calls):
            raise invalid(f"messages.{at}: `tool_use` ids must be unique")
        answered = _answered(after) if after is not None else []
        missing = [each for each in calls if each not in answered]
        if missing:
            raise invalid(
                f"messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the "
                "next message."
            )
        before = turns[at - 1].blocks if at else ()
        asked = [block["id"] for block in before if block["type"] == "tool_use"]
        for number, block in enumerate(turn.blocks):
            if block["type"] != "tool_result":
                continue
            if block["tool_use_id"] not in asked:
                raise invalid(
                    f"messages.{at}.content.{number}: unexpected `tool_use_id` found in `tool_result` blocks: "
                    f"{block['tool_use_id']}. Each `tool_result` block must have a corresponding `tool_use` block in "
                    "the previous message."
                )
            if any(earlier["type"] != "tool_result" for earlier in turn.blocks[:number]):
                raise invalid(f"messages.{at}: `tool_result` blocks must come before all other content")


def _answered(turn: Turn) -> list[object]:
    return [block["tool_use_id"] for block in turn.blocks if block["type"] == "tool_result"]


def _opening_thoughts(body: Mapping[str, object], turns: tuple[Turn, ...]) -> None:
    """With thinking `enabled`, the turn that called a tool must still begin with its thinking."""
    thinking = cast("Block", body.get("thinking") or {})
    if thinking.get("type") != "enabled" or len(turns) < 2 or not _answered(turns[-1]):
        return
    first = turns[-2].blocks[0]["type"]
    if first not in {"thinking", "redacted_thinking"}:
        raise invalid(
            f"messages.{len(turns) - 2}.content.0.type: Expected `thinking` or `redacted_thinking`, but found "
            f"`{first}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block."
        )


def _paused(turns: tuple[Turn, ...]) -> bool:
    """Whether it ends in an answer that was paused, and goes on as it is."""
    if len(turns) < 2 or turns[-1].role != "assistant":
        return False
    served = any(block["type"] == "server_tool_use" for block in turns[-1].blocks)
    return served or wishes.stop_of(text_of(turns[-2].blocks)) == wishes.PAUSE


def _last(body: Mapping[str, object], last: Turn, model: Model) -> None:
    """What may stand at the end: on most models no start of an answer."""
    if last.role != "assistant":
        return
    if not model.prefill:
        raise invalid(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )
    output = cast("Block", body.get("output_config") or {})
    if output.get("format"):
        raise invalid("output_config.format: cannot be used with assistant message prefill")
    if cast("Block", body.get("thinking") or {}).get("type") in {"enabled", "adaptive"}:
        raise invalid("messages: assistant message prefill is not supported while thinking is on")
    text = str(last.blocks[-1].get("text", "")) if last.blocks else ""
    if text and text != text.rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")
