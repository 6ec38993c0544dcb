"""What stands under the top line while the session can't be kept where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.ui.chat import shortcuts

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

ELSEWHERE: Final = "Save as… (palette) keeps it elsewhere"


def words(chat: Chat) -> tuple[str, ...]:
    """Why its file can't be written, and what to do, the most important first; nothing while all is well."""
    document = chat.document
    if document.trouble is not None:
        asks = f"{shortcuts.label(chat, 'save')} asks what to do"
        again = asks if document.clash else "tried again by itself"
        return (f"not saved: {document.trouble.detail}", again, ELSEWHERE)
    if document.read_only:
        return (f"read-only: {document.why}", "what you ask here is kept in a copy", ELSEWHERE)
    return ()
