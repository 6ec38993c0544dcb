"""Theme files as tables: what they give, what they may leave out, and what each mistake says."""

from __future__ import annotations

import pytest

from workbench.core import colour
from workbench.core.theme import PLAIN, resolve, rounded
from workbench.core.theme_file import parse
from workbench.core.tints import TINTS

LEAST: dict[str, object] = {"background": "#101010", "foreground": "#e0e0e0", "primary": "#88aaff"}
EIGHT = ["#88aaff"] * 8


def notes(tables: dict[str, object]) -> tuple[str, ...]:
    return parse(tables, "mine").notes


def test_three_colours_are_a_theme() -> None:
    theme, wrong = parse({"theme": LEAST}, "mine")
    assert theme is not None
    assert wrong == ()
    assert theme.name == "mine"
    assert theme.dark
    assert theme.colours["model"] == "#88aaff"
    assert {tint.name for tint in TINTS} <= theme.colours.keys()
    assert len(theme.lanes) == 8
    assert theme.colours["lane-8"] == theme.lanes[7]
    assert theme.colours["heat-6"] == theme.heat[-1]


def test_a_light_background_makes_a_light_theme() -> None:
    theme, _ = parse({"theme": {**LEAST, "background": "#fafafa", "foreground": "#202020"}}, "mine")
    assert theme is not None
    assert not theme.dark
    assert colour.contrast(theme.colours["accent"], "#fafafa") > 3


def test_what_the_file_gives_is_taken() -> None:
    theme, wrong = parse(
        {
            "theme": {**LEAST, "dim": "#ABC", "variables": {"footer-background": "#123456", "my-style": "bold italic"}},
            "lanes": {"palette": [*EIGHT[:7], "#ff0000"]},
            "heat": {"ramp": ["#000000", "#222222", "#444444", "#666666", "#888888"]},
            "diff": {"added": "#00ff00"},
            "code": {"string": "#00ffff"},
        },
        "mine",
    )
    assert theme is not None
    assert wrong == ()
    assert theme.colours["dim"] == "#aabbcc"
    assert theme.variables == {"footer-background": "#123456", "my-style": "bold italic"}
    assert theme.colours["footer-background"] == "#123456"
    assert theme.colours["lane-8"] == "#ff0000"
    assert (theme.colours["heat-1"], theme.colours["heat-6"]) == ("#000000", "#888888")
    assert (theme.colours["diff-added"], theme.colours["code-string"]) == ("#00ff00", "#00ffff")


@pytest.mark.parametrize(
    ("tables", "note"),
    [
        ({"theme": {**LEAST, "accent": "amber"}}, 'theme.accent is "amber"; a colour like "#7aa2f7" would be right'),
        ({"theme": {**LEAST, "accent": 3}}, 'theme.accent is a number; a colour like "#7aa2f7" would be right'),
        ({"theme": {**LEAST, "accent": "#12\n34"}}, 'theme.accent is text; a colour like "#7aa2f7" would be right'),
        ({"theme": {**LEAST, "dark": "yes"}}, "theme.dark is text; true or false would be right"),
        ({"theme": {**LEAST, "name": "other"}}, 'theme.name is "other"; "mine", as the file is called, would be right'),
        (
            {"theme": LEAST, "lanes": {"palette": EIGHT[:3]}},
            "lanes.palette is a list of 3; a list of 8 colours would be right",
        ),
        (
            {"theme": LEAST, "lanes": {"palette": [*EIGHT[:7], "x"]}},
            'lanes.palette[8] is "x"; a colour like "#7aa2f7" would be right',
        ),
        ({"theme": LEAST, "heat": {"ramp": "#fff"}}, "heat.ramp is text; a list of 5 or more colours would be right"),
        (
            {"theme": LEAST, "heat": {"ramp": ["#000", "#111", "#222", "#444", "#333"]}},
            "heat.ramp doesn't get brighter from each colour to the next; dark to bright would be right",
        ),
        ({"theme": LEAST, "lanes": []}, "lanes is a list; a table: [lanes] would be right"),
        (
            {"theme": {**LEAST, "variables": 1}},
            "theme.variables is a number; a table: [theme.variables] would be right",
        ),
        (
            {"theme": {**LEAST, "variables": {"border": "auto 5%"}}},
            'theme.variables.border is "auto 5%"; a colour like "#7aa2f7" would be right',
        ),
        (
            {"theme": {**LEAST, "variables": {"link-style": "bold none"}}},
            (
                'theme.variables.link-style is "bold none"; '
                "none, or words of bold, dim, italic, reverse, strike, underline would be right"
            ),
        ),
        (
            {"theme": {**LEAST, "variables": {"a b": "#fff"}}},
            "theme.variables.a b is no name; lower case letters, digits and dashes would be right",
        ),
        (
            {
                "theme": {
                    **LEAST,
                    "indexed": True,
                    "primary": "#87afff",
                    "background": "#111111",
                    "foreground": "#ffffff",
                }
            },
            "theme.background is #111111, none of xterm's 256; #121212 would be right",
        ),
    ],
)
def test_a_mistake_is_one_note_and_the_theme_still_works(tables: dict[str, object], note: str) -> None:
    theme, wrong = parse(tables, "mine")
    assert wrong == (note,)
    assert theme is not None
    assert {tint.name for tint in TINTS} <= theme.colours.keys()


