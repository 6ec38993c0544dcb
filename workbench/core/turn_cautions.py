"""What the API would refuse, or pass over, in the turns of a request (claude-api §2.1, §2.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from workbench.core import citations
from workbench.core.accepts import Caution

if TYPE_CHECKING:
    from workbench.core.model import Model
    from workbench.core.request import Request, Turn

SYSTEM: Final = "system"
CITED: Final = "An output format doesn't go with citations; switch them off, or unset it."


def cautions(request: Request, model: Model | None) -> Iterator[Caution]:
    """Nothing of a model that nobody listed: other servers have rules of their own."""
    if model is None or not model.listed or not request.turns:
        return
    if request.turns[0].role != "user":
        yield Caution("prompt", f"The first turn must be yours, and here it is one of role {request.turns[0].role}.")
    yield from _system(request.turns, model)
    if request.params.output_format is not None and any(map(_cites, request.turns)):
        yield Caution("output_format", CITED)


def _system(turns: tuple[Turn, ...], model: Model) -> Iterator[Caution]:
    """System turns amid the conversation: not every model has them, and not everywhere."""
    found = [at for at, turn in enumerate(turns) if turn.role == SYSTEM]
    if not found:
        return
    where = f"turn {found[0] + 1}"
    if model.system_messages_ignored:
        yield Caution("prompt", f"{model.id} passes over system turns: {where} has no effect; use the system prompt.")
        return
    if not model.system_messages:
        yield Caution("prompt", f"{model.id} takes no system turns, as {where} is; use the system prompt.")
        return
    for at in found:
        answered = at + 1 == len(turns) or turns[at + 1].role == "assistant"
        if at and not (turns[at - 1].role == "user" and answered):
            yield Caution(
                "prompt", f"A system turn must follow one of yours and come before the answer: turn {at + 1}."
            )
            return


def _cites(turn: Turn) -> bool:
    return (
        not isinstance(turn.content, str)
        and citations.MEMBER in turn.content.text
        and citations.asked(turn.content.value)
    )
