"""The key sheet: every command and its keys, to look up, to filter and to rebind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from workbench.ui import chords, fuzzy
from workbench.ui.commands import COMMANDS, Command, canonical, keys_shown, label
from workbench.ui.screens.dialog import Dialog
from workbench.ui.widgets.field import Field
from workbench.ui.widgets.heading import HEIGHTS, Heading, Hints, Note
from workbench.ui.widgets.sheet import Sheet

BROWSE: Final = (("/", "filter", "filter"), ("enter", "rebind", "rebind"), ("esc", "close", "back"))
CAPTURE: Final = (("esc", "keep the old key", "back"),)
CONFIRM: Final = (("enter", "use it", "rebind"), ("any key", "try that", "rebind"), ("esc", "keep the old key", "back"))
EVERYWHERE: Final = frozenset({"anywhere", "outside text"})
"""Groups whose keys work beside those of any other group."""


class KeySheet(Dialog[tuple[str, str] | None]):
    """Dismisses with a command's id and the one key it shall have from now on, or None.

    Rebinding goes: choose a command, press the key, see what it would clash with, press enter.
    """

    AUTO_FOCUS = ""
    CLOSE = "back"
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
        Binding("j", "move(1)", "Down", show=False),
        Binding("left,h", "across(-1)", "Left", show=False),
        Binding("right,l", "across(1)", "Right", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "move(-1000)", "First", show=False),
        Binding("end,G", "move(1000)", "Last", show=False),
        Binding("slash,ctrl+f", "filter", "Filter", show=False),
        Binding("enter", "rebind", "Rebind", show=False),
        Binding("escape,q", "back", "Back", show=False),
    ]

    def __init__(self, keymap: Mapping[str, str], *, enter_runs: bool = False) -> None:
        super().__init__()
        self.keymap = dict(keymap)
        self.heading, self.note, self.hints = Heading("Keys"), Note(), Hints()
        self.field = Field(placeholder="type to filter")
        self.sheet = Sheet(
            {command.id: "  ".join(keys_shown(command, keymap, enter_runs=enter_runs)) for command in COMMANDS}
        )
        self.rebinding: Command | None = None
        self.key = ""

    def compose(self) -> ComposeResult:
        self.hints.hints = BROWSE
        with Vertical(classes="dialog large"):
            yield self.heading
            yield self.field
            yield self.sheet
            yield self.note
            yield self.hints

    def on_mount(self) -> None:
        self.watch(self.sheet, "highlighted", self._describe, init=False)
        self.field.display = False
        self._show("")

    def on_input_changed(self) -> None:
        self._show(self.field.value)

    def on_input_submitted(self) -> None:
        """Enter in the filter goes on to the list."""
        self.set_focus(None)

    def on_sheet_chosen(self) -> None:
        """A click while a key is captured begins again, with the command clicked."""
        self.rebinding, self.key = None, ""
        self.action_rebind()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a key is captured every key is one to take, but for the two that answer."""
        return not (self.rebinding and action not in {"rebind", "back"})

    def on_key(self, event: events.Key) -> None:
        if self.rebinding and event.key not in {"escape", "enter"}:
            event.stop()
            event.prevent_default()
            self._capture(self.rebinding, event.key)

    def action_move(self, rows: int) -> None:
        self.sheet.move(rows)

    def action_across(self, columns: int) -> None:
        self.sheet.across(columns)

    def action_page(self, pages: int) -> None:
        self.sheet.move(pages * max(1, self.sheet.size.height - 1))

    def action_filter(self) -> None:
        self.field.display = True
        self.field.focus()

    def action_rebind(self) -> None:
        """Ask for a key; with one captured, use it."""
        if self.rebinding and self.key:
            self.dismiss((self.rebinding.id, self.key))
        elif self.rebinding:
            self._capture(self.rebinding, "enter")
        elif chosen := self.sheet.chosen:
            self.rebinding, self.key = chosen, ""
            self.set_focus(None)
            self._say(f"press the new key for {chosen.title}", "$accent")
            self.hints.hints = CAPTURE

    def action_back(self) -> None:
        """One layer: the captured key, the filter, the sheet."""
        if self.rebinding:
            self.rebinding, self.key = None, ""
            self.hints.hints = BROWSE
            self._describe()
        elif self.field.display:
            self.set_focus(None)
            self.field.value, self.field.display = "", False
        else:
            self.dismiss(None)

    def _capture(self, command: Command, key: str) -> None:
        wrong = chords.forbidden(key)
        if wrong:
            self.key = ""
            self._say(f"{wrong}; another key would be right", "$error")
            self.hints.hints = CAPTURE
            return
        self.key = key
        doubts = [doubt for doubt in (self._clash(command, key), chords.doubtful(key)) if doubt]
        line = f'{label(key)} for {command.title}. To keep it, in config.toml:  [keys]  {command.id} = "{key}"'
        self._say(" · ".join([*doubts, line]), "$warning" if doubts else "$foreground")
        self.hints.hints = CONFIRM

    def _clash(self, command: Command, key: str) -> str:
        """Whose key it is already, where both could be meant."""
        groups = {command.group, *EVERYWHERE}
        for other in COMMANDS:
            reach = other.group in groups or command.group in EVERYWHERE
            if reach and other.id != command.id and canonical(key) in self._keys(other):
                return f"{label(key)} already means {other.title}"
        return ""

    def _keys(self, command: Command) -> set[str]:
        keys: Sequence[str] = self.keymap[command.id].split(",") if command.id in self.keymap else command.keys
        return {canonical(key) for key in keys}

    def _show(self, typed: str) -> None:
        wanted = fuzzy.terms(typed)
        scores = {command: score for command in COMMANDS if (score := self._score(command, wanted)) is not None}
        found = list(scores)
        self.sheet.fill(found, max(range(len(found)), key=lambda at: scores[found[at]], default=0))
        self.heading.right = f"{len(found)}/{len(COMMANDS)}"
        self._describe()

    def _score(self, command: Command, wanted: Sequence[str]) -> float | None:
        texts = (command.title, self.sheet.keys[command.id], command.help, command.id)
        return fuzzy.score(wanted, [fuzzy.fold(text) for text in texts])

    def _describe(self) -> None:
        if self.rebinding is None:
            chosen = self.sheet.chosen
            self._say(chosen.help if chosen else "no command matches", "$muted")

    def _say(self, text: str, style: str) -> None:
        self.note.text, self.note.style = text, style
