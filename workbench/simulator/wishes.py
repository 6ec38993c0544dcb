"""Ends on demand: any stop reason, and thinking that is redacted, for one request.

Asked for by a header, `x-simulate-stop: refusal`, or by such a line in the prompt, where there is no way to send one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from workbench.core.stop_reasons import CATEGORIES
from workbench.simulator import signatures
from workbench.simulator.errors import invalid

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.exchange import Request
    from workbench.simulator.reply import Part, Reply
    from workbench.simulator.shape import Block

STOP: Final = "x-simulate-stop"
THINKING: Final = "x-simulate-thinking"
LINE: Final = re.compile(rf"^[ \t]*({STOP}|{THINKING})[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
NULL: Final = "null"
PAUSE: Final = "pause_turn"
"""Granted once: the answer that goes on comes to its own end."""
AT_ONCE: Final = "at_once"
"""`refusal: at_once` comes before any output."""
CUT: Final = frozenset({"max_tokens", "model_context_window_exceeded", "refusal"})
KEPT: Final = 24
"""Tokens of text that come before such an end."""
EXPLANATION: Final = "The simulator was asked to refuse this."


@dataclass(frozen=True, slots=True)
class Wish:
    stop: str = ""
    """A stop reason, `null` for none; empty for the answer's own."""
    categories: tuple[str, ...] = ()
    """What stands behind it: of a refusal its category, and whether it comes at once."""
    redacted: bool = False


def read(ask: Ask, request: Request | None = None) -> Wish:
    """What this request wants of its end. Raises ApiError 400 for a wish that can't be read."""
    said = dict(LINE.findall(ask.question))
    told = {name: request.header(name) for name in (STOP, THINKING)} if request is not None else {}
    stop, *categories = (told.get(STOP) or said.get(STOP, "")).replace(":", " ").split() or [""]
    thinking = told.get(THINKING) or said.get(THINKING, "")
    if not all(WORD.fullmatch(word) for word in (stop or NULL, *categories)):
        raise invalid(f"{STOP}: a stop reason is wanted, such as refusal or refusal: cyber")
    if thinking not in {"", "redacted"}:
        raise invalid(f"{THINKING}: only `redacted` can be asked for, not {thinking!r}")
    return Wish(stop, tuple(categories), thinking == "redacted")


def stop_of(question: str) -> str:
    """The stop reason that a prompt asks for by such a line, if it does."""
    return next(iter(dict(LINE.findall(question)).get(STOP, "").replace(":", " ").split()), "")


def granted(reply: Reply, wish: Wish, ask: Ask) -> Reply:
    """The answer as it was wished for."""
    parts = tuple(_redacted(part, ask) if wish.redacted and part.kind == "thinking" else part for part in reply.parts)
    if not wish.stop or (wish.stop == PAUSE and ask.last.role == "assistant"):
        return replace(reply, parts=parts)
    if AT_ONCE in wish.categories:
        parts = ()
    elif wish.stop in CUT:
        parts = tuple(_cut(parts))
    stop = None if wish.stop == NULL else wish.stop
    details: Block | None = None
    if stop == "refusal":
        category = next((each for each in wish.categories if each != AT_ONCE), None)
        known = category in CATEGORIES
        details = {"type": "refusal", "category": category if known else None, "explanation": EXPLANATION}
    return replace(reply, parts=parts, stop_reason=stop, stop_sequence=None, stop_details=details)


def _redacted(part: Part, ask: Ask) -> Part:
    data = signatures.sign(ask, part.text)
    return replace(part, kind="redacted_thinking", whole={"type": "redacted_thinking", "data": data}, signature="")


def _cut(parts: tuple[Part, ...]) -> list[Part]:
    kept: list[Part] = []
    for part in parts:
        if part.kind == "text":
            kept.append(replace(part, tokens=part.tokens[:KEPT]))
        elif part.kind in {"thinking", "redacted_thinking"}:
            kept.append(part)
    return kept
