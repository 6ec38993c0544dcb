"""Every test runs sealed from the machine: its own home, its own folder, no key, no proxy."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong.
for profile, examples in (("house", 25), ("whole", 200)):
    settings.register_profile(
        profile, max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("house")
sys.dont_write_bytecode = False  # else each worker, and each program that a test starts, compiles all of it again
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read once, when Textual is imported
os.environ["TEXTUAL_FPS"] = "5000"  # so that nobody waits for a frame
MEMORY = Path("/dev/shm")
ROOM = 4 << 30


def in_memory() -> None:
    """The tests' folders are in memory where there is room for them and programs may run there.

    A disk takes milliseconds to remove a folder, and a run of all tests makes forty thousand.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        found = os.statvfs(MEMORY)
        if found.f_bavail * found.f_frsize > ROOM and not found.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


in_memory()

UNSET = (
    *("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "EDITOR", "VISUAL", "TMUX", "DISPLAY"),
    *(
        "WAYLAND_DISPLAY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "PYTHONIOENCODING",
        "PYTHONUTF8",
        "LC_ALL",
        "LLAMA_KEY",
        "TEXTUAL_FPS",
    ),
)
CLOUDS = ("ANTHROPIC_", "AWS_", "GOOGLE_", "GCE_", "CLOUDSDK_", "CLOUD_ML_")
"""How the variables begin that say where a model is reached, and with what."""


CORE = Path(__file__).parent / "core"


@pytest.fixture(autouse=True)
def sealed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own folder, which is its working folder too: nothing of the machine is read or written.

    Thousands of tests of core touch no file: they share one, because making and removing six takes longer than they.
    """
    alone = "tmp_path" in request.fixturenames or CORE not in request.path.parents
    tmp_path: Path = request.getfixturevalue("tmp_path" if alone else "shared_folder")
    for name in [*os.environ]:
        if name in UNSET or name.startswith(CLOUDS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
    }
    for name, folder in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    work = tmp_path / "work"
    work.mkdir(exist_ok=not alone)
    monkeypatch.chdir(work)
    return work


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("core")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` writes the screenshots and the README's tables anew instead of comparing them."""
    parser.addoption("--update", action="store_true", help="write screenshots and README tables anew")
    parser.addoption("--whole", action="store_true", help="as many rounds as the claims say, which takes its time")


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`rounds(20, 500)`: how often to try; 20 in every run, 500 with `--whole`."""
    whole = bool(request.config.getoption("--whole"))
    return lambda few, many: many if whole else few


def pytest_configure(config: pytest.Config) -> None:
    """Write the README's tables once, before any worker compares them; with `--whole` try more examples."""
    if config.getoption("--whole"):
        settings.load_profile("whole")
    if config.getoption("--update") and not hasattr(config, "workerinput"):
        from tests import readme

        readme.update()
