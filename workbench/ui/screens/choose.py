"""The one list to choose from: commands, prompts, sessions, themes, endpoints, models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from workbench.ui import fuzzy
from workbench.ui.fit import spread
from workbench.ui.screens.dialog import Dialog
from workbench.ui.widgets.field import Field
from workbench.ui.widgets.heading import HEIGHTS, Heading, Hints, Note
from workbench.ui.widgets.rows import Rows, one_line

OTHER: Final = -1
"""In place of an item's number: the row that takes what was typed."""
AROUND: Final = 4
"""The dialog's lines that aren't rows: title, filter, note, keys."""
WIDE: Final = 60
"""Cells from which a row has room for its detail; below, the highlighted one's stands under the list."""
NARROW: Final = 44
"""Cells below which a title has the row for itself where it needs it."""
HINTS: Final = (("↑↓", "move", "move(1)"), ("enter", "choose", "choose"), ("esc", "close", "close"))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be chosen."""

    id: str
    title: str
    detail: str = ""
    right: str = ""
    """Keys, a price, an age: stands at the right."""
    group: str = ""
    disabled: str = ""
    """Why it can't be chosen, if it can't."""


class Choose(Dialog[str | None]):
    """Type to filter, enter to choose: dismisses with the item's id, or None.

    `preview` is told the id that is highlighted whenever that changes, and `initial` again when nothing was chosen.
    `keep_order` keeps items where they are instead of the best first, with `rank_typed` until something is typed.
    With `allow_other` the typed text itself can be chosen, as it was typed.
    """

    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", "Up", show=False),
        Binding("down,ctrl+n", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("ctrl+home", "move(-1000000)", "First", show=False),
        Binding("ctrl+end", "move(1000000)", "Last", show=False),
        Binding("ctrl+j", "choose", "Choose", show=False),
        Binding("escape", "close", "Close", show=False),
    ]

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        *,
        placeholder: str = "type to filter",
        empty: str = "nothing to choose from",
        preview: Callable[[str], None] | None = None,
        initial: str | None = None,
        keep_order: bool = False,
        rank_typed: bool = False,
        allow_other: bool = False,
        keys: bool = False,
    ) -> None:
        """`keys`: what stands at the right of a row are its keys, in their colour."""
        super().__init__()
        self.right_style = "$accent" if keys else "$muted"
        self.empty = one_line(empty)
        self.preview, self.previewed, self.initial = preview, initial, initial
        self.keep_order, self.rank_typed, self.allow_other = keep_order, rank_typed, allow_other
        self.terms: tuple[str, ...] = ()
        self.shown: list[int | str] = []
        self.filtered = ""
        """What the list was last filtered by."""
        self.put(items)
        self.heading, self.note, self.hints = Heading(title), Note(), Hints()
        self.field, self.rows = Field(placeholder=placeholder), Rows(self.draw)

    def put(self, items: Sequence[Item]) -> None:
        """Have these to choose from; they show when the list is filtered next."""
        self.items = tuple(items)
        self.titles = [one_line(item.title) for item in self.items]
        self.details = [one_line(item.detail) for item in self.items]
        self.fields = [
            (fuzzy.fold(head), fuzzy.fold(detail), fuzzy.fold(f"{item.right} {item.group} {item.id}"))
            for item, head, detail in zip(self.items, self.titles, self.details, strict=True)
        ]
        self.column = max((Content(head).cell_length for head in self.titles[:200]), default=0)

    def compose(self) -> ComposeResult:
        self.hints.hints = HINTS
        with Vertical(classes="dialog"):
            yield self.heading
            yield self.field
            yield self.rows
            yield self.note
            yield self.hints

    def on_mount(self) -> None:
        self.watch(self.rows, "highlighted", self._highlight, init=False)
        self._filter("")
        self.field.focus()

    def on_resize(self) -> None:
        room = self.size.height - AROUND - (6 if self.size.height >= 20 else 0)
        self.rows.styles.height = max(1, min(len(self._all()) + self.allow_other, room))

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self.filtered:
            self._filter(event.value)

    def on_input_submitted(self) -> None:
        self.action_choose()

    def on_rows_chosen(self) -> None:
        self.action_choose()

    def action_move(self, rows: int) -> None:
        self.rows.move(rows)

    def action_page(self, pages: int) -> None:
        self.rows.move(pages * self.rows.page())

    def action_choose(self) -> None:
        if self.field.value != self.filtered:  # ^J may overtake the news of the last letters
            self._filter(self.field.value)
        match self._at(self.rows.highlighted):
            case None:
                return
            case at if at == OTHER:
                self.dismiss(self.field.value)
            case at if not self.items[at].disabled:
                self.dismiss(self.items[at].id)

    def action_close(self) -> None:
        if self.preview and self.initial is not None and self.previewed != self.initial:
            self.preview(self.initial)
        self.dismiss(None)

    def draw(self, row: int, width: int) -> Content:
        """One row of the list."""
        at, chosen = self.shown[row], row == self.rows.highlighted
        if isinstance(at, str):
            return Content.styled(f"  {at.upper()}", "bold $heading")
        mark = Content.styled("▌ " if chosen else "  ", "$primary")
        if at == OTHER:
            return mark + Content.assemble(("use ", "$muted"), (one_line(self.field.value), "bold"))
        return mark + self._item(at, width - 2, chosen=chosen)

    def _item(self, at: int, width: int, *, chosen: bool) -> Content:
        item = self.items[at]
        bold = "bold " if chosen else ""
        title = self._pointed_out(self.titles[at], bold + ("$dim" if item.disabled else "$foreground"))
        right = Content.styled(one_line(item.right), "$dim" if item.disabled else self.right_style)
        detail = one_line(item.disabled) or self.details[at]
        if detail and width >= WIDE:
            title = title.pad_right(max(0, min(self.column, width // 2) - title.cell_length))
            title += Content("  ") + self._pointed_out(detail, "$dim" if item.disabled else "$muted")
        if width < NARROW and title.cell_length + right.cell_length > width - 2:
            right = Content()  # prices that nobody can tell whose they are; the line below has them
        return spread(title, right + Content(" ") if right else Content(), width)

    def _pointed_out(self, text: str, style: str) -> Content:
        content = Content.styled(text, style)
        for at in fuzzy.places(self.terms, text) if self.terms else ():
            content = content.stylize("bold underline $primary", at, at + 1)
        return content

    def _filter(self, typed: str) -> None:
        self.filtered = typed
        self.terms = fuzzy.terms(self._sought(typed))
        found = self._all() if not self.terms else self._found()
        known = any(typed in (item.id, item.title) for item in self.items)
        self.shown = [*found, OTHER] if self.allow_other and typed and not known else found
        matches = sum(isinstance(at, int) for at in found)
        self.heading.right = f"{matches}/{len(self.items)}"
        self.rows.fill([isinstance(at, int) for at in self.shown], -1 if self.terms else self._initial())
        self._highlight()

    def _sought(self, typed: str) -> str:
        """What of the typed text the items are filtered by."""
        return typed

    def _all(self) -> list[int | str]:
        return self._headed(range(len(self.items)))

    def _found(self) -> list[int | str]:
        scores = [(fuzzy.score(self.terms, fields), at) for at, fields in enumerate(self.fields)]
        found = [(score, at) for score, at in scores if score is not None]
        if self.keep_order and not (self.terms and self.rank_typed):
            return self._headed([at for _, at in found])
        return [at for _, at in sorted(found, key=lambda scored: -scored[0])]

    def _headed(self, numbers: Sequence[int]) -> list[int | str]:
        """The items with a heading where a group begins."""
        headed: list[int | str] = []
        group = ""
        for at in numbers:
            if self.items[at].group != group:
                group = self.items[at].group
                headed.append(one_line(group))
            headed.append(at)
        return headed

    def _initial(self) -> int:
        if self.initial is None:
            return -1
        rows = (row for row, at in enumerate(self.shown) if isinstance(at, int) and self._id_of(at) == self.initial)
        return next(rows, -1)

    def _id_of(self, at: int) -> str | None:
        return None if at == OTHER else self.items[at].id

    def _at(self, row: int) -> int | None:
        at = self.shown[row] if 0 <= row < len(self.shown) else None
        return at if isinstance(at, int) else None

    def _highlight(self) -> None:
        at = self._at(self.rows.highlighted)
        item = self.items[at] if at is not None and at != OTHER else None
        self.note.text = self._about(item, nothing=at is None)
        self.note.style = "$warning" if item and item.disabled else "$muted"
        if self.preview and item and not item.disabled and item.id != self.previewed:
            self.previewed = item.id
            self.preview(item.id)

    def _about(self, item: Item | None, *, nothing: bool) -> str:
        if nothing:
            return "nothing matches" if self.items and self.terms else self.empty
        if item is None:
            return ""
        if self.size.width >= WIDE or item.disabled:
            return item.disabled
        return " · ".join(each for each in (item.right if self.size.width <= NARROW else "", item.detail) if each)
