"""Lanes side by side: as a grid, as a list with the focused one below, or that one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message

from workbench.ui.lanes import layout
from workbench.ui.lanes.arranged import Arranged
from workbench.ui.lanes.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.geometry import Offset

    from workbench.ui.lanes.body import Body
    from workbench.ui.lanes.lane_list import LaneList
    from workbench.ui.lanes.values import Card, Head
    from workbench.ui.widgets.conversation import Conversation

AT_ONCE: Final = 4
"""Lanes that are drawn in each frame; of more the upper half, then the lower: one change repaints whole rows."""


class Lanes(Arranged):
    """Shows cards and says what the person chose; it is fed values and never asked for them.

    A lane that stays keeps its text and where one has scrolled to, also while it is out of sight: then it only
    stores what it is fed, and is drawn when it comes back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("ctrl+down,ctrl+e", "row(1)", "Scroll down", show=False),
        Binding("ctrl+up,ctrl+y", "row(-1)", "Scroll up", show=False),
    ]
    can_focus = True
    _turn = 0

    class Focused(Message):
        """Another lane is the one that keys mean."""

        def __init__(self, lane_id: str) -> None:
            super().__init__()
            self.lane_id = lane_id

    class Opened(Message):
        """The person wants this lane alone."""

        def __init__(self, lane_id: str) -> None:
            super().__init__()
            self.lane_id = lane_id

    # What is shown

    @property
    def head(self) -> Head:
        return self.header.head

    @head.setter
    def head(self, head: Head) -> None:
        self.header.head = head

    @property
    def cards(self) -> tuple[Card, ...]:
        """The lanes, in the order in which they stand."""
        return tuple(lane.card for lane in self._lanes.values())

    @cards.setter
    def cards(self, cards: Sequence[Card]) -> None:
        before = tuple(self._lanes)
        known, self._lanes = self._lanes, {}
        for card in cards:
            lane = known.pop(card.id, None)
            if lane is None:
                lane = Lane(card)
            elif lane.put(card):
                self._place = None
            self._lanes[card.id] = lane
        for lane in known.values():
            if lane.is_attached:
                lane.remove()
        if self._focused not in self._lanes:
            self._focused = next(iter(self._lanes), "")
        self.list.put(self.cards, self._focused)
        if tuple(self._lanes) != before:
            self._arrange()

    @property
    def focused_lane(self) -> str:
        """The id of the lane that keys mean."""
        return self._focused

    @focused_lane.setter
    def focused_lane(self, lane_id: str) -> None:
        if lane_id in self._lanes and lane_id != self._focused:
            self._focused = lane_id
            self.list.put(self.cards, lane_id)
            self._arrange()

    def view(self, lane_id: str) -> Conversation:
        """The text of a lane, to stream into; raises KeyError where there is no such lane."""
        return self._lanes[lane_id].body

    def draw_new(self) -> None:
        """Draw what was fed since the last time, of the lanes in sight: called by the screen's timer."""
        lanes = self._in_sight()
        self._turn += 1
        half = (len(lanes) + 1) // 2
        if len(lanes) > AT_ONCE:
            lanes = lanes[half:] if self._turn % 2 else lanes[:half]
        for lane in lanes:
            lane.body.draw_new()

    @property
    def labels(self) -> Mapping[str, str] | None:
        """Labels in the place of the lanes' numbers, by lane."""
        return self._labels

    @labels.setter
    def labels(self, labels: Mapping[str, str] | None) -> None:
        self._labels = labels
        self.list.label(labels or {})
        for key, lane in self._lanes.items():
            lane.top.label = (labels or {}).get(key, "")

    def targets(self) -> list[tuple[str, Offset]]:
        """The lanes in sight, with the place on the screen where the number of each stands."""
        if self.list.display:
            return self.list.targets()
        return [(lane.card.id, lane.top.content_region.offset) for lane in self._in_sight()]

    # What the keys do

    def do_next(self) -> None:
        self.action_row(1)

    def do_previous(self) -> None:
        self.action_row(-1)

    def do_more(self) -> None:
        self._step(1)

    def do_less(self) -> None:
        self._step(-1)

    def do_first(self) -> None:
        for body in self._moved():
            body.top()

    def do_last(self) -> None:
        for body in self._moved():
            body.bottom()

    def action_row(self, by: int) -> None:
        if lane := self._lanes.get(self._focused):
            lane.body.scroll_rows(by)
            self._follow(lane.body)

    def action_page(self, by: int) -> None:
        if lane := self._lanes.get(self._focused):
            lane.body.scroll_pages(by)
            self._follow(lane.body)

    def focus_number(self, number: int) -> None:
        """Make the lane of that number the one that keys mean, if there is one."""
        for key, lane in self._lanes.items():
            if lane.card.number == number:
                self._choose(key)

    # What the mouse does

    def on_body_scrolled(self, message: Body.Scrolled) -> None:
        message.stop()
        if self.follow_together:
            self._follow(message.body)

    def on_rows_chosen(self, message: LaneList.Chosen) -> None:
        message.stop()
        self._choose(self.cards[message.row].id)

    def on_click(self, event: events.Click) -> None:
        over = self.screen.get_widget_at(event.screen_x, event.screen_y)[0].ancestors_with_self
        lane = next((each for each in over if isinstance(each, Lane)), None)
        if lane is not None:
            self._choose(lane.card.id)
        if event.chain == 2 and (lane is not None or self.list in over):
            self.post_message(self.Opened(self._focused))

    def _choose(self, lane_id: str) -> None:
        if lane_id != self._focused:
            self.focused_lane = lane_id
            self.post_message(self.Focused(lane_id))

    def _step(self, by: int) -> None:
        keys = tuple(self._lanes)
        if keys:
            self._choose(keys[layout.stepped(len(keys), keys.index(self._focused), by)])

    def _moved(self) -> list[Body]:
        """The texts that go where the focused one goes."""
        if self.follow_together:
            self._place = None
            return [lane.body for lane in self._lanes.values()]
        return [lane.body for lane in self._lanes.values() if lane.card.id == self._focused]

    def _follow(self, moved: Body) -> None:
        """Take the other lanes to the paragraph that one has gone to; those out of sight when they come back."""
        if not self.follow_together:
            return
        self._place = moved.place
        if self._place:
            for lane in self._in_sight():
                if lane.body is not moved:
                    lane.body.go_to(self._place)
