"""The inside of a paragraph: markdown-it's inline tokens as runs, or none at all where nothing is marked up."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from workbench.core.links import link
from workbench.core.safe import display
from workbench.ui.text.lines import Run, faced, merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SPECIAL: Final = re.compile(r"[\\`*_~\[\]<>&!]")
"""What may mean something in a paragraph; text without it needs no parser."""
MOST_BRACKETS: Final = 512
"""Text with more is no prose, and each could begin a link: it is shown as it is."""
VARIABLE: Final = re.compile(r"\{\{[^{}\n]{1,200}\}\}")
SPANS: Final = {"strong_open": "strong", "em_open": "em", "s_open": "strike", "link_open": "link"}


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables and strike-through, without what a later line could change.

    No raw HTML, no link definitions and no headings by underlining: `text` over `---` is a rule.
    """
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    made.enable(["table", "strikethrough"])
    made.disable(["lheading", "reference", "html_block", "html_inline"])
    return made


def inline(text: str, face: str = "") -> list[Run]:
    """The runs of one paragraph's or cell's source."""
    if not SPECIAL.search(text) or text.count("[") > MOST_BRACKETS:
        return plain(text, face)
    tokens = parser().parseInline(text)
    return [run for token in tokens for run in runs(token.children or (), face)]


def plain(text: str, face: str = "") -> list[Run]:
    """The runs of text that has no markup."""
    return [(display(text).replace("\t", "    "), face)] if text else []


def runs(tokens: Sequence[Token], face: str = "") -> list[Run]:
    """The runs of an inline token's children."""
    return merged(_walk(tokens, face))


def variables(text: str, face: str = "") -> list[Run]:
    """The runs of plain text, its `{{names}}` standing out."""
    out: list[Run] = []
    at = 0
    for match in VARIABLE.finditer(text):
        out += [(text[at : match.start()], face), (match[0], faced(face, "var"))]
        at = match.end()
    out.append((text[at:], face))
    return [run for run in out if run[0]]


def _walk(tokens: Sequence[Token], face: str) -> Iterator[Run]:
    open_faces = [face]
    links: list[tuple[str, str, list[str]]] = []
    for token in tokens:
        kind = token.type
        shown: tuple[str, str] | None = None
        if kind in {"text", "text_special"}:
            shown = (display(token.content), open_faces[-1])
        elif kind == "code_inline":
            shown = (display(token.content), faced(open_faces[-1], "code"))
        elif kind in {"softbreak", "hardbreak"}:
            shown = ("\n", open_faces[-1])
        elif kind == "image":
            address = str(token.attrs.get("src", ""))
            known = link(address) is not None
            yield f"[image: {display(token.content)}]", faced(open_faces[-1], "link" if known else "")
            shown = (f" ({display(address)})", faced(face, "url" if known else ""))
        elif kind in SPANS:
            known = kind != "link_open" or link(str(token.attrs.get("href", ""))) is not None
            open_faces.append(faced(open_faces[-1], SPANS[kind] if known else ""))
            if kind == "link_open":
                links.append((display(str(token.attrs.get("href", ""))), "url" if known else "", []))
        elif kind.endswith("_close"):
            open_faces.pop()
            if kind == "link_close" and links:
                target, below, words = links.pop()
                if "".join(words) not in {target, target.removeprefix("mailto:")}:
                    yield f" ({target})", faced(face, below)
        else:
            shown = (display(token.content), open_faces[-1])
        if shown:
            for *_, words in links:
                words.append(shown[0])
            yield shown[0].replace("\t", "    "), shown[1]
