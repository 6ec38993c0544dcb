"""What `workbench COMMAND --help` says beside the options."""

from __future__ import annotations

from typing import Final

REWRITES: Final = """
FILE takes the answers: it is written anew, without its comments, unless --no-save.
With --set, --system and --var an existing FILE keeps its own values."""
RESUMES: Final = """
Answers go to NAME.runs.jsonl beside NAME.toml, one a line as each ends; started again, it sends what is missing.
With --axis the sweep is added to FILE, which is written anew, without its comments, unless --no-save.
--set, --system and --var count for this time: give them again to go on."""
COMES_LATER: Final = """
FILE is written anew, without its comments; what is sent stands in its [[batches]] before and after it goes.
Results come into FILE, those of a sweep into NAME.runs.jsonl, as if they had been sent one by one."""
UNDOES: Final = """
It only looks, unless told: --write or --to. What is damaged stays beside it as NAME.damaged: to undo it, put
that back. Ends with 0 where all is well, 1 where something is to be decided or is lost, 2 where it can't be done."""
