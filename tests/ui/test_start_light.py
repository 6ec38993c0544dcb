"""What a start with an empty session loads: nothing that only files, schemas, tools or caches need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEADLESS = """
import sys
from workbench.ui import desk
from workbench.ui.app import Workbench
from workbench.ui.chat.screen import Chat
shown = Chat.show_panel
def show_panel(self, *words):
    shown(self, *words)
    sys.stderr.write("LOADED " + " ".join(sys.modules))
    self.app.exit()
Chat.show_panel = show_panel
Workbench(desk.prepare()).run(headless=True)
"""
LATER = frozenset(
    f"workbench.{each}"
    for each in (
        *(
            "core.batch",
            "core.breakpoints",
            "core.cache_use",
            "core.canned",
            "core.media",
            "core.media_limits",
            "core.schema",
            "core.schema_changes",
        ),
        *("core.conversation", "core.forecast", "core.record", "core.request", "core.tool_faults", "core.tool_table"),
        *("engine.attached_files", "engine.attachments", "engine.model_list", "engine.toml_file", "engine.validating"),
        *("ui.chat.entries", "ui.chat.planning", "ui.text.document", "ui.text.wrap", "ui.widgets.conversation_turn"),
    )
) | {"httpx", "jsonschema", "pypdf", "botocore", "google", "markdown_it", "pygments"}


def test_an_empty_session_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    places = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("CONFIG", "DATA", "STATE", "CACHE")}
    done = subprocess.run(
        [sys.executable, "-c", HEADLESS],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": "", **places},
    )
    loaded = set(done.stderr.partition("LOADED ")[2].partition("LOADED ")[0].split())
    assert "workbench.ui.chat.parameter_rows" in loaded
    assert loaded & LATER == set()
