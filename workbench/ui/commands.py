"""Every command, declared once: bindings, palette, key sheet, key line, README table and the user's keymap.

A letter is the same verb wherever it works: `h` means less in the parameters and the earlier run in the conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from textual.binding import Binding, BindingType
from textual.keys import Keys, key_to_character

from workbench.core.safe import display


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can tell the program to do."""

    id: str
    """Its name in `[keys]` of the configuration; the screen or pane does it in `do_ID`."""
    keys: tuple[str, ...]
    title: str
    help: str
    group: str
    """The section of the key sheet."""
    short: str = ""
    """The word in the key line, where there is room."""


def _anywhere(id_: str, keys: str, title: str, help_: str, short: str = "") -> Command:
    return Command(id_, tuple(keys.split()), title, help_, "anywhere", short)


def _reading(id_: str, keys: str, title: str, help_: str, short: str = "") -> Command:
    return Command(id_, tuple(keys.split()), title, help_, "outside text", short)


def _tuning(id_: str, keys: str, title: str, help_: str, short: str = "") -> Command:
    return Command(id_, tuple(keys.split()), title, help_, "parameters", short)


COMMANDS: Final[tuple[Command, ...]] = (
    _anywhere("run", "ctrl+j ctrl+enter f5", "Run", "Send the prompt, or the last turn again.", "run"),
    _anywhere("stop", "ctrl+c", "Stop", "Copy the selection; else stop the run, again stops all.", "stop"),
    _anywhere("back", "escape", "Back", "Close, clear the selection, leave the editor: one layer a press.", "nav"),
    _anywhere("jump", "ctrl+g", "Jump", "Put a letter on everything, and go where you type.", "jump"),
    _anywhere("palette", "ctrl+p :", "Command palette", "Find any command by its name."),
    _anywhere("help", "f1 ?", "Keys", "Every key, to filter and to rebind.", "keys"),
    _anywhere("tune", "ctrl+t", "Tune", "Go to the parameters.", "tune"),
    _anywhere("recall", "ctrl+r", "Recall", "Bring back an earlier prompt.", "recall"),
    _anywhere("find", "ctrl+f /", "Find", "Find text here; in Runs, filter the list.", "find"),
    _anywhere("save", "ctrl+s", "Save", "Save the session to its file.", "save"),
    _anywhere("save-as", "", "Save as…", "Save the session to another file, and go on there."),
    _anywhere("open", "ctrl+o", "Open…", "Open another session.", "open"),
    _anywhere("new", "ctrl+n", "New session", "Start an empty session with the configured defaults."),
    _anywhere("editor", "f4", "Edit in $EDITOR", "Write the prompt in your own editor."),
    _anywhere("theme", "f9", "Theme…", "Choose how everything looks."),
    _anywhere("chat", "f2", "Chat", "One conversation: that of the lane in focus.", "chat"),
    _anywhere("compare", "f3 ctrl+l", "Compare", "This prompt, side by side: a lane for each setting.", "compare"),
    _anywhere("sweep", "f6", "Sweep", "A grid of parameter values, with repeats.", "sweep"),
    _anywhere("runs", "f8", "Runs", "Every run that was made, to sort, filter, diff and look into.", "runs"),
    _anywhere("batches", "f7", "Batches", "Message batches at half the price: how far they are, what came.", "batches"),
    _anywhere("endpoint", "", "Endpoint…", "Choose where requests go."),
    _anywhere("title", "", "Rename session…", "Give the session a title."),
    _anywhere(
        "cautions",
        "f10 !",
        "Before sending",
        "What may be wrong with the next request; all notes of the start.",
    ),
    _anywhere("quit", "ctrl+q", "Quit", "Leave; asks only if something is unsaved or running."),
    _reading("next", "j down", "Down", "The next turn or row.", "move"),
    _reading("previous", "k up", "Up", "The turn or row above."),
    _reading("first", "g home", "First", "The beginning."),
    _reading("last", "G end", "Last", "The end, and follow it."),
    _reading("less", "h left", "Less, or the earlier run", "A step down; in the conversation the earlier run.", "less"),
    _reading("more", "l right", "More, or the later run", "A step up; in the conversation the later run.", "more"),
    _reading("enter", "enter", "Open or type", "Edit what is chosen; open a run, a cell, an event.", "edit"),
    _reading("answer", "c", "Answer the calls…", "Give the results of the tools that the last answer calls.", "answer"),
    _reading("tools", "T", "Tools…", "The tools that the model may call: add, edit, paste, order, remove."),
    _reading("prompt", "i", "Prompt", "Go to the prompt editor.", "prompt"),
    _reading("attach", "A", "Attach…", "An image, a PDF or a text that goes with the prompt.", "attach"),
    _reading("edit", "e", "Edit this", "Edit this turn; running it makes a sibling, nothing is overwritten.", "edit"),
    _reading("rerun", "r", "Run this", "Run this turn or lane again, beside its earlier answers.", "again"),
    _reading("run-all", "R", "Run all", "Run every lane, as ^J does.", "run all"),
    _reading("copy", "y", "Copy", "Copy the source text of this turn.", "copy"),
    _reading("copy-exact", "", "Copy exact", "Copy it with the control characters that Copy leaves out."),
    _reading("links", "B", "Links…", "Open a link of this turn in the browser, once it was shown whole."),
    _reading("copy-as", "Y", "Copy as…", "Copy this turn, its request as code, the conversation or the runs."),
    _reading(
        "export",
        "X",
        "Export…",
        "Write the request, the conversation, the runs or a picture to a file; in the wire view the events.",
    ),
    _reading(
        "raw", "m", "Metric, raw or Markdown", "The next metric or unit; answers as they were sent, or as Markdown."
    ),
    _reading("fold", "space", "Mark or fold", "Mark a run or a cell; fold or unfold thinking and tool calls.", "mark"),
    _reading("undo", "u", "Undo", "Take the last change back; what was answered is kept."),
    _reading("redo", "U", "Redo", "Do again what was undone."),
    _reading("branch", "b", "Branch", "Go on from this turn: the next prompt begins a sibling.", "branch"),
    _reading("models", "M", "Models…", "Choose the model: what each takes and costs; ask the endpoint for its list."),
    _reading(
        "cache-turn", "C", "Cache up to here", "A cache breakpoint behind this turn: for 5 minutes, 1 hour, none."
    ),
    _reading(
        "parameters",
        "p",
        "Parameters of this",
        "Take the parameters that made this answer; those of the lane.",
        "params",
    ),
    _reading("find-next", "n", "Next match or change", "The next place where the text was found, or differs.", "next"),
    _reading("find-previous", "N", "Previous match or change", "The place before."),
    _reading("zoom", "z", "Zoom", "Give the conversation or the lane all the room, and back.", "zoom"),
    _reading("leave", "q", "Back", "Go back, as esc does."),
    _reading("add", "a", "Add", "Clone the lane; in the parameters a variable, in Sweep an axis.", "add"),
    _reading(
        "unset", "x delete", "Remove or unset", "Close the lane; don't send a parameter; remove a variable.", "close"
    ),
    _reading("move-left", "<", "Lane to the left", "Change places with the lane before."),
    _reading("move-right", ">", "Lane to the right", "Change places with the lane behind."),
    _reading("lane-name", "", "Name the lane…", "A name for the lane in focus."),
    _reading("keep", "w", "Keep the winner", "This lane goes on alone; the others stay in the tree.", "keep"),
    _reading(
        "follow", "f", "Together, or only changes", "Lanes scroll together; a diff shows only what changed.", "together"
    ),
    _reading("diff", "=", "Diff", "This answer against the baseline, the lane before or the earlier run.", "diff"),
    _reading("baseline", "*", "Baseline", "Diff against this one from now on."),
    _reading("view", "v", "View", "Grid, list or split; all sessions; in the parameters one lane a value.", "view"),
    _reading("swap", "S", "Swap", "Change the two sides of a diff."),
    _reading("sweep-it", "s", "Sweep it", "An axis of this parameter.", "sweep"),
    _reading("schema", "J", "Output schema…", "The JSON schema that the answer must fit."),
    _reading("wire", "W", "Wire", "What went over the wire for this run, byte for byte.", "wire"),
    _reading("batch-it", "d", "Send as a batch", "At half the price, within a day: the sweep, or the prompt.", "batch"),
    _reading("transpose", "t", "Transpose", "Rows for columns."),
    _reading("sort", "o", "Sort", "Another order of the runs."),
    _reading("pause", "P", "Pause or go on", "Send no further cells until told to.", "pause"),
    _reading("scope", "O", "All lanes, or this one", "Whether a parameter is changed for all lanes.", "for all"),
    *(
        _reading(f"pick-{at}", str(at), f"Lane or preset {at}", "Go to this lane; in the parameters take this preset.")
        for at in range(1, 9)
    ),
    _tuning("less-big", "H shift+left", "Much less", "A big step down."),
    _tuning("more-big", "L shift+right", "Much more", "A big step up."),
    _tuning("reset", "0", "Back to the preset", "The value that the preset or the configuration gives."),
)
BY_ID: Final[Mapping[str, Command]] = {command.id: command for command in COMMANDS}
ANYWHERE: Final = frozenset(command.id for command in COMMANDS if command.group == "anywhere") - {"run", "back", "find"}
"""What the chat does for the screens over it."""


