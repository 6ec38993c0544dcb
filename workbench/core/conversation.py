"""What a lane of a session would send next, and what is worth saying before it is sent."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from workbench.core import accepts, template, tool_loop
from workbench.core.accepts import Caution
from workbench.core.block import PARTIAL
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.rules_request import NO_MAX_TOKENS
from workbench.core.session import Lane, Message, Session

THOUGHTS = ("thinking", "redacted_thinking")
TURN = "turn"
"""Where a message keeps its turn, when no variable is put into it; and a session all turns of a conversation."""
EMPTY = "empty"
ASKS = "asks"
CALLS = "calls"
Made = TypeVar("Made")


def request_of(session: Session, lane: Lane, tip: str | None, draft: str | None = None) -> Request:
    """The request for the conversation that ends in `tip`, with the draft as one more turn of the user.

    Variables are put into the system prompt and into what the user wrote, never into answers.
    """
    params = session.params_of(lane)
    if params.system is not None:
        params = params.set("system", template.render(params.system, session.bindings))
    turns = _turns(session, tip)
    if draft is not None:
        turns = (*turns, Turn("user", template.render(draft, session.bindings)))
    return Request(params, turns)


def _turns(session: Session, tip: str | None) -> tuple[Turn, ...]:
    """The turns of the conversation that ends in `tip`; made again only for other variables."""
    variables = session.bindings

    def made(messages: Iterable[Message]) -> tuple[Turn, ...]:
        turns = (_turn(message, variables) for message in messages)
        return tuple(turn for turn in turns if turn is not None)

    return _gathered(session, (TURN, *session.variables), tip, made)


def _gathered(
    session: Session, name: Hashable, tip: str | None, made: Callable[[Iterable[Message]], tuple[Made, ...]]
) -> tuple[Made, ...]:
    """What is made of each message of a conversation; of one that went on, only of what came."""
    if tip is None:
        return ()
    found: tuple[Made, ...] | None = session.memo.get((name, tip))
    if found is None:
        message = session.by_id[tip]
        before: tuple[Made, ...] | None = session.memo.get((name, message.parent))
        found = made(session.path(tip)) if before is None else (*before, *made((message,)))
        session.memo[name, tip] = found
    return found


def _turn(message: Message, variables: Mapping[str, str]) -> Turn | None:
    """A message as it is sent, or None for an answer that has nothing in it: the API refuses empty turns.

    A tool call that was cut off has no input that could be sent back.
    """
    if message.role != "assistant" and template.OPENS in message.text:
        return _made(message, variables)
    if TURN not in message.memo:
        message.memo[TURN] = _made(message, variables)
    turn: Turn | None = message.memo[TURN]
    return turn


def _made(message: Message, variables: Mapping[str, str]) -> Turn | None:
    if message.role != "assistant":
        if isinstance(message.content, str):
            return Turn(message.role, template.render(message.content, variables))
        return Turn(message.role, Json.of([_rendered(block, variables) for block in message.blocks]))
    if isinstance(message.content, str):
        return Turn("assistant", message.content) if message.content else None
    blocks = [block for block in _without_thoughts(message.blocks) if PARTIAL not in block]
    return Turn("assistant", Json.of(blocks)) if blocks else None


def _rendered(block: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    if block.get("type") == "text" and isinstance(block.get("text"), str):
        return {**block, "text": template.render(block["text"], variables)}
    return block


def _without_thoughts(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks that later turns may always carry (claude-api §2.6).

    Thinking is bound to its model and to everything before it, so it goes as soon as it isn't needed: only a turn
    that called a tool, the server's own too, must give it back.
    """
    if any(str(block.get("type")).endswith("tool_use") for block in blocks):
        return blocks
    return [block for block in blocks if block.get("type") not in THOUGHTS]


def asked_names(session: Session, lane: Lane, tip: str | None, draft: str | None = None) -> tuple[str, ...]:
    """The variables that the next request asks for, in order."""
    system = template.names(session.params_of(lane).system or "")
    said = _gathered(session, ASKS, tip, _asks)
    return tuple(dict.fromkeys((*system, *said, *(template.names(draft) if draft is not None else ()))))


