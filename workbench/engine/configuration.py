"""The user's `config.toml`: read at the start, never written."""

from __future__ import annotations

from pathlib import Path

from workbench.core import config
from workbench.core.config import Config
from workbench.engine import files


def read(path: Path) -> tuple[Config, tuple[str, ...]]:
    """The configuration and a line for each mistake; the defaults where there is no file, or none that can be read."""
    try:
        data, _ = files.read(path)
        from workbench.engine import toml_file

        return config.parse(toml_file.loads(data, path.name), path.name)
    except files.MissingFile:
        return Config(), ()
    except files.StoreError as error:
        return Config(), (f"{path.name}: nothing in it counts; {error}",)
