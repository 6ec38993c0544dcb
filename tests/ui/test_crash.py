"""What a bug leaves on the terminal."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from workbench.core.session import Session
from workbench.engine import store
from workbench.engine.places import Places
from workbench.ui.app import Workbench
from workbench.ui.chat.document import Document
from workbench.ui.desk import Desk


def test_a_traceback_shows_no_values_because_one_may_be_a_key(sealed: object) -> None:
    app = Workbench(Desk(Places.under(Path.cwd()), environ={}))
    headers = {"x-api-key": "-".join(("sk", "canary"))}
    try:
        headers["absent"]
    except KeyError:
        app._fatal_error()
    paper = StringIO()
    for renderable in app._exit_renderables:
        Console(file=paper, width=200).print(renderable)
    assert "KeyError" in paper.getvalue()
    assert "sk-canary" not in paper.getvalue()


def test_what_is_not_on_disk_is_kept_elsewhere_when_its_place_is_taken(tmp_path: Path) -> None:
    places = Places.under(tmp_path / "home")
    taken = tmp_path / "mine.toml"
    taken.write_text("format = 1\n")
    app = Workbench(Desk(places, environ={}))
    session = Session(title="mine", prompt="half a thought")
    app.documents = [Document(session, taken, untitled=False)]
    (line,) = app.rescue()
    (kept,) = places.sessions.glob("*.toml")
    assert str(kept) in line
    assert store.load(kept).session == session
    assert taken.read_text() == "format = 1\n"


def test_after_a_quit_nothing_is_left_to_keep(tmp_path: Path) -> None:
    app = Workbench(Desk(Places.under(tmp_path), environ={}))
    app.documents = []
    assert list(app.rescue()) == []
