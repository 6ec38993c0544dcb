"""What a stream has said so far, folded event by event (claude-api §3; the S rows of the faults list)."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, assert_never

from workbench.core import errors, merge, strict_json
from workbench.core.block import Block
from workbench.core.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    ErrorEvent,
    InputJsonDelta,
    Malformed,
    MessageDelta,
    MessageStart,
    MessageStop,
    OtherDelta,
    Ping,
    SignatureDelta,
    TextDelta,
    ThinkingDelta,
    Unknown,
)
from workbench.core.state import State

if TYPE_CHECKING:
    from workbench.core.errors import Problem
    from workbench.core.events import Event

Wire = dict[str, Any]

MAX_FLAGS: Final = 50
CUT_SHORT: Final = frozenset({"max_tokens", "model_context_window_exceeded", "refusal"})
"""Stop reasons after which a block may stay without its stop."""
_REPLACING: Final = frozenset({"compaction_delta"})
_IMPLICIT: Final = {"text": "text", "thinking": "thinking", "input": "tool_use"}


@dataclass(slots=True, kw_only=True)
class Reply:
    """The growing answer. Nothing a server sends raises here: what makes no sense is flagged and kept."""

    blocks: list[Block] = field(default_factory=list)
    """In the order of their indexes."""
    message: Wire = field(default_factory=dict)
    """The `message` of message_start with what message_delta changed; its `content` and `usage` are stale."""
    usage: Wire = field(default_factory=dict)
    """Merged: for each field the newest value that isn't null."""
    usage_final: bool = False
    """Whether the output count is the server's last word; before, it is a placeholder."""
    stop_reason: str | None = None
    stop_sequence: str | None = None
    problem: Problem | None = None
    request_id: str | None = None
    flags: list[str] = field(default_factory=list)
    """Oddities of the stream, each said once."""
    events: int = 0
    bad_events: int = 0
    """Events that could not be read and were skipped."""
    faults: int = 0
    """Places where the stream broke its own order."""
    version: int = 0
    """Bumped by each change: a view compares it to know whether there is something to draw."""
    begun: bool = False
    """message_start was seen."""
    stopped: bool = False
    """message_stop was seen."""
    failed: bool = False
    """An `error` event was seen."""
    _by_index: dict[int, Block] = field(default_factory=dict, repr=False)
    _recognised: bool = field(default=False, repr=False)
    _after_bad: bool = field(default=False, repr=False)

    def apply(self, event: Event) -> None:
        """Take in one event."""
        self.events += 1
        self.version += 1
        if self.stopped:
            self.flag("something came after message_stop and was ignored")
            return
        match event:
            case TextDelta(index, text):
                self._grow(index, "text", text)
            case ThinkingDelta(index, text):
                self._grow(index, "thinking", text)
            case InputJsonDelta(index, text):
                self._grow(index, "input", text)
            case Malformed(reason, _):
                self.bad_events += 1
                self._after_bad = True
                self.flag(f"an event was skipped: {reason}")
                return
            case Unknown(kind, _):
                self.flag(f"unknown event {kind[:40]}")
                return
            case _:
                self._apply_rare(event)
        self._recognised = True
        self._after_bad = False

    def apply_message(self, message: Wire) -> None:
        """Take a whole message, as some servers answer with in place of a stream."""
        self.version += 1
        content = message.get("content")
        if isinstance(content, list):
            self.flag("a whole message came in place of a stream")
            self._recognised = True
            self._start(strict_json.encodable(message))
            self._adopt_content()
            self._change(self.message, self.usage)
            self.stopped = True
        elif "error" in message:
            error = message["error"]
            self._fail(error if isinstance(error, dict) else {"message": str(error)})
        else:
            self._fault("the answer is no message")

    @property
    def text(self) -> str:
        """All text blocks, joined."""
        return "".join([block.text for block in self.blocks if block.type == "text"])

    @property
    def has_content(self) -> bool:
        """Whether anything of the answer has come; from then on, sending again is the user's choice."""
        return any(block.parts or not block.field for block in self.blocks)

    def content(self) -> list[Wire]:
        """The blocks as they go back over the wire."""
        return [block.content() for block in self.blocks]

    def verdict(self) -> State:
        """What it means if nothing more comes."""
        broken = self.faults > 0 and self.bad_events == 0
        """An event that was skipped explains what is missing after it."""
        if self.failed:
            return State.REJECTED
        if not self.begun:
            odd = self.faults or self.bad_events or not self._recognised
            return State.MALFORMED if odd else State.INTERRUPTED
        if broken or self._after_bad:
            return State.MALFORMED
        if self.stopped:
            lost = self.bad_events > 0 and self.stop_reason is None
            return State.MALFORMED if lost else State.COMPLETE
        if self.stop_reason is not None and self.usage_final:
            return State.UNCONFIRMED
        return State.INTERRUPTED

    def _apply_rare(self, event: Event) -> None:
        match event:
            case BlockStart(index, start):
                self._start_block(index, start)
            case BlockStop(index):
                self._stop_block(index)
            case SignatureDelta(index, signature):
                self._block(index, "thinking").replaced["signature"] = signature
            case CitationsDelta(index, citation):
                self._block(index, "text").citations.append(citation)
            case OtherDelta(index, delta):
                self._other_delta(index, delta)
            case MessageStart(message):
                self._start(message)
            case MessageDelta(delta, usage):
                self._change(delta, usage)
            case MessageStop():
                self._stop()
            case ErrorEvent():
                self._fail(event.error or {"message": event.message})
                self.request_id = event.request_id or self.request_id
            case Ping():
                pass
            case TextDelta() | ThinkingDelta() | InputJsonDelta() | Malformed() | Unknown():
                raise AssertionError("apply takes these")
            case _:
                assert_never(event)

    def _grow(self, index: int, field: str, piece: str) -> None:
        block = self._by_index.get(index)
        if block is None or block.field != field or block.closed:
            block = self._block(index, field)
        block.add(piece)

    def _block(self, index: int, field: str) -> Block:
        """The block that fragments of this kind belong to; one that was never started is made and flagged."""
        block = self._by_index.get(index)
        if block is None:
            self._fault(f"a delta for block {index}, which never started")
        elif block.takes(field):
            if block.closed:
                self.flag(f"a delta for block {index} after its stop")
            return block
        else:
            self.flag(f"block {index} is {block.type} and got {field}")
            for other in self.blocks:
                if other.index == index and other.field == field:
                    return other
        return self._add(Block(index, {"type": _IMPLICIT[field]}))

    def _add(self, block: Block) -> Block:
        self._by_index[block.index] = block
        insort(self.blocks, block, key=lambda each: each.index)
        return block

    def _start_block(self, index: int, start: Wire) -> None:
        older = self._by_index.get(index)
        if older is not None:
            self.flag(f"block {index} started twice")
            if older.start == start and not older.closed and not older.parts:
                return
        if not self.begun:
            self._fault("a block before message_start")
        self._add(Block(index, start))

    def _stop_block(self, index: int) -> None:
        block = self._by_index.get(index)
        if block is None:
            self._fault(f"a stop for block {index}, which never started")
        elif block.closed:
            self._fault(f"block {index} stopped twice")
        else:
            block.close()

    def _other_delta(self, index: int, delta: Wire) -> None:
        kind = str(delta.get("type"))
        block = self._by_index.get(index)
        if block is None:
            self._fault(f"a delta for block {index}, which never started")
            block = self._add(Block(index, {}))
        if kind in _REPLACING:
            block.replaced |= {key: value for key, value in delta.items() if key != "type"}
        else:
            block.others.append(delta)
            self.flag(f"unknown delta {kind[:40]}")

    def _start(self, message: Wire) -> None:
        if self.begun:
            self._fault("a second message_start: the message was started again")
            self.blocks.clear()
            self._by_index.clear()
            self.usage, self.usage_final = {}, False
            self.stop_reason = self.stop_sequence = None
        self.begun = True
        self.message = dict(message)
        usage = message.get("usage")
        self._merge_usage(usage if isinstance(usage, dict) else {})

    def _change(self, delta: Wire, usage: Wire) -> None:
        """Take a message_delta. Neither stop field is inferred from the other: servers send odd pairs."""
        self.message |= {key: value for key, value in delta.items() if value is not None}
        if isinstance(reason := delta.get("stop_reason"), str):
            self.stop_reason = reason
        if isinstance(sequence := delta.get("stop_sequence"), str):
            self.stop_sequence = sequence
        self._merge_usage(usage)
        self.usage_final = self.usage_final or type(usage.get("output_tokens")) is int

    def _merge_usage(self, newer: Wire) -> None:
        self.usage, refused = merge.usage(self.usage, newer)
        for name in refused:
            self.flag(f"usage.{name[:60]} is no count")

    def _stop(self) -> None:
        self.stopped = True
        if not self.blocks:
            self._adopt_content()
        if not self.begun:
            self._fault("message_stop without message_start")
        if self.stop_reason not in CUT_SHORT and not all(block.closed for block in self.blocks):
            self._fault("a block never stopped")
        if sorted(self._by_index) != list(range(len(self._by_index))):
            self._fault("a block is missing between others")

    def _adopt_content(self) -> None:
        """Take the content of message_start where no block was streamed."""
        content = self.message.get("content")
        for index, start in enumerate(content if isinstance(content, list) else ()):
            if isinstance(start, dict):
                self._add(Block(index, start, closed=True))

    def _fail(self, error: Wire) -> None:
        self.failed = True
        self.problem = errors.from_event(error)

    def flag(self, oddity: str) -> None:
        """Note something odd about the stream, once."""
        if oddity not in self.flags and len(self.flags) < MAX_FLAGS:
            self.flags.append(oddity)

    def _fault(self, oddity: str) -> None:
        self.faults += 1
        self.flag(oddity)