def _asks(messages: Iterable[Message]) -> tuple[str, ...]:
    return tuple(name for message in messages if message.role != "assistant" for name in message.asks)


def check(
    session: Session,
    lane: Lane,
    tip: str | None,
    draft: str | None,
    *,
    catalogue: Catalogue,
    configured_version: str = "auto",
    vendor: bool = True,
    today: date | None = None,
    request: Request | None = None,
) -> tuple[Caution, ...]:
    """What is wrong with the next request; only what makes no sense to send is `blocking`.

    `vendor` says that the vendor's own API answers, or the simulator: other servers name models as they like.
    `request` is that request, where the caller has made it already.
    """
    found: list[Caution] = []
    if draft is not None and not draft.strip():
        found.append(Caution("prompt", "The prompt is empty: there is nothing to send.", blocking=True))
    for name in asked_names(session, lane, tip, draft):
        if name not in session.bindings:
            text = (
                f"{{{{{name}}}}} has no value: add the variable {name}, or write \\{{{{{name}}}}} to send it as it is."
            )
            found.append(Caution("variables", text, blocking=True))
    found.extend(_empty(session, tip))
    found.extend(_unanswered(session, tip))
    request = request or request_of(session, lane, tip, draft)
    version = request.version(configured_version)
    found.extend(warnings(request.params, version, catalogue=catalogue, vendor=vendor, today=today))
    model = catalogue.find(request.params.model)
    last = request.turns[-1].role if request.turns else "user"
    goes_on = draft is None and tool_loop.standing(session, tip) != "done"
    if last == "assistant" and model is not None and not model.prefill and not goes_on:
        found.append(Caution("prompt", f"{model.id} can't go on from an answer: the last turn must be yours."))
    return tuple(found)


def _empty(session: Session, tip: str | None) -> Iterator[Caution]:
    """Messages of a file without anything in them: the API refuses such a turn."""

    def without(messages: Iterable[Message]) -> tuple[Message, ...]:
        return tuple(
            each for each in messages if not each.text.strip() and (isinstance(each.content, str) or not each.blocks)
        )

    for message in _gathered(session, EMPTY, tip, without):
        where = f"messages, row {session.messages.index(message) + 1}"
        if message.role == "assistant":
            yield Caution("prompt", f"{where}: has no text, so it is left out.")
        else:
            yield Caution("prompt", f"{where}: has no text; write some, or remove it.", blocking=True)


def _unanswered(session: Session, tip: str | None) -> Iterator[Caution]:
    """Calls of tools that nobody answered: no request goes on behind them."""
    calls = tool_loop.unanswered(_gathered(session, CALLS, tip, tool_loop.about_calls))
    if calls:
        several = "calls have" if len(calls) > 1 else "call has"
        named = ", ".join(map(tool_loop.told, calls))
        yield Caution("calls", f"{len(calls)} {several} no result yet: {named}. Each needs one first.", blocking=True)


def warnings(
    params: Params, version: str, *, catalogue: Catalogue, vendor: bool = True, today: date | None = None
) -> tuple[Caution, ...]:
    """What the API would refuse or ignore in these parameters, by the table of models."""
    found: list[Caution] = []
    refused = accepts.problems(params, catalogue.find(params.model), version, today=today)
    spoken_of = {each.key for each in refused}
    unknown = params.model is not None and vendor and catalogue.find(params.model) is None
    if params.model is None and vendor:
        found.append(Caution("model", "No model is set; the API requires one."))
    elif unknown:
        near = catalogue.nearest(params.model or "")
        instead = f"did you mean {near}?" if near else "workbench models lists them."
        found.append(Caution("model", f"{params.model} is not in the table of models; {instead}"))
    if params.max_tokens is None and vendor and "max_tokens" not in spoken_of:
        found.append(Caution("max_tokens", NO_MAX_TOKENS))
    for row, value in params.items:
        if row.key not in spoken_of and (mistake := row.kind.warning(value)):
            found.append(Caution(row.key, f"{row.key}: {mistake}."))
    return (*found, *refused)
