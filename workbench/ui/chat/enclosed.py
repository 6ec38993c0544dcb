"""What goes with the prompt: files put in place of their paths, and what is known of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from workbench.core import attached
from workbench.core.accepts import Caution
from workbench.core.problem import Problem
from workbench.ui.chat import shortcuts
from workbench.ui.widgets.attachments import Attached

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.core.kinds import Json
    from workbench.core.media import Media
    from workbench.core.request import Request
    from workbench.core.session import Lane, Session
    from workbench.engine.attachments import Filled
    from workbench.ui.chat.screen import Chat


# Files in place of their paths


def folder(chat: Chat) -> Path | None:
    """The folder of the session's file: what lies below it, the session may name."""
    from workbench.engine import referring

    path = chat.document.path
    return referring.folder_of(path) if path is not None else None


def filled(chat: Chat, request: Request, *, read: bool = False) -> Filled:
    """The request with its files in it; what isn't known yet is read beside everything else, unless `read` says now."""
    found = chat.desk.attachments.filled(request, folder(chat), read=read)
    if found.unread:
        look_ahead(chat, found.unread)
    return found


def made(
    chat: Chat, session: Session, make: Callable[[Session], Request], *, read: bool = False
) -> tuple[Session, Filled]:
    """What is sent of that session, and the session with the SHA-256 of files that are others by now."""
    found = filled(chat, make(session), read=read)
    files = found.request.files
    if not files:
        return session, found
    from workbench.core import references

    now = references.renewed(session, files)
    if now is session:
        return session, found
    again = filled(chat, make(now), read=read)
    return now, replace(again, request=replace(again.request, files=files))


def exact(chat: Chat) -> Callable[[Request], Request]:
    """What puts files into a request of an earlier run, to see whether its bytes are those that were sent."""
    return lambda request: filled(chat, request, read=True).request


def cautions(found: Filled) -> tuple[Caution, ...]:
    """Files that can't be sent keep the request from being sent."""
    if not found.problems:
        return ()
    from workbench.core import media_limits

    return tuple(Caution(media_limits.KEY, str(each), blocking=True) for each in found.problems)


def look_ahead(chat: Chat, paths: Iterable[str]) -> None:
    """Read files in a thread, and show what is known then."""
    fresh = tuple(path for path in dict.fromkeys(paths) if path not in chat.looking)
    if fresh:
        chat.looking |= set(fresh)
        chat.run_worker(_looked(chat, fresh), group="attachments")


async def _looked(chat: Chat, paths: Sequence[str]) -> None:
    await looked(chat, paths)
    if chat.is_attached:
        chat.shown = (None,) * len(chat.shown)  # turns say what is known of their files
        chat.show()


async def looked(chat: Chat, paths: Sequence[str]) -> None:
    """Read them now; typing goes on."""
    try:
        for path in paths:
            await asyncio.to_thread(chat.desk.attachments.look, path)
    finally:
        chat.looking -= set(paths)


async def then(chat: Chat, paths: Sequence[str], go_on: Callable[[], None]) -> None:
    """Go on when these files are read, unless what was to be sent is another by then."""
    before = (chat.session, chat.draft)
    await looked(chat, paths)
    if (chat.session, chat.draft) == before:
        go_on()
    else:
        chat.tell("What was to be sent changed while its files were read: run it again.", "warning")


def asked(lane: Lane, tip: str | None, draft: str | Json | None, session: Session) -> Request:
    """What that lane sends, before files are in it."""
    from workbench.core import conversation, diagnosing

    return diagnosing.pointed(conversation.request_of(session, lane, tip, draft), session, lane)


def ready(chat: Chat, session: Session, wanted: Sequence[Lane]) -> tuple[Session, list[Request]] | None:
    """What these lanes send, and the session with the SHA-256 of each file beside its path.

    None, and said, where a file can't be sent after all, or is another than was agreed to.
    """
    lanes = [session.lane(each.id) for each in wanted]
    found = [made(chat, session, partial(asked, lane, lane.tip, None), read=True)[1] for lane in lanes]
    if problems := [str(problem) for each in found for problem in each.problems]:
        chat.tell("\n".join(dict.fromkeys(problems)), "error")
        return None
    if other := sorted({one.path for each in found for one in each.request.files if one.strange or one.changed}):
        chat.tell(f"Nothing was sent: {', '.join(other)} changed since you were asked. Run it again.", "warning")
        return None
    from workbench.core import references

    for lane, each in zip(lanes, found, strict=True):
        session = references.stamped(session, each.request.files, [one.id for one in session.path(lane.tip)])
    return session, [each.request for each in found]


# The draft's


def said(chat: Chat) -> str | Json:
    """What stands in the editor with what goes along; empty where there is nothing to send."""
    return attached.content(chat.draft, chat.session.attachments)


def titled_by(said: str | Json) -> str:
    """What a session is called by that begins with this."""
    return attached.text_of(said) or next((attached.name_of(table(each)) for each in attached.attachments_of(said)), "")


def put(chat: Chat, blocks: Sequence[Json]) -> None:
    """Put them beside the prompt; each only once."""
    there = chat.session.attachments
    fresh = tuple(each for each in dict.fromkeys(blocks) if each not in there)
    if fresh:
        chat.change(replace(chat.session, attachments=(*there, *fresh)))
    elif blocks:
        chat.tell(f"{attached.name_of(table(blocks[0]))} is attached already.")


def let_go(chat: Chat, at: int) -> None:
    there = chat.session.attachments
    if 0 <= at < len(there):
        chat.change(replace(chat.session, attachments=(*there[:at], *there[at + 1 :])))
        undo = shortcuts.label(chat, "undo", at_prompt=False)
        chat.tell(f"{attached.name_of(table(there[at]))} is not sent along; {undo} brings it back.")
        if len(there) == 1:
            chat.to_prompt()


def chips(chat: Chat) -> tuple[Attached, ...]:
    """The draft's attachments; while a turn is edited, those that it keeps."""
    message = chat.session.by_id.get(chat.editing or "")
    blocks = attached.attachments_of(message.content) if message is not None else chat.session.attachments
    return tuple(_chip(chat, table(each)) for each in blocks)


def _chip(chat: Chat, block: attached.Block) -> Attached:
    name = attached.name_of(block)
    known = seen(chat, block)
    if known is None:
        return Attached(name, "…")
    if isinstance(known, Problem):
        return Attached(name, "can't be sent", str(known))
    model = chat.desk.catalogue.recognise(chat.session.params_of(chat.lane).model)
    from workbench.core import media_limits

    wrong = " ".join(media_limits.of_one(known, chat.desk.chosen.endpoint.kind))
    return Attached(name, known.told(model), wrong)


def seen(chat: Chat, block: attached.Block) -> Media | Problem | None:
    """What is known of an attachment; a file that wasn't read yet is read beside everything else."""
    path = block["source"].get("path")
    if block["source"].get("type") != attached.PATH or not isinstance(path, str):
        from workbench.core import media

        return media.of([block])[0]
    found = chat.desk.attachments.known(path)
    if found is None:
        look_ahead(chat, (path,))
        return None
    return found if isinstance(found, Problem) else found.media


def table(value: Json) -> attached.Block:
    """A block of the session, verbatim."""
    return value.value if isinstance(value.value, dict) else {"type": "", "source": {}}
