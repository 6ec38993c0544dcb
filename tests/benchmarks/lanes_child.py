"""What lanes are measured beside: `lanes_child.py NOTES KIND LANES TOKENS`.

`markdown` is Textual's own `Markdown` in as many columns, each with an answer of so many tokens, fed 200 tokens a
second at 10 Hz through its stream, from memory: no socket, no decoder. `idle` is the same application without them.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Markdown, Static

from tests.benchmarks import server, stream

if TYPE_CHECKING:
    from textual import events

PACE: Final = 0.1
"""Seconds between two additions."""
READY: Final = "everything is there"


class Line(Input):
    """Notes when it handled a key, as the program's own editor does when it is measured."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self.out = out

    async def _on_key(self, event: events.Key) -> None:
        await super()._on_key(event)
        print(event.character or "", time.perf_counter(), file=self.out, flush=True)


class Beside(App[None]):
    """Columns of Markdown above a line that is typed into."""

    CSS = """
    #lanes { layout: grid; grid-size: 4; height: 1fr; }
    Static { height: 1; }
    """

    def __init__(self, out: TextIO, lanes: int, tokens: int) -> None:
        super().__init__()
        self.line = Line(out)
        self.state = Static("wait")
        self.columns = [VerticalScroll(Markdown(), can_focus=False) for _ in range(lanes)]
        self.tokens = tokens

    def compose(self) -> ComposeResult:
        yield VerticalScroll(*self.columns, id="lanes", can_focus=False)
        yield self.state
        yield self.line

    async def on_mount(self) -> None:
        self.line.focus()
        self.run_worker(self.stream())

    async def stream(self) -> None:
        """What is there already, and then what comes."""
        answers = [stream.words(random.Random(number)) for number, _ in enumerate(self.columns)]
        for column, answer in zip(self.columns, answers, strict=True):
            column.anchor()
            await column.query_one(Markdown).update("".join(islice(answer, self.tokens)))
        self.state.update(READY)
        async with asyncio.TaskGroup() as feeding:
            for column, answer in zip(self.columns, answers, strict=True):
                feeding.create_task(self.feed(column.query_one(Markdown), answer))

    async def feed(self, view: Markdown, answer: Iterator[str]) -> None:
        into = Markdown.get_stream(view)
        begun, sent = time.perf_counter(), 0
        while True:
            due = int((time.perf_counter() - begun) * server.RATE)
            await into.write("".join(islice(answer, due - sent)))
            sent = due
            await asyncio.sleep(PACE)


def main() -> None:
    notes, kind, lanes, tokens = sys.argv[1:]
    with Path(notes).open("w", encoding="utf-8") as out:
        Beside(out, int(lanes) if kind == "markdown" else 0, int(tokens)).run()


if __name__ == "__main__":
    main()
