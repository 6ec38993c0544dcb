"""What a bug leaves: a note of where, which holds nothing that was typed, and no key."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.css.query import NoMatches
from textual.worker import WorkerFailed

import workbench
from workbench.core.session import Session
from workbench.engine import store
from workbench.engine.files import StoreError
from workbench.engine.places import Places
from workbench.ui import crash, rescue
from workbench.ui.app import Workbench
from workbench.ui.chat.document import Document
from workbench.ui.desk import Desk

NOW = datetime(2026, 11, 23, 5, 2, 31, tzinfo=UTC)
KEY = "-".join(("sk", "canary", "0123456789"))


def caught(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError("it was to fail")


def lookup(secret: str) -> object:
    headers = {"x-api-key": secret}
    return headers[secret]


def unreadable(secret: str) -> object:
    raise ValueError(f"invalid header value b'{secret}'")


def chained(secret: str) -> object:
    try:
        return lookup(secret)
    except KeyError as error:
        raise RuntimeError(secret) from error


def grouped(secret: str) -> object:
    raise ExceptionGroup(secret, [caught(lambda: lookup(secret)), caught(lambda: unreadable(secret))])


def wrapped(secret: str) -> object:
    raise WorkerFailed(caught(lambda: unreadable(secret)))


def missing_file(secret: str) -> object:
    return Path(f"/{secret}/{secret}").read_bytes()


def noted(secret: str) -> object:
    error = ValueError("short")
    error.add_note(secret)
    raise error


@pytest.mark.fault("P01", "C07", "K01")
@pytest.mark.parametrize("work", [lookup, unreadable, chained, grouped, wrapped, missing_file, noted])
def test_no_value_no_message_and_no_line_of_code_is_in_the_note(work: Callable[[str], object]) -> None:
    text = crash.note(caught(lambda: work(KEY)), (), ())
    assert work.__name__ in text
    assert "canary" not in text
    assert "headers" not in text, "a line of the code"


@pytest.mark.fault("P01")
def test_a_message_that_names_only_code_is_kept_and_a_key_in_it_is_not() -> None:
    error = caught(lambda: getattr(None, KEY))
    assert "has no attribute 'sk-canary" in crash.note(error, (), ())
    told = crash.note(error, ("TERM=xterm",), (KEY,))
    assert KEY not in told
    assert "has no attribute '…'" in told
    assert "TERM=xterm" in told
    assert f"Workbench {workbench.__version__}" in told


@pytest.mark.fault("P01")
def test_what_led_to_an_error_is_in_its_note() -> None:
    assert "KeyError" in crash.note(caught(lambda: chained(KEY)), (), ())
    text = crash.note(caught(lambda: grouped(KEY)), (), ())
    assert ("KeyError" in text, "ValueError" in text) == (True, True)


def test_where_it_was_is_said_of_the_programs_own_code_and_of_what_a_worker_failed_with() -> None:
    assert crash.place(caught(lambda: store.load(Path("absent")))).startswith("MissingFile in workbench/engine/")
    assert crash.place(caught(lambda: wrapped(KEY))).startswith("ValueError in ")
    assert crash.place(NoMatches("x")) == "NoMatches"


def test_an_endless_recursion_is_told_in_few_lines() -> None:
    def deeper(depth: int) -> int:
        return deeper(depth + 1)

    text = crash.note(caught(lambda: deeper(0)), (), ())
    assert "more" in text
    assert len(text.splitlines()) < 3 * crash.FRAMES


@pytest.mark.fault("P01")
def test_notes_are_private_and_only_the_newest_stay(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "logs"
    paths = [crash.write(folder, "x", NOW + timedelta(seconds=number // 2)) for number in range(crash.KEPT + 5)]
    assert paths[0].name == "crash-2026-11-23T05-02-31.txt"
    assert paths[1].name == "crash-2026-11-23T05-02-31-2.txt"
    assert stat.S_IMODE(paths[-1].stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(folder.iterdir()) == sorted(paths[5:])


def test_a_note_that_cant_be_written_is_an_error_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(StoreError):
        crash.write(tmp_path / "logs", "x", NOW)


def test_what_is_not_on_disk_is_kept_elsewhere_when_its_place_is_taken(tmp_path: Path) -> None:
    places = Places.under(tmp_path / "home")
    taken = tmp_path / "mine.toml"
    taken.write_text("format = 1\n")
    app = Workbench(Desk(places, environ={}))
    session = Session(title="mine", prompt="half a thought")
    app.documents = [Document(session, taken, untitled=False)]
    (line,) = rescue.keep(app)
    (kept,) = places.sessions.glob("*.toml")
    assert str(kept) in line
    assert store.load(kept).session == session
    assert taken.read_text() == "format = 1\n"


def test_after_a_quit_nothing_is_left_to_keep(tmp_path: Path) -> None:
    app = Workbench(Desk(Places.under(tmp_path), environ={}))
    app.documents = []
    assert rescue.keep(app) == ()
