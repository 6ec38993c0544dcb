"""The line under the list: what is shown in sum, the order, the marks."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from workbench.core.run_list import Order, Totals
from workbench.ui.fit import Part, fit, spread
from workbench.ui.widgets.line import Line

GAP = " · "


class Summary(Line):
    """`38 of 412 runs · 51 204 in · 18 332 out · $0.61`, and at the right how it is sorted."""

    parts: reactive[tuple[tuple[str, ...], tuple[Part, ...]]] = reactive(((), ()))

    def put(self, totals: Totals, *, order: Order, down: bool, marked: int, beside: str) -> None:
        right = [Part(Content.styled(f"{order.label}, {order.ends[down]}", "$muted"), 20)]
        if marked:
            right.append(Part(Content.styled(f"● {marked} marked", "$accent"), 60))
        if beside:
            right.append(Part(Content.styled(beside, "$primary"), 70))
        self.parts = (tuple(totals.line.split(GAP)), tuple(right))

    def draw(self, width: int) -> Content:
        told, right = self.parts
        gap = Content.styled(GAP, "$faint")
        weights = (100, 60, 70, 90, 80)
        left = fit(
            [
                Part(Content.styled(text, "bold $foreground" if at in {0, 3} else "$soft"), weights[min(at, 4)])
                for at, text in enumerate(told)
            ],
            width,
            gap,
        )
        room = width - left.cell_length - 2
        return spread(left, fit(right, room, Content("  ")), width) if room > 8 and right else left
