"""How the program ends, whatever ends it: all is kept, the terminal is given back, and within a second it is over."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import warnings
from contextlib import suppress
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from workbench.core.safe import display
from workbench.ui.terminal_driver import TerminalDriver

if TYPE_CHECKING:
    from workbench.ui.app import Workbench

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
BY_ITSELF_S: Final = 0.5
"""Seconds that an end has, from its cause on, before it is no longer left to a screen that may be stuck."""
KEEPING_S: Final = 10.0
"""Seconds that a slow disk has: what isn't kept by then hardly will be."""
TURN_S: Final = 0.15
"""Seconds in which a loop that isn't stuck comes round."""
GIVING_S: Final = 2.0
"""Seconds for a terminal that is slow: one that takes nothing any more is no reason to stay."""
THREADS_S: Final = 0.1
"""Seconds for threads that are about to end anyway."""
FAILED: Final = 1
TRIES: Final = 12
MANY: Final = 5


def run(app: Workbench) -> int:
    """Run it on this terminal until it ends; returns its exit status, or leaves with it where a thread would stay."""
    loop = asyncio.new_event_loop()
    ending = app.ending = Ending(app, loop)
    loop.set_exception_handler(ending.unhandled)
    threading.excepthook = ending.failed_thread
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as after nohup
            signal.signal(number, ending.signalled)
    try:
        app.run(loop=loop)
    except BaseException as error:  # nothing may leave the terminal as it is now
        if not isinstance(error, asyncio.CancelledError):
            ending.crash(error)
    warnings.simplefilter("ignore")  # what is cut off in the middle is no news to anybody
    ending.begin(app.return_code or 0)
    ending.keep()
    ending.give_back()
    ending.settle()
    ending.say()
    ending.over.set()
    return ending.leave()


