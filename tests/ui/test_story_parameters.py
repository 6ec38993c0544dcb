"""Parameters from the keyboard: stepped, typed, chosen, refused with a reason, and put back."""

from __future__ import annotations

from tests.ui.acts import PRESETS, Start, closed, notes, on, opened, params, types_into
from workbench.core.kinds import Json
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.write import Write


async def test_a_number_is_stepped_by_small_and_big_steps_and_stops_at_its_bounds(start: Start) -> None:
    async with start("usual") as user:
        await user.does("tune")
        on(user, "param:temperature")
        await user.does("more")
        assert params(user).temperature == 1.0
        await user.does("less", "less")
        assert params(user).temperature == 0.9
        await user.does("less-big")
        assert params(user).temperature == 0.75
        await user.does(*["less-big"] * 4)
        assert params(user).temperature == 0.0
        user.reads("0.00")
        await user.does("unset")
        assert params(user).temperature is None


async def test_a_typed_value_is_taken_and_a_wrong_one_says_what_would_be_right(start: Start) -> None:
    async with start("usual") as user:
        await types_into(user, "param:max_tokens", "32_000")
        await closed(user)
        assert params(user).max_tokens == 32_000
        await types_into(user, "param:max_tokens", "a lot")
        user.reads("max_tokens takes a whole number, not 'a lot'")
        assert isinstance(user.app.screen, Ask)
        await user.presses("escape")
        assert params(user).max_tokens == 32_000
        await types_into(user, "param:max_tokens", "")
        await closed(user)
        assert params(user).max_tokens is None
        await user.types("")
        user.chat.prompt.focus()
        await user.types("Hello.")
        user.reads("! 1 F10 ·", "! max_tokens is required")


async def test_a_value_beyond_the_bounds_is_kept_and_warned_of(start: Start) -> None:
    async with start("usual") as user:
        await types_into(user, "param:temperature", "1.7")
        await closed(user)
        assert params(user).temperature == 1.7
        user.chat.prompt.focus()
        await user.types("Hello.")
        user.reads("1.7", "! 1 F10 ·", "! temperature")


async def test_a_preset_is_taken_by_its_digit_and_a_change_to_it_shows(start: Start) -> None:
    async with start("usual", config=PRESETS) as user:
        await user.does("tune")
        await user.does("pick-2")
        assert params(user).temperature == 0.0
        user.reads("PARAMETERS", "strict")
        assert "strict*" not in user.screen
        on(user, "param:temperature")
        await user.does("more")
        user.reads("strict*")
        await user.does("reset")
        assert params(user).temperature == 0.0
        assert "strict*" not in user.screen


async def test_the_values_of_one_preset_do_not_stay_behind_in_the_next(start: Start) -> None:
    async with start("usual", config=PRESETS) as user:
        await user.does("tune", "pick-3")
        assert (params(user).temperature, params(user).top_k) == (1.0, 40)
        await user.does("pick-2")
        assert (params(user).temperature, params(user).top_k) == (0.0, None)
        await user.does("pick-1")
        assert params(user) == PRESETS.defaults
        user.reads("base")
        on(user, "param:top_p")
        await user.does("more")
        user.reads("base*")
        await user.does("pick-1")
        assert params(user) == PRESETS.defaults


async def test_a_digit_without_a_preset_says_how_to_make_one(start: Start) -> None:
    async with start("usual", config=PRESETS) as user:
        await user.does("tune", "pick-8")
        assert "[presets] in config.toml" in notes(user)
        on(user, "preset:warm")
        await user.does("enter")
        assert params(user).top_k == 40


async def test_a_model_is_chosen_from_a_list_or_named_freely(start: Start) -> None:
    async with start("usual") as user:
        on(user, "param:model")
        await user.does("enter")
        chooser = await opened(user, Choose)
        assert chooser.initial == "claude-sonnet-4-6"
        chooser.field.value = "haiku-4-5"
        await user.pilot.pause()
        user.reads("in ·", "out")
        await user.presses("enter")
        await closed(user)
        assert params(user).model == "claude-haiku-4-5"
        await user.does("enter")
        chooser = await opened(user, Choose)
        chooser.field.value = "my-own-model"
        await user.pilot.pause()
        await user.presses("enter")
        await closed(user)
        assert params(user).model == "my-own-model"
        user.chat.prompt.focus()
        await user.types("Hello.")
        user.reads("price unknown")


