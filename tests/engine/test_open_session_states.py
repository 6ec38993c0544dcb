"""An open session put through anything in any order, with crashes in between, against what it was told."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.sessions import TEXT, exactly
from tests.engine.kept import NEW, answered, asked, begins, lost, says, started, turn
from workbench.core.params import Params
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import store
from workbench.engine.open_session import OpenSession

NUMBERS = st.integers(0, 3)


class Work(RuleBasedStateMachine):
    """One session file, the program that holds it, and what the program said."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "worked.toml"
        self.session = NEW
        self.told = NEW
        """What the disk was told last."""
        self.coming: dict[str, str] = {}
        """Of each answer on its way what came."""
        self.ending: dict[str, str] = {}
        """The same of those that have ended, but the disk may not know it yet."""
        self.runs = 0

    def teardown(self) -> None:
        lost(self.held)
        shutil.rmtree(self.folder)

    @initialize()
    def made(self) -> None:
        self.held = OpenSession.create(self.path, NEW)

    @rule(text=TEXT)
    def typed(self, text: str) -> None:
        self.session = replace(self.session, prompt=text)

    @rule(text=TEXT.filter(bool))
    def said(self, text: str) -> None:
        self.session = asked(self.session, text)[0]

    @rule(text=TEXT, number=NUMBERS)
    def tuned(self, text: str, number: int) -> None:
        session = self.session.with_system(self.session.lanes[0], text)
        self.session = replace(session, params=Params(max_tokens=number + 1), variables=(("a", text),))

    @rule(text=TEXT.filter(bool))
    def another_turn(self, text: str) -> None:
        self.runs += 1
        session, parent = asked(self.session, text)
        self.session = answered(session, f"r{self.runs}", parent, f"{text}!")

    @rule()
    def began(self) -> None:
        self.runs += 1
        run = f"r{self.runs}"
        self.session, parent = asked(self.session, f"Asked {self.runs}")
        self.held.started(started(run, parent), self.session)
        self.held.came(run, 1, begins())
        self.coming[run] = ""
        self.told = self.session

    @precondition(lambda self: self.coming)
    @rule(number=NUMBERS, text=TEXT.filter(bool))
    def came(self, number: int, text: str) -> None:
        run = sorted(self.coming)[number % len(self.coming)]
        piece = says(text)
        for part in (piece[: number + 5], piece[number + 5 :]):
            self.held.came(run, 1, part)
        self.coming[run] += text

    @precondition(lambda self: self.coming)
    @rule(number=NUMBERS)
    def ended(self, number: int) -> None:
        run = sorted(self.coming)[number % len(self.coming)]
        self.ending[run] = text = self.coming.pop(run)
        self.session = answered(self.session, run, None, f"{text} and all")

    @rule()
    def noted(self) -> None:
        self.held.note(self.session)
        self.told = self.session

    @rule()
    def folded(self) -> None:
        self.held.fold(self.session)
        self.told = self.session

    @rule()
    def crashed(self) -> None:
        lost(self.held)
        opened = OpenSession.open(self.path)
        assert opened.held is not None
        self.held = opened.held
        self._is_what_was_told(opened.session)
        self.session = self.told = opened.session
        self.coming, self.ending = {}, {}

    @rule()
    def closed(self) -> None:
        self.held.close(self.session)
        loaded = store.load(self.path)
        opened = OpenSession.open(self.path)
        assert opened.held is not None
        self.held = opened.held
        assert loaded.session == opened.session
        self.told = self.session
        self._is_what_was_told(opened.session)
        self.session = self.told = opened.session
        self.coming, self.ending = {}, {}

    @invariant()
    def the_disk_holds_what_it_was_told(self) -> None:
        exactly(self.held.on_disk, self.told)
        exactly(store.load(self.path).session, self.told)

    def _is_what_was_told(self, found: Session) -> None:
        """With the answers that were coming as runs, and nothing else."""
        runs = len(self.told.runs)
        assert found.runs[:runs] == self.told.runs
        known = {run.id for run in self.told.runs}
        coming = {run: text for run, text in {**self.ending, **self.coming}.items() if run not in known}
        assert {run.id: run.text for run in found.runs[runs:]} == coming
        assert all(run.state is State.INTERRUPTED for run in found.runs[runs:])
        messages = len(self.told.messages)
        assert found.messages[:messages] == self.told.messages
        assert sorted(each.text for each in found.messages[messages:]) == sorted(filter(None, coming.values()))
        exactly(replace(found, messages=(), runs=(), lanes=()), replace(self.told, messages=(), runs=(), lanes=()))


@pytest.mark.fault("F06")
def test_whatever_is_done_in_whatever_order_the_disk_holds_it(rounds: object) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    assert callable(rounds)
    run_state_machine_as_test(
        Work, settings=settings(max_examples=rounds(10, 300), stateful_step_count=rounds(20, 50), deadline=None)
    )


def test_a_long_day_is_told_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "day.toml"
    held, session = OpenSession.create(path, NEW), NEW
    for number in range(1, 40):
        session = turn(session, number, "x" * number)
        (held.fold if number % 7 == 0 else held.note)(session)
    lost(held)
    assert store.load(path).session == session