class Ending:
    """What has to be done once, by whoever comes first: the loop, or the thread that watches over the end."""

    def __init__(self, app: Workbench, loop: asyncio.AbstractEventLoop) -> None:
        self.app, self.loop = app, loop
        self.status: int | None = None
        """None while nothing ends."""
        self._begun: SimpleQueue[None] = SimpleQueue()
        self.over = threading.Event()
        self.lines: list[str] = []
        """What is said on the terminal once it is given back."""
        self._keeping, self._saying = threading.Lock(), threading.Lock()
        self._told = 0
        self._kept = self._said = self._unheard = self._crashed = False
        threading.Thread(target=self._watch, name="ending", daemon=True).start()

    def begin(self, status: int) -> None:
        """It ends: from now on a thread sees to it that it does. The first call counts.

        May be called from anywhere, a handler of signals too, which may have come while a thread was being started or
        a lock was held: nothing here waits for either.
        """
        if self.status is None:
            self.status = status
            self._begun.put(None)

    def signalled(self, number: int, _: object) -> None:
        """A signal; whatever goes on just now, the loop deals with it when it comes to it."""
        self.begin(128 + number)
        with suppress(RuntimeError):  # the loop is closed: it is as good as over
            self.loop.call_soon_threadsafe(self.app.end, 128 + number)

    # A mistake of the program

    def crash(self, error: BaseException) -> None:
        """The program ends because of this error; what follows from it is not told."""
        self.begin(FAILED)
        self.status = self.status or FAILED
        if not self._crashed:
            self._crashed = True
            self.gather()
            from workbench.ui import crash

            self.lines.append(f"Workbench ended because of a mistake in itself ({crash.place(error)}).")
            self.lines.append(self._noted(error))

    def unhandled(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What went wrong where nobody waits: in a callback it ends the program, as a handler would."""
        error = context.get("exception")
        if error is None or self.status is not None:
            return
        if "handle" in context:
            self.app._handle_exception(error)
        else:
            self._tell(error)

    def failed_thread(self, failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and self.status is None and failed.exc_type is not SystemExit:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._tell, failed.exc_value)

    def _tell(self, error: BaseException) -> None:
        """Of a failure beside the screen, with which one can go on working; of many only the first."""
        self._told += 1
        if self._told > MANY:
            return
        text = f"Something failed in the background. {self._noted(error)}"
        with self.app._context():
            self.app.notify(display(text), severity="warning", markup=False, timeout=12)

    def _noted(self, error: BaseException) -> str:
        """Write the note; the sentence says where it is."""
        from workbench.engine.files import StoreError
        from workbench.ui import crash

        desk = self.app.desk
        key = desk.chosen.key
        text = crash.note(error, crash.surroundings(self.app), key.secrets() if key is not None else ())
        try:
            path = crash.write(desk.places.logs, text, desk.now())
        except StoreError as trouble:
            return f"No note of it could be written: {trouble.problem.detail}."
        return f"A note of where, without your texts and keys, is in {path}"

    # What an end is made of

    def gather(self) -> None:
        """Have the sessions hold what came and what was typed, as long as the screens are there."""
        from workbench.ui import rescue

        with self.app._context():
            for _ in range(TRIES):  # a screen that fails to show it has taken it all the same
                with suppress(Exception):
                    rescue.gather(self.app)
                    return

    def keep(self) -> None:
        """Have the disk hold what came and what was typed; who comes second waits until the first has done it."""
        with self._keeping:
            if not self._kept:
                self._kept = True
                self.lines += self._rescued()

    def _rescued(self) -> list[str]:
        from workbench.ui import rescue

        documents = [*self.app.documents]
        try:
            self.gather()
            said = [*rescue.keep(self.app)]
        except Exception as error:
            return [f"The session was not kept because of a mistake ({type(error).__name__}). {self._noted(error)}"]
        if self._crashed and not said:
            said += [f"The session is safe in {each.path}" for each in documents if each.path is not None]
        return said

    def give_back(self) -> None:
        """The terminal, where the screen has not given it back itself."""
        driver = self.app._driver
        if isinstance(driver, TerminalDriver):
            driver.give_back_at_once()

    def say(self) -> None:
        with self._saying:
            if not self._said and sys.__stderr__ is not None:
                self._said = True
                try:
                    sys.__stderr__.write("".join(f"{display(line)}\n" for line in self.lines))
                    sys.__stderr__.flush()
                except (OSError, ValueError):
                    self._unheard = True

    def settle(self) -> None:
        """Let what still waits in the loop end; not for long. Of its threads, those that do nothing go."""
        threads = getattr(self.loop, "_default_executor", None)
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)
        with suppress(Exception):
            if tasks := asyncio.all_tasks(self.loop):
                for task in tasks:
                    task.cancel()
                self.loop.run_until_complete(asyncio.wait(tasks, timeout=THREADS_S))
            self.loop.run_until_complete(asyncio.wait_for(self.loop.shutdown_asyncgens(), THREADS_S))
            self.loop.close()

    def leave(self) -> int:
        """The exit status, unless Python would wait for a thread, or give another because nobody listens."""
        if self._unheard:
            self._leave_now()
        until = monotonic() + THREADS_S
        for thread in threading.enumerate():
            if not thread.daemon and thread is not threading.main_thread():
                thread.join(max(until - monotonic(), 0))
                if thread.is_alive():
                    self._leave_now()
        return self.status or 0

    def _leave_now(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(self.status or 0)

    def _keep_in_turn(self, turned: threading.Event) -> None:
        """A screen that is only slow keeps what it holds itself."""
        self.keep()
        turned.set()

    def _watch(self) -> None:
        """In a thread: once it has begun, bring the end about if the screen hasn't in time."""
        self._begun.get()
        if self.over.wait(BY_ITSELF_S):
            return
        turned = threading.Event()
        with suppress(RuntimeError):  # the loop is closed
            self.loop.call_soon_threadsafe(self._keep_in_turn, turned)
        turned.wait(TURN_S)
        keeping = threading.Thread(target=self.keep, name="keeping", daemon=True)
        keeping.start()
        keeping.join(KEEPING_S)
        if keeping.is_alive():
            self.lines.append("The session could not be kept: the disk does not answer.")
        giving = threading.Thread(target=self.give_back, name="giving back", daemon=True)
        giving.start()
        giving.join(GIVING_S)
        saying = threading.Thread(target=self.say, name="saying", daemon=True)
        saying.start()
        saying.join(THREADS_S)
        os._exit(self.status or 0)
