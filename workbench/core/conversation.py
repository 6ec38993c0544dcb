"""What a lane of a session would send next, and what is worth saying before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.core import gathered, template, thoughts, tool_loop, turn_cautions
from workbench.core.accepts import Caution
from workbench.core.block import PARTIAL
from workbench.core.kinds import Json
from workbench.core.model import Model
from workbench.core.models import Catalogue
from workbench.core.parameter_cautions import warnings
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.session import Lane, Message, Session
from workbench.core.thoughts import Ground, Why

BARE = "bare"
"""Where a message keeps its turn, when no variable is put into it; WHOLE is that with thinking."""
WHOLE = "whole"
TURNS = "turns"
EMPTY = "empty"
CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Said:
    """A conversation as it is sent."""

    turns: tuple[Turn, ...] = ()
    left_out: tuple[Why, ...] = ()
    """Why answers lack their thinking, or are missing: one for each."""
    digest: bytes | None = None
    """Of the turns; None until thinking asks for it."""


def request_of(session: Session, lane: Lane, tip: str | None, draft: str | Json | None = None) -> Request:
    """The request for the conversation that ends in `tip`, with the draft as one more turn of the user.

    Variables are put into the system prompt and into what the user wrote, never into answers.
    """
    return request_with(session, sent_params(session, lane), tip, draft)


def sent_params(session: Session, lane: Lane) -> Params:
    """The lane's parameters as they are sent: with variables put into the system prompt."""
    params = session.params_of(lane)
    if params.system is None:
        return params
    return params.set("system", template.render(params.system, session.bindings))


def request_with(
    session: Session, params: Params, tip: str | None, draft: str | Json | None = None, *, as_before: bool = False
) -> Request:
    """The same for parameters that are settled: which thinking goes along depends on them.

    `as_before` makes it by the rule of earlier versions, which kept no thinking but that of turns with tool calls.
    """
    turns = _said(session, params, tip, as_before=as_before).turns
    if draft is not None:
        turns = (*turns, _asked(draft, session.bindings))
    return Request(params, turns)


def _said(session: Session, params: Params, tip: str | None, *, as_before: bool = False) -> Said:
    """The conversation that ends in `tip`; of one that went on, only what came is made.

    It is made again only for other variables, or for another model, system prompt or tools.
    """
    if tip is None:
        return Said()
    ground = None if as_before else thoughts.ground_of(params, session.asked)
    name = (TURNS, ground, *session.variables)
    found: Said | None = session.memo.get((name, tip))
    if found is None:
        before: Said | None = session.memo.get((name, session.by_id[tip].parent))
        path = session.path(tip) if before is None else (session.by_id[tip],)
        found = session.memo[name, tip] = _with(session, before or Said(), path, ground)
    return found


def _with(session: Session, before: Said, messages: Iterable[Message], ground: Ground | None) -> Said:
    """A conversation with these messages after it."""
    turns, left_out, digest = list(before.turns), list(before.left_out), before.digest
    for message in messages:
        turn, why = _bare(message, session.bindings), None
        if message.role != "assistant":
            pass
        elif ground is None:
            turn = _whole(message) if thoughts.calls(message.blocks) else turn
        elif tool_loop.refused(session, message):
            turn, why = None, Why.REFUSED
        elif turn is not None and thoughts.has(message.blocks):
            digest = _digest(turns) if digest is None else digest
            why = thoughts.held_back(message.blocks, tool_loop.made_by(session, message), ground, digest)
            turn = turn if why else _whole(message)
        if why is not None:
            left_out.append(why)
        if turn is not None:
            turns.append(turn if message.cache is None else _marked(turn, message.cache))
            digest = None if digest is None else thoughts.goes_on(digest, turn)
    return Said(tuple(turns), tuple(left_out), digest)


def _marked(turn: Turn, lifetime: str) -> Turn:
    from workbench.core import breakpoints

    return breakpoints.marked_turn(turn, lifetime)


def _digest(turns: Iterable[Turn]) -> bytes:
    digest = thoughts.NOTHING
    for turn in turns:
        digest = thoughts.goes_on(digest, turn)
    return digest


def _bare(message: Message, variables: Mapping[str, str]) -> Turn | None:
    """A message as it is sent, without thinking; None for an answer that has nothing else: the API refuses that.

    A tool call that was cut off has no input that could be sent back.
    """
    if message.role != "assistant" and template.OPENS in message.text:
        return _asked(message.content, variables, message.role)
    if BARE not in message.memo:
        answer = message.role == "assistant"
        message.memo[BARE] = (
            _answer(message, thoughts.without) if answer else _asked(message.content, variables, message.role)
        )
    turn: Turn | None = message.memo[BARE]
    return turn


