"""The rows of the parameter panel, made from the table of parameters and the session: values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core import accepts, window
from workbench.core.cost import Basis, money
from workbench.core.figures import grouped
from workbench.core.kinds import Choice, Number
from workbench.core.params import FIELDS, Param, Params
from workbench.ui.chat import cache_rows
from workbench.ui.widgets.parameter_row import Row

if TYPE_CHECKING:
    from workbench.core.accepts import Caution
    from workbench.core.forecast import Forecast
    from workbench.core.model import Model
    from workbench.core.models import Catalogue
    from workbench.core.request import Request
    from workbench.core.session import Lane, Session

ALWAYS: Final = frozenset({"model", "sampling", "thinking"})
"""Groups whose rows show while unset; the rest fold away."""
OWN: Final = "◆"
"""Marks a value that only the focused lane has."""
BESIDE: Final = frozenset({"cache_system", "cache_tools"})
"""Rows that are counted with the one above them: other places for the same."""
ALSO: Final = frozenset({"max_tokens", "stop_sequences"})


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next run will take, as far as it can be told before sending, and what is wrong with it."""

    request: Request
    forecast: Forecast
    cautions: tuple[Caution, ...] = ()
    left: int | None = None
    """Tokens of the context window that it leaves, where that is known."""
    unread: tuple[str, ...] = ()
    """Files in it that must be read before it can be sent."""

    @property
    def cost(self) -> str:
        return _cost((self,))


@dataclass(frozen=True)
class Panel:
    """Everything the rows are made from."""

    session: Session
    lane: Lane
    params: Params
    """As the lane sends them."""
    base: Params
    """What the preset and the configuration give."""
    presets: tuple[str, ...]
    names: tuple[str, ...]
    """The variables that the prompt asks for."""
    catalogue: Catalogue
    version: str
    preview: Preview | None = None
    """Of the lane in focus."""
    plans: tuple[Preview, ...] = ()
    """Of everything that the next run sends: one, or that of each lane."""
    held: str = ""
    """Why the next run has no request yet."""
    whose: str = ""
    """Whose `preview` is, where other lanes are sent with it."""
    unfolded: bool = False
    scope: str = ""
    """Whom a change is for, where there are several lanes: `changing lane 2` or `changing all lanes`."""

    def own(self, key: str) -> bool:
        """Whether the lane has this parameter for itself."""
        return bool(self.scope) and (self.lane.params[key] is not None or key in self.lane.unset)


def base_params(session: Session, defaults: Params, presets: Mapping[str, Params]) -> Params:
    """The values that `0` goes back to."""
    return defaults.merge(presets.get(session.preset or "", Params()))


def rows(panel: Panel) -> tuple[Row, ...]:
    """All lines of the panel, from the top."""
    request = panel.preview.request if panel.preview is not None else None
    cache = cache_rows.rows(panel.session, request, panel.catalogue)
    return (*_parameters(panel), *_system(panel), *_variables(panel), *_presets(panel), *cache, *_next(panel))


def _parameters(panel: Panel) -> list[Row]:
    name = panel.session.preset or ("base" if panel.presets else "")
    star = "*" if _differs(panel) else ""
    found = [Row("", "PARAMETERS", f"{name}{star}" if name else "", heading=True, changed=bool(star))]
    if panel.scope:
        found.append(
            Row("scope", panel.scope, f"{OWN} its own", unset=True, help="O changes for all lanes, or for one.")
        )
    hidden = 0
    for row in FIELDS:
        if row.key == "system":
            continue
        unset = panel.params[row.key] is None
        if unset and not panel.unfolded and row.group not in ALWAYS and row.key not in ALSO:
            hidden += row.key not in BESIDE
            continue
        found.append(_parameter(panel, row))
    label = "fewer" if panel.unfolded else f"{hidden} more"
    found.append(Row("more", label, "", unset=True, help="Show or hide the parameters that are rarely set."))
    return found


def _parameter(panel: Panel, row: Param) -> Row:
    value = panel.params[row.key]
    reason = refusal(panel, row.key)
    usual = accepts.usual(row.key, panel.catalogue.find(panel.params.model)) if value is None else ""
    share = None
    if isinstance(row.kind, Number) and isinstance(value, int | float) and row.group == "sampling":
        share = (value - row.kind.low) / (row.kind.high - row.kind.low)
    elif isinstance(row.kind, Choice) and row.key == "effort" and value in row.kind.values:
        share = row.kind.values.index(str(value)) / (len(row.kind.values) - 1)
    return Row(
        f"param:{row.key}",
        f"{row.label} {OWN}" if panel.own(row.key) else row.label,
        "—" if value is None else row.kind.shown(value),
        share=share,
        unset=value is None,
        changed=value != panel.base[row.key],
        reason=reason,
        help=f"{row.told} Unset: {usual}." if usual else row.told,
        tone="warning" if reason and value is not None else "",
    )


