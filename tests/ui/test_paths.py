"""Paths in notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.ui.chat.paths import LONGEST, shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/home/ada/triage.toml", "~/triage.toml"),
        ("/srv/triage.toml", "/srv/triage.toml"),
        ("/home/adam/triage.toml", "/home/adam/triage.toml"),
        (f"/srv/{'deep/' * 20}mine/triage.toml", "…/mine/triage.toml"),
        (f"/home/ada/{'x' * (LONGEST - 2)}", f"~/{'x' * (LONGEST - 2)}"),
    ],
)
def test_a_path_is_short_and_ends_in_its_name(path: str, text: str) -> None:
    assert shown(Path(path), Path("/home/ada")) == text
