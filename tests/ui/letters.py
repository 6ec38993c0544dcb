"""Two letters to Ada that differ here and there."""

from __future__ import annotations

REFUND = """Ada, you shouldn't have had to write three times for a box that arrived in pieces. Your $34.90 is on its \
way back to your card, and there is nothing to return.

Refund posted today, visible in 2–5 days. If you still want the lamp, reply "replace".

The rest is as it was.

I have also flagged the carrier so the next box is double-walled.
"""


WARMER = """Ada, you should not have had to write three times for a lamp that arrived in pieces. Your $34.90 is on its \
way back to the card ending 4410, and there is nothing to box up.

Refund posted today, visible in 2–5 business days. If you still want the lamp, reply "replace".

The rest is as it was.

Thank you for your patience, and have a wonderful day!
"""


STEPS = """
## What happens next

- Open the parcel
- Photograph the lamp

```python
def refund(order):
    total = order.total
    return pay(total)
```
"""


LETTER = REFUND + STEPS


OTHER = WARMER + STEPS.replace("parcel", "parcel slowly").replace(
    "order.total\n", "order.total - order.fees\n    log(total)\n"
)