async def test_a_word_is_stepped_chosen_and_unset(start: Start) -> None:
    async with start("usual") as user:
        on(user, "param:thinking")
        await user.does("more")
        first = params(user).thinking
        assert first is not None
        await user.does("enter")
        chooser = await opened(user, Choose)
        assert chooser.items[0].id == ""
        await user.presses("ctrl+home", "enter")
        await closed(user)
        assert params(user).thinking is None


async def test_json_is_edited_as_such_and_bad_json_is_refused_with_its_place(start: Start) -> None:
    choice = '{"type": "auto"}'
    async with start("usual") as user:
        user.chat.unfolded = True
        user.chat.show()
        on(user, "param:tools")
        await user.does("enter")
        await opened(user, Choose)
        user.reads("a tool of your own", "RUN BY THE SERVER")  # the list of tools has a dialog of its own
        await user.presses("escape")
        await closed(user)
        on(user, "param:tool_choice")
        await user.rests()
        user.reads('Whether it must call one: {"type":')  # documents set it as code, a terminal doesn't
        await types_into(user, "param:tool_choice", '{\n  "type": "auto",\n}')
        user.reads("tool_choice is not JSON", "line 3,")
        assert isinstance(user.app.screen, Write)
        user.app.screen.editor.text = f"[{choice}]"
        await user.presses("ctrl+j")
        user.reads("tool_choice takes a JSON table")
        user.app.screen.editor.text = choice
        await user.presses("ctrl+j")
        await closed(user)
        assert params(user).tool_choice == Json.parse(choice)
        user.reads("tool_choice needs tools")


async def test_stop_sequences_are_typed_as_one_string_or_a_list(start: Start) -> None:
    async with start("usual") as user:
        await types_into(user, "param:stop_sequences", r'["\n\nHuman:", "END"]')
        await closed(user)
        assert params(user).stop_sequences == ("\n\nHuman:", "END")
        await types_into(user, "param:stop_sequences", "END ")
        await closed(user)
        assert params(user).stop_sequences == ("END ",)
        await types_into(user, "param:stop_sequences", '["END"')
        user.reads("stop_sequences is not JSON")


async def test_what_a_model_refuses_is_dimmed_with_the_reason_and_warned_of_when_set(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "model", "claude-opus-5-5"))
        on(user, "param:temperature")
        await user.pilot.pause()
        row = user.chat.panel.current
        assert row is not None
        assert "temperature" in row.reason
        assert " ".join(row.reason.split()[:3]) in user.screen
        await user.does("more", "less-big")
        user.chat.prompt.focus()
        await user.types("Hello.")
        user.reads("! 1 F10 ·", "! claude-opus-5-5 takes no", "temperature; use effort")
        await user.sees("refused-parameter")


async def test_a_word_that_is_refused_says_why_and_esc_where_it_leads(start: Start) -> None:
    async with start("small") as user:
        on(user, "param:thinking")
        await user.until(lambda: "esc prompt" in user.screen)
        await user.does("enter")
        await opened(user, Choose)
        user.reads("thinking enabled needs a budget", "claude-sonnet-4-6 has no thinking between_tools")
        await user.presses("escape")
        await closed(user)
        user.chat.change(user.chat.session.with_param(user.chat.lane, "thinking_budget", 1024))
        await user.does("enter")
        await opened(user, Choose)
        assert "needs a budget" not in user.screen
        await user.presses("escape")
        await closed(user)
        await user.does("back")
        assert user.chat.prompt.has_focus
        await user.does("compare", "tune")
        await user.until(lambda: "esc lanes" in user.screen)
        await user.does("back")
        assert user.chat.lanes.has_focus
