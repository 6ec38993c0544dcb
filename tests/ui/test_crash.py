"""What a bug leaves on the terminal."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from workbench.engine.places import Places
from workbench.ui.app import Workbench
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
