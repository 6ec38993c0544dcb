"""What stands in the editor: kept for recall, edited elsewhere, copied."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.content import Content

from workbench.core.session import Message, content_of
from workbench.ui.chat import shortcuts

if TYPE_CHECKING:
    from workbench.core.endpoint import Endpoint
    from workbench.core.kinds import Json
    from workbench.ui.chat.screen import Chat

Block: TypeAlias = "dict[str, Any]"
"""A content block, verbatim."""


def replace_draft(chat: Chat, text: str) -> None:
    """Another draft, of another session or turn: the editor's undo doesn't lead back to the one before."""
    chat.prompt.text = text
    chat.prompt.move_cursor(chat.prompt.document.end)


def rewrite_draft(chat: Chat, text: str) -> None:
    """Another text in place of what the person wrote: ^Z in the editor brings that back."""
    chat.prompt.replace(text, chat.prompt.document.start, chat.prompt.document.end)
    chat.prompt.move_cursor(chat.prompt.document.end)


def clear_draft(chat: Chat) -> None:
    rewrite_draft(chat, "")


def keep_prompt(chat: Chat, text: str) -> None:
    """Remember a prompt for recall; that it can't be kept must not stop the run."""
    from workbench.engine.files import StoreError

    try:
        chat.history.add(text, chat.desk.now())
    except StoreError as error:
        chat.tell(str(error.problem), "warning")


def start_editing(chat: Chat, message: Message) -> None:
    if chat.editing is None:
        chat.kept_draft = chat.draft
    chat.editing = message.id
    replace_draft(chat, message.text)
    makes = f"{shortcuts.label(chat, 'run')} makes a sibling"
    chat.prompt.border_title = Content(f"edit {message.role} turn · {makes} · esc leaves")
    chat.prompt.focus()


def stop_editing(chat: Chat) -> None:
    chat.editing = None
    chat.prompt.border_title = "prompt"
    replace_draft(chat, chat.kept_draft)
    chat.kept_draft = ""


def selected_text(chat: Chat) -> str:
    """What is selected on the screen that is up, with the mouse or in a field; empty for nothing."""
    from textual.widgets import Input, TextArea

    screen = chat.app.screen
    focused = screen.focused
    in_field = focused.selected_text if isinstance(focused, TextArea | Input) else ""
    return screen.get_selected_text() or in_field


def copy_text(chat: Chat, text: str, *, exact: bool = False) -> None:
    """Copy it without control characters, unless it is to be exact."""
    copied: Callable[[], Awaitable[None]] = partial(_copy, chat, text, exact=exact)
    chat.run_worker(copied, group="clipboard", exclusive=True)


async def _copy(chat: Chat, text: str, *, exact: bool) -> None:
    from workbench.ui import clipboard

    chat.tell(await clipboard.copy(chat.app, text, fallback=chat.desk.places.state, exact=exact))


async def endpoint(chat: Chat) -> Endpoint:
    """The endpoint with its address: the simulator has one once it runs."""
    return await chat.workbench.runner.resolve(chat.desk.chosen.endpoint)


def edit_pending(chat: Chat) -> bool:
    """Whether a turn is being edited, and differs from what it was."""
    message = chat.session.by_id.get(chat.editing or "")
    return message is not None and chat.draft != message.text


def edited_content(message: Message, text: str) -> str | Json:
    """The turn with another text: images, documents, calls and results stand where they stood.

    A change within one of several text blocks stays in that block; any other leaves the first of them with the whole.
    """
    if text == message.text:
        return message.content
    return text if isinstance(message.content, str) else content_of(_retold(message, text))


def _retold(message: Message, text: str) -> list[Block]:
    blocks = message.blocks
    said = [at for at, block in enumerate(blocks) if block.get("type") == "text"]
    texts = [str(blocks[at].get("text", "")) for at in said]
    for number, at in enumerate(said):
        before, after = "".join(texts[:number]), "".join(texts[number + 1 :])
        if len(before) + len(after) <= len(text) and text.startswith(before) and text.endswith(after):
            middle = text[len(before) : len(text) - len(after)]
            return [*blocks[:at], *_saying(middle, blocks[at]), *blocks[at + 1 :]]
    calls = (at for at, block in enumerate(blocks) if str(block.get("type")).endswith("tool_use"))
    place = said[0] if said else next(calls, len(blocks))
    rest = [block for at, block in enumerate(blocks) if at >= place and at not in said]
    return [*blocks[:place], *_saying(text, blocks[place] if said else {}), *rest]


def _saying(text: str, block: Block) -> list[Block]:
    """The text block with another text, and without the citations of the old one; none for no text."""
    kept = {key: value for key, value in block.items() if key != "citations"}
    return [{**kept, "type": "text", "text": text}] if text else []
