"""What is attached goes into a batch as it goes with a run: as the file's bytes, and in the session by its path."""

from __future__ import annotations

from pathlib import Path

from tests.pictures import png
from tests.ui.acts import Start, opened
from tests.ui.batched import Hours, answers, batch, quiet
from tests.ui.sweeps import AMPLE
from workbench.core import attached
from workbench.core.batch import Status
from workbench.core.kinds import Json
from workbench.ui.batches.following import following
from workbench.ui.chat import enclosed
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
