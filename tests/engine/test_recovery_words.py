"""What is said of what came back is true, and in words of the person who asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.kept import NEW, asked, begins, lost, reopened, says, started
from workbench.core.session import Session
from workbench.engine import store
from workbench.engine.open_session import Opened, OpenSession


def killed(path: Path, question: str, came: bytes) -> Opened:
    """The session as it opens after a kill, with so much of an answer in its journal."""
    session, parent = asked(NEW, question)
    held = OpenSession.create(path, session)
    held.started(started("r1", parent), session)
    if came:
        held.came("r1", 1, came)
    lost(held)
    opened, again = reopened(path)
    again.close()
    return opened


@pytest.mark.parametrize("came", [b"", begins()])
def test_of_an_answer_of_which_nothing_came_nobody_says_that_it_is_kept(came: bytes, tmp_path: Path) -> None:
    opened = killed(tmp_path / "s.toml", "What is a tide?", came)
    assert 'nothing is here of the answer to "What is a tide?"' in opened.recovered[-1]
    problem = opened.session.runs[0].problem
    assert problem is not None
    assert "is kept" not in str(problem)
    assert "may have been paid for" in str(problem)


def test_of_an_answer_that_had_begun_it_says_that_what_came_is_kept(tmp_path: Path) -> None:
    problem = killed(tmp_path / "s.toml", "What is a tide?", begins() + says("The sea")).session.runs[0].problem
    assert problem is not None
    assert "What had come is kept." in str(problem)


def test_an_answer_is_named_by_how_its_question_begins(tmp_path: Path) -> None:
    opened = killed(tmp_path / "s.toml", "What\n is " + "a tide, and " * 20, begins() + says("The sea"))
    (said,) = (each for each in opened.recovered if "the answer" in each)
    assert said.startswith('the answer to "What is a tide, and a tide, and')
    assert '…", which was coming' in said
    assert "r1" not in said
    assert len(said) < 160


def test_a_whole_journal_of_another_version_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    session, _ = asked(NEW, "What is a tide?")
    held = OpenSession.create(path, NEW)
    held.note(session)
    lost(held)
    store.save(path, Session(title="theirs"), overwrite=True)
    opened, again = reopened(path)
    again.close()
    assert opened.recovered[-1] == "what stood there before is kept beside it: s.toml.journal.damaged"
    assert not any("is damaged" in each or "was damaged" in each for each in opened.recovered)
