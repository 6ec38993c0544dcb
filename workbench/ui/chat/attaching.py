"""Attaching: a chosen file, a chip that is meant, a paste that is a file or too long to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core import attached
from workbench.core.figures import grouped
from workbench.core.kinds import Json
from workbench.ui.chat import attach_picker, enclosed
from workbench.ui.widgets.attachments import Wish

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.widgets.prompt import Prompt


def heard(chat: Chat, event: Wish | Prompt.Pasted) -> None:
    """A chip was meant, or something was pasted."""
    if not isinstance(event, Wish):
        pasted(chat, event)
    elif event.command == "prompt":
        chat.to_prompt()
    elif event.command == "enter":
        chat.tell("\n".join(_about(chat, event.at)))
    elif chat.editing is None:
        enclosed.let_go(chat, event.at)
    else:
        chat.tell("An edited turn keeps its attachments.", "warning")


def _about(chat: Chat, at: int) -> Iterator[str]:
    chip = enclosed.chips(chat)[at]
    source = enclosed.table(chat.session.attachments[at])["source"] if chat.editing is None else {}
    yield str(source.get("path") or source.get("url") or chip.name)
    yield chip.wrong or chip.detail


def pasted(chat: Chat, event: Prompt.Pasted) -> None:
    """A long text becomes an attachment, to the character; of a path it is said that it could be one."""
    block = Json.of(attached.of_text(event.text))
    if event.back:
        there = chat.session.attachments
        if block in there:
            chat.change(replace(chat.session, attachments=tuple(each for each in there if each != block)))
            chat.prompt.put_back()
    elif event.large:
        lines = event.text.removesuffix("\n").count("\n") + 1
        enclosed.put(chat, (block,))
        chat.tell(
            f"{grouped(lines)} lines were pasted, and go along as a document: ^Z puts them into the text instead."
            if lines > 1
            else f"{grouped(len(event.text))} characters were pasted, and go along as a document: ^Z puts them "
            "into the text instead."
        )
    else:
        chat.run_worker(attach_picker.offer(chat, event.text), group="attachments")


async def attach(chat: Chat) -> None:
    """A file, an address or a file id that goes with the prompt."""
    await attach_picker.attach(chat)
