"""Signatures of thinking blocks: they tell whether a block comes back as it was, where it was.

Nothing secret keeps them: like the prose, they are the same in every simulator.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from workbench.simulator.ask import canonical
from workbench.simulator.chance import Chance, digest
from workbench.simulator.errors import invalid

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask, Turn
    from workbench.simulator.shape import Block

PART: Final = 12
HEAD: Final = b"\x12\xa4"
THINKING: Final = ("thinking", "redacted_thinking")
UNSAID: Final = ("cache_control", "citations", "caller")
"""Fields that may change without the conversation changing."""


def sign(ask: Ask, text: str) -> str:
    """The signature of the thinking that answers this request."""
    return _signature(ask.model.id, text, _prefix(ask, ask.turns))


def _signature(model: str, text: str, prefix: bytes) -> str:
    parts = digest(model, size=PART) + digest(text, size=PART) + prefix
    seal = digest("seal", parts.hex(), size=PART)
    padding = Chance("padding", parts.hex()).letters(96).encode()
    return base64.b64encode(HEAD + parts + seal + padding).decode()


def check(ask: Ask) -> None:
    """Refuse thinking that was made up, edited, or moved to another conversation; raises ApiError 400.

    Blocks of another model are only ignored, and not every model looks at what stands before a block.
    """
    for at, turn in enumerate(ask.turns):
        for number, block in enumerate(turn.blocks):
            if block.get("type") in THINKING:
                _check_block(ask, at, f"messages.{at}.content.{number}", block)


def _check_block(ask: Ask, at: int, place: str, block: Block) -> None:
    try:
        raw = base64.b64decode(str(block.get("signature", block.get("data"))), validate=True)
    except binascii.Error:
        raw = b""
    body = raw[len(HEAD) :]
    model, text, prefix, seal = (body[start : start + PART] for start in range(0, 4 * PART, PART))
    if not raw.startswith(HEAD) or seal != digest("seal", body[: 3 * PART].hex(), size=PART):
        if block["type"] == "redacted_thinking":
            raise invalid(f"{place}: Invalid `data` in `redacted_thinking` block")
        raise invalid(f"{place}: Invalid `signature` in `thinking` block")
    if model != digest(ask.model.id, size=PART):
        return
    if block["type"] == "thinking" and text != digest(str(block["thinking"]), size=PART):
        raise invalid(
            f"{place}: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. "
            "These blocks must remain as they were in the original response."
        )
    if ask.model.binds_thinking and prefix != _prefix(ask, ask.turns[:at]):
        raise invalid(
            f"{place}: this `thinking` block was created for a different conversation prefix: `system`, `tools` or "
            "earlier `messages` have changed. Remove the block, or restore what came before it."
        )


def _prefix(ask: Ask, turns: tuple[Turn, ...]) -> bytes:
    said = [
        [turn.role, *[_said(block) for block in turn.blocks if block.get("type") not in THINKING]] for turn in turns
    ]
    before = [[_said(block) for block in ask.tools], [_said(block) for block in ask.system], said]
    return digest(canonical(before), size=PART)


def _said(block: Block) -> Block:
    return {name: value for name, value in block.items() if name not in UNSAID}
