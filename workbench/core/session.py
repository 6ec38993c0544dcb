"""A session: one prompt, its system prompts, variables, lanes, message tree and runs; a value that is never changed.

Messages form a tree in which nothing is overwritten: editing or running again adds a sibling. A lane is a set of
overrides over the shared parameters, and a place in that tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbench.core import template, tree
from workbench.core.cost import Cost, total
from workbench.core.kinds import Json
from workbench.core.params import Params, lookup

if TYPE_CHECKING:
    from workbench.core.batch import Batch
    from workbench.core.canned import CannedResult
    from workbench.core.record import RunRecord
    from workbench.core.sweep import Sweep
    from workbench.core.tree import Tree


def _extra() -> Any:
    """Keys of a file that this version doesn't know: kept, and written back."""
    return field(default_factory=dict, compare=False, hash=False, repr=False)


@dataclass(frozen=True)
class System:
    """One version of the system prompt."""

    id: str
    text: str
    extra: Mapping[str, object] = _extra()


@dataclass(frozen=True)
class Message:
    """A node of the tree."""

    id: str
    role: str
    content: str | Json
    """Text, or the content blocks where there is more than text."""
    parent: str | None = None
    run: str | None = None
    """The run that made it, for an answer."""
    extra: Mapping[str, object] = _extra()
    cache: str | None = None
    """A cache breakpoint at its end, `5m` or `1h`."""

    @cached_property
    def blocks(self) -> list[dict[str, Any]]:
        if isinstance(self.content, str):
            return [{"type": "text", "text": self.content}] if self.content else []
        value = self.content.value
        return [block for block in value if isinstance(block, dict)] if isinstance(value, list) else []

    @cached_property
    def text(self) -> str:
        """All text blocks, joined."""
        if isinstance(self.content, str):
            return self.content
        return "".join(str(block.get("text", "")) for block in self.blocks if block.get("type") == "text")

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """The variables that its text asks for."""
        return template.names(self.text)

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What was worked out from it alone, by name: of a long conversation all is asked for at every step."""
        return {}


@dataclass(frozen=True)
class Lane:
    """One column of a comparison: what differs from the shared parameters, and where it stands in the tree."""

    id: str = "A"
    name: str = ""
    system: str | None = None
    """The version of the system prompt, by id."""
    tip: str | None = None
    params: Params = Params()
    unset: tuple[str, ...] = ()
    """Shared parameters that this lane doesn't send."""
    extra: Mapping[str, object] = _extra()


