"""The results of a sweep as a table of text: a metric's median and spread in each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from workbench.cli import table
from workbench.core.heat import column_medians, row_medians
from workbench.core.metrics import SPREAD_RULE, Metric, Summary, share, summary
from workbench.core.state import FULL_STATES
from workbench.core.sweep_plan import Plan, Spot

if TYPE_CHECKING:
    from workbench.core.record import RunRecord

WIDTH: Final = 80
LONGEST_HEAD: Final = 24
GAP: Final = 2
MEDIAN: Final = "median"


def write(plan: Plan, records: Mapping[Spot, RunRecord], metric: Metric) -> str:
    """Rows and columns with their medians; columns that don't fit into 80 follow below, under the rows' heads again."""
    cells = _summaries(plan, records, metric)
    failed = Counter(spot.cell for spot, record in records.items() if record.state not in FULL_STATES)
    heads = [_short(head) for head in plan.rows]
    across, down = row_medians(cells), column_medians(cells)
    several_rows, several_columns = len(plan.rows) > 1, len(plan.columns) > 1
    columns = [
        [
            _short(head),
            *(_cell(row[at], metric, plan, failed[plan.cell_at(y, at).index]) for y, row in enumerate(cells)),
        ]
        for at, head in enumerate(plan.columns)
    ]
    if several_rows:
        for column, middle in zip(columns, down, strict=True):
            column.append(_shown(middle, metric))
        heads.append(MEDIAN)
    if several_columns:
        blank = [""] if several_rows else []
        columns.append([MEDIAN, *(_shown(middle, metric) for middle in across), *blank])
    corner = _corner(plan)
    parts = [_part(corner, heads, part) for part in _split(columns, max(map(table.width, [corner, *heads])))]
    return "\n".join([_title(plan, cells, metric, failed=bool(failed)), *parts])


def _summaries(plan: Plan, records: Mapping[Spot, RunRecord], metric: Metric) -> list[list[Summary]]:
    def of(row: int, column: int) -> Summary:
        index = plan.cell_at(row, column).index
        spots = (Spot(index, repeat) for repeat in range(plan.sweep.repeats))
        return summary(metric, [records[spot] for spot in spots if spot in records])

    return [[of(row, column) for column in range(len(plan.columns))] for row in range(len(plan.rows))]


def _title(plan: Plan, cells: Sequence[Sequence[Summary]], metric: Metric, *, failed: bool) -> str:
    """What the numbers are, in words."""
    repeats = plan.sweep.repeats
    every = [cell for row in cells for cell in row]
    number = "one answer each" if repeats == 1 else f"of {repeats} answers each"
    middle = "" if metric.of_group is not None or repeats == 1 else f"{MEDIAN} "
    fewer = "; ×n of n" if any(cell.median is not None and cell.n != repeats for cell in every) else ""
    title = f"{metric.label}, {middle}{number}{fewer}{'; ✗n: n failed' if failed else ''}\n"
    return f"{title}{SPREAD_RULE}\n" if any(cell.spread is not None for cell in every) else title


def _corner(plan: Plan) -> str:
    """`model ╲ temperature`: what the rows are, and what the columns."""
    *across, last = (axis.label for axis in plan.sweep.axes)
    return f"{' · '.join(across)} ╲ {last}" if across else last


def _cell(found: Summary, metric: Metric, plan: Plan, failed: int) -> str:
    """`412 ±6%`, `412 ±6% ×7` where one of eight is missing, `412 ±6% ×7 ✗1` where it failed."""
    sign = f" ✗{failed}" if failed else ""
    if found.median is None:
        return f"—{sign}"
    text = metric.shown(found.median)
    if found.spread is not None:
        text += f" ±{share(found.spread)}"
    return f"{text}{sign}" if found.n == plan.sweep.repeats else f"{text} ×{found.n}{sign}"


def _shown(value: float | None, metric: Metric) -> str:
    return "—" if value is None else metric.shown(value)


def _short(head: str) -> str:
    return head if table.width(head) <= LONGEST_HEAD else f"{head[: LONGEST_HEAD - 1]}…"


def _split(columns: Sequence[list[str]], head: int) -> list[list[list[str]]]:
    """As many columns at a time as fit beside the heads of the rows; one at least."""
    parts: list[list[list[str]]] = [[]]
    room = WIDTH - head
    for column in columns:
        width = GAP + max(map(table.width, column))
        if parts[-1] and room < width:
            parts.append([])
            room = WIDTH - head
        parts[-1].append(column)
        room -= width
    return parts


def _part(corner: str, heads: Sequence[str], part: Sequence[list[str]]) -> str:
    rows = [[head, *(column[at] for column in part)] for at, head in enumerate(heads, 1)]
    return table.columns([corner, *(column[0] for column in part)], rows, right=frozenset(range(1, len(part) + 1)))


def again(missing: int, failed: int) -> str:
    """What a further start sends: `… the 2 that failed`, `… the 3 that are missing`, or both."""
    known = ((failed, "failed"), (missing, "is missing" if missing == 1 else "are missing"))
    return f"started again, it sends {' and '.join(f'the {number:,} that {what}' for number, what in known if number)}"
