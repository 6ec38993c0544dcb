"""A session that was not closed as it should be: what comes back, what is told, and what is kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.kept import (
    NEW,
    Kept,
    a_day,
    journal_of,
    lost,
    put,
    started,
    turn,
)
from workbench.core import journal as lines
from workbench.core.batch import Batch, Status
from workbench.engine import journal, recovery, store
from workbench.engine.files import StoreError
from workbench.engine.open_session import OpenSession


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return a_day(tmp_path / "kept.toml")


@pytest.mark.fault("F04", "F05")
def test_the_damaged_files_are_kept_and_what_is_whole_is_saved_anew(kept: Kept) -> None:
    cut, torn = kept.toml[:-400], kept.journal[:-9]
    put(kept, toml=cut, records=torn)
    opened = OpenSession.open(kept.path)
    assert opened.held is not None
    folder = kept.path.parent
    assert (folder / "kept.toml.damaged").read_bytes() == cut
    assert (folder / "kept.toml.journal.damaged").read_bytes() == torn
    assert not journal_of(kept.path).exists()
    assert len(opened.recovered) == 5
    assert opened.recovered[-1].endswith(": kept.toml.damaged, kept.toml.journal.damaged")
    opened.held.close()
    again = store.load(kept.path)
    assert (again.session, again.recovered) == (opened.session, ())
    put(kept, toml=cut, records=torn)
    held = OpenSession.open(kept.path).held
    assert held is not None
    held.close()
    assert len([*folder.glob("*.damaged*")]) == 2
    put(kept, toml=cut[:-1], records=torn)
    OpenSession.open(kept.path)
    assert (folder / "kept.toml.damaged-2").read_bytes() == cut[:-1]


@pytest.mark.fault("F05")
@pytest.mark.parametrize("data", [b"", bytes(4000)])
def test_a_file_of_nothing_is_recovered_from_its_journal(kept: Kept, data: bytes) -> None:
    put(kept, toml=data)
    opened = OpenSession.open(kept.path)
    assert opened.held is not None
    assert opened.recovered[0] == "kept.toml holds nothing any more, and its journal alone is left"
    assert [each.text for each in opened.session.messages if each.role == "assistant"] == [
        "Answer é 3",
        "Answer é 4",
        "Cut off here",
    ]
    assert opened.session.title == "kept"
    opened.held.close()
    assert store.load(kept.path).session == opened.session


def test_a_file_that_is_gone_is_recovered_from_its_journal(kept: Kept) -> None:
    kept.path.unlink()
    opened = OpenSession.open(kept.path)
    assert opened.recovered[0] == "kept.toml is gone, and its journal alone is left"
    assert opened.held is not None
    opened.held.close()
    assert len(store.load(kept.path).session.runs) == 3


@pytest.mark.fault("F05")
def test_a_file_of_nuls_without_a_journal_is_refused_and_stays(kept: Kept) -> None:
    journal_of(kept.path).unlink()
    kept.path.write_bytes(bytes(500))
    with pytest.raises(StoreError, match="damaged: NUL bytes from line 1 on · Restore it from a copy"):
        OpenSession.open(kept.path)
    assert kept.path.read_bytes() == bytes(500)


@pytest.mark.fault("F08")
def test_a_file_changed_while_its_journal_stood_gets_what_was_paid_for(kept: Kept) -> None:
    theirs = kept.toml.decode().replace('title = "kept"', 'title = "theirs"')
    theirs = theirs.replace(
        "\n# end of session",
        '\n[[messages]]\nid = "m5"\nparent = "m4"\nrole = "user"\ntext = "Theirs"\n\n'
        '[[runs]]\nid = "r5"\nstate = "complete"\nrequest_sha256 = "another"\n\n# end of session',
    )
    put(kept, toml=theirs.encode())
    opened = OpenSession.open(kept.path)
    assert opened.held is not None
    session = opened.session
    assert session.title == "theirs"
    assert session.by_id["m5"].text == "Theirs"
    assert [run.id for run in session.runs] == ["r1", "r2", "r5", "r3", "r4", "r6"]
    texts = [each.text for each in session.path(session.messages[-1].id)]
    assert texts[-6:] == ["Question 3", "Answer é 3", "Question 4", "Answer é 4", "Last", "Cut off here"]
    assert opened.recovered[0] == (
        "another program changed kept.toml while its journal stood: "
        "5 messages and 2 runs came back from it, and what else had changed did not"
    )
    assert kept.path.with_name("kept.toml.journal.damaged").read_bytes() == kept.journal
    opened.held.close()
    assert store.load(kept.path).session == session


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("kept", "no message and no run came back from it"),
        ("ours", "no message and no run came back from it, and what else had changed did not"),
    ],
)
def test_of_a_file_that_another_changed_no_more_is_told_to_be_lost_than_is(
    title: str, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.toml"
    held = OpenSession.create(path, NEW)
    held.note(replace(NEW, title=title))
    held.started(started("r1", None), replace(NEW, title=title))
    lost(held)
    path.write_text(path.read_text().replace('title = "kept"', 'title = "theirs"'))
    assert store.load(path).recovered[0].partition(": ")[2] == says


def test_a_batch_that_is_on_its_way_is_not_lost_with_the_version_of_the_file_that_knew_it(tmp_path: Path) -> None:
    path = tmp_path / "kept.toml"
    sent = Batch("b1", "anthropic", Status.IN_PROGRESS, "msgbatch_1", lanes=("A",), requests=1)
    held = OpenSession.create(path, replace(NEW, batches=(replace(sent, status=Status.INTENDED, server_id=""),)))
    other = Batch("b2", "anthropic", Status.IN_PROGRESS, "msgbatch_2", lanes=("A",), requests=1)
    held.note(replace(NEW, batches=(sent, other)))
    lost(held)
    path.write_text(path.read_text().replace('title = "kept"', 'title = "theirs"'))
    opened = OpenSession.open(path)
    assert (opened.session.title, opened.session.batches) == ("theirs", (sent, other))
    assert opened.recovered[0].partition(": ")[2] == "1 batch came back from it"
    assert opened.held is not None
    opened.held.close()
    assert store.load(path).session.batches == (sent, other)


def test_a_crash_just_after_a_changed_file_got_what_was_paid_for_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.toml"
    held = OpenSession.create(path, NEW)
    ours = turn(NEW, 1, "ours")
    held.note(ours)
    held.note(turn(ours, 2, "ours too"))
    lost(held)
    left = journal_of(path).read_bytes()
    theirs = turn(turn(NEW, 1, "theirs"), 2, "theirs too")
    theirs = replace(theirs, runs=tuple(replace(run, request_sha256=f"their {run.id}") for run in theirs.runs))
    OpenSession.create(tmp_path / "other.toml", theirs).close()
    path.write_bytes((tmp_path / "other.toml").read_bytes())
    for _ in range(2):
        opened = OpenSession.open(path)
        assert opened.held is not None
        opened.held.close()
        assert (len(opened.session.messages), len(opened.session.runs)) == (8, 4)
        journal_of(path).write_bytes(left)  # as if it had been killed before the journal was taken away


def test_a_crash_between_the_steps_of_a_fold_doubles_nothing(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = OpenSession.open(kept.path)
    assert opened.held is not None
    held, session = opened.held, turn(opened.session, 9, "nine")
    held.note(session)
    steps: list[tuple[bytes, bytes]] = []

    def look(*_: object) -> None:
        steps.append((kept.path.read_bytes(), journal_of(kept.path).read_bytes()))

    real = os.replace

    def replaced(*given: object) -> None:
        look()
        real(*given)  # type: ignore[arg-type]  # what it was called with
        look()

    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(Path, "replace", replaced)
    held.fold(replace(session, title="folded"))
    lost(held)
    monkeypatch.undo()
    assert len(steps) == 2
    for toml, records in steps:
        put(kept, toml=toml, records=records)
        found = recovery.read(kept.path)
        assert found.session == replace(session, title="folded")
        assert found.damaged == ()


def test_a_fold_that_failed_and_one_that_came_later_are_told_apart(kept: Kept) -> None:
    """Marks of folds that were never finished say nothing; of two with one hash the later counts."""
    sha = journal.read(journal_of(kept.path))
    assert sha is not None
    more = lines.line({"set": {"session": {"title": "more"}}})
    for marks in ([{"folded": "x" * 64, "upto": 3}], [{"folded": sha.base, "upto": 0}], [{"folded": "y"}]):
        put(kept, records=kept.journal + b"".join(map(lines.line, marks)) + more)
        found = recovery.read(kept.path)
        assert (found.session.title, len(found.session.runs)) == ("more", 5)
    put(kept, records=kept.journal + lines.line({"folded": sha.base}) + more)
    assert recovery.read(kept.path).session.title == "more"


def test_a_file_that_is_folded_while_it_is_read_is_read_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between file and journal another program folds: old file and no journal would be an older session."""
    before = recovery.read(kept.path).session
    real = journal.read
    folded = [False]

    def meanwhile(place: Path) -> journal.Read | None:
        if not folded[0]:
            folded[0] = True
            opened = OpenSession.open(kept.path)
            assert opened.held is not None
            opened.held.close()
        return real(place)

    monkeypatch.setattr(journal, "read", meanwhile)
    assert store.load(kept.path).session == before


