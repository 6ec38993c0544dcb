"""Letters laid over the screen: type one, and go there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from workbench.core.safe import display
from workbench.ui.screens.dialog import Dialog
from workbench.ui.widgets.line import Line

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"
"""The home row first: what is nearest to the fingers is used first."""
ASKS: Final = "jump: type a letter"
NOWHERE: Final = "nowhere to go here"
TYPED: Final = "$on-accent on $accent"
TO_TYPE: Final = "bold $on-accent on $accent"


@dataclass(frozen=True, slots=True)
class Target:
    """Somewhere to go, and the cell of the screen where it stands."""

    id: str
    x: int
    y: int


def labels(count: int) -> list[str]:
    """So many labels of one letter, and of two where those don't suffice; none begins another. At most 676."""
    pairs = 0
    while pairs < len(LETTERS) and len(LETTERS) - pairs + pairs * len(LETTERS) < count:
        pairs += 1
    first = LETTERS[: len(LETTERS) - pairs]
    twos = (one + two for one, two in product(LETTERS[len(first) :], LETTERS))
    return [*first, *twos][:count]


class Bar(Line):
    """The bottom line: what to do, or which letter led nowhere."""

    text: reactive[str] = reactive(ASKS)

    def draw(self, width: int) -> Content:
        back = Content.assemble("   ", ("esc", "bold $accent"), (" back", "$soft"))
        text = Content.styled(self.text, "$foreground")
        return text.truncate(max(0, min(text.cell_length, width - back.cell_length)), ellipsis=True) + back

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.screen.run_action("back")


class Jump(Dialog[str | None]):
    """Dismisses with the id of the target whose label was typed or clicked, or None.

    Targets are cells of the whole screen. The screen beneath stays in sight, dimmed.
    """

    CLOSE = "back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+g", "back", "Back", show=False),
        Binding("backspace", "untype", "Take a letter back", show=False),
    ]

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self.targets = dict(zip(labels(len(targets)), targets, strict=False))
        self.typed = ""
        self.bar = Bar()

    def compose(self) -> ComposeResult:
        if not self.targets:
            self.bar.text = NOWHERE
        yield self.bar

    def on_key(self, event: events.Key) -> None:
        letter = (event.character or "").lower()
        if not (event.is_printable and letter):
            return
        event.stop()
        typed = self.typed + letter
        if typed in self.targets:
            self.dismiss(self.targets[typed].id)
        elif any(label.startswith(typed) for label in self.targets):
            self._type(typed)
        else:
            self.bar.text = f"no label {display(typed)}: type a letter that is shown"

    def on_click(self, event: events.Click) -> None:
        """A label goes there; anything else goes back."""
        for x, label, padding in self._row(event.screen_y):
            if x <= event.screen_x < x + len(label) + 2 * padding:
                self.dismiss(self.targets[label].id)
                return
        self.dismiss(None)

    def action_back(self) -> None:
        self.dismiss(None)

    def action_untype(self) -> None:
        self._type("")

    def render_lines(self, crop: Region) -> list[Strip]:
        """The screen beneath with the labels laid over it: a widget each would take a second to mount."""
        strips = super().render_lines(crop)
        return [self._labelled(strip, crop.y + at, crop.x) for at, strip in enumerate(strips)]

    def _labelled(self, strip: Strip, y: int, left: int) -> Strip:
        for x, label, padding in self._row(y):
            space = " " * padding
            rest = label[len(self.typed) :]
            tag = Content.assemble((space + self.typed, TYPED), (rest, TO_TYPE), (space, TYPED))
            at, end = x - left, x - left + tag.cell_length
            if at >= 0 and end <= strip.cell_length:
                drawn = Visual.to_strips(self, tag, tag.cell_length, 1, Style())[0]
                for line_filter in self.get_line_filters():
                    drawn = drawn.apply_filter(line_filter, self.styles.background)
                strip = Strip.join([strip.crop(0, at), drawn, strip.crop(end, strip.cell_length)])
        return strip

    def _row(self, y: int) -> list[tuple[int, str, int]]:
        """Where the labels of one row stand, and whether there is room for a space around each."""
        here = sorted((target.x, label) for label, target in self.targets.items() if target.y == y)
        ends = [*(x for x, _ in here), self.size.width][1:]
        row = [
            (min(x, self.size.width - len(label)), label, int(x + len(label) + 2 <= end))
            for (x, label), end in zip(here, ends, strict=True)
        ]
        return [tag for tag in row if tag[1].startswith(self.typed)]

    def _type(self, typed: str) -> None:
        self.typed = typed
        self.bar.text = f"{ASKS}, after {typed}" if typed else ASKS
        self.refresh()
