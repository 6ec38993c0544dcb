"""Opening a link of an answer: the whole address is shown first, and a person agrees to it. Nothing is ever fetched."""

from __future__ import annotations

import asyncio
import sys
from asyncio import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

from workbench.core.safe import display
from workbench.ui import browser_tool
from workbench.ui.text.addresses import links_in

if TYPE_CHECKING:
    from textual.app import App

    from workbench.core.links import Link
    from workbench.ui.app import Workbench

NONE: Final = "There is no link to open here: only http, https and mailto are."
PATIENCE_S: Final = 3.0
"""A browser that took the address may stay in the foreground: after this it is left to itself."""


async def follow(app: Workbench, source: str, near: str = "") -> None:
    """Let one of a text's links be chosen, the one of these words at once, and ask whether to open it."""
    found = links_in(source)
    near = " ".join(near.split())
    meant = [each for each in found if near and near in {each.words, f"[{each.words}]", each.url}]
    meant = meant or [each for each in found if near and (near in each.words or near in each.url)]
    if not found or (near and not meant):
        _tell(app, NONE)
        return
    link = await _choose(app, meant or found) if len(meant or found) > 1 else (meant or found)[0]
    if link is not None:
        await confirm(app, link)


async def _choose(app: Workbench, found: list[Link]) -> Link | None:
    from workbench.ui.screens.choose import Choose, Item

    items = [Item(str(at), each.words or each.url, each.url if each.words else "") for at, each in enumerate(found)]
    picked = await app.push_screen_wait(Choose("Links", items, placeholder="a link of this turn", keep_order=True))
    return found[int(picked)] if picked is not None else None


async def confirm(app: Workbench, link: Link) -> None:
    """Show the whole address, and do with it what is answered; stay is the default."""
    from workbench.ui import clipboard
    from workbench.ui.screens.confirm import Answer, Confirm

    answers = (
        Answer("stay", "n", "Don't open it"),
        Answer("open", "o", "Open it"),
        Answer("copy", "c", "Copy the address"),
    )
    called = (f"The text calls it: {link.words}",) if link.words and link.words != link.url else ()
    lines = (link.url, *called, *link.cautions)
    answer = await app.push_screen_wait(Confirm("Open this address?", lines, answers, "stay"))
    if answer == "open":
        _tell(app, await opened(link))
    elif answer == "copy":
        _tell(app, await clipboard.copy(cast("App[object]", app), link.url, fallback=app.desk.places.state))


async def opened(link: Link) -> str:
    """Hand it to the system, apart from this terminal; the sentence claims no more than is known."""
    nowhere = subprocess.DEVNULL
    try:
        tool = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", browser_tool.__name__, link.url),
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
        )
    except OSError as error:
        return f"Not opened: no program could be started ({error.strerror or error})."
    try:
        async with asyncio.timeout(PATIENCE_S):
            failed = await tool.wait() != 0
    except TimeoutError:
        failed = False
        with suppress(ProcessLookupError):
            tool.kill()  # alone: what it started goes on
        await tool.wait()
    if failed:
        return f"Not opened: no browser was found. The address is {link.url}"
    return "Handed to the system's browser." if not link.url.startswith("mailto:") else "Handed to the mail program."


def _tell(app: Workbench, text: str) -> None:
    app.notify(display(text), markup=False, timeout=8)
