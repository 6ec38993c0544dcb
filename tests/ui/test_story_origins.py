"""Before a key goes to a new address, the person is asked, once, and the safe answer is the usual one (N08, F14)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.fault_server import answers, serving
from tests.ui.acts import Start, notes, opened, simulator
from tests.ui.sweeps import defined, ends, looks
from workbench.core import endpoint
from workbench.core.endpoint import Endpoint
from workbench.engine.endpoints import Chosen
from workbench.engine.keys import Key
from workbench.engine.origins import Origins, Way
from workbench.engine.places import Places
from workbench.ui.screens.confirm import Confirm

SECRET = "sk-ant-canary-0123456789abcdef"
KEY = Key(SECRET, "GATE_KEY")
FROM = "[endpoints.gate] of the configuration"


def gate(base_url: str, key: Key | None = KEY) -> Chosen:
    return Chosen(Endpoint("gate", base_url), key, address_from=FROM)


@pytest.fixture
def no_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 counts as another machine, so that a story can reach one."""
    monkeypatch.setattr(endpoint, "LOOPBACK", ("localhost",))


@pytest.mark.fault("N08", "F14")
async def test_nothing_leaves_for_a_new_address_until_the_person_says_so(start: Start) -> None:
    async with start("usual", chosen=gate("https://gate.example")) as user:
        await user.types("Hello.")
        await user.does("run")
        await opened(user, Confirm)
        user.reads("Send the key to this address?", "https://gate.example:443", "…cdef of GATE_KEY", "[endpoints.gate]")
        assert SECRET[:8] not in user.screen
        await user.sees("new-address")
        await user.presses("enter")  # the answer that is highlighted
        assert user.app.screen is user.chat
        assert user.chat.draft == "Hello."
        assert user.chat.session.messages == ()
        assert user.app.runner.confirmed == frozenset()
        assert not user.chat.desk.places.origins.exists()
        for key in ("escape", "n"):
            await user.does("run")
            await opened(user, Confirm)
            await user.presses(key)
        assert user.chat.session.messages == ()


@pytest.mark.fault("N08", "F14")
async def test_a_yes_holds_for_that_address_now_and_at_the_next_start(
    start: Start, no_loopback: None, tmp_path: Path
) -> None:
    del no_loopback
    async with serving(answers) as server:
        async with start("usual", chosen=gate(server.base_url)) as user:
            await user.types("Hello.")
            await user.does("run")
            await opened(user, Confirm)
            user.reads("over plain http", "anyone on the way could read the key")
            assert server.connections == 0
            await user.presses("s")
            await user.settles()
            await user.until(user.chat.desk.places.origins.exists)
            await user.asks("Again.")
            assert len(server.requests) == 2
            assert all(SECRET.encode() in talk.head for talk in server.requests)
        async with start("usual", chosen=gate(server.base_url)) as user:
            await user.asks("Hello.")
            assert len(server.requests) == 3
        for other in (
            gate(server.base_url.replace("127.0.0.1", "127.0.0.2")),
            gate(server.base_url, Key(SECRET, "OTHER_KEY")),
            Chosen(Endpoint("other", server.base_url), KEY),
        ):
            async with start("usual", chosen=other) as user:
                await user.types("Hello.")
                await user.does("run")
                await opened(user, Confirm)
            assert len(server.requests) == 3
    kept = Places.under(tmp_path / "home").origins
    assert Origins(kept).known() == {Way("gate", server.base_url, "GATE_KEY")}
    assert SECRET not in kept.read_text("utf-8")


@pytest.mark.fault("F14")
async def test_a_sweep_asks_before_it_counts(start: Start, no_loopback: None) -> None:
    del no_loopback
    async with simulator() as server, start("usual", chosen=gate(server.base_url)) as user:
        defined(user, "temperature=0,1", repeats=1)
        await looks(user)
        await user.does("run")
        await opened(user, Confirm)
        user.reads("Send the key over plain http?")
        assert len(server.received) == 0
        await user.presses("n")
        await user.until(lambda: not isinstance(user.app.screen, Confirm))
        await user.rests()
        assert len(server.received) == 0
        await user.does("run")
        await opened(user, Confirm)
        await user.presses("s")
        await user.until(lambda: "Sweep?" in user.screen)
        await user.presses("s")
        await user.until(lambda: user.chat.sweeping is not None and user.chat.sweeping.records)
        await ends(user)
        assert len(user.chat.document.results) == 2


@pytest.mark.fault("N08")
async def test_a_yes_that_can_not_be_kept_is_said_and_holds(start: Start, no_loopback: None) -> None:
    del no_loopback
    async with serving(answers) as server, start("usual", chosen=gate(server.base_url)) as user:
        user.chat.desk.places.origins.mkdir(parents=True)
        await user.types("Hello.")
        await user.does("run")
        await opened(user, Confirm)
        await user.presses("s")
        await user.settles()
        await user.until(lambda: "asked again at the next start" in notes(user))
        await user.asks("Again.")
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "chosen", [gate("https://api.anthropic.com"), gate("http://localhost:9"), gate("https://x", None)]
)
async def test_nobody_is_asked_where_no_key_goes_astray(start: Start, chosen: Chosen) -> None:
    from workbench.ui.chat import permission

    async with start("usual", chosen=chosen) as user:
        assert list(permission.where(user.chat)) == []


async def test_a_long_address_is_read_whole(start: Start) -> None:
    host = ".".join(["api", "anthropic", "com", *["a" * 60] * 2, "evil", "example"])
    async with start("small", chosen=gate(f"https://{host}:8443")) as user:
        assert "evil.example:8443" in user.screen.partition("\n")[0]
        await user.types("Hello.")
        await user.does("run")
        await opened(user, Confirm)
        shown = "".join(user.screen.split()).replace("│", "")
        assert f"https://{host}:8443" in "".join(letter for letter in shown if letter not in "▌▐┃")


@pytest.mark.fault("N06")
async def test_the_top_line_says_who_answers_and_what_is_on_the_way(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:PASSWORD@proxy.example:3128")
    async with start("large", chosen=gate("https://gate.example")) as user:
        await user.until(lambda: "via proxy.example:3128" in user.screen)
        user.reads("gate  gate.example", "key …cdef")
        assert "PASSWORD" not in user.screen
        user.chat.desk.named_endpoint = None
        user.chat.change(user.chat.session)
        user.chat.desk.choose(None)  # without a key: the simulator, to which no proxy leads
        user.chat.show_heading()
        await user.rests()
        assert "via" not in user.screen.partition("\n")[0]
