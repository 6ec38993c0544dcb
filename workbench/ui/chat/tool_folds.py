"""The folds of tools: a call with its input, and what came back for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from workbench.core import tool_loop
from workbench.core.block import PARTIAL
from workbench.ui.text.wrap import clip
from workbench.ui.widgets.conversation_entry import Entry, Fold

if TYPE_CHECKING:
    from workbench.core.block import Block
    from workbench.core.session import Message, Session

SEARCHED: Final = "web_search_tool_result"
CALLS: Final = "tool use "
"""Begins the title of a call that a person answers."""
COMING: Final = "…"
"""In place of a size, while it grows."""
SHORT_INPUT: Final = 60
"""Cells of a call's input that are seen while it is folded."""
LONGEST: Final = 300
"""Characters of a result of which its beginning is told."""
SHORT_LINES: Final = 8
SHORT_CHARACTERS: Final = 600
"""Of a result that is shown open."""


def call_of(block: dict[str, Any], at: int) -> Fold:
    """A call of a finished answer; what was cut off is no JSON, and shown as it came."""
    if PARTIAL in block:
        return Fold(_title(block), str(block[PARTIAL]), at, "json", count="cut off")
    held = block.get("input")
    shown = json.dumps(held, ensure_ascii=False, indent=2)
    short = "no input" if held in (None, {}) else json.dumps(held, ensure_ascii=False)
    return Fold(_title(block), shown, at, "json", count=clip(short, SHORT_INPUT))


def result_of(block: dict[str, Any], at: int, names: Mapping[str, str]) -> Fold:
    """What a call was answered with; a short one is open."""
    name = names.get(str(block.get("tool_use_id")), "an unknown call")
    content = block.get("content", "")
    text, language = content, ""
    if not isinstance(content, str):
        plain = isinstance(content, list) and all(isinstance(each, dict) and "text" in each for each in content)
        language = "" if plain else "json"
        text = "\n\n".join(str(each["text"]) for each in content) if plain else _legible(content)
    short = text.count("\n") < SHORT_LINES and len(text) <= SHORT_CHARACTERS
    sign = "✗ error of" if block.get("is_error") else "✓ result of"
    return Fold(f"{sign} {name}", text, at, language, count="" if text else "empty", opened=short and bool(text))


def searched(block: dict[str, Any], at: int) -> Fold:
    """What the server's web search found, a title and an address each, or why it found nothing."""
    content = block.get("content")
    if isinstance(content, dict) and "error_code" in content:
        return Fold("✗ error of web search", str(content["error_code"]), at, opened=True)
    pages = content if isinstance(content, list) else []
    found = [each for each in pages if isinstance(each, dict) and isinstance(each.get("url"), str)]
    if not found or len(found) < len(pages):
        return Fold(SEARCHED.replace("_", " "), _legible(block), at, "json")
    text = "\n\n".join(f"{each.get('title') or 'no title'}\n{each['url']}" for each in found)
    return Fold("✓ result of web search", text, at, count=f"{len(found)} page{'s'[: len(found) != 1]}")


def _legible(content: object) -> str:
    """Content blocks as JSON; a picture's base64 would be a hundred thousand rows."""
    from workbench.core.base64_text import folded

    return folded(json.dumps(content, ensure_ascii=False, indent=2))


def waiting(entry: Entry, calls: int, keys: str) -> Entry:
    """The last answer while its calls wait for results: they are unfolded, and what to do is said."""
    mine = [fold for fold in entry.folds if fold.title.startswith(CALLS)][-calls:]
    folds = tuple(replace(fold, opened=fold.opened or fold in mine) for fold in entry.folds)
    said = f"{calls} calls wait for their results" if calls > 1 else "A call waits for its result"
    return replace(entry, folds=folds, remarks=(*entry.remarks, f"{said}: {keys} answers."))


def traced(session: Session, entries: Sequence[Entry]) -> Entry:
    """The last of them, below what its loop called before and what came of that, folded: a lane shows one turn."""
    *before, last = entries
    loop = [*takewhile(lambda entry: _in_loop(session.by_id.get(entry.key)), reversed(before))]
    folds = [fold for entry in reversed(loop) for fold in entry.folds]
    if not any(fold.title.startswith(CALLS) for fold in folds):
        return last
    closed = (replace(fold, at=0, opened=False, count=fold.count or _brief(fold.text)) for fold in folds)
    return replace(last, folds=told_apart((*closed, *last.folds)))


def _in_loop(message: Message | None) -> bool:
    return message is not None and (message.role == "assistant" or tool_loop.only_results(message))


def _brief(text: str) -> str:
    """As much of a result as a folded row has room for."""
    return clip(" ".join(text[:LONGEST].split()), SHORT_INPUT)


def names_of(message: Message | None) -> dict[str, str]:
    """The names of the tools that a message calls, by the ids of the calls."""
    return {call.id: call.name for call in tool_loop.calls_of(message)} if message is not None else {}


def told_apart(folds: Iterable[Fold]) -> tuple[Fold, ...]:
    """Folds of one title numbered from the second on: a view knows them by their titles."""
    seen: dict[str, int] = {}
    made: list[Fold] = []
    for fold in folds:
        seen[fold.title] = seen.get(fold.title, 0) + 1
        number = seen[fold.title]
        made.append(replace(fold, title=f"{fold.title} · {number}") if number > 1 and _of_tool(fold.title) else fold)
    return tuple(made)


def live_title(blocks: Iterable[Block], block: Block) -> str:
    """The title of a call that is coming, as its finished fold will have it."""
    title = _title(block.start)
    before = sum(each.index < block.index and _title(each.start) == title for each in blocks)
    return f"{title} · {before + 1}" if before else title


def _title(block: Mapping[str, Any]) -> str:
    return f"{str(block.get('type', 'block')).replace('_', ' ')} {block.get('name', '')}".strip()


def _of_tool(title: str) -> bool:
    return CALLS in title or " of " in title