def refusal(panel: Panel, key: str) -> str:
    """Why the chosen model takes no such parameter, or not this value; empty where it does."""
    model = panel.catalogue.find(panel.params.model)
    return "" if model is None else accepts.refusal(key, panel.params, model, panel.version) or ""


def _differs(panel: Panel) -> bool:
    return any(panel.params[row.key] != panel.base[row.key] for row in FIELDS if row.key != "system")


def _system(panel: Panel) -> list[Row]:
    text = panel.params.system or ""
    model = panel.catalogue.find(panel.params.model)
    version = f"{panel.lane.system} · " if panel.lane.system else ""
    size = f"{version}≈ {grouped(_tokens(text, model))} tok" if text else version.removesuffix(" · ")
    help_ = "The system prompt: enter edits it (each change is a new version), h and l go through the versions."
    found = [Row("system", "SYSTEM", size, heading=True, help=help_)]
    lines = text.splitlines()
    shown = [Row("system", line, help=help_) for line in lines[:4]] or [Row("system", "—", unset=True, help=help_)]
    if len(lines) > 4:
        shown.append(Row("system", f"… {len(lines)} lines in all", unset=True, help=help_))
    return [*found, *shown]


def _tokens(text: str, model: Model | None) -> int:
    from workbench.core.estimate import estimate_tokens

    return estimate_tokens(text, model)


def _variables(panel: Panel) -> list[Row]:
    bound = panel.session.bindings
    missing = [name for name in panel.names if name not in bound]
    help_ = "A template variable: {{name}} in the prompt stands for its value; a adds one, x removes it."
    found = [Row("", "VARIABLES", str(len(bound) + len(missing)) if bound or missing else "a adds one", heading=True)]
    for name, value in bound.items():
        found.append(Row(f"variable:{name}", name, " ".join(value.split()), help=help_))
    return found + [
        Row(f"variable:{name}", name, "no value", reason=f"{name} has no value.", help=help_, tone="error")
        for name in missing
    ]


def _presets(panel: Panel) -> list[Row]:
    if not panel.presets:
        return []
    found = [Row("", "PRESETS", heading=True)]
    for at, name in enumerate(panel.presets, 1):
        mark = "●" if name == (panel.session.preset or "base") else ""
        found.append(Row(f"preset:{name}", f"{at} {name}", mark, help="Take over the values of this preset."))
    return found


def _next(panel: Panel) -> list[Row]:
    if panel.held:
        return [Row("", "NEXT RUN", "", heading=True), Row("", panel.held)]
    if panel.preview is None:
        return []
    plan = panel.preview
    simulated = "simulated" if plan.forecast.basis is Basis.SIMULATED else ""
    found = [
        Row("", "NEXT RUN", " · ".join(filter(None, (panel.whose, simulated))), heading=True),
        Row("", "input", f"{'' if plan.forecast.counted else '≈ '}{grouped(plan.forecast.input_tokens)} tok"),
        *_room(plan),
        Row("", "cost", plan.cost),
    ]
    if len(panel.plans) > 1:
        found.append(Row("", f"all {len(panel.plans)}", _cost(panel.plans)))
    found += [Row("", f"{'✗' if each.blocking else '!'} {each.text}", tone="warning") for each in plan.cautions]
    return found


def _cost(plans: Sequence[Preview]) -> str:
    """`$0.0018 – $0.0100`, together."""
    lows = [each.forecast.low for each in plans if each.forecast.low is not None]
    highs = [each.forecast.high for each in plans if each.forecast.high is not None]
    if len(highs) < len(plans):
        return "price unknown"
    about = "≈ " if any(each.forecast.rough for each in plans) else ""
    return f"{about}{money(sum(lows, Decimal(0)))} – {money(sum(highs, Decimal(0)))}"


def _room(plan: Preview) -> list[Row]:
    """What is left of the context window, where the prompt was counted, or doesn't fit."""
    if plan.left is None or (plan.left >= 0 and not plan.forecast.counted):
        return []
    if plan.left < 0:
        return [Row("", "context", "doesn't fit", tone="error")]
    return [Row("", "context", f"{window.short(plan.left)} left")]
