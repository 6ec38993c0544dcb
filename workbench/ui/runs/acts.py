"""What is done with runs: opened, compared, run again, copied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.documents import DOCUMENTS
from workbench.core.exports.languages import LANGUAGES
from workbench.core.rebuilt import rebuild
from workbench.core.run_list import Row
from workbench.core.tool_loop import with_calls
from workbench.ui import diffing
from workbench.ui.board import to_chat
from workbench.ui.chat import drafting, enclosed, leaving, opening, parts, running
from workbench.ui.diff.values import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.core.request import Request
    from workbench.ui.runs.screen import RunsScreen
    from workbench.ui.screens.choose import Item

ANSWER: Final = "answer"
RECORD: Final = "record"
TABLES: Final = ("csv", "csv-exact")


async def open_run(screen: RunsScreen, row: Row) -> None:
    """Show the run where it stands: in its conversation, which may be another session's; a sweep's run large."""
    chat = screen.chat
    target = row.message or row.record.parent
    if row.sweep or target is None:
        screen.zoom(on=True)
        return
    if row.place:
        way = await leaving.may_leave(chat, "Open another")
        if not way:
            return
        before = chat.document
        await opening.open_file(chat, Path(row.place), way)
        if chat.document is before:
            return
    to_chat(chat)
    parts.go(chat, f"message:{target}")


def diff(screen: RunsScreen) -> None:
    """The two that were marked last; or the marked one and the highlighted."""
    marked, here = screen.table.marks(), screen.table.row
    if len(marked) == 1 and here is not None and here.key != marked[0].key:
        marked = [*marked, here]
    if len(marked) < 2:
        screen.tell("A diff takes two runs: mark one with space, then go to the other.")
        return
    from workbench.ui.diff.screen import DiffScreen

    screen.app.push_screen(DiffScreen(screen.chat, *(_side(screen, row) for row in marked[-2:])))


def _side(screen: RunsScreen, row: Row) -> Side:
    title = f"run {row.record.id}"
    if row.place or screen.everywhere:
        title = f"{title} of {row.session or 'this session'}"
    text = with_calls(row.answer, row.blocks)
    return Side(None, title, diffing.settings(row.record), text, diffing.note(row.answer, row.record))


def rerun(screen: RunsScreen, row: Row) -> None:
    """The same bytes once more."""
    if row.place:
        screen.tell("That run belongs to another session: open it with enter, then run it again there.")
    else:
        running.again_exactly(screen.chat, row.record)


def request_of(screen: RunsScreen, row: Row) -> Request | None:
    """The exact request of a run, or None where its session no longer makes it."""
    session = screen.session_of(row)
    if session is None:
        return None
    swept = [each.said for each in session.sweeps if each.id == row.record.extra.get("sweep") and each.said]
    drafts = [*swept, *([row.prompt] if row.prompt else [])]
    made = rebuild(session, row.record, drafts, enclosed.exact(screen.chat), screen.chat.desk.versions)
    return made.request if made is not None and made.exact else None


async def copy_as(screen: RunsScreen, row: Row) -> None:
    """The request in one of the languages, the answer, or the record."""
    from workbench.ui.screens.choose import Choose, Item

    items = [
        *(Item(language.id, language.label, "the request of this run") for language in LANGUAGES.values()),
        Item(ANSWER, "Markdown", "the answer"),
        Item(RECORD, "Run record", "one line of JSON, as workbench run --json writes it"),
        *_tables(),
    ]
    form = await screen.app.push_screen_wait(Choose("Copy as…", items, keep_order=True))
    if form is None:
        return
    if form == ANSWER:
        drafting.copy_text(screen.chat, row.answer)
    elif form == RECORD:
        drafting.copy_text(screen.chat, row.record.to_json())
    elif form in TABLES:
        drafting.copy_text(screen.chat, _listed(screen, form))
    else:
        await _copy_request(screen, row, form)


async def export(screen: RunsScreen) -> None:
    """Write the runs that are listed, in their order, to a file."""
    from workbench.ui.chat.filing import write_export
    from workbench.ui.screens.choose import Choose

    form = await screen.app.push_screen_wait(Choose("Export as…", [*_tables()], keep_order=True))
    if form is not None:
        await write_export(screen.chat, DOCUMENTS[form].suffix, _listed(screen, form))


def _tables() -> Iterator[Item]:
    from workbench.ui.screens.choose import Item

    return (Item(form, DOCUMENTS[form].label, DOCUMENTS[form].detail) for form in TABLES)


def _listed(screen: RunsScreen, form: str) -> str:
    return DOCUMENTS[form].write(screen.session, screen.session.lanes, screen.table.rows)


async def _copy_request(screen: RunsScreen, row: Row, form: str) -> None:
    request = request_of(screen, row)
    if request is None:
        screen.tell("What was sent then can't be made again exactly: the session has changed since.", "warning")
        return
    try:
        text = LANGUAGES[form].write(Call(request, await drafting.endpoint(screen.chat)))
    except ExportError as error:
        screen.tell(str(error), "error")
    else:
        drafting.copy_text(screen.chat, text)


def open_wire(screen: RunsScreen, row: Row) -> None:
    """What went over the wire; the events only of a run of this start."""
    from workbench.ui.wire.screen import WireScreen

    wire = None if row.place else screen.chat.wires.get(row.record.id)
    screen.app.push_screen(WireScreen(screen.chat, row.record, wire, session=screen.session_of(row)))
