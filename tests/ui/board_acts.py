"""What stories of the Runs screen and the wire view do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.ui.acts import opened
from tests.ui.story import NOON, User
from workbench.core.errors import Problem
from workbench.core.params import Params
from workbench.core.record import RunRecord, Timings
from workbench.core.session import Session
from workbench.core.state import State
from workbench.ui import clipboard
from workbench.ui.runs.screen import RunsScreen
from workbench.ui.screens.choose import Choose
from workbench.ui.wire.screen import WireScreen


def catch_copies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is copied from now on; nothing reaches the machine's clipboard, and what isn't exact says so."""
    found: list[str] = []

    async def copy(app: object, text: str, *, exact: bool = False, **_: object) -> str:
        del app
        found.append(text if exact else f"plain: {text}")
        return "Copied to the clipboard."

    monkeypatch.setattr(clipboard, "copy", copy)
    return found


async def copies(user: User, command: str, copied: list[str], form: str = "") -> str:
    """Call a command that copies, choose the form where it asks, and return what was copied."""
    before = len(copied)
    await user.does(command)
    if form:
        chooser = await opened(user, Choose)
        chooser.field.value = form
        await user.pilot.pause()
        await user.presses("enter")
    await user.until(lambda: len(copied) > before)
    return copied[-1]


async def goes_to_runs(user: User) -> RunsScreen:
    await user.does("runs")
    await user.until(lambda: isinstance(user.app.screen, RunsScreen))
    await user.rests()
    screen = user.app.screen
    assert isinstance(screen, RunsScreen)
    return screen


def ids(screen: RunsScreen) -> list[str]:
    """The runs that are listed, in order."""
    return [row.record.id for row in screen.table.rows]


async def filters(user: User, text: str) -> None:
    await user.does("find")
    await user.presses(*text)


async def goes_to_wire(user: User) -> WireScreen:
    """The wire of the last answer."""
    user.chat.view.focus()
    await user.does("last", "wire")
    await user.until(lambda: isinstance(user.app.screen, WireScreen) and user.app.screen.pages.sections)
    await user.rests()
    screen = user.app.screen
    assert isinstance(screen, WireScreen)
    return screen


async def goes_to_section(user: User, screen: WireScreen, title: str) -> None:
    screen.pages.go([section.title for section in screen.pages.sections].index(title))
    await user.rests()
    assert screen.pages.sections[screen.pages.section].title == title


ASKED = (
    ("Classify this ticket: the parcel came open.", "Category: damaged in transit. Priority: high."),
    ("And this one: where is my refund?", "Category: refund status. Priority: normal."),
    ("Write the reply to the first.", "Dear Ms Arden,\n\nthank you for the photographs. A new parcel leaves today."),
)
ENDS: tuple[dict[str, Any], ...] = (
    {},
    {"state": State.INTERRUPTED, "cost_basis": "at_least"},
    {},
    {
        "state": State.REJECTED,
        "cost_usd": Decimal(0),
        "problem": Problem("Rate limited", "No tokens left.", status=429),
    },
    {},
)


def worked() -> Session:
    """An afternoon's work: three prompts, each under several settings, and not all of them went well."""
    session = Session(title="refund-triage", params=Params(model="claude-sonnet-4-6", max_tokens=1024))
    for turn, (prompt, answer) in enumerate(ASKED):
        session = session.say(session.lane(), prompt, parent=session.lane().tip)
        asked = session.lane().tip
        for at in range(5):
            number = turn * 5 + at + 1
            model = ("claude-sonnet-4-6", "claude-haiku-4-5")[at % 2]
            out = 20 + 37 * number % 190
            usual: dict[str, Any] = {
                "state": State.COMPLETE,
                "stop_reason": "end_turn",
                "cost_usd": Decimal(out + 200 * turn) * Decimal("0.000015"),
                "cost_basis": "exact",
            }
            members = {**usual, **(ENDS[at] if turn else {})}
            text = "" if members["state"] is State.REJECTED else answer
            made = RunRecord(
                id=f"r{number}",
                lane="A",
                parent=asked,
                endpoint="anthropic",
                model=model,
                text=text,
                content=({"type": "text", "text": text},) if text else (),
                usage={"input_tokens": 180 + 90 * turn, "output_tokens": out} if text else {},
                params={"model": model, "max_tokens": 1024, "temperature": 0.25 * at},
                started=NOON - timedelta(minutes=140 - 9 * number),
                attempts=1,
                timings=Timings(0.03, 0.4, 0.41 + 0.11 * (number % 7), 1.9 + 0.3 * number)
                if text
                else Timings(0.03, 0.1),
                **members,
            )
            session = session.finish(made, text)
    return session