def bindings(commands: Iterable[Command] = COMMANDS) -> list[BindingType]:
    """The Textual bindings of commands; their ids let a keymap replace the keys.

    None goes before the text field: it would overtake the letters that were typed just before.
    """
    return [
        Binding(
            ",".join(command.keys) or f"{UNBOUND}{command.id}",
            f"command('{command.id}')",
            command.title,
            id=command.id,
            show=False,
        )
        for command in commands
    ]


UNBOUND: Final = "unbound-"
"""Begins what stands in place of a key where a command has none."""
SIGNS: Final = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_"}
"""Keys that Textual calls otherwise than Unicode does."""
MODIFIERS: Final = frozenset({"ctrl", "shift", "alt", "super", "meta", "hyper"})
NAMED: Final = frozenset(key.value.rpartition("+")[2] for key in Keys) | SIGNS.keys()


def keymap(configured: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], list[str]]:
    """The user's keys as Textual takes them, and a line for each mistake or clash."""
    made: dict[str, str] = {}
    mistakes: list[str] = []
    for name, keys in configured.items():
        if name not in BY_ID:
            near = get_close_matches(name, BY_ID, n=1)
            instead = f"did you mean {near[0]}?" if near else "the key sheet (F1) lists them"
            mistakes.append(f"config.toml: keys.{name} is no command; {instead}")
            continue
        wrong = [key for key in keys if not _is_key(spelled(key))]
        if wrong:
            mistakes.append(f"config.toml: keys.{name}: {wrong[0]!a} is no key; write it like ctrl+j, f5, space or ?")
        if len(wrong) < len(keys) or not keys:
            made[name] = ",".join(spelled(key) for key in keys if key not in wrong) or f"{UNBOUND}{name}"
    for key, names in _clashes(made).items():
        winner = next(name for name in names if name in made)
        mistakes.append(f"config.toml: keys: {label(key)} is given to {' and '.join(names)}; {winner} gets it")
    return made, mistakes


