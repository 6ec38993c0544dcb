"""The README's tables are those of the code; `pytest --update` makes them so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests import readme
from tests.conftest import pytest_configure
from workbench.core.models import Catalogue
from workbench.core.params import FIELDS
from workbench.ui.commands import COMMANDS

OLD = "# a\n\n<!-- params -->\nold \\1\n<!-- /params -->\n\n<!-- absent -->\nmine\n"


@pytest.mark.parametrize("name", readme.BLOCKS)
def test_a_table_of_the_readme_is_up_to_date(name: str) -> None:
    found = readme.block(readme.README.read_text(encoding="utf-8"), name)
    assert found is not None, f"the README has no <!-- {name} --> … <!-- /{name} -->"
    assert found == readme.made(name), "run pytest --update"


def test_every_row_is_there() -> None:
    for row in FIELDS:
        assert f"| `{row.key}` | " in readme.parameter_table()
    for model in Catalogue.builtin().choices:
        assert f"| `{model.id}` | " in readme.model_table()
    for command in COMMANDS:
        if not command.id.startswith("pick-"):
            assert f"`{command.id}`" in readme.command_table()
    assert "`pick-1` … `pick-8`" in readme.command_table()


@pytest.mark.parametrize("make", readme.BLOCKS.values())
def test_every_line_has_as_many_cells_as_its_head(make: object) -> None:
    assert callable(make)
    for section in make().split("\n\n"):
        widths = {line.replace("\\|", "").count("|") for line in section.splitlines() if line}
        assert len(widths) == 1


def test_the_option_writes_the_tables_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "README.md"
    file.write_text(OLD, encoding="utf-8")
    monkeypatch.setattr(readme, "README", file)

    def configured(*, update: bool, **members: object) -> str:
        pytest_configure(cast(pytest.Config, SimpleNamespace(getoption=lambda _: update, **members)))
        return file.read_text(encoding="utf-8")

    assert configured(update=False) == configured(update=True, workerinput={}) == OLD
    assert configured(update=True) == readme.updated(OLD) != OLD


def test_updating_changes_what_stands_between_the_marks_and_nothing_else() -> None:
    once = readme.updated(OLD)
    assert once == OLD.replace("old \\1\n", readme.made("params"))
    assert readme.updated(once) == once
    assert readme.block(once, "params") == readme.made("params")
    assert readme.block(once, "models") is None
