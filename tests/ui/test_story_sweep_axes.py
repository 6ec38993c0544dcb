"""Stories of defining a sweep: axes, values, repeats, and taking them back."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.acts import Start, notes, opened
from tests.ui.story import User
from tests.ui.sweeps import AMPLE, PROMPT, defined, done, ends, looks, sends
from workbench.core import lanes
from workbench.core.sweep import Sweep
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose
from workbench.ui.sweep import axes, defining
from workbench.ui.sweep.screen import SweepScreen


async def chooses(user: User, typed: str) -> None:
    """Filter the list that is up, and take the best."""
    screen = await opened(user, Choose)
    screen.field.value = typed
    await user.pilot.pause()
    await user.presses("enter")


async def takes(user: User, text: str) -> None:
    """Type into the line that is up, and accept."""
    screen = await opened(user, Ask)
    screen.field.value = text
    await user.pilot.pause()
    await user.presses("enter")


def sweep(user: User) -> Sweep:
    return user.chat.session.sweeps[-1]


async def test_without_a_sweep_the_screen_says_how_to_begin(start: Start) -> None:
    async with start("usual") as user:
        await looks(user)
        user.reads("No sweep yet.", "a adds an axis", "s on a parameter's row", "Held as they are")
        await user.does("run")
        await done(user)
        assert "There is no sweep yet" in notes(user)


async def test_an_axis_is_added_changed_and_taken_back(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await looks(user)
        await user.does("add")
        await chooses(user, "temperature")
        asked = await opened(user, Ask)
        assert asked.field.value == "0, 0.5, 1"
        await takes(user, "0, 1")
        await done(user)
        user.reads("temperature", "T 0", "T 1", "0/2")
        await user.does("add")
        await chooses(user, "temperature")
        await takes(user, "0, 0.25, 1")
        await done(user)
        user.reads("T 0.25", "0/3")
        await user.does("undo")
        user.app.screen.show_all()  # type: ignore[attr-defined]  # the Sweep screen
        await user.pilot.pause()
        user.reads("0/2")
        await user.does("unset")
        await done(user)
        user.reads("No sweep yet." if not user.chat.session.sweeps else "has no axis")


async def test_bad_values_are_told_in_a_sentence_and_not_taken(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await looks(user)
        await user.does("add")
        await chooses(user, "temperature")
        await takes(user, "0, warm")
        user.reads("takes a number")
        await user.presses("escape")
        await done(user)
        assert not user.chat.session.sweeps


async def test_models_are_marked_one_after_the_other(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await looks(user)
        await user.does("add")
        await chooses(user, "model")
        await chooses(user, "claude-opus-4-6")
        await chooses(user, "claude-haiku-4-5")
        screen = await opened(user, Choose)
        assert "opus-4-6" in screen.items[0].title
        await chooses(user, "use ")
        await done(user)
        (axis,) = sweep(user).axes
        assert {"claude-opus-4-6", "claude-haiku-4-5"} <= set(axis.values)
        user.reads("opus-4-6", "haiku-4-5")


async def test_repeats_are_set_and_a_second_axis_makes_the_columns(start: Start) -> None:
    async with start("usual") as user:
        defined(user, "temperature=0,1", repeats=1)
        screen = await looks(user)
        await user.does("add")
        await chooses(user, "repeats")
        await takes(user, "4")
        await done(user)
        await user.does("add")
        await chooses(user, "max tokens")
        await takes(user, "100, 200, 300")
        await done(user)
        assert sweep(user).repeats == 4
        user.reads("temperature × max tokens × 4 repeats", "0/24", "max 200")
        assert screen.map.grid.rows == ("T 0", "T 1")
        await user.does("unset")
        await chooses(user, "temperature")
        await done(user)
        assert [axis.key for axis in sweep(user).axes] == ["max_tokens"]


async def test_versions_of_the_system_prompt_make_an_axis(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        for text in ("Be brief.", "Be warm."):
            user.chat.change(user.chat.session.with_system(user.chat.lane, text))
        await looks(user)
        await user.does("add")
        await chooses(user, "system")
        asked = await opened(user, Ask)
        assert asked.field.value == "s1, s2"
        await takes(user, "s1, s2,")
        await done(user)
        user.reads("s1", "s2", "system —")


async def test_a_prompt_that_was_pinned_can_be_the_chats_again(start: Start) -> None:
    async with start("usual", limits=AMPLE) as user:
        defined(user, "temperature=0,1", repeats=1, prompt="An older question.")
        await user.types("A newer question.")
        await looks(user)
        user.reads("An older question.")
        await user.does("add")
        await chooses(user, "ask the chat's prompt")
        await done(user)
        user.reads("asks “A newer question.”")
        await sends(user)
        await ends(user)
        assert sweep(user).prompt == "A newer question."


async def test_another_sweep_stays_beside_the_first(start: Start) -> None:
    async with start("usual") as user:
        defined(user, "temperature=0,1")
        await looks(user)
        await user.does("add")
        await chooses(user, "another sweep")
        await done(user)
        assert [each.id for each in user.chat.session.sweeps] == ["w1", "w2"]
        user.reads("has no axis")
        await user.does("add")
        await chooses(user, "effort")
        await takes(user, "low, high")
        await done(user)
        user.reads("effort high")
        await user.does("add")
        await chooses(user, "w1")
        await done(user)
        user.reads("T 1")


async def test_a_parameter_row_leads_to_its_sweep(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        user.chat.run_worker(axes.sweep_it(user.chat, "temperature"), group="commands")
        await takes(user, "0, 0.5")
        await user.until(lambda: isinstance(user.app.screen, SweepScreen))
        await done(user)
        user.reads("T 0.5", "0/2")


async def test_a_variable_without_a_value_is_said_instead_of_a_map(start: Start) -> None:
    async with start("usual") as user:
        defined(user, "temperature=0,1", prompt="Hello {{name}}.")
        await looks(user)
        user.reads("{{name}} has no value")
        await user.does("run")
        await done(user)
        assert "{{name}} has no value" in notes(user)


async def test_the_screen_holds_at_the_smallest_size(start: Start) -> None:
    async with start("tiny", limits=AMPLE) as user:
        defined(user, repeats=2)
        await looks(user)
        for command in ("next", "more", "last", "first", "enter", "enter", "back", "raw", "transpose", "zoom", "zoom"):
            await user.does(command)
        user.reads("T 0")


async def test_a_new_sweep_varies_the_focused_lane(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        user.chat.change(lanes.clone(user.chat.session, user.chat.lane)[0])
        user.chat.lane_id = user.chat.session.lanes[1].id
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 77))
        await looks(user)
        user.reads("max tokens 77")
        await user.does("add")
        await chooses(user, "temperature")
        await takes(user, "0, 1")
        await done(user)
        assert sweep(user).lane == user.chat.lane.id
        user.reads("held: lane 2", "max tokens 77")


async def test_a_sweep_whose_lane_was_closed_can_vary_another(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        defined(user, "temperature=0,1", repeats=1, prompt=None)
        user.chat.change(defining.with_changed(user.chat.session, replace(sweep(user), lane="gone")))
        await looks(user)
        user.reads("there is no lane 'gone'")
        await user.does("add")
        await chooses(user, "vary lane 1")
        await done(user)
        user.reads("0/2", "T 1")
        assert sweep(user).lane == user.chat.lane.id


async def test_enter_takes_the_models_that_are_marked(start: Start) -> None:
    async with start("usual") as user:
        await user.types(PROMPT)
        await looks(user)
        await user.does("add")
        await chooses(user, "model")
        await chooses(user, "claude-opus-4-6")
        await opened(user, Choose)
        await user.presses("enter")
        await done(user)
        assert "claude-opus-4-6" in sweep(user).axes[0].values
