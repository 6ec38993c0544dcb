from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from workbench.engine import lock, names, recorder, store
from workbench.engine.files import StoreError
from workbench.engine.results import results_path

HOSTILE = (
    *("", ".", "..", "...", "/", "//", "\\", "../../etc/passwd", "/etc/passwd", "..\\..\\x", "a/../../b", "./a"),
    *("~", "~root", "-rf", "--help", "-", "_", ".hidden", "a.", "a ", " a", "a\x00b", "a\nb", "a\rb", "\x1b[31m"),
    *("CON", "con", "NUL", "aux.txt", "COM1", "lpt9", "PRN ", "conin$", "CLOCK$", "com¹"),
    *("C:", "C:\\x", "a:b", "a*?<>|\"'", "$(rm)", "`id`", "%2e%2e%2f", "file:///x", "x" * 5000, "👩‍👩‍👧" * 100),
    *(
        "...toml",
        "a...",
        "a. . .",
        ".a.",
        "trailing \u3000",
        "\u00a0",
        "\u200b",
        "--",
        "--write",
        "-o/etc/x",
        "a;b&c|d",
    ),
    *("con.toml", "nul.", "aux .txt", "COM0", "LPT\u00b3", "conout$", "a\u202e", "\u05d0\u05d1 \u200f.", "\ufeff.toml"),
    "a;b&c|d",
    *("\u202egnp.exe", "\u2028", "a\u0000", "\ufeff", "é", "e\u0301", "ß" * 80, "\U000e0041", "\ud800", "．．／x"),
)


@pytest.mark.fault("F15")
@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_becomes_a_safe_name_in_its_folder(title: str, tmp_path: Path) -> None:
    name = names.slug(title)
    assert name
    assert name == names.slug(name)
    assert all(character.isalnum() or character in "-_" for character in name)
    assert name[0] not in "-_"
    assert len(f".{name}.toml.journal".encode()) <= 255
    assert name.split(".")[0] not in names.DEVICES
    path = names.free(tmp_path, name)
    path.touch()
    assert path.resolve().parent == tmp_path.resolve()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Refund triage", "refund-triage"),
        ("  A/B: temperature 0.2 ", "a-b-temperature-0-2"),
        ("Übersetzung №1", "übersetzung-no1"),
        ("日本語", "日本語"),
        ("snake_case", "snake_case"),
        ("nul", "nul-session"),
        ("!!!", "session"),
    ],
)
def test_a_name_reads_like_its_title(title: str, name: str) -> None:
    assert names.slug(title) == name


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    for name in ("a.toml", "a-2.toml", "a-3.toml"):
        path = names.free(tmp_path, "a")
        path.touch()
        assert path.name == name


def test_a_dangling_link_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to(tmp_path / "nothing")
    assert names.free(tmp_path, "a").name == "a-2.toml"


def test_untitled_sessions_count_up_each_day(tmp_path: Path) -> None:
    day = date(2026, 11, 22)
    first = names.untitled(tmp_path / "missing", day)
    assert first.name == "untitled-2026-11-22-1.toml"
    (tmp_path / first.name).touch()
    assert names.untitled(tmp_path, day).name == "untitled-2026-11-22-2.toml"
    assert names.untitled(tmp_path, date(2026, 11, 23)).name == "untitled-2026-11-23-1.toml"


@pytest.mark.fault("F15")
@pytest.mark.parametrize(
    "name", ["../x.toml", "/etc/x.toml", "a/b.toml", "a\0.toml", "..", ".", "", "out.toml", "round.toml"]
)
def test_a_name_never_leads_out_of_its_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    (folder / "out.toml").symlink_to(tmp_path / "elsewhere.toml")
    (folder / "round.toml").symlink_to(folder / "round.toml")
    with pytest.raises(StoreError, match="leads out of the folder"):
        names.inside(folder, name)


def test_a_name_inside_is_its_path(tmp_path: Path) -> None:
    assert names.inside(tmp_path, "a.toml") == tmp_path / "a.toml"


@pytest.mark.fault("F15")
@pytest.mark.parametrize("title", HOSTILE)
def test_whatever_is_made_for_a_hostile_name_stays_in_its_folder(title: str, tmp_path: Path) -> None:
    """A session that had to be kept elsewhere, the recording of a run that a file calls so, results and journal."""
    folder = tmp_path / "in"
    other = store.elsewhere(Path("x") / f"{title.replace(chr(0), '').replace('/', '') or 'x'}.toml", (folder,))
    assert other is not None
    made = [other, recorder.place(None, folder, title), results_path(other)]
    made += [names.beside(other, suffix) for suffix in (names.JOURNAL, lock.SUFFIX)]
    for path in made:
        assert path.parent.resolve() == folder.resolve()
        assert path.name.lstrip(".").partition(".")[0].casefold() not in names.DEVICES
        assert path.name[0] not in "-~ "
        assert path.name[-1] not in ". "
        path.touch()
    assert {path.name for path in tmp_path.iterdir()} - {"in"} == {"home", "work"}
