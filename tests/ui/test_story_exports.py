"""What leaves the screen: the conversation, the runs and a picture; text in them stays text, and no key is in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.ui.acts import Start, notes, opened, reaching, simulator
from tests.ui.story import SCREENSHOTS, User
from workbench.core.exports.cells import GUARDED
from workbench.ui import picture
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose

CANARY = "sk-canary-of-the-exports-77b1"
HOSTILE = (
    '=1+1 </text><script>alert(1)</script> ]]> &amp; &#60; <image href="http://127.0.0.1/x"/> \' " <!-- '
    "![x](http://127.0.0.1/y) [b]bold[/b] [@click=app.quit]q[/]"
)
NAME = "{http://www.w3.org/2000/svg}"
DRAWN = {
    f"{NAME}{each}" for each in ("svg", "g", "rect", "text", "style", "defs", "clipPath", "circle", "title", "line")
}
FETCHING = re.compile(r"url\((?!\s*#)|@import|@font-face|https?:|data:|javascript:", re.IGNORECASE)


def faults(svg: str) -> Iterator[str]:
    """What of a picture would run, or ask for something elsewhere, where it is looked at."""
    for element in ElementTree.fromstring(svg).iter():
        if element.tag not in DRAWN:
            yield f"<{element.tag}>"
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name.endswith("href") or FETCHING.search(value):
                yield f"{name}={value}"
        if element.tag == f"{NAME}style" and FETCHING.search(element.text or ""):
            yield f"style: {element.text}"


async def exports(user: User, form: str, file: Path) -> str:
    """Export as that form, by its name, to a file; what is in it."""
    await user.does("export")
    chooser = await opened(user, Choose)
    chooser.field.value = form
    await user.pilot.pause()
    await user.presses("enter")
    ask = await opened(user, Ask)
    assert ask.field.value.endswith(file.suffix)
    ask.field.value = str(file)
    await user.presses("enter")
    await user.until(lambda: not isinstance(user.app.screen, Ask) and file.name in notes(user))
    return read(file)


def read(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as opened_:
        return opened_.read()


@pytest.mark.fault("E03", "E04")
async def test_every_export_of_hostile_text_is_inert_and_without_the_key(start: Start, tmp_path: Path) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url, CANARY)) as user:
        await user.asks(HOSTILE)
        user.chat.view.focus()
        svg = await exports(user, "SVG", tmp_path / "a.svg")
        assert [*faults(svg)] == []
        shown = "".join(ElementTree.fromstring(svg).itertext()).replace("\xa0", " ")
        assert "</text><script>alert(1)</script> ]]>" in shown
        table = [*csv.DictReader((await exports(user, "CSV", tmp_path / "a.csv")).splitlines())]
        assert table[0]["prompt"] == f"'{HOSTILE}"
        assert "prompt" in table[0][GUARDED].split()
        exact = [*csv.DictReader((await exports(user, "CSV, exact", tmp_path / "b.csv")).splitlines())]
        assert exact[0]["prompt"] == HOSTILE
        assert GUARDED not in exact[0]
        document = await exports(user, "Conversation", tmp_path / "a.md")
        assert f"```text\n{HOSTILE}\n```" in document
        await user.does("runs")
        await user.until(lambda: user.app.screen is not user.chat)
        listed = [*csv.DictReader((await exports(user, "CSV", tmp_path / "c.csv")).splitlines())]
        assert listed == table
    written = {name: read(tmp_path / name) for name in ("a.svg", "a.csv", "b.csv", "c.csv", "a.md")}
    assert [name for name, text in written.items() if CANARY in text] == []


@pytest.mark.fault("E04")
@pytest.mark.parametrize(
    "style",
    [
        '@font-face {\n  font-family: "Fira Code";\n  src: local("x"), url("https://127.0.0.1/a.woff2");\n}',
        "@font-face{src:url(https://127.0.0.1/a)}",
    ],
)
def test_a_picture_names_no_font_of_another_server(style: str) -> None:
    style = f"<style>{style} .a {{ fill: red }}</style>"
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg">{style}<text>a\x00\x1b\ufffeb</text></svg>'
    assert [*faults(picture.inert(drawn))] == []
    assert ".a { fill: red }" in picture.inert(drawn)
    assert "a\ufffd\ufffd\ufffdb" in picture.inert(drawn)


@pytest.mark.fault("E04")
def test_the_pictures_of_the_stories_fetch_and_run_nothing() -> None:
    files = sorted(SCREENSHOTS.glob("*.svg"))
    assert files
    assert {file.name: found for file in files if (found := [*faults(file.read_text("utf-8"))])} == {}