def _whole(message: Message) -> Turn | None:
    """An answer as it came, thinking and all; what ends in thinking is none that could be sent."""
    if WHOLE not in message.memo:
        message.memo[WHOLE] = _answer(message, list)
    turn: Turn | None = message.memo[WHOLE]
    return turn


def _asked(said: str | Json, variables: Mapping[str, str], role: str = "user") -> Turn:
    if isinstance(said, str):
        return Turn(role, template.render(said, variables))
    blocks = said.value if isinstance(said.value, list) else []
    return Turn(role, Json.of([_rendered(block, variables) for block in blocks if isinstance(block, dict)]))


def _answer(message: Message, part: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Turn | None:
    if isinstance(message.content, str):
        return Turn("assistant", message.content) if message.content else None
    blocks = [block for block in part(message.blocks) if PARTIAL not in block]
    return Turn("assistant", Json.of(blocks)) if blocks else None


def _rendered(block: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    if block.get("type") == "text" and isinstance(block.get("text"), str):
        return {**block, "text": template.render(block["text"], variables)}
    return block


def check(
    session: Session,
    lane: Lane,
    tip: str | None,
    draft: str | Json | None,
    *,
    catalogue: Catalogue,
    configured_version: str = "auto",
    vendor: bool = True,
    today: date | None = None,
    request: Request | None = None,
    kind: str = "anthropic",
) -> tuple[Caution, ...]:
    """What is wrong with the next request; only what makes no sense to send is `blocking`.

    `vendor` says that the vendor's own API answers, or the simulator: other servers name models as they like.
    `request` is that request, where the caller has made it already; `kind` is the endpoint's.
    """
    found: list[Caution] = []
    if isinstance(draft, str) and not draft.strip():
        found.append(Caution("prompt", "The prompt is empty: there is nothing to send.", blocking=True))
    for name in gathered.asked_names(session, lane, tip, draft):
        if name not in session.bindings:
            text = (
                f"{{{{{name}}}}} has no value: add the variable {name}, or write \\{{{{{name}}}}} to send it as it is."
            )
            found.append(Caution("variables", text, blocking=True))
    found.extend(_empty(session, tip))
    found.extend(_unanswered(session, tip, draft))
    found.extend(Caution("thinking", text) for text in _unsent(session, lane, tip))
    request = request or request_of(session, lane, tip, draft)
    version = request.version(configured_version, kind)
    catalogue = catalogue.behind(kind)
    found.extend(warnings(request.params, version, catalogue=catalogue, vendor=vendor, today=today, kind=kind))
    model = catalogue.find(request.params.model)
    found.extend(_attached(request, model, kind))
    found.extend(turn_cautions.cautions(request, model))
    if vendor and request.cached:
        from workbench.core import breakpoints

        found.extend(breakpoints.cautions(request, model))
    last = request.turns[-1].role if request.turns else "user"
    goes_on = draft is None and tool_loop.standing(session, tip) != "done"
    if last == "assistant" and model is not None and not model.prefill and not goes_on:
        found.append(Caution("prompt", f"{model.id} can't go on from an answer: the last turn must be yours."))
    return tuple(found)


def _attached(request: Request, model: Model | None, kind: str) -> tuple[Caution, ...]:
    if not request.media:
        return ()
    from workbench.core import media_limits

    return media_limits.cautions(request.media, model, kind)


def _unsent(session: Session, lane: Lane, tip: str | None) -> Iterator[str]:
    """What of earlier answers the next request leaves out."""
    return thoughts.told(_said(session, sent_params(session, lane), tip).left_out)


def _empty(session: Session, tip: str | None) -> Iterator[Caution]:
    """Messages of a file without anything in them: the API refuses such a turn."""

    def without(messages: Iterable[Message]) -> tuple[Message, ...]:
        return tuple(
            each for each in messages if not each.text.strip() and (isinstance(each.content, str) or not each.blocks)
        )

    for message in gathered.of(session, EMPTY, tip, without):
        where = f"messages, row {session.messages.index(message) + 1}"
        if message.role == "assistant":
            yield Caution("prompt", f"{where}: has no text, so it is left out.")
        else:
            yield Caution("prompt", f"{where}: has no text; write some, or remove it.", blocking=True)


def _unanswered(session: Session, tip: str | None, draft: str | Json | None) -> Iterator[Caution]:
    """Calls of tools that nobody answered: no request goes on behind them."""
    calls = tool_loop.left(session, gathered.of(session, CALLS, tip, tool_loop.about_calls), draft)
    if calls:
        several = "calls have" if len(calls) > 1 else "call has"
        yield Caution(
            "calls",
            f"{len(calls)} {several} no result yet: {tool_loop.named(calls)}. Each needs one first.",
            blocking=True,
        )
