"""Laying out lanes: which of them are in sight, where, and on what ground."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.color import Color
from textual.containers import Container
from textual.widget import Widget

from workbench.ui.lanes import layout
from workbench.ui.lanes.header import Header
from workbench.ui.lanes.lane_list import LaneList
from workbench.ui.text.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from workbench.ui.lanes.body import Place
    from workbench.ui.lanes.lane import Lane
    from workbench.ui.lanes.layout import Mode, Shape


class Arranged(Widget):
    """Holds the lanes, and shows as many of them as there is room for."""

    DEFAULT_CSS: ClassVar[str] = """
    Arranged { height: 1fr; layout: vertical; }
    Arranged > #lane-field { height: 1fr; layout: grid; grid-size: 1 1; grid-gutter: 1 1; grid-rows: 1fr; }
    Arranged > LaneList { display: none; }
    Arranged.-airy > Header { margin-bottom: 1; }
    """

    follow_together = False
    """Whether scrolling one lane takes the others to the same paragraph."""

    def __init__(self, *, palette: Palette | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.header = Header()
        self.list = LaneList()
        self.field = Container(id="lane-field")
        self._lanes: dict[str, Lane] = {}
        self._focused = ""
        self._mode: Mode = "auto"
        self._given = palette
        self._labels: Mapping[str, str] | None = None
        self._shape: Shape | None = None
        self._place: Place | None = None

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.list
        yield self.field

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._paint())

    @property
    def mode(self) -> Mode:
        """What was chosen; `shown` is what there is room for."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        self._arrange()

    @property
    def shown(self) -> Shape:
        """How the lanes are laid out now."""
        return self._shape or layout.Shape("zoom")

    @property
    def palette(self) -> Palette:
        """The colours of the texts; until some are given, those of the app's theme."""
        return self._given or Palette.from_variables(self.app.theme_variables)

    @palette.setter
    def palette(self, palette: Palette | None) -> None:
        self._given = palette
        self._paint()

    def on_resize(self) -> None:
        self._arrange()

    def on_show(self) -> None:
        self._arrange()

    def _in_sight(self) -> list[Lane]:
        return [lane for lane in self._lanes.values() if lane.is_attached and lane.display]

    def _arrange(self) -> None:
        """Lay out what there is in the room there is."""
        width, height = self.size
        if not self.is_attached or not width or not height:
            return
        terminal = self.screen.size.height
        airy = terminal >= layout.FULL_HEAD
        self.header.count = layout.head_lines(terminal)
        self.header.styles.height = self.header.count
        self.header.alone = len(self._lanes) <= 1
        self.set_class(airy, "-airy")
        shape = layout.shape(len(self._lanes), width, height - self.header.count - airy, self._mode)
        self._shape = shape
        self.list.display = shape.kind == "list"
        self.list.styles.height = shape.rows
        grid = shape if shape.kind == "grid" else layout.Shape("grid")
        self.field.styles.grid_size_columns = grid.columns
        self.field.styles.grid_size_rows = grid.rows
        self._show(shape)
        self._paint()

    def _show(self, shape: Shape) -> None:
        """Bring the lanes that belong there into sight, and take the others out of it."""
        there = {lane.card.id for lane in self._in_sight()}
        now = set(self._lanes) if shape.kind == "grid" else {self._focused}
        fresh = [lane for key, lane in self._lanes.items() if key in now and not lane.is_attached]
        for key, lane in self._lanes.items():
            lane.display = key in now
            lane.bottom.alone = shape.kind != "grid"
            lane.set_class(shape.kind == "list", "-listed")
            lane.set_class(key == self._focused, "-focused")
        if fresh:
            self.field.mount_all(fresh)
        order = {lane: at for at, lane in enumerate(self._lanes.values())}
        self.field.sort_children(key=lambda lane: order.get(lane, -1))  # type: ignore[call-overload] # only lanes
        for key in set(self._lanes) & now - there:
            body = self._lanes[key].body
            if self.follow_together and self._place and not body.live:
                body.go_to(self._place)
            body.draw_new()

    def _paint(self) -> None:
        """Hand the colours down; the focused lane stands on another ground."""
        if not self.is_attached:
            return
        palette, theme = self.palette, self.app.theme_variables
        ground, code = (Color.parse(theme[name]).hex6 for name in ("surface", "panel"))
        raised = replace(palette, background=ground, surface=code)
        for lane in self._in_sight():
            lane.paint(raised if lane.has_class("-focused") else palette)
