"""What leaves the chat: a turn, its request, the conversation, the runs, a picture; copied, or written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core import conversation
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.documents import DOCUMENTS
from workbench.core.exports.languages import LANGUAGES
from workbench.core.run_list import rows_of
from workbench.ui.chat import choosing, drafting, enclosed, permission

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

TURN: Final = "turn"
PICTURE: Final = "svg"
COPIED: Final = (TURN, *LANGUAGES, *DOCUMENTS)
WRITTEN: Final = (*LANGUAGES, *DOCUMENTS, PICTURE, TURN)


async def copy_as(chat: Chat) -> None:
    made = await _as(chat, "Copy as…", COPIED)
    if made is not None:
        drafting.copy_text(chat, made[1])


async def export_(chat: Chat) -> None:
    made = await _as(chat, "Export as…", WRITTEN)
    if made is None:
        return
    from workbench.ui.chat.filing import write_export

    await write_export(chat, *made)


async def _as(chat: Chat, title: str, forms: tuple[str, ...]) -> tuple[str, str] | None:
    """Let a form be chosen; its file suffix and the text."""
    from workbench.ui.screens.choose import Choose, Item

    rows = {row.id: Item(row.id, row.label, "the request of this turn") for row in LANGUAGES.values()}
    rows |= {row.id: Item(row.id, row.label, row.detail) for row in DOCUMENTS.values()}
    rows[TURN] = Item(TURN, "Markdown", "the text of this turn")
    rows[PICTURE] = Item(PICTURE, "SVG", "a picture of this screen")
    form = await chat.app.push_screen_wait(Choose(title, [rows[each] for each in forms], keep_order=True))
    if form is None:
        return None
    if form == TURN:
        return ".md", choosing.chosen_text(chat)
    if form == PICTURE:
        from workbench.ui import picture

        return ".svg", picture.drawn(chat)
    if form in DOCUMENTS:
        document = DOCUMENTS[form]
        rows_ = rows_of(chat.session, chat.document.results)
        return document.suffix, document.write(chat.session, [chat.lane], rows_)
    return await _request(chat, form)


async def _request(chat: Chat, form: str) -> tuple[str, str] | None:
    chosen = choosing.chosen_message(chat)
    tip = chosen.id if chosen is not None else chat.lane.tip
    if chosen is not None and chosen.role == "assistant":
        tip = chosen.parent
    draft = (enclosed.said(chat) or None) if chosen is None else None
    found = enclosed.filled(chat, conversation.request_of(chat.session, chat.lane, tip, draft), read=True)
    if found.problems:
        chat.tell("\n".join(map(str, found.problems)), "error")
        return None
    if not await permission.answered(chat, permission.files(chat, [found.request])):
        return None
    request = found.request
    language = LANGUAGES[form]
    try:
        return language.suffix, language.write(Call(request, await drafting.endpoint(chat)))
    except ExportError as error:
        chat.tell(str(error), "error")
        return None
