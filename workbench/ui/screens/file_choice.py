"""A file to choose: of the folder that is shown, or of the one whose path is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from workbench.ui.screens.choose import OTHER, Choose, Item

ABOVE: Final = frozenset({"..", "~"})
"""What is a folder without a slash behind it."""


class FileChoice(Choose):
    """Dismisses with an item's id, with what was typed, or with None.

    `read` lists a folder that is typed, which begins each id, and says why not all of it; it may take long, so it is
    called in a thread. `typed` stands in the field from the start, and `why` says what is the matter with it.
    """

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        read: Callable[[str], tuple[Sequence[Item], str]],
        *,
        typed: str = "",
        why: str = "",
    ) -> None:
        super().__init__(
            title,
            items,
            placeholder="a name here, a path, https://… or file_…",
            empty="This folder is empty.",
            allow_other=True,
        )
        self.here, self.read = tuple(items), read
        self.typed, self.why = typed, why
        self.folder = ""
        """The one that is typed, up to its last slash."""
        self.trouble = ""
        """Why not all of it is listed."""

    def put(self, items: Sequence[Item]) -> None:
        """What is looked for is a name: the folders before it are in each id."""
        super().put(items)
        self.fields = [(head, detail, "") for head, detail, _ in self.fields]

    def on_mount(self) -> None:
        self.field.value = self.typed
        self.field.cursor_position = len(self.typed)

    def _filter(self, typed: str) -> None:
        folder, _ = self._parted(typed)
        if folder != self.folder:
            self.folder, self.trouble = folder, ""
            if folder:
                self.put(())
                self.run_worker(self._list(folder), group="folder", exclusive=True)
            else:
                self.workers.cancel_group(self, "folder")
                self.put(self.here)
                self.on_resize()
        super()._filter(typed)
        if not folder:
            return
        if not self.terms:  # the folder itself: enter takes no file that wasn't named
            self.shown = [OTHER, *(at for at in self.shown if at != OTHER)]
            self.rows.fill([True] * len(self.shown))
            self._highlight()
        named = (row for row, at in enumerate(self.shown) if isinstance(at, int) and self._id_of(at) == typed)
        if (row := next(named, -1)) >= 0:
            self.rows.highlighted = row

    def _sought(self, typed: str) -> str:
        return self._parted(typed)[1]

    async def _list(self, folder: str) -> None:
        items, trouble = await asyncio.to_thread(self.read, folder)
        if folder == self.folder:
            self.put(items)
            self.trouble = trouble and f"{trouble}: {folder}"
            self.on_resize()
            self._filter(self.field.value)

    def _highlight(self) -> None:
        super()._highlight()
        if self.why and self.filtered == self.typed:
            self.note.text, self.note.style = self.why, "$error"
        elif self.trouble and not self.note.text:
            self.note.text, self.note.style = self.trouble, "$warning"

    @staticmethod
    def _parted(typed: str) -> tuple[str, str]:
        """The folder of a path, and what is looked for in it."""
        if typed in ABOVE:
            return f"{typed}/", ""
        head, slash, rest = typed.rpartition("/")
        return ("", typed) if not slash or "://" in typed else (head + slash, rest)
