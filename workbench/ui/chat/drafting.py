"""What stands in the editor: checked, priced, kept for recall, edited elsewhere, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core import conversation, forecast
from workbench.core.accepts import Caution
from workbench.core.endpoint import Endpoint
from workbench.core.kinds import Json
from workbench.core.session import Message
from workbench.ui.chat.parameter_rows import Preview

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


def check(chat: Chat, tip: str | None, draft: str | None) -> tuple[Caution, ...]:
    return conversation.check(
        chat.session,
        chat.lane,
        tip,
        draft,
        catalogue=chat.desk.catalogue,
        configured_version=chat.desk.chosen.endpoint.version,
        vendor=chat.desk.chosen.endpoint.vendor,
        today=chat.desk.now().date(),
    )


def preview_of(chat: Chat, tip: str | None, draft: str | None, cautions: tuple[Caution, ...]) -> Preview:
    """An estimate by length: nothing is counted before it is asked for."""
    request = conversation.request_of(chat.session, chat.lane, tip, draft)
    return Preview(forecast.of_request(request, chat.desk.chosen.endpoint, chat.desk.catalogue), cautions)


def replace_draft(chat: Chat, text: str) -> None:
    chat.prompt.text = text
    chat.prompt.move_cursor(chat.prompt.document.end)


def clear_draft(chat: Chat) -> None:
    replace_draft(chat, "")


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
    chat.prompt.border_title = f"edit {message.role} turn · ^J makes a sibling · esc leaves"
    chat.prompt.focus()


def stop_editing(chat: Chat) -> None:
    chat.editing = None
    chat.prompt.border_title = "prompt"
    replace_draft(chat, chat.kept_draft)
    chat.kept_draft = ""


async def edit_outside(chat: Chat, text: str) -> str | None:
    """The text as $EDITOR left it, or None where it went wrong; what was wrong is said."""
    from workbench.ui.external_editor import EditorFailed, edit

    try:
        return await edit(chat.app, text)
    except EditorFailed as error:
        chat.tell(str(error), "error")
        return None


def copy_text(chat: Chat, text: str) -> None:
    chat.run_worker(_copy(chat, text), group="clipboard", exclusive=True)


async def _copy(chat: Chat, text: str) -> None:
    from workbench.ui import clipboard

    chat.tell(await clipboard.copy(chat.app, text, fallback=chat.desk.places.state))


async def endpoint(chat: Chat) -> Endpoint:
    """The endpoint with its address: the simulator has one once it runs."""
    return await chat.workbench.runner.resolve(chat.desk.chosen.endpoint)


def edit_pending(chat: Chat) -> bool:
    """Whether a turn is being edited, and differs from what it was."""
    message = chat.session.by_id.get(chat.editing or "")
    return message is not None and chat.draft != message.text


def edited_content(message: Message, text: str) -> str | Json:
    """The turn with another text: images, documents and results stand where they stood."""
    blocks = message.blocks
    if all(block.get("type") == "text" for block in blocks):
        return text
    at = next((at for at, block in enumerate(blocks) if block.get("type") == "text"), len(blocks))
    others = [block for block in blocks if block.get("type") != "text"]
    return Json.of([*others[:at], *([{"type": "text", "text": text}] if text else []), *others[at:]])
