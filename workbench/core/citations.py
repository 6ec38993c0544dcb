"""What an answer cites: passages of documents, pages and search results that its text rests on (claude-api §6.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

MEMBER: Final = "citations"
SHOWN: Final = 500
"""Characters of a passage that are shown; the block has all of it."""


def told(blocks: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """A line for each passage, in the order of the text, each once: `Terms, page 3: “Refunds take five days.”`."""
    return tuple(dict.fromkeys(_line(each) for block in blocks for each in _cited(block)))


def asked(content: object) -> bool:
    """Whether a turn has a document, or a search result, that is to be cited."""
    listed = content if isinstance(content, list) else []
    return any(isinstance(each, dict) and (_enabled(each) or asked(each.get("content"))) for each in listed)


def _enabled(block: Mapping[str, Any]) -> bool:
    held = block.get(MEMBER)
    return isinstance(held, dict) and held.get("enabled") is True


def _cited(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    held = block.get(MEMBER) if block.get("type") == "text" else None
    return (each for each in held if isinstance(each, dict)) if isinstance(held, list) else iter(())


def _line(citation: Mapping[str, Any]) -> str:
    where = ", ".join(part for part in (_title(citation), _place(citation), _address(citation)) if part)
    passage = " ".join(str(citation.get("cited_text") or "").split())
    if len(passage) > SHOWN:
        passage = f"{passage[: SHOWN - 1]}…"
    return ": ".join(part for part in (where, f"“{passage}”" if passage else "") if part)


def _title(citation: Mapping[str, Any]) -> str:
    named = citation.get("document_title") or citation.get("title")
    if isinstance(named, str):
        return named
    number = citation.get("document_index", citation.get("search_result_index"))
    kind = "document" if "document_index" in citation else "search result"
    return f"{kind} {number + 1}" if isinstance(number, int) else ""


def _address(citation: Mapping[str, Any]) -> str:
    return next((str(citation[key]) for key in ("url", "source") if isinstance(citation.get(key), str)), "")


def _place(citation: Mapping[str, Any]) -> str:
    """The API's ends are behind the last; pages it counts from 1, all else from 0."""
    for word, start, end, first in (
        ("characters", "start_char_index", "end_char_index", 0),
        ("page", "start_page_number", "end_page_number", 0),
        ("part", "start_block_index", "end_block_index", 1),
    ):
        begin, behind = citation.get(start), citation.get(end)
        if not (isinstance(begin, int) and isinstance(behind, int)):
            continue
        if word == "characters":
            return f"{word} {begin}–{behind}"
        last = behind - 1
        return f"{word} {begin + first}" if last <= begin else f"{word}s {begin + first}–{last + first}"
    return ""