def test_unknown_keys_name_the_known_ones() -> None:
    (note,) = notes({"theme": LEAST, "diff": {"addd": "#fff"}})
    assert note.startswith("diff.addd is no key of a theme; one of added, added-background,")
    (note,) = notes({"theme": LEAST, "colors": {}})
    assert note == "colors is no table of a theme; one of theme, lanes, heat, diff, code would be right"


@pytest.mark.parametrize("missing", LEAST)
def test_a_needed_colour_that_is_missing_or_wrong_is_one_note_and_no_theme(missing: str) -> None:
    without = {key: value for key, value in LEAST.items() if key != missing}
    theme, wrong = parse({"theme": without}, "mine")
    assert theme is None
    assert len(wrong) == 1
    assert wrong[0].startswith(f"theme.{missing} (")
    theme, wrong = parse({"theme": {**without, missing: "?"}}, "mine")
    assert theme is None
    assert len(wrong) == 1


def test_every_mistake_is_noted() -> None:
    assert len(notes({"theme": {**LEAST, "dim": 1, "faint": 2}, "heat": {"ramp": 3}})) == 3


def test_text_reads_on_every_colour() -> None:
    for ground in (*PLAIN.lanes, *PLAIN.heat, "#777777"):
        assert colour.contrast(PLAIN.on(ground), ground) >= 4.5


def test_rounding_keeps_the_surfaces_apart() -> None:
    close = resolve(
        "close",
        {
            "background": "#1e1e2e",
            "surface": "#1f1f2f",
            "panel": "#20202f",
            "foreground": "#eeeeee",
            "primary": "#88aaff",
        },
        dark=True,
    )
    few = rounded(close)
    assert few.indexed
    assert len({few.colours[name] for name in ("background", "surface", "panel")}) == 3
    assert all(colour.is_256(value) for value in (*few.colours.values(), *few.lanes, *few.heat))


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("#abc", "#aabbcc"),
        ("#AABBCC", "#aabbcc"),
        ("abc", None),
        ("#abcd", None),
        ("#ggg", None),
        ("", None),
        ("#abc\n", None),
    ],
)
def test_a_colour_is_three_or_six_hex_digits(text: str, parsed: str | None) -> None:
    assert colour.parse(text) == parsed


def test_known_colour_arithmetic() -> None:
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colour.mix("#ffffff", "#000000", 50) == "#808080"
    assert colour.distance("#000000", "#ffffff") == pytest.approx(1, abs=0.001)
    assert [colour.nearest_256(shade) for shade in ("#0000fe", "#131313", "#5f87b0")] == [
        "#0000ff",
        "#121212",
        "#5f87af",
    ]
    assert len(set(colour.XTERM)) == 240
