"""What the stories of batches do: send one, look again, and move the simulator's clock."""

from __future__ import annotations

from tests.ui.acts import opened
from tests.ui.story import User
from tests.ui.sweeps import done, looks
from workbench.core.batch import Batch
from workbench.ui.batches.following import following
from workbench.ui.batches.screen import BatchesScreen
from workbench.ui.screens.confirm import Confirm


class Hours:
    """The simulator's clock."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def to_batches(user: User) -> BatchesScreen:
    user.app.set_focus(None)
    await user.does("batches")
    await user.until(lambda: isinstance(user.app.screen, BatchesScreen))
    screen = user.app.screen
    assert isinstance(screen, BatchesScreen)
    return screen


async def answers(user: User, key: str) -> None:
    await opened(user, Confirm)
    await user.presses(key)
    await done(user)


async def goes_as_a_batch(user: User) -> None:
    """What the sweep lacks is sent, and with the server."""
    await looks(user)
    await user.does("batch-it")
    await answers(user, "s")
    await user.until(lambda: user.chat.session.batches and batch(user).open)


async def asks_again(user: User) -> None:
    """Look now, and let what follows be done; nothing looks by itself meanwhile."""
    quiet(user)
    await user.does("rerun")
    await done(user)
    await user.until(lambda: not following(user.chat).busy)
    quiet(user)
    await user.rests()


def quiet(user: User) -> None:
    timer = following(user.chat).timer
    if timer is not None:
        timer.stop()
        following(user.chat).timer = None


def batch(user: User) -> Batch:
    return user.chat.session.batches[-1]
