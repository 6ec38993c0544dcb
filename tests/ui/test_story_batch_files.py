"""Files of a batch: what is attached goes as its bytes, what stands for what goes along with its session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.pictures import png
from tests.ui.acts import Start, beats, opened
from tests.ui.batched import Hours, answers, batch, goes_as_a_batch, quiet
from tests.ui.sweeps import AMPLE, defined, done, looks, sweeping
from workbench.core import attached
from workbench.core.batch import Status
from workbench.core.kinds import Json
from workbench.ui.batches.following import following
from workbench.ui.chat import enclosed
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.confirm import Confirm


async def test_a_picture_goes_into_a_batch(start: Start, tmp_path: Path) -> None:
    picture = tmp_path / "home" / "shelf.png"
    picture.write_bytes(png(1000, 800))
    hours = Hours()
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 200))
        user.chat.desk.attachments.chose(picture)
        enclosed.put(user.chat, (Json.of(attached.block(str(picture))),))
        await user.types("What stands on the upper shelf? One sentence.")
        await user.chat.do("batch-it")
        await opened(user, Confirm)
        user.reads("lane A", "1 request")
        await answers(user, "s")
        await user.until(lambda: user.chat.session.batches and batch(user).open)
        quiet(user)
        assert (user.chat.draft, user.chat.session.attachments) == ("", ())
        user.reads("you  1   in batch b1")
        hours.seconds = 61.0
        await following(user.chat).look()
        assert batch(user).status is Status.COLLECTED
        assert "in batch" not in user.screen
        assert "The image is 1000 × 800 pixels, a PNG." in user.chat.session.messages[-1].text
        (source,) = attached.paths(user.chat.session.messages[-2].blocks)
        assert (source["path"], len(source["sha256"])) == (str(picture), 64)


async def test_what_stands_for_what_goes_along_when_the_session_is_saved_elsewhere(
    start: Start, tmp_path: Path
) -> None:
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=Hours()) as user:
        defined(user, "temperature=0,1", repeats=2)
        await goes_as_a_batch(user)
        quiet(user)
        await user.chat.do("save-as")
        ask = await opened(user, Ask)
        ask.field.value = str(tmp_path / "other.toml")
        await user.presses("enter")
        await user.until(lambda: user.chat.document.path == tmp_path / "other.toml")
        await done(user)
        assert len((tmp_path / "other.b1.batch.jsonl").read_text().splitlines()) == 4


async def test_a_draft_that_was_kept_without_a_title_loses_no_answer_of_its_batch(start: Start) -> None:
    """Its file is called by its title with the first prompt: what its requests stand for is found beside it."""
    hours = Hours()
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 20))
        await user.types("Name a colour.")
        await beats(user, 3.0)
        path = user.chat.document.path
        assert path is not None
        assert path.name.startswith("untitled-")
        await user.does("back")
        await user.does("batch-it")
        await answers(user, "s")
        await user.until(lambda: user.chat.session.batches and batch(user).open)
        quiet(user)
        await beats(user, 3.0)
        assert user.chat.document.path == path.with_name("name-a-colour.toml")
        assert [each.name for each in path.parent.glob("*.batch.jsonl")] == ["name-a-colour.b1.batch.jsonl"]
        hours.seconds = 61.0
        await following(user.chat).look()
        (run,) = user.chat.session.runs
        assert (run.id, run.lane, run.state) == ("b1-1", "A", "complete")


async def test_what_a_batch_of_another_endpoint_asks_is_asked_here_only_after_a_yes(start: Start) -> None:
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=Hours()) as user:
        defined(user, "temperature=0,1", repeats=2)
        await goes_as_a_batch(user)
        quiet(user)
        user.chat.change(replace(user.chat.session, batches=(replace(batch(user), endpoint="lab"),)))
        sweeping(user).outdated = True
        for command in ("run", "batch-it"):
            await looks(user)
            await user.does(command)
            await opened(user, Confirm)
            user.reads("Ask simulator the same?", "b1 at lab asks the same already")
            await user.presses("n")
            await done(user)
        assert (len(user.chat.session.batches), user.chat.sweeping_now) == (1, False)
        await user.does("run")
        await opened(user, Confirm)
        await user.presses("s")
        await user.until(lambda: "4 requests" in user.screen and isinstance(user.app.screen, Confirm))
