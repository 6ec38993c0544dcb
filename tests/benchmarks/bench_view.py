"""How much of a core a streaming answer costs, and how long a key waits: `python -m tests.benchmarks.bench_view`.

Each case is a process of its own on a pseudo-terminal of 200×60, with an answer of so many tokens already
there and 200 tokens a second arriving; `plain` is a bare widget with the same rows and no Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import os
import pty
import random
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from workbench.ui.text.wrap import rows
from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.conversation_entry import Entry, Fact

if TYPE_CHECKING:
    from textual import events

SIZE: Final = (200, 60)
RATE: Final = 200
FRAME: Final = 1 / 15
KEY_EVERY: Final = 0.05
WARM_UP: Final = 1.0
PROSE: Final = (
    "the answer of a model is made of words that come one after the other and mean something when they are read "
    "together with what stood before refund order customer policy temperature sampling window budget"
)
WORDS: Final = PROSE.split()


def tokens(count: int, seed: int = 1) -> list[str]:
    """A made-up answer: paragraphs with emphasis, lists, code and tables."""
    chance = random.Random(seed)
    out: list[str] = []

    def sentence(length: int) -> None:
        for _ in range(length):
            word = chance.choice(WORDS)
            out.append(chance.choice((f"**{word}** ", f"`{word}` ", *[f"{word} "] * 14)))

    while len(out) < count:
        match chance.randrange(6):
            case 0:
                out.append("## ")
                sentence(4)
            case 1:
                for item in range(5):
                    out.append(f"{item + 1}. ")
                    sentence(18)
                    out.append("\n")
            case 2:
                out.append("```python\n")
                for _ in range(8):
                    out.extend((f"{chance.choice(WORDS)} = ", f"compute({chance.random():.3f}, ", '"text")', "\n"))
                out.append("```")
            case 3:
                out.append("| one | two | three |\n|---|---|--:|\n")
                for row in range(6):
                    out.extend(("| ", chance.choice(WORDS), " | ", chance.choice(WORDS), f" | {row} |\n"))
            case _:
                sentence(90)
        out.append("\n\n")
    return out[:count]


class Plain(Widget):
    """The least that shows a growing text: wrapped lines and one strip a line."""

    can_focus = True

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Strip] = []
        self.tail = ""
        self.new: list[str] = []

    def feed(self, parts: list[str]) -> None:
        self.new += parts

    def strip(self, text: str) -> Strip:
        return Strip([Segment(text.ljust(self.size.width), self.rich_style)], self.size.width)

    def draw_new(self) -> None:
        text = self.tail + "".join(self.new)
        self.new.clear()
        *whole, self.tail = text.split("\n")
        before = len(self.lines)
        for line in whole:
            self.lines += [self.strip(line[start:end]) for start, end, _ in rows(line, self.size.width - 5)]
        last = [self.strip(self.tail[start:end]) for start, end, _ in rows(self.tail, self.size.width - 5)]
        height = self.size.height
        self.shown = (self.lines[-height:] + last)[-height:]
        if len(self.lines) == before and len(last) == getattr(self, "rows", 0):
            self.refresh(Region(0, len(self.shown) - len(last), self.size.width, len(last)))
        else:
            self.refresh()
        self.rows = len(last)

    def render_lines(self, crop: Region) -> list[Strip]:
        shown = [*getattr(self, "shown", [])]
        shown += [self.strip("")] * (self.size.height - len(shown))
        return shown[crop.y : crop.bottom]


class Bench(App[None]):
    """Streams into one view for some seconds."""

    CSS = "Screen { layout: grid; grid-size: 4; } Screen.-one { grid-size: 1; }"

    def __init__(self, kind: str, there: int, seconds: float, lanes: int) -> None:
        super().__init__()
        self.kind, self.there, self.seconds = kind, there, seconds
        self.views: list[Conversation | Plain] = [Plain() if kind == "plain" else Conversation() for _ in range(lanes)]
        self.keys: list[float] = []
        self.started = self.ended = (0.0, 0.0)
        self.first = 0.0

    def compose(self) -> ComposeResult:
        yield from self.views

    def on_mount(self) -> None:
        self.screen.set_class(len(self.views) == 1, "-one")
        self.views[0].focus()
        self.set_timer(0.3, self.begin)

    def begin(self) -> None:
        answer = tokens(self.there)
        before = time.process_time()
        for view in self.views:
            if isinstance(view, Conversation):
                view.entries = [Entry("0", "user", "you", 1, text="A question.")]
                view.open_live(Entry("1", "assistant", "claude", 2))
            view.feed(answer)
            view.draw_new()
        self.first = time.process_time() - before
        self.set_interval(FRAME, self.draw_new)
        self.run_worker(self.stream())

    def draw_new(self) -> None:
        for view in self.views:
            view.draw_new()

    async def stream(self) -> None:
        source = iter(tokens(int(RATE * (self.seconds + WARM_UP)) + 100, seed=2))
        start, sent = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - start) < self.seconds + WARM_UP:
            if elapsed > WARM_UP and not self.started[0]:
                self.started = (time.perf_counter(), time.process_time())
            due = int(elapsed * RATE)
            new = [next(source) for _ in range(due - sent)]
            for view in self.views:
                view.feed(new)
                if isinstance(view, Conversation):
                    view.set_facts((Fact("streaming", 9), Fact(f"{due} out", 5), Fact("^C stops", 8)))
            sent = due
            await asyncio.sleep(0.02)
        self.ended = (time.perf_counter(), time.process_time())
        self.exit()

    def on_key(self, event: events.Key) -> None:
        if event.key == "x":
            self.keys.append(time.perf_counter())


def child(kind: str, there: int, seconds: float, lanes: int, out: Path) -> None:
    """One case, in its own process."""
    app = Bench(kind, there, seconds, lanes)
    app.run()
    wall, cpu = (after - before for before, after in zip(app.started, app.ended, strict=True))
    kib = next(
        int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    out.write_text(
        json.dumps({"cpu": cpu / wall, "keys": app.keys, "since": app.started[0], "first": app.first, "mb": kib / 1024})
    )


def measure(kind: str, there: int, seconds: float, lanes: int) -> tuple[float, float, float, float, float]:
    """CPU share of a core, median and 99th percentile of the key latency in ms, first drawing in ms, MB."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        command = [sys.executable, "-m", __spec__.name, "--child", kind, str(there), str(seconds), str(lanes), str(out)]
        environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        process = subprocess.Popen(command, stdin=side, stdout=side, stderr=side, env=environ)
        os.close(side)
        sent: list[float] = []
        due = time.perf_counter() + 2
        while process.poll() is None:
            if select.select([main], [], [], 0.01)[0]:
                try:
                    os.read(main, 1 << 16)
                except OSError:
                    break
            if time.perf_counter() >= due:
                os.write(main, b"x")
                sent.append(time.perf_counter())
                due = sent[-1] + KEY_EVERY
        process.wait()
        os.close(main)
        result = json.loads(out.read_text())
    waits = sorted(
        (handled - at) * 1000 for at, handled in zip(sent, result["keys"], strict=False) if at > result["since"]
    )
    p50, p99 = (waits[int(len(waits) * share)] if waits else float("nan") for share in (0.5, 0.99))
    return result["cpu"] * 100, p50, p99, result["first"] * 1000, result["mb"]


def main() -> None:
    """Measure every case and print a table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=8)
    arguments.add_argument("--tokens", type=int, nargs="*", default=[1_000, 20_000, 100_000])
    arguments.add_argument("--lanes", type=int, default=1)
    arguments.add_argument("--child", nargs=5)
    given = arguments.parse_args()
    if given.child:
        kind, there, seconds, lanes, out = given.child
        child(kind, int(there), float(seconds), int(lanes), Path(out))
        return
    print(f"{'view':>7} {'tokens':>7} {'cpu %':>6} {'p50 ms':>7} {'p99 ms':>7} {'first ms':>9} {'MB':>5}")  # noqa: T201
    for there in given.tokens:
        for kind in ("plain", "styled"):
            cpu, p50, p99, first, megabytes = measure(kind, there, given.seconds, given.lanes)
            print(f"{kind:>7} {there:>7} {cpu:6.1f} {p50:7.1f} {p99:7.1f} {first:9.0f} {megabytes:5.0f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
