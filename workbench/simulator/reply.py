"""What to answer: thinking, text or tool calls, cut exactly where `max_tokens` and stop sequences say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.simulator import ask as asking
from workbench.simulator import prose, schema_values, served_tools, sights, signatures, thoughts, tokens, tool_calls
from workbench.simulator.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.simulator.ask import Ask
    from workbench.simulator.ids import Ids
    from workbench.simulator.served_tools import Served
    from workbench.simulator.shape import Block
    from workbench.simulator.tool_calls import ToolCall


@dataclass(slots=True)
class Part:
    """One content block as the tokens that make it."""

    kind: str
    """`thinking`, `text`, `tool_use`, `server_tool_use`, or `whole` for a block that comes in one piece."""
    tokens: list[str]
    shown: bool = True
    """Whether its text is sent; thinking may be omitted."""
    signature: str = ""
    id: str = ""
    name: str = ""
    whole: Block | None = None
    citations: tuple[Block, ...] = ()
    """What a text rests on."""

    @property
    def text(self) -> str:
        return "".join(self.tokens)

    def block(self) -> Block:
        """The finished block of a message that isn't streamed."""
        if self.whole is not None:
            return self.whole
        if self.kind == "thinking":
            return {"type": "thinking", "thinking": self.text if self.shown else "", "signature": self.signature}
        if self.kind == "text":
            return {"type": "text", "text": self.text, "citations": [*self.citations] or None}
        return {"type": self.kind, "id": self.id, "name": self.name, "input": _whole(self.text)}

    def opening(self) -> Block:
        """The block as a stream starts it, empty."""
        if self.kind == "thinking":
            return {"type": "thinking", "thinking": "", "signature": ""}
        if self.kind == "text":
            return {"type": "text", "text": "", "citations": [] if self.citations else None}
        if self.whole is not None:
            return self.whole
        return {"type": self.kind, "id": self.id, "name": self.name, "input": {}}


@dataclass(frozen=True, slots=True)
class Reply:
    parts: tuple[Part, ...]
    stop_reason: str | None
    stop_sequence: str | None = None
    stop_details: Block | None = None
    """Of a refusal."""

    @property
    def thinking_tokens(self) -> int:
        return sum(len(part.tokens) for part in self.parts if part.kind in signatures.THINKING)

    def served(self, name: str) -> int:
        """How often the server used one of its own tools."""
        return sum(part.kind == "server_tool_use" and part.name == name for part in self.parts)

    @property
    def output_tokens(self) -> int:
        return sum(len(part.tokens) for part in self.parts)


def compose(ask: Ask, seed: int, ordinal: int, ids: Ids, prompt_tokens: int) -> Reply:
    """The answer that this request, seed and repetition always get; prompt and answer share the context."""
    chance = Chance(seed, ask.fingerprint, ordinal)
    draft = [*_thinking(ask, seed, ordinal)]
    served, pauses = served_tools.choose(ask, chance) if ask.tools else ((), False)
    draft += _served(ask, served, ids)
    calls = tool_calls.choose(ask, chance) if ask.tools and not served else ()
    if not pauses:
        draft += _said(ask, calls, chance, seed, ordinal, ids)
    room = (ask.model.context or ask.max_tokens + prompt_tokens) - prompt_tokens
    return _cut(ask, draft, "pause_turn" if pauses else "tool_use" if calls else "end_turn", room)


def _said(ask: Ask, calls: tuple[ToolCall, ...], chance: Chance, seed: int, ordinal: int, ids: Ids) -> Iterator[Part]:
    """The calls with what is said before them, or the text."""
    if calls:
        if ask.tool_choice.get("type") == "auto":
            yield Part("text", _split(ask, tool_calls.preamble(calls, chance)))
        for call in calls:
            pieces = _split(ask, json.dumps(call.input, ensure_ascii=False))
            yield Part("tool_use", pieces, id=ids.next("toolu"), name=call.name)
    elif ask.schema is not None:
        value = schema_values.fill(ask.schema, chance, asking.text_of(ask.last.blocks))
        yield Part("text", _split(ask, json.dumps(value, ensure_ascii=False)))
    else:
        yield from _cited(ask, prose.write(ask, seed, ordinal))


def _cited(ask: Ask, text: str) -> Iterator[Part]:
    """The text as one block, or, where it cites, with each sentence that does as a block of its own."""
    for sentence, citation in sights.cited(ask):
        before, found, after = text.partition(sentence)
        if not found:
            continue
        if before:
            yield Part("text", _split(ask, before))
        yield Part("text", _split(ask, sentence), citations=(citation,))
        text = after
    if text:
        yield Part("text", _split(ask, text))


def _served(ask: Ask, served: tuple[Served, ...], ids: Ids) -> Iterator[Part]:
    """What the server's own tools did: each call, and its result in one piece."""
    for each in served:
        call = ids.next("srvtoolu")
        pieces = _split(ask, json.dumps(each.input, ensure_ascii=False))
        yield Part("server_tool_use", pieces, id=call, name=each.name)
        yield Part("whole", [], whole={**each.result, "tool_use_id": call})


def _thinking(ask: Ask, seed: int, ordinal: int) -> list[Part]:
    if not ask.thinks:
        return []
    text = thoughts.write(ask, seed, ordinal)
    pieces = _split(ask, text)
    if ask.budget is not None:
        pieces = pieces[: ask.budget]
    shown = ask.display != "omitted"
    signature = signatures.sign(ask, "".join(pieces[: ask.max_tokens]) if shown else "")
    return [Part("thinking", pieces, shown=shown, signature=signature)]


def _cut(ask: Ask, draft: list[Part], reason: str, room: int) -> Reply:
    """The draft up to the first stop sequence, to `max_tokens` or to the context's end, whichever comes first."""
    left = min(ask.max_tokens, room)
    full = "max_tokens" if ask.max_tokens <= room else "model_context_window_exceeded"
    parts: list[Part] = []
    for part in draft:
        if left <= 0:
            return Reply(tuple(parts), full)
        found = _stopped(part.text, ask.stop_sequences) if part.kind == "text" else None
        if found is not None:
            end, sequence = found
            part.tokens = _split(ask, part.text[:end])
            if len(part.tokens) <= left:
                return Reply((*parts, part) if part.tokens else tuple(parts), "stop_sequence", sequence)
        if len(part.tokens) > left:
            part.tokens = part.tokens[:left]
            return Reply((*parts, part), full)
        left -= len(part.tokens)
        parts.append(part)
    return Reply(tuple(parts), reason)


def _stopped(text: str, sequences: tuple[str, ...]) -> tuple[int, str] | None:
    """Where the first stop sequence to be completed begins."""
    found = [(at + len(each), at, each) for each in sequences if (at := text.find(each)) >= 0]
    return min(found)[1:] if found else None


def _split(ask: Ask, text: str) -> list[str]:
    return tokens.pieces(text, new=ask.model.new_tokenizer)


def _whole(text: str) -> object:
    """A tool's input; one that `max_tokens` broke off is empty."""
    try:
        return json.loads(text)
    except ValueError:
        return {}
