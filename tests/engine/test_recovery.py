"""File and journal cut, damaged and changed at every place: what was reported saved is there, and the rest is told."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.engine.kept import NEW, answered, asked, begins, ends, journal_of, lost, says, started, turn
from tests.engine.test_store import SESSION
from workbench.core import journal as lines
from workbench.core.session import Session
from workbench.engine import journal, recovery, store
from workbench.engine.files import StoreError
from workbench.engine.open_session import OpenSession

ONE = turn(NEW, 1, 'one "quoted"\r\n# end of session\n')


class Kept(NamedTuple):
    """What stood on the disk when the program was lost, and what it had been told."""

    path: Path
    toml: bytes
    journal: bytes
    reported: list[tuple[int, Session]]
    """Up to which byte of the journal which session was reported saved."""


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Two turns in the file, two in the journal, an answer on its way."""
    path = tmp_path / "kept.toml"
    session = turn(ONE, 2, "two")
    held = OpenSession.create(path, session)
    reported = [(0, session)]
    for number in (3, 4):
        session, parent = asked(session, f"Question {number}")
        held.started(started(f"r{number}", parent), session)
        reported.append((held.journalled, session))
        held.came(f"r{number}", 1, begins() + says("Ans"))
        held.came(f"r{number}", 1, says("wer") + ends())
        session = answered(session, f"r{number}", parent, f"Answer é {number}")
        held.note(replace(session, prompt=f"typed {number}"))
        held.sync()
        reported.append((held.journalled, session))
    session, parent = asked(session, "Last")
    held.started(started("r5", parent), session)
    reported.append((held.journalled, session))
    held.came("r5", 1, begins() + says("Cut of"))
    held.came("r5", 1, says("f here"))
    lost(held)
    return Kept(path, path.read_bytes(), journal_of(path).read_bytes(), reported)


def holds(found: Session, saved: Session) -> bool:
    """Whether all that was saved is there, as it was."""
    return (
        found.messages[: len(saved.messages)] == saved.messages
        and found.runs[: len(saved.runs)] == saved.runs
        and found.title == saved.title
    )


def put(kept: Kept, *, toml: bytes | None = None, records: bytes | None = None) -> None:
    kept.path.write_bytes(kept.toml if toml is None else toml)
    journal_of(kept.path).write_bytes(kept.journal if records is None else records)


@pytest.mark.fault("F04")
def test_a_journal_cut_at_any_byte_gives_every_turn_that_was_saved_by_then(
    kept: Kept, rounds: Callable[[int, int], int]
) -> None:
    ends_at = [end for _, end in lines.records(_reader(kept.journal))]
    for at in range(0, len(kept.journal) + 1, rounds(13, 1)):
        put(kept, records=kept.journal[:at])
        found = recovery.read(kept.path)
        saved = [session for end, session in kept.reported if end <= at][-1]
        assert holds(found.session, saved), at
        torn = at - max([end for end in ends_at if end <= at], default=0)
        told = f"the journal of kept.toml is damaged: its last {torn} bytes are dropped" in found.recovered
        assert told == bool(torn)
        assert (journal_of(kept.path) in found.damaged) == bool(torn)
        assert bool(found.recovered) == (found.session != kept.reported[0][1] or bool(torn))


@pytest.mark.fault("F05")
def test_a_flipped_bit_or_a_tail_of_nuls_in_a_journal_loses_nothing_before_it(
    kept: Kept, rounds: Callable[[int, int], int]
) -> None:
    generator = random.Random(7)
    for _ in range(rounds(60, 3000)):
        at = generator.randrange(len(kept.journal))
        damaged = bytearray(kept.journal)
        if generator.random() < 0.5:
            damaged[at] ^= 1 << generator.randrange(8)
        else:
            damaged[at:] = bytes(len(damaged) - at)
        put(kept, records=bytes(damaged))
        found = recovery.read(kept.path)
        assert holds(found.session, [session for end, session in kept.reported if end <= at][-1])
        whole = found.session == store.load(kept.path).session
        assert whole
        assert journal_of(kept.path) in found.damaged or bytes(damaged).lower() == kept.journal


@pytest.mark.fault("F04")
def test_a_file_cut_at_any_byte_gives_its_whole_turns_and_those_of_its_journal(
    kept: Kept, rounds: Callable[[int, int], int]
) -> None:
    session = kept.reported[0][1]
    later = [run.id for run in store.load(kept.path).session.runs[len(session.runs) :]]
    for at in range(0, len(kept.toml) - 1, rounds(11, 1)):
        put(kept, toml=kept.toml[:at])
        found = recovery.read(kept.path)
        texts = [each.text for each in found.session.messages]
        before = max(kept.toml[:at].count(b"[[messages]]") - 1, 0)
        assert texts[:before] == [each.text for each in session.messages[:before]]
        assert [run.id for run in found.session.runs if run.id in later] == later
        assert "Answer é 4" in texts
        assert found.recovered
        assert found.damaged[0] == kept.path


@pytest.mark.fault("F04")
def test_no_part_of_a_saved_file_opens_without_a_word(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    path = tmp_path / "alone.toml"
    store.save(path, SESSION)
    data = path.read_bytes()
    for at in range(0, len(data) - 1, rounds(9, 1)):
        path.write_bytes(data[:at])
        loaded = store.load(path)
        assert loaded.recovered or loaded.notes == ("alone.toml is empty",)
        assert loaded.session != SESSION or "just before its last line" in loaded.recovered[0]


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


def _reader(data: bytes) -> Callable[[int], bytes]:
    import io

    return io.BytesIO(data).read
