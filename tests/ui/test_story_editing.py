"""Nothing is overwritten: edited and repeated turns stand beside each other, each with all that followed it."""

from __future__ import annotations

from tests.engine.fault_server import TEXT, answers, serving
from tests.ui.acts import Held, Start, asked, notes, reaching, streams
from tests.ui.story import User
from workbench.core import template


async def two_turns(user: User) -> None:
    user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 24))
    await user.asks("First question.")
    await user.asks("Second question.")


async def at(user: User, number: int) -> None:
    """Put the cursor of the conversation on a turn, from 1."""
    user.chat.view.focus()
    await user.does("first", *["next"] * (number - 1))


async def rewrites(user: User, text: str) -> None:
    user.chat.prompt.text = text
    await user.does("run")
    await user.settles()


async def test_an_edited_question_becomes_a_sibling_and_each_keeps_its_whole_conversation(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        await at(user, 1)
        await user.does("edit")
        assert user.chat.prompt.text == "First question."
        user.reads("edit user turn", "esc leaves")
        await rewrites(user, "Another first.")
        assert asked(user) == ["Another first."]
        user.reads("version 2 of 2 ‹ ›")
        await at(user, 1)
        await user.does("less")
        assert asked(user) == ["First question.", "Second question."]
        user.reads("version 1 of 2 ‹ ›", "Second question.")
        await user.does("more")
        assert asked(user) == ["Another first."]
        assert len(user.chat.session.messages) == 6


async def test_an_edited_answer_stands_beside_the_original_and_nothing_is_sent(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        await at(user, 4)
        await user.does("edit")
        await rewrites(user, "What I would have said.")
        assert len(user.chat.session.runs) == 2
        user.reads("run 2 of 2 ‹ ›", "written by hand", "What I would have said.")
        await at(user, 4)
        await user.does("less")
        assert "written by hand" not in user.screen


async def test_esc_leaves_the_edit_and_brings_the_draft_back(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        user.chat.prompt.focus()
        await user.types("A draft of mine.")
        await at(user, 1)
        await user.does("edit")
        await user.types(" changed")
        await user.does("back")
        assert user.chat.pane.has_focus  # where the turn was chosen
        assert user.chat.prompt.text == "A draft of mine."
        user.reads("prompt")
        assert "edit user turn" not in user.screen
        assert len(user.chat.session.messages) == 4


async def test_saving_while_a_turn_is_edited_keeps_the_draft_and_not_the_edit(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        user.chat.prompt.focus()
        await user.types("A draft of mine.")
        await at(user, 1)
        await user.does("edit", "save")
        await user.until(lambda: "Saved" in notes(user))
        path = user.chat.document.path
        assert path is not None
        assert 'prompt = "A draft of mine."' in path.read_text()


async def test_an_edit_that_another_session_interrupts_leaves_no_trace_in_it(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        await at(user, 1)
        await user.does("edit", "new")
        await user.until(lambda: not user.chat.session.messages)
        assert "edit user turn" not in user.screen
        assert user.chat.prompt.text == ""


async def test_a_branch_goes_on_from_an_earlier_answer_and_back_again(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        user.chat.view.focus()
        await user.does("last", "branch")
        assert "goes on from here anyway." in notes(user)  # nothing that u could take back
        await at(user, 2)
        await user.does("branch")
        assert "goes on from here; u takes it back." in notes(user)
        assert user.chat.prompt.has_focus
        assert asked(user) == ["First question."]
        await user.asks("Another second.")
        assert asked(user) == ["First question.", "Another second."]
        await at(user, 3)
        user.reads("version 2 of 2 ‹ ›")
        await user.does("less")
        assert asked(user) == ["First question.", "Second question."]


async def test_branching_at_the_first_question_begins_a_sibling_of_it(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        await at(user, 1)
        await user.does("branch")
        await user.asks("Another first.")
        assert asked(user) == ["Another first."]


async def test_undo_takes_a_send_back_and_keeps_its_run(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        user.chat.view.focus()
        await user.does("undo")
        assert asked(user) == ["First question."]
        assert "undo: the last prompt" in notes(user)
        assert len(user.chat.session.runs) == 2
        assert len(user.chat.session.messages) == 4
        await user.does("redo")
        assert asked(user) == ["First question.", "Second question."]
        assert "redo: the last prompt" in notes(user)
        await user.does("redo")
        assert "Nothing to redo" in notes(user)


async def test_undo_of_the_first_send_leaves_the_empty_screen_and_its_cost(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("First question.")
        user.chat.view.focus()
        await user.does("undo")
        assert asked(user) == []
        user.reads("Type a prompt", "session")
        assert len(user.chat.session.runs) == 1


async def test_redo_shows_the_answer_again(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("First question.")
        before = user.chat.lane.tip
        user.chat.view.focus()
        await user.does("undo", "redo")
        assert user.chat.lane.tip == before


async def test_running_an_earlier_turn_again_keeps_what_followed_it(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        await at(user, 2)
        await user.does("rerun")
        await user.settles()
        assert asked(user) == ["First question."]
        user.reads("run 2 of 2 ‹ ›")
        await at(user, 2)
        await user.does("less")
        assert asked(user) == ["First question.", "Second question."]
        assert len(user.chat.session.runs) == 3


async def test_the_parameters_of_an_answer_can_be_taken_over(start: Start) -> None:
    async with start("usual") as user:
        chat = user.chat
        session = chat.session.with_system(chat.lane, "Be {{tone}}.").with_variable("tone", "brief")
        chat.change(session.with_param(session.lane(), "temperature", 0.25))
        await two_turns(user)
        chat.change(chat.session.with_param(chat.lane, "temperature", None))
        chat.change(chat.session.with_param(chat.lane, "top_k", 7))
        await at(user, 4)
        await user.does("parameters")
        params = chat.session.params_of(chat.lane)
        assert (params.temperature, params.top_k, params.max_tokens) == (0.25, None, 24)
        assert params.system == "Be {{tone}}."
        assert chat.session.params.system is None
        assert chat.lane.system == "s1"
        chat.change(chat.session.with_system(chat.lane, "Be loud."))
        await user.does("parameters")
        assert chat.session.params_of(chat.lane).system == "Be {{tone}}."
        chat.change(chat.session.with_variable("tone", "kind"))
        await user.does("parameters")
        assert chat.session.params_of(chat.lane).system == "Be brief."
        assert chat.lane.system == "s3"
        await at(user, 1)
        await user.does("parameters")
        assert "Choose an answer" in notes(user)


async def test_a_system_prompt_with_braces_is_taken_over_as_it_was_sent(start: Start) -> None:
    async with start("usual") as user:
        chat = user.chat
        chat.change(chat.session.with_system(chat.lane, "Say {{what}}.").with_variable("what", "{{x}} and \\{{y}}"))
        await user.asks("Hello.")
        sent = chat.session.runs[0].params["system"]
        assert sent == "Say {{x}} and \\{{y}}."
        chat.change(chat.session.with_variable("what", "nothing"))
        chat.view.focus()
        await user.does("parameters")
        system = chat.session.params_of(chat.lane).system
        assert system is not None
        assert template.render(system, chat.session.bindings) == sent


async def test_an_answer_without_a_system_prompt_takes_it_away(start: Start) -> None:
    async with start("usual") as user:
        chat = user.chat
        await user.asks("Hello.")
        chat.change(chat.session.with_system(chat.lane, "Be loud."))
        chat.view.focus()
        await user.does("parameters")
        assert chat.session.params_of(chat.lane).system is None


async def test_other_runs_can_be_read_while_one_streams(start: Start) -> None:
    held = Held()
    async with serving(answers, held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("First question.")
        user.chat.view.focus()
        await user.does("rerun")
        await streams(user)
        assert user.chat.view.current.startswith("live:")
        await user.does("less")
        assert user.chat.view.current == "m2"
        user.reads("end_turn")
        assert user.chat.view.live == ""
        await user.does("more")
        user.reads("word0 word1", "streaming")
        held.go_on.set()
        await user.settles()
        assert user.chat.view.current == "m3"
        assert TEXT.strip() in user.screen
        assert [entry.key for entry in user.chat.view.entries] == ["m1", "m3"]


async def test_going_elsewhere_while_one_streams_mixes_no_conversations(start: Start) -> None:
    held = Held()
    async with serving(answers, answers, held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await two_turns(user)
        await at(user, 4)
        await user.does("rerun")
        await streams(user)
        await at(user, 2)
        await user.does("branch")
        assert asked(user) == ["First question."]
        assert user.chat.view.live == ""
        held.go_on.set()
        await user.settles()
        assert [entry.key for entry in user.chat.view.entries] == ["m1", "m2"]
        assert len(user.chat.session.siblings("m4")) == 2


async def test_an_empty_edit_is_refused_with_a_sentence(start: Start) -> None:
    async with start("usual") as user:
        await two_turns(user)
        for turn in (1, 2):
            await at(user, turn)
            await user.does("edit")
            await rewrites(user, "")
            assert "empty" in notes(user)
            user.app.clear_notifications()
            await user.does("back")
        assert len(user.chat.session.messages) == 4