def _clashes(made: Mapping[str, str]) -> dict[str, list[str]]:
    """Keys that two commands claim, at least one of them through the configuration."""
    owners: dict[str, list[str]] = {}
    for command in COMMANDS:
        keys = made[command.id].split(",") if command.id in made else list(command.keys)
        for key in keys:
            owners.setdefault(canonical(key), []).append(command.id)
    return {key: names for key, names in owners.items() if len(names) > 1 and any(name in made for name in names)}


def spelled(key: str) -> str:
    """A key as Textual names it: `question_mark` for `?`."""
    stripped = key.strip()
    if stripped == ",":
        return "comma"
    made = [*Binding.make_bindings([Binding(stripped, "")])] if stripped else []
    return made[0].key if made else stripped


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+")
    named = len(last) == 1 or last in NAMED or key_to_character(last) is not None
    return named and all(modifier in MODIFIERS for modifier in modifiers)


def canonical(key: str) -> str:
    """One spelling for each key: the character where it has one."""
    name = spelled(key)
    character = SIGNS.get(name) or key_to_character(name)
    return character if character is not None and character.isprintable() and character != " " else name


def label(key: str) -> str:
    """A key as people write it: `^J`, `F5`, `esc`."""
    if key.startswith("ctrl+") and len(key) == 6:
        return f"^{key[-1].upper()}"
    if key[:1] == "f" and key[1:].isdecimal():
        return key.upper()
    return {"escape": "esc", "delete": "del"}.get(key) or display(canonical(key))


def keys_of(command: Command, made: Mapping[str, str]) -> tuple[str, ...]:
    """The labels of a command's keys under a keymap."""
    keys = made[command.id].split(",") if command.id in made else command.keys
    return tuple(label(key) for key in keys if not key.startswith(UNBOUND))


def keys_shown(command: Command, made: Mapping[str, str], *, enter_runs: bool) -> tuple[str, ...]:
    """The labels of a command's keys at the prompt: where Enter runs, ^J is the newline."""
    found = keys_of(command, made)
    if command.id != "run" or not enter_runs:
        return found
    return ("enter", *(key for key in found if key not in {"^J", "enter"}))
