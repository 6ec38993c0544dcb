"""The parameter panel: rows with sliders, a cursor, and what each is for."""

from __future__ import annotations

import textwrap
from typing import Literal

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.core.safe import display
from workbench.ui.fit import spread
from workbench.ui.gauge import slider
from workbench.ui.widgets.parameter_row import Row

SLIDER = 9
EXCERPT = 4
"""Lines of the system prompt that show, so that what stands below it keeps its place."""


class Parameters(Widget, can_focus=True):
    """Draws the rows handed to it; every wish to change something goes up as a message."""

    ALLOW_SELECT = False

    rows: reactive[tuple[Row, ...]] = reactive(())
    at: reactive[str] = reactive("param:model")
    """The row under the cursor, by id."""
    top: reactive[int] = reactive(0)

    class Chosen(Message):
        """A row was opened: by enter, or by a second click."""

        def __init__(self, row: str) -> None:
            super().__init__()
            self.row = row

    class Stepped(Message):
        """A row's value should move."""

        def __init__(self, row: str, by: int, *, big: bool = False) -> None:
            super().__init__()
            self.row = row
            self.by = by
            self.big = big

    class Cleared(Message):
        """A row's value should be unset, or go back to the preset."""

        def __init__(self, row: str, *, reset: bool = False) -> None:
            super().__init__()
            self.row = row
            self.reset = reset

    class Wished(Message):
        """A row's parameter should have several values: a lane each, or an axis of a sweep."""

        def __init__(self, row: str, where: Literal["lanes", "sweep"]) -> None:
            super().__init__()
            self.row = row
            self.where: Literal["lanes", "sweep"] = where

    # What it shows

    def render(self) -> Content:
        width, height = self.content_size
        foot = self._foot(width)
        room = max(height - len(foot), 1)
        shown = [self._line(row, width) for row in self._lines(width)[self.top : self.top + room]]
        shown += [Content("")] * (room - len(shown))
        return Content("\n").join([*shown, *foot])

    def _lines(self, width: int) -> list[Row]:
        """The rows with an empty line before each heading, and long sentences wrapped."""
        found: list[Row] = []
        for row in self.rows:
            if row.heading and found:
                found.append(Row(""))
            if row.heading or row.value or row.unset:
                found.append(row)
                continue
            parts = textwrap.wrap(row.label, max(width, 1)) if len(row.label) > width else [row.label]
            if row.id:
                room = EXCERPT - sum(each.id == row.id and not each.heading for each in found)
                parts = (
                    parts if len(parts) <= room else [*parts[: room - 1], f"{parts[room - 1]} …"] if room > 0 else []
                )
            found += [Row(row.id, part, tone=row.tone, unset=row.unset) for part in parts]
        return found

    def _line(self, row: Row, width: int) -> Content:
        label, value = display(row.label), display(row.value)
        if row.heading:
            line = spread(
                Content.styled(label, "bold $heading"),
                Content.styled(value, "$accent" if row.changed else "$dim"),
                width,
            )
        elif not value:
            line = Content.styled(label, self._label_style(row)).truncate(width, ellipsis=True)
        else:
            line = _beside(Content.styled(label, self._label_style(row)), self._value(row, value), width)
        chosen = bool(row.id) and row.id == self.at and self.has_focus
        line = line.pad_right(max(width - line.cell_length, 0))
        return line.stylize("on $selection") if chosen else line

    def _label_style(self, row: Row) -> str:
        if row.tone:
            return f"${row.tone}"
        return "$dim" if row.reason or row.unset else "$muted" if row.value else "$soft"

    def _value(self, row: Row, value: str) -> Content:
        if row.unset:
            return Content.styled("✗" if row.reason else value, "$dim")
        style = (
            f"bold ${row.tone}"
            if row.tone
            else "bold $accent"
            if row.changed and row.share is None
            else "bold $foreground"
        )
        text = Content.styled(value, style)
        if row.share is not None:
            drawn = slider(row.share, SLIDER, "$accent" if not row.reason else "$dim")
            text = drawn + Content(" ") + text.pad_left(max(6 - text.cell_length, 0))
        return text

    def _foot(self, width: int) -> list[Content]:
        """What the chosen row is for, or why it can't be used, under the rows."""
        row = self.current
        if row is None or not self.has_focus or self.content_size.height < 12:
            return []
        text, style = (row.reason, "$warning") if row.reason else (row.help, "$dim")
        lines = textwrap.wrap(display(text), max(width, 10))[:3]
        return [Content(""), *(Content.styled(line, style) for line in lines)]

    # Where the cursor is

    @property
    def current(self) -> Row | None:
        return next((row for row in self.rows if row.id == self.at), None)

    @property
    def ids(self) -> list[str]:
        """The rows that the cursor can stand on, in order."""
        return list(dict.fromkeys(row.id for row in self.rows if row.id))

    def move(self, by: int) -> None:
        ids = self.ids
        if ids:
            here = ids.index(self.at) if self.at in ids else 0
            self.at = ids[min(max(here + by, 0), len(ids) - 1)]

    def watch_rows(self) -> None:
        if self.at not in self.ids and self.ids:
            self.at = self.ids[0]
        self._keep_in_view()

    def watch_at(self) -> None:
        self._keep_in_view()

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001  # Textual's declaration
        """The line of help at the foot comes and goes with the focus, and takes room; `on_focus` is too early."""
        super().watch_has_focus(has_focus)
        self._keep_in_view()

    def on_resize(self) -> None:
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        """Scroll so that the chosen row shows, with the heading above it where that fits."""
        if not self.is_attached or self.content_size.height == 0:
            return
        lines = self._lines(self.content_size.width)
        room = max(self.content_size.height - len(self._foot(self.content_size.width)), 1)
        here = [index for index, row in enumerate(lines) if row.id and row.id == self.at]
        top = min(self.top, max(len(lines) - room, 0))
        if here:
            last = len(lines) - 1 if self.at == self.ids[-1] else here[-1]  # what is told below has no row to stand on
            first = here[0] - 1 if here[0] and lines[here[0] - 1].heading else here[0]
            top = min(max(top, last - room + 1), first)
        self.top = max(top, 0)

    def spot(self, row_id: str) -> int | None:
        """The line on the widget where a row shows now, for the jump labels."""
        lines = self._lines(self.content_size.width)
        for index, row in enumerate(lines[self.top : self.top + self.content_size.height]):
            if row.id == row_id:
                return index
        return None

    # What a person does

    def do_next(self) -> None:
        self.move(1)

    def do_previous(self) -> None:
        self.move(-1)

    def do_first(self) -> None:
        self.move(-len(self.rows))

    def do_last(self) -> None:
        self.move(len(self.rows))

    def do_less(self) -> None:
        self.post_message(self.Stepped(self.at, -1))

    def do_more(self) -> None:
        self.post_message(self.Stepped(self.at, 1))

    def do_less_big(self) -> None:
        self.post_message(self.Stepped(self.at, -1, big=True))

    def do_more_big(self) -> None:
        self.post_message(self.Stepped(self.at, 1, big=True))

    def do_enter(self) -> None:
        self.post_message(self.Chosen(self.at))

    def do_edit(self) -> None:
        self.post_message(self.Chosen(self.at))

    def do_unset(self) -> None:
        self.post_message(self.Cleared(self.at))

    def do_view(self) -> None:
        self.post_message(self.Wished(self.at, "lanes"))

    def do_sweep_it(self) -> None:
        self.post_message(self.Wished(self.at, "sweep"))

    def do_reset(self) -> None:
        self.post_message(self.Cleared(self.at, reset=True))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        lines = self._lines(self.content_size.width)
        index = self.top + offset.y if offset is not None else -1
        if 0 <= index < len(lines) and lines[index].id:
            again = lines[index].id == self.at
            self.at = lines[index].id
            if again or self.at.partition(":")[0] in {"more", "preset", "scope"}:
                self.do_enter()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.top = max(min(self.top + 2, len(self._lines(self.content_size.width)) - self.content_size.height), 0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.top = max(self.top - 2, 0)


def _beside(label: Content, value: Content, width: int) -> Content:
    """The label whole and the value cut; only a label of more than half the line gives way too."""
    room = max(width - label.cell_length - 1, width - width // 2 - 1)
    return spread(label, value.truncate(room, ellipsis=True) if value.cell_length > room else value, width)