def test_a_journal_of_a_newer_program_is_left_alone(kept: Kept) -> None:
    newer = lines.line({"journal": 2, "base": "x"})
    put(kept, records=newer)
    opened = OpenSession.open(kept.path)
    assert (opened.held, opened.why) == (None, "a newer Workbench wrote its journal")
    assert opened.session == kept.reported[0][1]
    assert journal_of(kept.path).read_bytes() == newer


@pytest.mark.fault("F09")
def test_a_journal_that_is_none_is_never_followed_or_written(kept: Kept, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(kept.journal)
    journal_of(kept.path).unlink()
    plants: list[Callable[[Path], object]] = [lambda place: place.symlink_to(victim), os.mkfifo]
    for plant in plants:
        plant(journal_of(kept.path))
        opened = OpenSession.open(kept.path)
        assert (opened.held, opened.session) == (None, kept.reported[0][1])
        assert "journal can't be read" in opened.why
        assert victim.read_bytes() == kept.journal
        journal_of(kept.path).unlink()


def test_records_that_mean_nothing_are_passed_over(kept: Kept) -> None:
    odd: list[dict[str, object]] = [
        {"later": 1},
        {"came": {"run": 1}},
        {"started": []},
        {"add": {"lanes": []}},
        {"came": "x"},
        {},
    ]
    put(kept, records=kept.journal + b"".join(map(lines.line, odd)) + lines.line({"set": {"session": {"title": "t"}}}))
    found = recovery.read(kept.path).session
    assert (found.title, len(found.runs)) == ("t", 5)


def test_a_journal_whose_tables_make_no_session_is_a_sentence_and_stays(kept: Kept) -> None:
    put(kept, records=kept.journal + lines.line({"set": {"lanes": [{"id": "A", "tip": 5}]}}))
    with pytest.raises(StoreError, match="lanes, row 1: tip must be text"):
        OpenSession.open(kept.path)
    assert journal_of(kept.path).exists()
