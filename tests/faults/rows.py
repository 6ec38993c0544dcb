"""What can go wrong: each fault, the state that a run ends in, and what the person in front of it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """One fault."""

    id: str
    fault: str
    end: str
    """The run's end state; empty where no run is concerned."""
    gets: str


# Two lines a row: id, fault and end state; then what the user gets.
TEXT: Final = """
N01 | The host's name can't be looked up | unreachable
    The host is named, the time to the next try counts down and can be stopped, the prompt stays
N02 | Nobody listens at the port | unreachable
    The same, with host and port
N03 | Connecting never ends | unreachable
    It is given up after five seconds, and stopping works before that
N04 | A certificate that is unknown, expired or somebody else's | unreachable
    Told that it is the certificate and why; never tried again, never sent unchecked
N05 | https asked of a port that speaks http | unreachable
    A sentence that says so, no longer after than connecting may take
N06 | A proxy in the environment, one that is dead, hosts exempt from it | unreachable
    The status line shows the proxy, and an error says which one it was
N07 | An address that is none | unreachable
    Refused where it is typed or loaded, not when something is sent
N08 | Plain http to another machine | unreachable
    The key stays here until the user agrees to that very origin
N09 | A key that can't be one: line breaks, blanks, quotes, foreign letters, nothing | unreachable
    Trimmed or refused when it is read, in words that don't hold it
N10 | The server redirects | rejected
    Nobody follows; the new place is shown cleaned, and not a byte goes there
N11 | A web page in place of an answer | malformed
    Told that this is no event stream, with the beginning of the page made safe
N12 | Interim answers, 204, an empty body | malformed
    Interim ones pass unseen; an empty body is reported
N13 | A broken head: garbage, endless headers, half of one, none | unreachable
    One plain line
N14 | The kept connection was closed while it idled | complete
    It is opened anew once, unseen, unless something had come; the record counts it
N15 | Refused and closed while a big request is still going up | rejected
    The server's refusal is shown, not the failed write
H400 | HTTP 400 | rejected
    The API's sentence, and the parameter it is about; not sent again
H401 | HTTP 401 | rejected
    Told that the key is refused, without the key; not sent again
H403 | HTTP 403 | rejected
    Told what is not allowed; not sent again
H404 | HTTP 404 | rejected
    Told that the model or the path is not there; not sent again
H408 | HTTP 408 | rejected
    Sent again
H409 | HTTP 409 | rejected
    Sent again
H413 | HTTP 413 | rejected
    Told that it is too large, and how large it is; not sent again
H422 | HTTP 422 | rejected
    Told what was not understood; not sent again
H429 | HTTP 429 | rejected
    Sent again when the server says, with a countdown; the limits show what it told
H500 | HTTP 500 | rejected
    Sent again
H502 | HTTP 502 | rejected
    Sent again; a page of HTML as the body does no harm
H503 | HTTP 503 | rejected
    Sent again
H504 | HTTP 504 | rejected
    Sent again
H529 | HTTP 529 | rejected
    Sent again; told that the server has too much to do
H-RA | retry-after in every shape, sane and not | rejected
    The wait is shown, more than a minute is asked about, stopping wakes at once, nonsense counts as absent
H-RA200 | retry-after with a 200 | complete
    Nothing: it means nothing there
H-RL | Rate-limit headers that are absent, partial, broken or of the past | complete
    What isn't known is called unknown; nothing old passes for new
S01 | The stream stalls | interrupted
    After ten seconds the silence is shown; it can be stopped, ends by itself in time, and what came stays
S02 | The connection is reset | interrupted
    What came stays, marked as a part
S03 | The body ends properly before message_stop | interrupted
    Never shown or kept as a whole answer
S04 | The same where the end of the connection ends the body | interrupted
    The same
S05 | The body ends in the middle of a chunk, or a chunk's size is nonsense | interrupted
    The same
S06 | A stop reason and the usage came, message_stop didn't | unconfirmed
    The usage counts; the answer is marked as unconfirmed
S07 | An error event, wherever in the stream | rejected
    What came stays, the error's type is shown; nothing is sent again without being asked
S08 | An event that is no JSON, or no object | malformed
    A single one is skipped and counted; if nothing else follows, the answer says so; no traceback
S09 | UTF-8 cut between two reads, or wrong | complete
    A cut changes nothing; wrong bytes become U+FFFD and are counted
S10 | Impossible numbers and bottomless nesting in the usage | malformed
    Such numbers are unknown, so is the cost; nothing freezes
S11 | A delta or an event comes twice | complete
    It stands twice, as it came: nobody guesses
S12 | A second message_start | malformed
    The answer begins anew and is flagged; what came before stays in the raw stream
S13 | Blocks out of order: unknown, never begun, never ended, ended twice | malformed
    Flagged, with the text kept
S14 | Kinds of event, delta, block and reason that nobody knows; fields missing or null | complete
    Shown as unknown, kept word for word, and sent back as they came
S15 | The event line is missing or contradicts its data | complete
    The data's own type decides
S16 | One event of 50 MB | malformed
    Refused at a limit that is stated, at once and within bounded memory
S17 | A byte at a time | complete
    The screen lives, stop works
S18 | gzip: good, cut, false, or a bomb | interrupted
    A cut one counts as cut; a bomb meets the limit of size
S19 | Odd framing: extensions, trailers, CR, BOM, comments, floods of pings | complete
    The same text
S20 | The server goes on, or holds the line, after message_stop | complete
    The run is over, and we close within a second
S21 | Half characters, and pairs cut between two deltas | complete
    Halves that belong together are joined; a lone one becomes U+FFFD wherever it leaves
S22 | The answer is full in the middle of a tool's input | complete
    The unfinished JSON is kept as it is and marked
S23 | A hundred thousand empty deltas, ten thousand events at once | complete
    Drawing stays bounded, stop works within a fifth of a second
C01 | Stopped at any moment of a run | cancelled
    Stopped within a fifth of a second, the exact text so far is kept, the connection is closed
C02 | Stopped while it waits, connects or shakes hands | cancelled
    It wakes at once
C03 | Stopped twice, afterwards, or as it ends | cancelled
    One end, no text lost
C04 | Stopped and sent again a thousand times, many at once | complete
    The next one works
C05 | One of several runs is stopped | cancelled
    The others go on
C06 | Quit while answers stream | cancelled
    What came is saved before the terminal is given back, within a second
C07 | A bug in the screen while answers stream | cancelled
    As above, and a note of the crash that holds no values
T01 | The clock is set while a run is under way | complete
    Durations are true, and what came later is dated later
T02 | This clock and the server's differ by a day | complete
    Countdowns go by the server's
T03 | The laptop sleeps in the middle of an answer | interrupted
    No false numbers; the silence is shown, then it goes on or is cut
F01 | The disk fills up at any write | -
    The old file is whole, a banner tells, the work stays in memory and is saved later
F02 | Writing, syncing or renaming fails | -
    The same
F03 | The folder can't be written to, or there is no home | -
    Told at the start; everything works, and another place is offered
F04 | A power cut: the file ends at any byte | -
    All that was whole loads, what was not is told, the damaged file is kept
F05 | Zeros in place of the file or its end | -
    Seen as damage and recovered
F06 | Killed at any time | -
    A second of an answer at most is lost, never a saved turn; nothing piles up
F07 | Two programs, one session | -
    The second reads only and says so; a lock left behind by the dead is broken
F08 | Another program changes the file | -
    It is noticed before anything is written over it
F09 | The path is a link, or a link was planted where we write | -
    A link's target is brought up to date; nothing is written through a planted one
F10 | Who may read | -
    Files and folders are the user's alone; wider ones are pointed out
F11 | Files made to take for ever | -
    Refused or loaded within bounds of time and memory
F12 | A byte order mark, CRLF, other encodings | -
    The first two are read, the others named
F13 | An older or newer format, unknown fields, wrong kinds | -
    What is unknown is kept; a newer one is only read
F14 | A session made by somebody with bad intent | -
    It can't choose who gets the key, and nothing in it runs
F15 | Names that mean mischief | -
    They stay inside the folder, and become no device, hidden file or option
F16 | Text with line ends, NUL, escapes, quotes | -
    It comes back byte for byte
F17 | Ten thousand turns | -
    Saving never holds up the screen for a twentieth of a second
P01 | An exception in a handler or a worker | -
    The terminal is restored, the status is 1, answers are saved, a note without values is named
P02 | SIGTERM | -
    As quitting, with status 143
P03 | The terminal window is closed | -
    Answers are saved, and it is over within two seconds
P04 | SIGINT from outside | -
    As quitting
P05 | SIGKILL, SIGSEGV | -
    The README tells how to get the terminal back; the next start finds what was under way
P06 | Suspended and continued | -
    The whole screen is drawn again; answers go on or are marked
P07 | The window changes size wildly, down to nothing | -
    It lives, and ends up laid out as it should be
P08 | Megabytes are pasted | -
    It asks or refuses, and never goes silent for two seconds
P09 | No terminal, a dumb one, another locale, no output | -
    It runs, or refuses in one line with status 2
P10 | The editor is missing, fails, is killed, writes nothing or nonsense | -
    The text stays, with a message; the file between is private and goes away
P11 | The clipboard is missing, fails or hangs | -
    The screen doesn't wait; told which way worked, and nothing that can't be known is claimed
P12 | Quit while a thread is stuck | -
    Out within a second
A01 | Text from outside that would command the terminal or hide itself | -
    No control of it gets through, what is invisible shows; joined emoji stay whole
A02 | Text from outside that looks like our markup | -
    It stands there as it is
A03 | Links and pictures in an answer | -
    Nothing is fetched; a click shows the whole address and asks; only web and mail
A04 | Markdown made to take for ever | -
    Drawn in a fifth of a second, or as plain text
E01 | Hostile prompts as a shell command | -
    Run, it sends the same bytes and runs nothing else; the key is only named
E02 | Hostile prompts as a program of any language | -
    The same
E03 | Cells that a spreadsheet would compute | -
    They are led by a quote mark, which the head says and an option turns off
E04 | Hostile text in Markdown and SVG | -
    It stays text, loads nothing, and there is no key in it
K01 | The key, looked for in everything that is written | -
    Not found
"""


def _parsed(text: str) -> Mapping[str, Row]:
    lines = text.strip().splitlines()
    rows = []
    for head, gets in zip(lines[::2], lines[1::2], strict=True):
        name, fault, end = head.split(" | ")
        rows.append(Row(name, fault, "" if end == "-" else end, gets.strip()))
    return {row.id: row for row in rows}


ROWS: Final = _parsed(TEXT)
"""By id, in the order of the table."""
