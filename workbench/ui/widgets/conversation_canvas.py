"""The drawing side of the conversation: rows to strips, changed rows to the screen, the mouse back to rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Offset, Region
from textual.widget import Widget

from workbench.core.safe import display
from workbench.ui.text.lines import Line, Run
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.conversation_flow import Position, Row
from workbench.ui.widgets.conversation_paint import GUTTER, MARGIN, Look, Overlay, Painter, regions
from workbench.ui.widgets.conversation_select import selected_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.selection import Selection
    from textual.strip import Strip

    from workbench.ui.widgets.conversation_find import Finder
    from workbench.ui.widgets.conversation_window import Window

WHEEL: Final = 3
COLOUR_PAUSE: Final = 1 / 30
"""Seconds between two steps of colouring long code."""
NOTHING: Final = Line()


class Canvas(Widget):
    """Draws the rows of a window, each as a strip that is made once; the end of the row is a scrollbar."""

    DEFAULT_CSS: ClassVar[str] = "Canvas { width: 1fr; height: 1fr; }"
    can_focus = True
    _gutter = GUTTER

    def __init__(self, window: Window, palette: Palette | None, *, id: str | None, classes: str | None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._window = window
        self._current = ""
        self._finder: Finder | None = None
        self._given = palette
        self._painter = Painter(palette or Palette(), 0)
        self._labels: Mapping[str, str] | None = None
        self._empty: tuple[tuple[Run, ...], ...] = ()
        self._drawn: list[object] = []
        self._strips: list[Strip] = []
        self._colouring = False
        self._dragging = False

    @property
    def palette(self) -> Palette:
        """The colours; until some are given, those of the app's theme."""
        return self._given or Palette.from_variables(self.app.theme_variables)

    @palette.setter
    def palette(self, palette: Palette) -> None:
        self._given = palette
        self._draw_anew()

    @property
    def empty(self) -> tuple[tuple[Run, ...], ...]:
        """The rows to show while there is no entry."""
        return self._empty

    @empty.setter
    def empty(self, rows: Sequence[Sequence[Run]]) -> None:
        self._empty = tuple(tuple(row) for row in rows)
        self._draw()

    @property
    def labels(self) -> Mapping[str, str] | None:
        """Labels over the beginnings of the entries, by key; while there are any, the text is faded."""
        return self._labels

    @labels.setter
    def labels(self, labels: Mapping[str, str] | None) -> None:
        self._labels = labels
        self._draw_anew()

    def targets(self) -> list[tuple[str, Offset]]:
        """The entries in view, with the place on the screen where each begins."""
        origin = self.region.offset
        return [(key, origin + Offset(0, y)) for key, y in self._firsts().items()]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as they were last drawn; the compositor asks for all of them at any change."""
        if len(self._strips) != self.size.height or self._painter.width != self.size.width:
            self._compose_rows()
        strips = self._strips[crop.y : crop.bottom]
        for each in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(each, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One row with the place of each character: asked for only where the mouse is."""
        row = self._row(y)
        return self._painter.located(row.line, Look(), row.at.code) if row else self._painter.blank()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under the mouse selection, without what could steer the terminal it is pasted into."""
        text = display(selected_text(self._window.flow, selection))
        return (text, "\n") if text else None

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected now."""
        del selection
        self._draw()

    def pressed(self, row: Row, x: int) -> None:
        """A row was clicked, at that cell of the view."""

    def fitted(self, width: int, height: int) -> None:
        """It is drawn with so much room for text, where it had another before."""

    def _draw(self) -> None:
        """Repaint the rows that are not as they were."""
        if self.is_attached and (changed := self._compose_rows()):
            self.refresh(*regions(changed, self.size.width))

    def _draw_anew(self) -> None:
        self._painter = Painter(Palette(), 0)
        self._draw()

    def _compose_rows(self) -> list[int]:
        """Find the rows in view and make the strips that changed; which ones did."""
        width, height = self.size
        if not width or not height:
            self._strips = []
            return []
        fresh = len(self._strips) != height or self._painter.width != width
        if fresh:
            self.fitted(width - self._gutter - MARGIN, height)
        if self._painter.width != width:
            palette = self.palette
            self._painter = Painter(palette if self._labels is None else palette.faded(), width, self._gutter)
        self._window.resize(width - self._gutter - MARGIN, height)
        rows = self._window.compose()
        looks = self._looks(rows)
        over = self._overlays(rows)
        labels = {y: self._labels.get(key, "") for key, y in self._firsts().items()} if self._labels else {}
        drawn: list[object] = []
        strips: list[Strip] = []
        changed: list[int] = []
        for y, row in enumerate(rows):
            line = row.line if row else self._empty_line(y, height)
            state = (line, looks[y], over.get(y, ()), labels.get(y, ""))
            drawn.append(state)
            if not fresh and state == self._drawn[y]:
                strips.append(self._strips[y])
            else:
                changed.append(y)
                strips.append(self._painter.strip(*state))
        self._drawn, self._strips = drawn, strips
        self._colour_later(rows)
        return changed

    def _looks(self, rows: Sequence[Row | None]) -> list[Look]:
        """How each row is drawn besides its text."""
        thumb = self._window.thumb()
        first, last = thumb or (-1, -1)
        focused = self.has_focus
        out: list[Look] = []
        known, bar, current, foot = -1, "", False, -1
        for y, row in enumerate(rows):
            on_thumb = first <= y <= last
            if row is None:
                out.append(Look(thumb=on_thumb))
                continue
            if row.at.turn != known:
                known = row.at.turn
                turn = self._window.turns[known]
                bar, current, foot = turn.bar, focused and turn.key == self._current, len(turn.pieces) - 1
            if row.at.piece == foot and not row.line.runs:
                out.append(Look(thumb=on_thumb))
            else:
                out.append(Look(bar, current, on_thumb))
        return out

    def _overlays(self, rows: Sequence[Row | None]) -> dict[int, tuple[Overlay, ...]]:
        """What lies over each row: matches, and what the mouse selected."""
        selection = self.text_selection
        if self._finder is None and selection is None:
            return {}
        matches: dict[Position, Sequence[Overlay]] = {}
        out: dict[int, tuple[Overlay, ...]] = {}
        for y, row in enumerate(rows):
            if row is None:
                continue
            here: list[Overlay] = []
            inside = 0 < row.at.piece < len(self._window.turns[row.at.turn].pieces) - 1
            if self._finder and inside:
                first = Position(row.at.turn, row.at.piece)
                if first not in matches and row.at not in matches:
                    key, lines = self._window.turns[row.at.turn].key, self._window.flow.lines(*first[:2])
                    found = self._finder.overlays(key, row.at.piece, lines)
                    matches[first] = ()
                    matches |= {Position(*first[:2], line): each for line, each in found.items()}
                here += matches.get(row.at, ())
            if selection and (span := selection.get_span(row.at.code)):
                here.append(Overlay(max(span[0], 0), span[1], "selected"))
            if here:
                out[y] = tuple(here)
        return out

    def _firsts(self) -> dict[str, int]:
        """The row in view at which each entry begins."""
        firsts: dict[str, int] = {}
        for y, row in enumerate(self._window.shown):
            if row:
                firsts.setdefault(self._window.turns[row.at.turn].key, y)
        return firsts

    def _empty_line(self, y: int, height: int) -> Line:
        if self._window.turns or not self._empty:
            return NOTHING
        at = y - max((height - len(self._empty)) // 2, 0)
        return Line(self._empty[at]) if 0 <= at < len(self._empty) else NOTHING

    def _row(self, y: int) -> Row | None:
        return self._window.shown[y] if 0 <= y < len(self._window.shown) else None

    def _colour_later(self, rows: Sequence[Row | None]) -> None:
        """Go on colouring long code that is in view, a step at a time."""
        if self._colouring:
            return
        more = [self._window.turns[turn].colour() for turn in {row.at.turn for row in rows if row}]
        if any(more):
            self._colouring = True
            self.set_timer(COLOUR_PAUSE, self._coloured)

    def _coloured(self) -> None:
        self._colouring = False
        self._draw()

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_anew())

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._window.scroll(WHEEL)
        self._draw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._window.scroll(-WHEEL)
        self._draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.x == self.size.width - 1 and self._window.thumb():
            event.stop()
            self._dragging = True
            self.capture_mouse()
            self._drag(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            self._drag(event.y)
        elif event.button and self.text_selection is not None and event.y in {0, self.size.height - 1}:
            self._window.scroll(1 if event.y else -1)
            self._draw()

    def on_resize(self) -> None:
        if self.text_selection is not None:
            self.screen.clear_selection()

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _drag(self, y: int) -> None:
        self._window.jump(y / max(self.size.height - 1, 1))
        self._draw()

    def on_click(self, event: events.Click) -> None:
        row = self._row(event.y)
        if row and event.x < self.size.width - 1 and self.text_selection is None:
            self.pressed(row, event.x)
