"""A piece of Markdown as a flat list of blocks, each with what stands at its left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workbench.core.safe import display
from workbench.ui.text.code import highlighted
from workbench.ui.text.inline import MOST_BRACKETS, SPECIAL, parser, plain, runs
from workbench.ui.text.lines import Run
from workbench.ui.text.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

BAR: Final[Run] = ("▌ ", "bar")
EMPTY: Final = re.compile(r"[\s>]*")
HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*")


@dataclass(slots=True)
class Block:
    """One leaf of the document."""

    kind: str
    """`text`, `code`, `table`, `rule` or `gap`."""
    runs: list[Run] = field(default_factory=list)
    first: tuple[Run, ...] = ()
    """What stands before its first row."""
    rest: tuple[Run, ...] = ()
    """What stands before its other rows."""
    lead: str = ""
    lead_rest: str = ""
    code: list[tuple[Run, ...]] = field(default_factory=list)
    table: Table | None = None


@dataclass(slots=True)
class _Container:
    first: Run
    rest: Run
    lead: str
    lead_rest: str
    used: bool = False


def blocks(source: str, *, final: bool = True) -> list[Block]:
    """The blocks of one chunk of Markdown; code is coloured only once the chunk is final."""
    source = display(source)
    if source.count("[") > MOST_BRACKETS:
        return [Block("text", plain(source))]
    if heading := HEADING.fullmatch(source):
        return [_heading(heading[1], heading[2] or "")]
    if not SPECIAL.search(source) and source[:1] not in {" ", "\t"} and _plain_paragraph(source):
        return [Block("text", plain("\n".join(line.strip() for line in source.split("\n"))))]
    walk = _Walk(source, final=final)
    walk.children(parser().parse(source))
    return walk.out


def _plain_paragraph(source: str) -> bool:
    """Whether these lines, without any inline markup, are one paragraph and nothing else."""
    return not re.search(r"(?m)^\s*(?:[-+=|#]|\d{1,9}[.)]|$)|\|", source)


def _heading(marks: str, text: str) -> Block:
    from workbench.ui.text.inline import inline

    return Block("text", inline(text, _heading_face(len(marks))), lead=f"{marks} ")


def _heading_face(level: int) -> str:
    return f"h{min(level, 3)}"


class _Walk:
    """Walks markdown-it's block tokens once, with a stack of the containers it is in."""

    def __init__(self, source: str, *, final: bool) -> None:
        self.out: list[Block] = []
        self._source = source.split("\n")
        self._final = final
        self._inside: list[_Container] = []

    def children(self, tokens: Sequence[Token]) -> None:
        """Add what a container holds, with a gap where the source has one."""
        at, first = 0, True
        while at < len(tokens):
            token = tokens[at]
            end = _closing(tokens, at)
            if not first and token.map and token.map[0] and EMPTY.fullmatch(self._source[token.map[0] - 1]):
                self._add(Block("gap"))
            first = False
            self._block(token, tokens[at + 1 : end])
            at = end + 1

    def _block(self, token: Token, inside: Sequence[Token]) -> None:
        match token.type:
            case "blockquote_open":
                self._container(_Container(BAR, BAR, "> ", "> "), inside)
            case "bullet_list_open" | "ordered_list_open":
                self.children(inside)
            case "list_item_open":
                mark = f"{token.info:>2}. " if token.info else " • "
                lead = f"{token.info}{token.markup} " if token.info else f"{token.markup} "
                rest = (" " * len(mark), "")
                self._container(_Container((mark, "bullet"), rest, lead, " " * len(lead)), inside)
            case "paragraph_open":
                self._add(Block("text", runs(inside[0].children or ())))
            case "heading_open":
                level = len(token.markup)
                self._add(Block("text", runs(inside[0].children or (), _heading_face(level)), lead=f"{token.markup} "))
            case "fence" | "code_block":
                self._code(token)
            case "table_open":
                self._add(Block("table", table=Table.of(inside)))
            case "hr":
                self._add(Block("rule"))
            case _:
                self._add(Block("text", plain(token.content)))

    def _code(self, token: Token) -> None:
        lines = token.content.removesuffix("\n").split("\n")
        self._add(Block("code", code=highlighted(lines, token.info if self._final else "")))

    def _container(self, container: _Container, inside: Sequence[Token]) -> None:
        self._inside.append(container)
        self.children(inside)
        if not container.used:
            self._add(Block("text"))
        self._inside.pop()

    def _add(self, block: Block) -> None:
        inside = self._inside
        block.first = tuple(each.rest if each.used else each.first for each in inside)
        block.rest = tuple(each.rest for each in inside)
        block.lead = "".join(each.lead_rest if each.used else each.lead for each in inside) + block.lead
        block.lead_rest = "".join(each.lead_rest for each in inside)
        for each in inside:
            each.used = True
        self.out.append(block)


def _closing(tokens: Sequence[Token], at: int) -> int:
    """The index of the token that closes the one at `at`."""
    level = 0
    for index in range(at, len(tokens)):
        level += tokens[index].nesting
        if level == 0:
            return index
    return len(tokens) - 1
