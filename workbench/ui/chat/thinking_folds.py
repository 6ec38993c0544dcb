"""The fold of a thinking block: how much it thought, and why nothing of it can be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from workbench.core.figures import grouped
from workbench.core.state import CHARACTERS_PER_TOKEN
from workbench.core.stop_reasons import thinking_tokens
from workbench.core.thoughts import THOUGHTS
from workbench.ui.widgets.conversation_entry import Fold

if TYPE_CHECKING:
    from workbench.core.block import Block
    from workbench.core.record import RunRecord

TITLE: Final = "thinking"
OMITTED: Final = "thinking (omitted by the API)"
HOW: Final = "Nothing of it came. With the parameter display at summarized the API gives a summary."
REDACTED: Final = "thinking (redacted by the API)"


def fold_of(block: dict[str, Any], at: int, blocks: Sequence[dict[str, Any]], record: RunRecord | None) -> Fold:
    """A thinking block of a finished answer, which stands behind `at` characters of its text."""
    if block.get("type") == "redacted_thinking":
        return Fold(REDACTED, json.dumps(block, ensure_ascii=False, indent=2), at, "json", count=size(blocks, record))
    text = str(block.get("thinking", ""))
    if not text:
        return Fold(OMITTED, HOW, at, count=size(blocks, record) or "not counted")
    return Fold(TITLE, text, at, count=size(blocks, record))


def size(blocks: Sequence[dict[str, Any]], record: RunRecord | None) -> str:
    """The server's count; it counts all of an answer's thinking together."""
    tokens = thinking_tokens(record) if record is not None else None
    several = sum(block.get("type") in THOUGHTS for block in blocks) > 1
    return f"{grouped(tokens)} tokens{' in all' if several else ''}" if tokens is not None else ""


def live_size(block: Block) -> str:
    """An estimate while it grows; what is omitted can't be counted before its end."""
    return f"≈ {grouped(round(block.size / CHARACTERS_PER_TOKEN))} tokens" if block.size else "…"
