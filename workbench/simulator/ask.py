"""A valid request as frozen values: what every later step reads instead of the JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from workbench.simulator.chance import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.core.models import Model
    from workbench.simulator.shape import Block

WORDLESS: Final = (
    *("stream", "metadata", "diagnostics", "service_tier", "inference_geo", "speed"),
    *("max_tokens", "stop_sequences", "cache_control", "thinking"),
)
"""Fields that change nothing about the wording of an answer, though some decide how much of it is seen."""

TALK: Final = ("system", "tools", "messages")


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, or several of one role in a row, as blocks."""

    role: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One `POST /v1/messages`, checked; absent fields have their default."""

    model: Model
    max_tokens: int
    turns: tuple[Turn, ...]
    system: tuple[Block, ...]
    tools: tuple[Block, ...]
    tool_choice: Block
    thinking: str
    """`adaptive`, `enabled`, `between_tools` or `disabled`, after the model's own default."""
    budget: int | None
    display: str
    effort: str
    heat: float
    """How freely words are chosen, 0 to 1, from whatever samplers are set."""
    stop_sequences: tuple[str, ...]
    schema: Block | None
    automatic_cache: Block | None
    previous_message: str | None
    """The answer whose request it asks to be compared with, to know why a cache was missed."""
    stream: bool
    fast: bool
    geo: str
    topic: str
    """A fingerprint of what is talked about: system prompt, tools and messages."""
    fingerprint: str
    """Of all that matters to the wording."""
    identity: str
    """Of everything that tells this request from others, but for `stream`."""

    @property
    def last(self) -> Turn:
        return self.turns[-1]

    @property
    def prefill(self) -> str:
        """The start of an answer that the request already gives."""
        return text_of(self.last.blocks) if self.last.role == "assistant" else ""

    @property
    def question(self) -> str:
        """The newest text that a user wrote."""
        written = (text_of(turn.blocks) for turn in reversed(self.turns) if turn.role == "user")
        return next((text for text in written if text.strip()), "")

    @property
    def thinks(self) -> bool:
        """Whether a thinking block opens the answer."""
        if self.thinking == "between_tools":
            return bool(tool_results(self.last))
        return self.thinking in {"adaptive", "enabled"}


def text_of(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(str(block["text"]) for block in blocks if block.get("type") == "text")


def tool_results(turn: Turn) -> tuple[Block, ...]:
    return tuple(block for block in turn.blocks if block.get("type") == "tool_result")


def as_blocks(content: object) -> tuple[Block, ...]:
    """Content that is a string as the one text block it stands for."""
    if isinstance(content, str):
        return ({"type": "text", "text": content},)
    return tuple(cast("list[Block]", content or []))


def turns_of(messages: object) -> tuple[Turn, ...]:
    """Messages as turns; neighbours of one role are one turn."""
    turns: list[Turn] = []
    for message in cast("list[Block]", messages):
        role, blocks = str(message["role"]), as_blocks(message["content"])
        if turns and turns[-1].role == role:
            turns[-1] = Turn(role, turns[-1].blocks + blocks)
        else:
            turns.append(Turn(role, blocks))
    return tuple(turns)


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def read(body: Mapping[str, object], model: Model) -> Ask:
    """The values of a body that passed every check."""
    thinking = cast("Block", body.get("thinking") or {})
    output = cast("Block", body.get("output_config") or {})
    format_ = cast("Block | None", output.get("format") or body.get("output_format"))
    usual = {"off": "disabled", "on": "adaptive", "always": "adaptive"}[model.thinking_default]
    return Ask(
        model=model,
        max_tokens=int(cast("int", body.get("max_tokens", 0))),
        turns=turns_of(body["messages"]),
        system=as_blocks(body["system"]) if body.get("system") else (),
        tools=tuple(cast("list[Block]", body.get("tools") or [])),
        tool_choice=cast("Block", body.get("tool_choice") or {"type": "auto"}),
        thinking=str(thinking.get("type", usual)),
        budget=cast("int | None", thinking.get("budget_tokens")),
        display=str(thinking.get("display") or model.display_default),
        effort=str(output.get("effort") or model.effort_default or "high"),
        heat=_heat(body),
        stop_sequences=tuple(cast("list[str]", body.get("stop_sequences") or [])),
        schema=cast("Block", format_["schema"]) if format_ else None,
        automatic_cache=cast("Block | None", body.get("cache_control")),
        previous_message=cast("str | None", cast("Block", body.get("diagnostics") or {}).get("previous_message_id")),
        stream=bool(body.get("stream")),
        fast=body.get("speed") == "fast" and model.fast_mode in {"ga", "beta"},
        geo=str(body.get("inference_geo") or "global"),
        topic=_fingerprint({name: body[name] for name in TALK if name in body}),
        fingerprint=_fingerprint({name: body[name] for name in body if name not in WORDLESS}),
        identity=_fingerprint({name: body[name] for name in body if name != "stream"}),
    )


def _fingerprint(value: object) -> str:
    return digest(canonical(value)).hex()


def _heat(body: Mapping[str, object]) -> float:
    temperature = cast("float | None", body.get("temperature"))
    top_p = cast("float | None", body.get("top_p"))
    if body.get("top_k") == 1:
        return 0.0
    return (1.0 if temperature is None else temperature) * (1.0 if top_p is None else top_p)
