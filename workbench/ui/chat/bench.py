"""What the chat screen holds besides its panes: the session, its runs, and what is in focus."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from textual.timer import Timer

from workbench.core.params import Params
from workbench.core.session import Lane, Session
from workbench.ui.chat import parameter_rows
from workbench.ui.chat.counting import Counts
from workbench.ui.chat.document import Document
from workbench.ui.chat.meters_of import Speed
from workbench.ui.chat.wires import Wires
from workbench.ui.desk import Desk
from workbench.ui.styles import StyledOnce

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.core.canned import Result
    from workbench.engine.history import History
    from workbench.engine.store import SessionFile
    from workbench.ui.batches.following import Following
    from workbench.ui.chat.live import Live
    from workbench.ui.sweep.sweeping import Sweeping
    from workbench.ui.widgets.findbar import FindBar


class Bench(StyledOnce):
    """State, and what follows from it alone."""

    def __init__(self, desk: Desk, document: Document) -> None:
        self.desk = desk
        self.document = document
        self.lives: list[Live] = []
        self.last: Live | None = None
        self.lasts: dict[str, Live] = {}
        """The run that began last in each lane."""
        self.speed = Speed()
        self.streamed = 0
        """Output tokens of the runs that ended since nothing ran."""
        self.wires = Wires()
        """What went over the wire, by run."""
        self.rates: dict[str, tuple[float, ...]] = {}
        """Tokens a second over the answer, by run, for those of this start."""
        self.sweeping: Sweeping | None = None
        self.batching: Following | None = None
        """What looks after the batches of the session, once there are any."""
        self.lane_id: str | None = None
        """The focused lane; the first until one was chosen."""
        self.baseline: str | None = None
        """What diffs are against: a lane or a turn, by id."""
        self.comparing = False
        self.unzoomed: Literal["auto", "grid", "list", "zoom"] = "auto"
        """How the lanes stood before one had all the room."""
        self.for_all = False
        """Whether a parameter is changed for all lanes; else for the focused one."""
        self.looking: frozenset[str] = frozenset()
        """Files that are being read."""
        self.offered: tuple[str, str] | None = None
        """A file whose path was pasted, and how it stands in the prompt."""
        self.attached_from: tuple[Document, Path] | None = None
        """The folder that a file was last chosen from, for the session that is open."""
        self.editing: str | None = None
        self.kept_draft = ""
        self.given: dict[str, Result] = {}
        """Results that were given for calls, by their ids, until all calls of an answer have theirs."""
        self.unfolded = False
        self.finding: FindBar | None = None
        """The line for finding, once it was asked for."""
        self.frame = 0
        self.endpoint_named = document.session.endpoint
        """What the endpoint was chosen by."""
        self.shown: tuple[object, ...] = (None,) * 7
        """What the conversation was made from: it is made anew only when one of these changed."""
        self.typing: Timer | None = None
        self.counts = Counts()
        """What the endpoint counted of the requests that were about to be sent."""
        self.saved_files: tuple[SessionFile, ...] = ()
        """The saved sessions, for the outline."""

    @cached_property
    def history(self) -> History:
        from workbench.engine.history import History

        return History(self.desk.places.prompts)

    @property
    def session(self) -> Session:
        """As requests to the endpoint in use are made from it."""
        self.document.session = self.document.session.towards(self.desk.chosen.endpoint.name)
        return self.document.session

    @property
    def lane(self) -> Lane:
        """The focused one; the first where that was closed or taken back."""
        lanes = self.session.lanes
        return next((lane for lane in lanes if lane.id == self.lane_id), lanes[0])

    @property
    def lane_number(self) -> int:
        return self.session.lanes.index(self.lane) + 1

    @property
    def version(self) -> str:
        """The API version that is forced, or `auto`."""
        return self.session.params_of(self.lane).version or self.desk.chosen.endpoint.version

    @property
    def presets(self) -> dict[str, Params]:
        config = self.desk.config
        return {"base": config.defaults, **config.presets} if config.presets else {}

    @property
    def base(self) -> Params:
        return parameter_rows.base_params(self.session, self.desk.config.defaults, self.desk.config.presets)

    @property
    def sweeping_now(self) -> bool:
        """Whether cells of a sweep are being sent."""
        return self.sweeping is not None and self.sweeping.active

    def lane_of(self, live: Live) -> Lane | None:
        """The lane that a run answers; None where it was closed meanwhile."""
        return next((lane for lane in self.session.lanes if lane.id == live.run.lane), None)

    def lane_name_of(self, live: Live) -> str:
        """The same of a run's lane."""
        lane = self.lane_of(live)
        return self.lane_name(lane) if lane is not None else ""

    def lane_name(self, lane: Lane) -> str:
        """`Lane 2: ` where there are several."""
        several = len(self.session.lanes) > 1
        return f"Lane {self.session.lanes.index(lane) + 1}: " if several else ""

    def renew(self, document: Document) -> None:
        """Another session in place of this one."""
        self.document = document
        self.last, self.lasts = None, {}
        self.lane_id = None
        self.baseline = None
        self.wires, self.rates = Wires(), {}
        self.given = {}
        self.speed.restart()
