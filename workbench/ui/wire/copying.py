"""What leaves the wire view: copies, which are exact, and recordings."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from workbench.core.exports import exact
from workbench.core.exports.call import ExportError, key_variable

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.core.endpoint import Endpoint
    from workbench.ui.wire.screen import WireScreen

FORMS: Final = {
    "curl": ("curl", "sends the same bytes; the key comes from the environment"),
    "body": ("Request body", "the exact bytes"),
    "headers": ("Headers", "of the request and the response; the key is masked"),
    "events": ("Events", "what came, byte for byte"),
}
SECTIONS: Final = {"body": ("body",), "headers": ("request", "response"), "events": ("events", "answer")}


def copy_section(screen: WireScreen, title: str, text: str) -> None:
    """Copy the exact text of a section."""
    if text:
        copy(screen, text)
    else:
        screen.tell(f"There is nothing to copy in {title}: it was not kept.", "warning")


def copy(screen: WireScreen, text: str) -> None:
    """Copy without leaving a control character out: this view is for bytes."""
    screen.run_worker(_copy(screen, text), group="clipboard", exclusive=True)


async def _copy(screen: WireScreen, text: str) -> None:
    from workbench.ui import clipboard

    screen.tell(await clipboard.copy(screen.app, text, fallback=screen.desk.places.state, exact=True))


async def copy_as(screen: WireScreen) -> None:
    """Let a form be chosen, and copy that."""
    from workbench.ui.screens.choose import Choose, Item

    items = [Item(form, title, detail) for form, (title, detail) in FORMS.items()]
    form = await screen.app.push_screen_wait(Choose("Copy as…", items, keep_order=True))
    if form == "curl":
        _copy_curl(screen)
    elif form is not None:
        found = [each.exact for each in screen.pages.sections if each.title in SECTIONS[form]]
        copy_section(screen, FORMS[form][0].lower(), "\n".join(text for text in found if text))


def _copy_curl(screen: WireScreen) -> None:
    wire = screen.wire
    if wire is None or not wire.url:
        screen.tell(
            "The address and the headers of this run were not kept: Runs copies its request as curl.", "warning"
        )
        return
    place = _endpoint(screen)
    try:
        made = exact.curl(wire.url, wire.request_headers, wire.request_body, key_variable(place), endpoint=place)
        copy(screen, made)
    except ExportError as error:
        screen.tell(str(error), "error")


def _endpoint(screen: WireScreen) -> Endpoint | None:
    """The run's own, whose key is asked for: that of the present one must not go to another address."""
    from workbench.engine import endpoints

    desk, name = screen.desk, screen.record.endpoint
    present = desk.chosen.endpoint
    if present.name == name:
        return present
    try:
        return endpoints.named(desk.config, name, desk.environ) if name in desk.config.endpoints else None
    except endpoints.EndpointError:
        return None


async def save_recording(screen: WireScreen) -> None:
    """Write the events to a file that `--replay` plays; an old file only goes when that was asked for."""
    from workbench.engine import files, recorder
    from workbench.ui.chat import paths
    from workbench.ui.chat.filing import typed_path
    from workbench.ui.screens.ask import Ask

    wire = screen.wire
    reason = recorder.refusal(wire) if wire is not None else "the events are kept only until the program ends"
    if wire is None or reason is not None:
        screen.tell(f"There is no recording to save: {reason}.", "warning")
        return
    place = recorder.place(screen.document.path, screen.desk.folder, screen.record.id)
    about = "The events as they came; workbench --replay FILE plays them."
    answer = await screen.app.push_screen_wait(Ask("Save the recording", help=about, initial=str(place)))
    if answer is None or not answer.strip():
        return
    path = typed_path(answer)
    path = path if path.suffix == recorder.SUFFIX else path.with_name(f"{path.name}{recorder.SUFFIX}")
    try:
        try:
            await asyncio.to_thread(recorder.save, path, wire)
        except files.ChangedOnDisk as error:
            if not await _replace(screen, path, str(error)):
                return
            await asyncio.to_thread(recorder.save, path, wire, overwrite=True)
    except files.StoreError as error:
        screen.tell(str(error.problem), "error")
    else:
        screen.tell(f"Written to {paths.shown(path)}")


async def _replace(screen: WireScreen, path: Path, reason: str) -> bool:
    """Whether a file that stands in the way may go."""
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (Answer("stay", "n", "Keep it"), Answer("replace", "r", "Replace it"))
    return await screen.app.push_screen_wait(Confirm(f"Replace {path.name}?", (reason,), answers, "stay")) == "replace"
