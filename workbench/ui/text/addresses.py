"""The links of a Markdown text, whatever its size, in their order."""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING, Final

from workbench.core import links
from workbench.core.links import Link
from workbench.ui.text.inline import MOST_BRACKETS, parser
from workbench.ui.text.split import Splitter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from workbench.ui.text.split import Chunk

MOST: Final = 500
LONG_S: Final = 0.15
"""Seconds of this thread that looking for links takes at most; a text that takes more was made for it."""


def links_in(source: str) -> list[Link]:
    """What may be opened, each address once; what stands in code is no link."""
    splitter = Splitter()
    splitter.feed(source)
    splitter.finish()
    found: dict[str, Link] = {}
    until = thread_time() + LONG_S
    for chunk in splitter.chunks:
        for each in _of_chunk(chunk):
            found.setdefault(each.url, each)
        if len(found) >= MOST or thread_time() > until:
            break
    return [*found.values()][:MOST]


def _of_chunk(chunk: Chunk) -> Iterator[Link]:
    text = chunk.source
    if chunk.kind in {"code", "indented"} or not any(mark in text for mark in ("](", ":", "@")):
        return
    if chunk.kind == "table":  # its rows may be more than a parser should meet at once
        for line in chunk.lines:
            yield from _of_text(line)
    else:
        yield from _of_text(text)


def _of_text(text: str) -> Iterator[Link]:
    if text.count("[") > MOST_BRACKETS:
        for address in links.bare(text):
            yield from _kept(address)
        return
    for token in parser().parse(text):
        yield from _of_tokens(token.children or ())


def _of_tokens(tokens: Sequence[Token]) -> Iterator[Link]:
    target, words = "", ""
    inside = False
    for token in tokens:
        if token.type == "link_open":
            target, words, inside = str(token.attrs.get("href", "")), "", True
        elif token.type == "link_close":
            yield from _kept(target, words)
            inside = False
        elif token.type == "image":
            yield from _kept(str(token.attrs.get("src", "")), f"image: {token.content}")
            words += token.content
        elif inside:
            words += token.content or " "
        elif token.type == "text":
            for address in links.bare(token.content):
                yield from _kept(address)


def _kept(address: str, words: str = "") -> Iterator[Link]:
    link = links.link(address, " ".join(words.split()))
    if link is not None:
        yield link
