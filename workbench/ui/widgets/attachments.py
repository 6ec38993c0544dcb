"""What goes with the prompt, as a row of chips over it; what is wrong stands under them in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive

from workbench.core.safe import display
from workbench.ui.widgets.line import Line
from workbench.ui.widgets.rows import one_line

GAP: Final = 1
LONGEST: Final = 28
"""Cells of a name in its chip."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One attachment as it shows."""

    name: str
    detail: str = ""
    """`1000×1000 · 48 kB · ≈ 1 296 tok`; `…` until it was looked at."""
    wrong: str = ""
    """Why it can't be sent, or what the API will say."""


class Wish(Message):
    """Something is to be done with a chip."""

    def __init__(self, command: str, at: int) -> None:
        super().__init__()
        self.command = command
        self.at = at


class Attachments(Line):
    """Draws the chips; knows which one is meant while it has the focus."""

    DEFAULT_CSS = "Attachments { height: 1; display: none; padding: 0 1; }"
    can_focus = True
    items: reactive[tuple[Attached, ...]] = reactive(())
    at: reactive[int] = reactive(0)

    def watch_items(self, before: tuple[Attached, ...], items: tuple[Attached, ...]) -> None:
        """What came is in view, and is what is meant first."""
        self.display = bool(items)
        last = max(len(items) - 1, 0)
        self.at = last if len(items) > len(before) else min(self.at, last)
        self.styles.height = 2 if any(each.wrong for each in items) else 1

    def render(self) -> Content:
        width = self.content_size.width
        line = self.draw(width)
        wrong = self._wrong()
        if not wrong:
            return line
        words = Content.styled(f"! {one_line(wrong)}", "$warning")
        return Content.assemble(line, "\n", words.truncate(max(width, 0), ellipsis=True))

    def draw(self, width: int) -> Content:
        """As many chips as fit, the one that is meant among them, and how many there are more."""
        shown, before, after = self._shown(width)
        parts: list[Content] = [Content.styled(f"‹{before} ", "$dim")] if before else []
        for place, at in enumerate(shown):
            parts += [Content(" " * GAP)] if place else []
            parts.append(self._chip(at))
        if after:
            parts.append(Content.styled(f" +{after}", "$dim"))
        line = Content.assemble(*parts)
        return line.truncate(max(width, 0), ellipsis=True) if line.cell_length > width else line

    def _chip(self, at: int) -> Content:
        item, meant = self.items[at], self.has_focus and at == self.at
        name = Content.styled(
            f" {_short(item.name)} ", "bold $background on $primary" if meant else "$accent on $panel"
        )
        detail = Content.styled(f"{display(item.detail)} ", "$warning on $panel" if item.wrong else "$soft on $panel")
        return name + detail

    def _shown(self, width: int) -> tuple[range, int, int]:
        """Which chips show, and how many before and after them don't."""
        sizes = [self._chip(at).cell_length + GAP for at in range(len(self.items))]
        first = 0
        while first < self.at and sum(sizes[first : self.at + 1]) > width - 8:
            first += 1
        last = first
        while last < len(sizes) and (last == first or sum(sizes[first : last + 1]) <= width - 4):
            last += 1
        return range(first, last), first, len(sizes) - last

    def _wrong(self) -> str:
        """Of the chip that is meant, else of the first that has something wrong."""
        own = self.items[self.at].wrong if self.has_focus and self.at < len(self.items) else ""
        return own or next((each.wrong for each in self.items if each.wrong), "")

    def jumps(self) -> list[tuple[str, Offset]]:
        """The chips in sight, each with its cell of the screen."""
        shown, before, _ = self._shown(self.content_size.width)
        left, found = len(f"‹{before} ") if before else 0, []
        for at in shown:
            found.append((str(at), self.content_region.offset + Offset(left, 0)))
            left += self._chip(at).cell_length + GAP
        return found

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def do_more(self) -> None:
        self.at = min(self.at + 1, len(self.items) - 1)

    def do_less(self) -> None:
        self.at = max(self.at - 1, 0)

    def do_next(self) -> None:
        """Down is where the prompt is."""
        self.post_message(Wish("prompt", self.at))

    def do_first(self) -> None:
        self.at = 0

    def do_last(self) -> None:
        self.at = len(self.items) - 1

    def do_unset(self) -> None:
        self.post_message(Wish("unset", self.at))

    def do_enter(self) -> None:
        self.post_message(Wish("enter", self.at))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.focus()
        for key, spot in self.jumps():
            if spot.x <= event.screen_x:
                self.at = int(key)


def _short(name: str) -> str:
    text = one_line(name)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 9]}…{text[-8:]}"
