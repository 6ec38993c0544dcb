"""The list of models: as any list of things to choose from, and asked for anew on a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from workbench.ui.screens.choose import HINTS, Choose, Item

REFRESH: Final = "\0refresh"
"""What it dismisses with when the list is to be asked for anew; no model is called so."""


class ModelChoice(Choose):
    """Dismisses with a model's id, with REFRESH, or with None; any other id can be typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "refresh_list", "Refresh", show=False)]

    def __init__(self, source: str, items: Sequence[Item], *, initial: str | None) -> None:
        super().__init__(
            f"Models · {source}", items, placeholder="a model", initial=initial, keep_order=True, allow_other=True
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.hints.hints = (*HINTS[:2], ("^R", "ask the endpoint", "refresh_list"), *HINTS[2:])

    def _about(self, item: Item | None, *, nothing: bool) -> str:
        """All that is known of the highlighted one: its row has seldom room for it."""
        return item.detail if item is not None and not item.disabled else super()._about(item, nothing=nothing)

    def action_refresh_list(self) -> None:
        self.dismiss(REFRESH)
