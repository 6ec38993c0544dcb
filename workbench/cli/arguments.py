"""The command line as data: which commands there are, and what each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from workbench import __version__
from workbench.cli import numbers, remarks
from workbench.cli.parser import PROGRAM, Parser, UsageError

__all__ = ["COMMANDS", "PROGRAM", "Command", "Parser", "UsageError", "parser_of", "screen_parser"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, its sentence, and what it takes."""

    name: str
    help: str
    add: Callable[[Parser], None]


def add_endpoint(parser: Parser) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--endpoint", metavar="NAME", help="an endpoint of your configuration, anthropic, or simulator")
    group.add_argument("--base-url", metavar="URL", help="an address without /v1, for this time")


def add_confirming(parser: Parser) -> None:
    parser.add_argument(
        "--confirm-origin", action="store_true", help="agree that the key goes to this address, now and from then on"
    )


def add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_request(parser: Parser) -> None:
    """The request options, which run, export and count share."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="a session; without one, the defaults are used")
    add_asking(parser, lanes="only this lane; may be repeated")
    parser.add_argument(
        "--result",
        metavar="TOOL=TEXT",
        action="append",
        default=[],
        help="what calls of a tool are answered with, before the session's [[tool_results]]",
    )


def add_asking(parser: Parser, *, lanes: str) -> None:
    """What is asked, of whom, and with which parameters; `lanes` is the help of --lane."""
    prompt = parser.add_mutually_exclusive_group()
    prompt.add_argument("--prompt", metavar="TEXT", help="what to send; - reads standard input")
    prompt.add_argument("--prompt-file", metavar="PATH", help="a file that holds what to send")
    parser.add_argument(
        "--attach",
        metavar="PATH|URL|FILE_ID",
        action="append",
        default=[],
        help="an image, a PDF or a text that goes with the prompt; may be repeated",
    )
    parser.add_argument(
        "--allow-files", action="store_true", help="send files that FILE names outside of its folder too"
    )
    parser.add_argument("--system", metavar="TEXT", help="the system prompt of this time")
    parser.add_argument("--lane", metavar="ID", action="append", default=[], help=lanes)
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a parameter as a TOML value or plain text; KEY= unsets it",
    )
    parser.add_argument(
        "--var", metavar="NAME=VALUE", action="append", default=[], help="the value of a {{name}}, for this time"
    )
    add_endpoint(parser)


def add_run(parser: Parser) -> None:
    add_request(parser)
    add_confirming(parser)
    parser.add_argument("--repeat", metavar="N", type=numbers.count, default=1, help="answers to ask for, of each lane")
    parser.add_argument(
        "--max-rounds",
        metavar="N",
        type=numbers.count,
        default=16,
        help="answers of one tool loop, at most; the default is 16",
    )
    parser.add_argument("--json", action="store_true", help="print one run record a line, and nothing else")
    parser.add_argument("--no-save", action="store_true", help="leave FILE as it is; else it is written anew")


def add_sweep(parser: Parser) -> None:
    from workbench.core.metrics import METRICS

    parser.add_argument("file", metavar="FILE", help="a session, whose [[sweeps]] are sent; one is made with --prompt")
    parser.add_argument(
        "--axis",
        metavar="KEY=V1,V2,…",
        action="append",
        default=[],
        help="a parameter and its values; an empty one is not sent; the last axis makes the columns",
    )
    parser.add_argument("--sweep", metavar="ID", help="which sweep of FILE, where there are several")
    parser.add_argument("--repeat", metavar="N", type=numbers.count, help="answers to ask for, of each cell")
    parser.add_argument("--metric", choices=tuple(METRICS), default="out", help="what the table shows")
    parser.add_argument("--dry-run", action="store_true", help="say what it would take, and send nothing but counts")
    parser.add_argument(
        "--json", action="store_true", help="print one run record a line: what is there, then what comes"
    )
    parser.add_argument(
        "--concurrency",
        metavar="N",
        type=numbers.count,
        default=16,
        help="requests at a time, where the limits allow them",
    )
    parser.add_argument("--batch", action="store_true", help="as a message batch: half the price, within a day")
    parser.add_argument("--no-wait", action="store_true", help="with --batch: leave when it is with the server")
    parser.add_argument("--no-save", action="store_true", help="leave FILE and its results as they are")
    add_asking(parser, lanes="whose parameters are the ground; else the first lane's")
    add_confirming(parser)


def add_batch(parser: Parser) -> None:
    parser.add_argument("what", choices=("submit", "status", "results", "cancel"), help="what to do")
    parser.add_argument("file", metavar="FILE", help="the session that is sent, and that takes the results")
    parser.add_argument("--sweep", metavar="ID", help="submit what is missing of this sweep; else the lanes are sent")
    parser.add_argument("--repeat", metavar="N", type=numbers.count, help="answers to ask for, of each lane or cell")
    parser.add_argument("--dry-run", action="store_true", help="say what it would cost, and send nothing")
    parser.add_argument("--batch", metavar="ID", help="only this one, as b1 or msgbatch_…")
    parser.add_argument("--server-id", metavar="ID", help="status: which of the server's batches --batch is")
    parser.add_argument(
        "--wait", action="store_true", help="submit, results: until it has ended; ^C leaves it going on"
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each batch, for each run record")
    parser.set_defaults(axis=[])
    add_asking(parser, lanes="only this lane; may be repeated")
    add_confirming(parser)


def add_export(parser: Parser) -> None:
    from workbench.core.exports.documents import DOCUMENTS
    from workbench.core.exports.languages import LANGUAGES

    add_request(parser)
    forms = " | ".join((*LANGUAGES, *DOCUMENTS))
    parser.add_argument("--as", dest="language", metavar="LANGUAGE", required=True, help=forms)


def add_models(parser: Parser) -> None:
    add_endpoint(parser)
    add_confirming(parser)
    add_json(parser)


def add_count(parser: Parser) -> None:
    add_request(parser)
    add_confirming(parser)
    add_json(parser)


def add_cost(parser: Parser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="sessions")
    add_json(parser)


def add_recover(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help="a session; without options it is looked at, and nothing is done")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="put what can be had into FILE; the rest is kept beside it")
    what.add_argument("--to", metavar="OTHER", help="put it into OTHER, and leave everything as it is")
    parser.add_argument(
        "--without-journal", action="store_true", help="FILE as it stands; with --write its journal is set aside"
    )
    parser.add_argument(
        "--break-lock", action="store_true", help="take FILE from a program on another machine that runs no more"
    )
    add_json(parser)


def add_simulate(parser: Parser) -> None:
    parser.add_argument("--port", metavar="N", type=numbers.port, default=0, help="0, the default, takes a free one")
    parser.add_argument("--seed", metavar="N", type=numbers.whole, default=0, help="another seed, other answers")
    parser.add_argument(
        "--speed", metavar="TOKENS_PER_S", type=numbers.speed, default=90.0, help="0 is as fast as it can"
    )
    parser.add_argument(
        "--batch-seconds",
        metavar="S",
        type=numbers.seconds,
        default=20.0,
        help="how long a message batch takes; 20 by default",
    )
    parser.add_argument("--limits", metavar="RPM,ITPM,OTPM", help="a minute's requests, input and output tokens")
    parser.add_argument(
        "--fault",
        metavar="KIND:RATE",
        action="append",
        default=[],
        help="429:0.1 fails every tenth request; KIND is a status or stream-error, cut, end, stall, slow, malformed",
    )


COMMANDS: Final[Mapping[str, Command]] = {
    row.name: row
    for row in (
        Command("run", "send, and print the answers", add_run),
        Command("sweep", "send a grid of parameter values, and print a table", add_sweep),
        Command("batch", "send at half the price, within a day: submit, status, results, cancel", add_batch),
        Command("export", "print the request as code, or the session as a document", add_export),
        Command("models", "what can be used, what it accepts, what it costs", add_models),
        Command("count", "tokens and price before sending", add_count),
        Command("cost", "what was spent, by model, by lane, by day", add_cost),
        Command("recover", "what can be had of a damaged session, and what to do", add_recover),
        Command("simulate", "serve the Messages API on this machine, without a key", add_simulate),
    )
}


def parser_of(name: str) -> Parser:
    """The parser of one command."""
    command = COMMANDS[name]
    epilog = _parameters() if command.add in {add_run, add_sweep, add_batch, add_export, add_count} else ""
    said: dict[object, str] = {
        add_run: remarks.REWRITES,
        add_sweep: remarks.RESUMES,
        add_batch: remarks.COMES_LATER,
        add_recover: remarks.UNDOES,
    }
    description = f"{command.help[0].upper()}{command.help[1:]}.{said.get(command.add, '')}"
    parser = Parser(f"{PROGRAM} {name}", description=description, epilog=epilog)
    command.add(parser)
    return parser


def screen_parser() -> Parser:
    """The parser of the program without a command: it opens the screen."""
    rows = "\n".join(f"  {command.name:<10}{command.help}" for command in COMMANDS.values())
    parser = Parser(
        PROGRAM,
        description="A workbench for prompts: opens the screen, or does one command without it.",
        epilog=f"commands:\n{rows}\n\n{PROGRAM} COMMAND --help says more.",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a session; one that doesn't exist is made on saving")
    add_endpoint(parser)
    parser.add_argument("--theme", metavar="NAME", help="a theme by its name")
    parser.add_argument("--replay", metavar="RECORDING.sse", help="a recorded stream answers, without network or key")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    return parser


def _parameters() -> str:
    from workbench.core.params import FIELDS

    return "parameters of --set:\n" + "\n".join(f"  {row.key:<18}{row.help}" for row in FIELDS).replace("`", "")
