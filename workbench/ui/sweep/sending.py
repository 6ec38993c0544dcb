"""Begin a sweep: what it will take is shown, and agreed to, before anything is sent; then it runs under any screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.engine.files import StoreError
from workbench.ui.chat import filing, permission, results, shortcuts
from workbench.ui.sweep import defining, naming, preflight, twice
from workbench.ui.sweep.sweeping import Sweeping, pinned, standing

if TYPE_CHECKING:
    from workbench.ui.sweep.screen import SweepScreen


async def start(screen: SweepScreen) -> None:
    """Send what is missing; what is paused goes on."""
    chat = screen.chat
    if not chat.sweeping_now and not await _known(screen):
        return
    sweeping = screen.sweeping
    if sweeping is None:
        add = shortcuts.label(chat, "add", at_prompt=False)
        screen.tell(screen.problem or f"There is no sweep yet: {add} adds an axis.", "warning")
    elif sweeping.active:
        _go_on(screen, sweeping)
    elif not sweeping.sweeper.missing:
        retries = shortcuts.label(chat, "rerun", at_prompt=False)
        again = f" {retries} tries again what failed." if sweeping.sweeper.failed else ""
        there = "Every answer is there, or on its way in a batch" if sweeping.besides else "Every answer is there"
        screen.tell(f"{there}: nothing is missing.{again}")
        _write(screen, sweeping)
    elif screen.note:
        screen.tell("The prompt is being counted.")
    elif await _agreed(screen, sweeping):
        if screen.sweeping is sweeping and not chat.sweeping_now:
            await _begin(screen, sweeping)
        else:
            screen.tell("The sweep is another one by now, so nothing was sent: run it again.", "warning")


async def _known(screen: SweepScreen) -> bool:
    """Whether it is known what is done already, also by another program: nothing is paid twice."""
    known = await results.read(screen.chat)
    screen.show()
    if not known:
        screen.tell("What was answered so far can't be read, so nothing was sent.", "error")
    return known


def _write(screen: SweepScreen, sweeping: Sweeping) -> None:
    """Try again to write what the file could not take."""
    try:
        sweeping.write()
    except StoreError as error:
        screen.tell(str(error.problem), "error")


def _go_on(screen: SweepScreen, sweeping: Sweeping) -> None:
    if sweeping.sweeper.state == "paused":
        pause(screen)
    else:
        pauses, stops = (shortcuts.label(screen.chat, name, at_prompt=False) for name in ("pause", "stop"))
        screen.tell(f"The sweep is going on; {pauses} pauses it, {stops} stops it.")


async def _agreed(screen: SweepScreen, sweeping: Sweeping) -> bool:
    """Whether everything was answered with yes: where the key goes, the preflight, the budget, the endpoint."""
    chat, plan = screen.chat, sweeping.plan
    requests = [plan.cells[spot.cell].request for spot in sweeping.sweeper.missing]
    if not await permission.answered(chat, twice.questions(chat, sweeping)):
        return False
    if not await permission.answered(chat, permission.where(chat)):  # counting the prompts takes the key along
        return False
    if not await permission.answered(chat, permission.files(chat, requests)):
        return False
    if len(requests) > 1 and not await _shown(screen, sweeping):
        return False
    return await permission.answered(chat, permission.questions(chat, requests))


async def _shown(screen: SweepScreen, sweeping: Sweeping) -> bool:
    """Whether the sweep shall be sent, knowing what it takes."""

    def told(done: int, of: int) -> None:
        screen.note = f"counting… {done}/{of} prompts"
        screen.show()

    try:
        found = await preflight.prepared(screen.chat, sweeping, told)
    finally:
        screen.note = ""
        screen.show()
    name = " × ".join(naming.subject(sweeping.plan.sweep))
    return await screen.app.push_screen_wait(preflight.dialog(found, name)) == preflight.SEND


async def _begin(screen: SweepScreen, sweeping: Sweeping) -> None:
    """Pin what is asked, save the session, and let it run as a worker of the chat."""
    chat = screen.chat
    sweep = pinned(chat.document.drafted(chat.unsent), sweeping.plan.sweep, sweeping.plan)
    chat.record(defining.with_changed(chat.session, sweep))
    if not await filing.write(chat, chat.document, quietly=True):
        why = "it is read-only; save it elsewhere first" if chat.document.read_only else "see the note"
        screen.tell(f"The session could not be saved, so nothing was sent: {why}.", "error")
        return
    if not await _known(screen):  # others may have answered while it was asked about
        return
    if not chat.sweeping_now:  # a second key, while it was saved, found nothing running
        sweeping = standing(chat, sweep)
        sweeping.active = True
        chat.run_worker(sweeping.run(), group="sweep")
    screen.show()


def pause(screen: SweepScreen) -> None:
    """Send nothing more, or go on."""
    sweeping = screen.sweeping
    if sweeping is None or not sweeping.active:
        screen.tell("No sweep is on its way.")
    elif sweeping.sweeper.state == "paused":
        sweeping.mark()
        sweeping.sweeper.resume()
    else:
        sweeping.sweeper.pause()
    screen.show()


async def retry(screen: SweepScreen) -> None:
    """Send what failed once more."""
    sweeping = screen.sweeping
    if sweeping is None or not sweeping.retry_failed():
        screen.tell("Nothing failed.")
    elif not sweeping.active:
        await start(screen)
    screen.show()
