"""Every shipped theme can be read, told apart and used; a bad file costs one line."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from workbench.core import colour
from workbench.core.theme import PLAIN, Theme, rises
from workbench.ui.textual_theme import css_variables, source_of, textual_theme, variable_defaults
from workbench.ui.themes import DEFAULT, LIGHT, Themes, shipped_folder

NAMES = sorted(file.stem for file in shipped_folder().glob("*.toml"))
INDEXED = [name for name in NAMES if name.endswith("-256")]
SURFACES = ("background", "surface", "panel")
SPOKEN = ("accent", "primary", "secondary", "you", "model", "error", "success", "warning")
COLOUR = 'a colour like "#7aa2f7" would be right'
MINE = '[theme]\nbackground = "#000000"\nforeground = "#ffffff"\nprimary = "#88aaff"\n'


def load(name: str) -> Theme:
    theme, notes = Themes().load(name)
    assert notes == ()
    return theme


@pytest.fixture(params=NAMES, name="theme")
def every_theme(request: pytest.FixtureRequest) -> Theme:
    return load(str(request.param))


@pytest.fixture(name="own")
def folder_of_a_person(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(MINE, "utf-8")
    return tmp_path


def hue_and_chroma(shade: str) -> tuple[float, float]:
    _, a, b = colour.oklab(shade)
    return math.degrees(math.atan2(b, a)), math.hypot(a, b)


def test_enough_themes_ship() -> None:
    listed = Themes().names()
    assert {DEFAULT, LIGHT, "nord", "dracula", "gruvbox-dark", "catppuccin-mocha", "tokyo-night"} <= set(listed)
    assert len(listed) >= 8
    assert not load(LIGHT).dark
    assert load(DEFAULT).dark
    assert "nightshift-256" in NAMES
    assert "nightshift-256" not in listed


@pytest.mark.parametrize("surface", SURFACES)
def test_text_reads_on_every_surface(theme: Theme, surface: str) -> None:
    ground = theme.colours[surface]
    assert colour.contrast(theme.colours["foreground"], ground) >= 7
    for name, least in (("soft", 4.5), ("muted", 3.5), ("heading", 3), ("dim", 3)):
        assert colour.contrast(theme.colours[name], ground) >= least, name


@pytest.mark.parametrize("name", SPOKEN)
def test_what_means_something_is_seen(theme: Theme, name: str) -> None:
    assert colour.contrast(theme.colours[name], theme.colours["background"]) >= 4.3
    assert colour.contrast(theme.colours[name], theme.colours["panel"]) >= 3


@pytest.mark.parametrize(
    "names", [("you", "model", "accent"), ("success", "warning", "error"), ("accent", "error"), ("accent", "primary")]
)
def test_meanings_are_told_apart(theme: Theme, names: tuple[str, ...]) -> None:
    for one, other in combinations(names, 2):
        assert colour.distance(theme.colours[one], theme.colours[other]) >= 0.07, (one, other)


def test_text_levels_fade(theme: Theme) -> None:
    levels = ("foreground", "soft", "muted", "heading", "dim", "faint", "track")
    seen = [colour.contrast(theme.colours[name], theme.colours["background"]) for name in levels]
    assert seen == sorted(seen, reverse=True)


def test_surfaces_can_be_told_apart(theme: Theme) -> None:
    for one, other in combinations(SURFACES, 2):
        assert colour.distance(theme.colours[one], theme.colours[other]) >= 0.015, (one, other)


def test_lanes_can_be_told_apart(theme: Theme) -> None:
    assert len(theme.lanes) == 8
    for lane in theme.lanes:
        assert colour.contrast(lane, theme.colours["background"]) >= 3, lane
    for one, other in combinations(theme.lanes, 2):
        assert colour.distance(one, other) >= 0.06, (one, other)


def test_no_lane_has_the_accents_hue(theme: Theme) -> None:
    hue, chroma = hue_and_chroma(theme.colours["accent"])
    for lane in theme.lanes:
        lanes_hue, lanes_chroma = hue_and_chroma(lane)
        apart = abs((lanes_hue - hue + 180) % 360 - 180)
        assert apart >= 20 or lanes_chroma < chroma / 3, lane


def test_the_ramps_brightness_rises(theme: Theme) -> None:
    assert len(theme.heat) >= 5
    assert rises(theme.heat)
    for ground in (*theme.heat, *theme.lanes):
        assert colour.contrast(theme.on(ground), ground) >= 4.5


@pytest.mark.parametrize("kind", ["added", "removed", "changed"])
def test_differences_read(theme: Theme, kind: str) -> None:
    ground = theme.colours[f"diff-{kind}-background"]
    assert colour.contrast(theme.colours[f"diff-{kind}"], ground) >= 4.5
    assert colour.distance(ground, theme.colours["background"]) >= 0.015


def test_code_reads(theme: Theme) -> None:
    ground = theme.colours["code-background"]
    for name, shade in theme.colours.items():
        if name.startswith("code-") and not name.endswith("background") and name != "code-inline":
            assert colour.contrast(shade, ground) >= 4, name
    assert colour.contrast(theme.colours["code-inline"], theme.colours["code-inline-background"]) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("on-primary", "primary", 4.5),
        ("on-accent", "accent", 4.5),
        ("chip-text", "chip", 3.5),
        ("foreground", "selection", 4.5),
        ("foreground", "match", 4.5),
    ],
)
def test_marked_text_reads(theme: Theme, text: str, ground: str, least: float) -> None:
    assert colour.contrast(theme.colours[text], theme.colours[ground]) >= least


@pytest.mark.parametrize("name", INDEXED)
def test_a_twin_uses_xterms_colours_only(name: str) -> None:
    theme = load(name)
    assert theme.indexed
    variables = textual_theme(theme).variables
    assert len(variables) > 150
    for shade in (*theme.lanes, *theme.heat, *theme.colours.values()):
        assert colour.is_256(shade), shade
    for variable, shade in variables.items():
        assert not shade.startswith("#") or colour.is_256(shade), variable


@pytest.mark.parametrize("name", INDEXED)
def test_a_twin_survives_the_terminal(name: str) -> None:
    """Rich shifts some greys by a step when it writes numbers of the 256; nothing may fall together."""
    colours = load(name).colours
    shown = {key: _as_rich_writes_it(shade) for key, shade in colours.items()}
    assert len({shown[surface] for surface in SURFACES}) == 3
    assert colour.contrast(shown["foreground"], shown["panel"]) >= 7
    assert colour.contrast(shown["dim"], shown["panel"]) >= 3
    assert all(colour.distance(colours[key], shown[key]) < 0.05 for key in shown)


def _as_rich_writes_it(shade: str) -> str:
    written = RichColor.parse(shade).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return colour.written(*written)


def test_a_persons_theme_wins_by_name(own: Path) -> None:
    (own / "nord.toml").write_text(MINE, "utf-8")
    themes = Themes(own)
    assert {"mine", "nord", DEFAULT} <= set(themes.names())
    assert themes.load("nord").theme.colours["background"] == "#000000"
    assert themes.load("mine") == (themes.load("mine").theme, ())


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (MINE + 'accent = "amber"\n', f'mine.toml: theme.accent is "amber"; {COLOUR}'),
        (MINE + "dim = 1\nsoft = 2\n", f"mine.toml: theme.soft is a number; {COLOUR} (and 1 more)"),
        ("[theme]\nbackground = \n", "mine.toml: is no TOML: Invalid value (at line 2, column 14)"),
        ("a = " + "[" * 9000, "mine.toml: is no TOML:"),
        ("#" * 70_000, "mine.toml: is too large for a theme; up to 64 kB would be right"),
        ("", f"mine.toml: theme.background (behind everything) is missing; {COLOUR} (and 2 more)"),
    ],
)
def test_a_bad_file_costs_one_line(own: Path, content: str, note: str) -> None:
    (own / "mine.toml").write_text(content, "utf-8")
    theme, (line,) = Themes(own).load("mine")
    assert line.startswith(f"{own}/{note}")
    assert "\n" not in line
    assert theme.name == ("mine" if content.startswith(MINE) else DEFAULT)


def test_a_file_that_is_no_text_costs_one_line(own: Path) -> None:
    (own / "mine.toml").write_bytes(b"\xff\xfe\x00")
    theme, (line,) = Themes(own).load("mine")
    assert line == f"{own}/mine.toml: is no text; UTF-8 would be right"
    assert theme.name == DEFAULT


def test_a_byte_order_mark_is_accepted(own: Path) -> None:
    (own / "mine.toml").write_bytes(b"\xef\xbb\xbf" + MINE.encode())
    assert Themes(own).load("mine").notes == ()


@pytest.mark.parametrize(
    ("asked", "near"), [("nrod", "nord"), ("../nord", "nord"), ("", DEFAULT), ("\x1b[2Jzzz", DEFAULT)]
)
def test_an_unknown_name_gives_the_default_and_the_nearest(asked: str, near: str) -> None:
    theme, (line,) = Themes().load(asked)
    assert theme.name == DEFAULT
    assert line == f"theme: no theme is called {asked!a}; {near} would be one"


def test_no_files_at_all_still_give_a_theme(tmp_path: Path) -> None:
    themes = Themes(tmp_path / "gone", tmp_path / "gone too")
    theme, notes = themes.load("nord")
    assert themes.names() == ()
    assert theme == PLAIN
    assert len(notes) == 2


@pytest.mark.parametrize("color_system", ["256", "eight_bit", "standard", "windows"])
def test_few_colours_choose_the_twin_or_round(own: Path, color_system: str) -> None:
    themes = Themes(own)
    assert themes.twin(DEFAULT, color_system) == "nightshift-256"
    assert themes.load(DEFAULT, color_system).theme.name == "nightshift-256"
    assert themes.load("nightshift-256", color_system).theme.name == "nightshift-256"
    assert themes.load("mine", color_system).theme.name == "mine"
    assert themes.load("mine", color_system).theme.indexed


@pytest.mark.parametrize("color_system", ["truecolor", None])
def test_all_colours_need_no_twin(color_system: str | None) -> None:
    assert Themes().load(DEFAULT, color_system).theme.name == DEFAULT


@pytest.mark.parametrize("name", [name for name in NAMES if name not in INDEXED])
def test_a_rounded_theme_still_reads(name: str) -> None:
    colours = Themes().load(name, "256").theme.colours
    for surface in SURFACES:
        assert colour.contrast(colours["foreground"], colours[surface]) >= 5, surface
        assert colour.contrast(colours["dim"], colours[surface]) >= 2, surface


class Wearing(App[None]):
    """Uses every variable we promise to style sheets."""

    CSS = "\n".join(f"#x-{name} {{ color: ${name}; background: ${name}; }}" for name in PLAIN.colours)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield Static("lane", id="x-lane-1")


async def test_textual_wears_ours_and_its_own() -> None:
    app = Wearing()
    async with app.run_test() as pilot:
        for name in NAMES:
            app.register_theme(textual_theme(load(name)))
            app.theme = name
            await pilot.pause()
            lane = app.query_one("#x-lane-1", Static).styles.background
            assert lane.hex6.lower() == source_of(app.current_theme).lanes[0]
        for name in ("textual-light", "textual-ansi", "solarized-light"):
            if name in BUILTIN_THEMES:
                app.register_theme(BUILTIN_THEMES[name])
                app.theme = name
                await pilot.pause()


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_textuals_own_themes_get_all_our_variables(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    assert variable_defaults(theme).keys() >= PLAIN.colours.keys()
    assert source_of(theme).dark == (theme.dark or theme.ansi)


def test_our_themes_need_no_defaults() -> None:
    assert variable_defaults(textual_theme(PLAIN)) == {}
    assert css_variables(PLAIN).keys() >= PLAIN.colours.keys()


def test_a_persons_variables_reach_the_style_sheet(own: Path) -> None:
    (own / "mine.toml").write_text(MINE + '[theme.variables]\nborder = "#ff0000"\n', "utf-8")
    assert textual_theme(Themes(own).load("mine").theme).variables["border"] == "#ff0000"
