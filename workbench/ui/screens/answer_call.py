"""The result of one tool call, to write: its text, whether it is an error, and whether it is kept for the next time."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from workbench.core import tool_loop
from workbench.core.canned import Call, Result
from workbench.core.kinds import Json, KindError
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.write import Write
from workbench.ui.widgets.rows import one_line

MOST_SHOWN: Final = 300
"""Characters of a call's input over the editor."""
MOST_LINES: Final = 5
"""Of more lines it is laid out as one text, so that a low terminal shows it whole, and what is asked below."""


class AnswerCall(Write):
    """Dismisses with the text, or None; `result` is what the call is answered with, `keeps` whether it stays ready."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "error", "An error", show=False),
        Binding("f3", "keep", "Keep as canned result", show=False),
        Binding("f5", "file", "From a file", show=False),
    ]

    def __init__(
        self,
        call: Call,
        place: str,
        *,
        begun: Result | None,
        about: str,
        read: Callable[[str], str],
        edit: Callable[[str], Awaitable[str | None]] | None,
    ) -> None:
        """`begun` stands in the editor, `read` gives the text of a file or raises ValueError."""
        given = json.dumps(call.input, ensure_ascii=False, indent=2)
        if given.count("\n") >= MOST_LINES:
            given = json.dumps(call.input, ensure_ascii=False)
        shown = given if len(given) <= MOST_SHOWN else f"{given[:MOST_SHOWN]}…"
        self.begun = begun or Result()
        content = self.begun.content
        self.blocks = isinstance(content, Json)
        initial = content if isinstance(content, str) else json.dumps(content.value, ensure_ascii=False, indent=2)
        self.named = f"{place}{tool_loop.told(Call(call.id, call.name))}"
        super().__init__(self.named, help=f"{shown}\n{about}", initial=initial, check=self._wrong, edit=edit)
        self.is_error, self.keeps, self.read = self.begun.is_error, False, read

    @property
    def result(self) -> Result:
        """Content blocks where they were begun with, else the text exactly."""
        if not self.blocks:
            return Result(self.text, self.is_error)
        content = self.begun.content if self.text == self.initial else Json.parse(self.text)
        return Result(content, self.is_error)

    def on_mount(self) -> None:
        super().on_mount()
        self._hint()

    def action_error(self) -> None:
        self.is_error = not self.is_error
        self._hint()

    def action_keep(self) -> None:
        self.keeps = not self.keeps
        self._hint()

    def action_file(self) -> None:
        self.run_worker(self._file(), group="edit", exclusive=True)

    async def _file(self) -> None:
        """A file's text in place of what stands here; ^Z brings that back."""
        found: list[str] = []

        def check(name: str) -> str | None:
            try:
                found[:] = [self.read(name)]
            except ValueError as error:
                return str(error)
            return None

        name = await self.app.push_screen_wait(
            Ask(
                "Result from a file",
                help="A text file, from the session's folder on or with its whole path.",
                check=check,
            )
        )
        if name is not None and found and self.is_attached:
            self.blocks = False
            self.editor.replace(found[0], (0, 0), self.editor.document.end)

    def _hint(self) -> None:
        self.heading.title = one_line(f"{self.named}{' · answered as an error' if self.is_error else ''}")
        self.heading.refresh()
        error = "an error ✓" if self.is_error else "an error"
        keep = "kept as canned ✓" if self.keeps else "keep as canned"
        first, *rest = self.hints.hints
        rest = [hint for hint in rest if hint[2] not in {"error", "keep", "file"}]
        made = (("F2", error, "error"), ("F3", keep, "keep"), ("F5", "file", "file"))
        self.hints.hints = (first, *made, *rest)

    def _wrong(self, text: str) -> str | None:
        if not self.blocks:
            return None
        try:
            value = Json.parse(text).value
        except KindError as error:
            return f"The content blocks: {error}"
        listed = isinstance(value, list) and all(isinstance(each, dict) for each in value)
        return None if listed else "The content must stay a list of content blocks."