@dataclass(frozen=True)
class Session:
    """Everything that one file holds."""

    title: str = ""
    created: datetime | None = None
    endpoint: str | None = None
    prompt: str = ""
    """What stands in the editor and wasn't sent yet."""
    attachments: tuple[Json, ...] = ()
    """What goes with it, as content blocks."""
    preset: str | None = None
    params: Params = Params()
    variables: tuple[tuple[str, str], ...] = ()
    systems: tuple[System, ...] = ()
    lanes: tuple[Lane, ...] = (Lane(),)
    messages: tuple[Message, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    tool_results: tuple[CannedResult, ...] = ()
    """Canned results, which answer the calls of tools."""
    sweeps: tuple[Sweep, ...] = ()
    batches: tuple[Batch, ...] = ()
    extra: Mapping[str, object] = _extra()
    asked: str | None = field(default=None, compare=False, repr=False)
    """The endpoint that requests are made for, by name; of this moment, and in no file. None where any may be meant."""

    # What there is

    @cached_property
    def _tree(self) -> Tree:
        return tree.of(self.messages)

    @property
    def memo(self) -> dict[Any, Any]:
        """What was worked out from a conversation alone, by its name and the conversation's last message."""
        return self._tree.memo

    @property
    def by_id(self) -> dict[str, Message]:
        return self._tree.by_id

    @property
    def children(self) -> dict[str | None, list[Message]]:
        """The messages under each message, oldest first; the roots stand under None."""
        return self._tree.children

    @cached_property
    def run_by_id(self) -> dict[str, RunRecord]:
        return {run.id: run for run in self.runs}

    @cached_property
    def spent(self) -> Cost:
        """What all runs cost together."""
        return total(run.cost for run in self.runs)

    @cached_property
    def bindings(self) -> dict[str, str]:
        return dict(self.variables)

    def lane(self, lane_id: str | None = None) -> Lane:
        """The lane of that id, else the first. Raises KeyError for an id that isn't there."""
        if lane_id is None:
            return self.lanes[0]
        for lane in self.lanes:
            if lane.id == lane_id:
                return lane
        raise KeyError(lane_id)

    def system(self, version: str | None) -> System | None:
        return next((system for system in self.systems if system.id == version), None)

    def path(self, tip: str | None) -> tuple[Message, ...]:
        """The conversation that ends in `tip`, from its root."""
        return self._tree.path(tip)

    def siblings(self, message_id: str) -> tuple[Message, ...]:
        """The message and its alternatives: the same role under the same parent."""
        message = self.by_id[message_id]
        beside = self.children[message.parent]
        if len(beside) == 1:
            return (message,)
        return tuple(each for each in beside if each.role == message.role)

    def leaf(self, message_id: str) -> str:
        """The newest end of the conversation that goes on from a message."""
        at = message_id
        while below := self.children.get(at):
            at = below[-1].id
        return at

    def params_of(self, lane: Lane) -> Params:
        """What the lane sends: shared, less what it unsets, with its own on top and its system prompt's text."""
        params = self.params.merge(lane.params, lane.unset)
        system = self.system(lane.system)
        if system is None or lane.params.system is not None:
            return params
        return params.merge(Params(system=system.text)) if system.text else params.unset("system")

    # What can be done: each returns the session after it

    def towards(self, endpoint: str) -> Session:
        """The session as requests to this endpoint are made from it."""
        return self if self.asked == endpoint else replace(self, asked=endpoint)

    def with_lane(self, lane: Lane) -> Session:
        """The lane in place of the one with its id, or added."""
        if any(each.id == lane.id for each in self.lanes):
            lanes = tuple(lane if each.id == lane.id else each for each in self.lanes)
        else:
            lanes = (*self.lanes, lane)
        return replace(self, lanes=lanes)

    def with_param(self, lane: Lane, key: str, value: object) -> Session:
        """A parameter set, or unset by None: the lane's own where it has one, else the shared. Raises ParamError."""
        if lane.params[lookup(key).key] is not None or key in lane.unset:
            kept = tuple(each for each in lane.unset if each != key)
            unset = (*kept, key) if value is None and self.params[key] is not None else kept
            return self.with_lane(replace(lane, params=lane.params.set(key, value), unset=unset))
        return replace(self, params=self.params.set(key, value))

    def with_system(self, lane: Lane, text: str) -> Session:
        """A new version of the system prompt for the lane, or the version that already says the same."""
        found = next((system for system in self.systems if system.text == text), None)
        made = found or System(next_id("s", self.systems), text)
        systems = self.systems if found else (*self.systems, made)
        return replace(self, systems=systems).with_lane(replace(lane, system=made.id))

    def with_variable(self, name: str, value: str | None) -> Session:
        kept = {**self.bindings}
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = value
        return replace(self, variables=tuple(kept.items()))

    def say(self, lane: Lane, content: str | Json, *, parent: str | None, role: str = "user") -> Session:
        """A new message under `parent`, and the lane's tip on it."""
        message = Message(f"m{self._tree.highest + 1}", role, content, parent)
        return replace(self, messages=(*self.messages, message)).with_lane(replace(lane, tip=message.id))

    def with_cache(self, marks: Mapping[str, str | None]) -> Session:
        """These messages with such cache breakpoints, or without. Raises KeyError."""
        changed = {each for each, mark in marks.items() if self.by_id[each].cache != mark}
        if not changed:
            return self
        messages = (replace(each, cache=marks[each.id]) if each.id in changed else each for each in self.messages)
        return replace(self, messages=tuple(messages))

    def marks(self, tip: str | None) -> dict[str, str]:
        """The cache breakpoints on the turns of a conversation, by message."""
        return {each.id: each.cache for each in self.path(tip) if each.cache is not None}

    def finish(self, record: RunRecord, content: str | Json) -> Session:
        """A run that ended: its record, and its answer under the message it answers.

        A lane that still stands where it asked moves on to the answer. A run without an answer is kept as a run.
        A question may have been taken out of the file while a batch was on its way: its answer begins a branch then.
        """
        if record.parent not in self.by_id:
            record = replace(record, parent=None)
        session = replace(self, runs=(*self.runs, record))
        if not content or (isinstance(content, Json) and content.value == []):
            return session
        message = Message(f"m{self._tree.highest + 1}", "assistant", content, record.parent, record.id)
        session = replace(session, messages=(*self.messages, message))
        for lane in self.lanes if record.parent else ():
            if lane.id == record.lane and (lane.tip == record.parent or self._asked_beside(lane, record.parent)):
                session = session.with_lane(replace(lane, tip=message.id))
        return session

    def _asked_beside(self, lane: Lane, parent: str | None) -> bool:
        """Whether the lane stands on another answer to the same message: that is what running again replaces."""
        tip = self.by_id.get(lane.tip) if lane.tip else None
        return tip is not None and tip.parent == parent and tip.role == "assistant"

    def keeping(self, later: Session) -> Session:
        """This session with what was sent and answered since: an undo takes back steps, never messages or runs."""
        marks = {each.id: each.cache for each in self.messages if each.id in later.by_id}
        messages = later.with_cache(marks).messages
        return replace(self, messages=messages, runs=later.runs, batches=later.batches)


def content_of(blocks: Iterable[Mapping[str, object]]) -> str | Json:
    """An answer as its message keeps it: text where it is nothing but text, so that a file reads well.

    Members that are null are left out, because TOML has no null and the API reads their absence alike.
    """
    kept = [{key: value for key, value in block.items() if value is not None} for block in blocks]
    if not kept:
        return ""
    if len(kept) == 1 and set(kept[0]) == {"type", "text"} and kept[0]["type"] == "text":
        return str(kept[0]["text"])
    return Json.of(kept)


def next_id(letter: str, things: tuple[Any, ...]) -> str:
    """The id after the highest of its letter: `m12` after `m11`."""
    taken = (tree.numbered(thing.id, letter) for thing in things)
    return f"{letter}{max(taken, default=0) + 1}"
