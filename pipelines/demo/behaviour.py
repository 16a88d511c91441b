"""What the demo's customers do for a reason, so that the cases of docs/cases.md have something to find.

Nothing here draws by chance: every other value of a demo stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from pipelines.demo.draft import Draft

RESOLVED, OPEN = "已解决", "待回访"
RETURNS_WITHIN = timedelta(days=180)
_BOUGHT = frozenset({"store_pos", "ecommerce_orders"})

T = TypeVar("T")


def goes_with(first: T, drawn: T, products: Sequence[T]) -> T:
    """The product of a later line: for half of those drawn the partner of the receipt's first product.

    Partners are neighbours in the list; its length is even.
    """
    return products[products.index(first) ^ 1] if products.index(drawn) % 2 == 0 else drawn


def settle_contacts(drafts: list[Draft]) -> None:
    """Let most calls of people who bought again within half a year be those that were resolved: three of four, else one of four."""
    bought = [
        draft.at for draft in drafts if draft.source in _BOUGHT and draft.values.get("is_return") != "true"
    ]
    for call in drafts:
        if call.source != "call_center":
            continue
        returns = any(call.at < at <= call.at + RETURNS_WITHIN for at in bought)
        if returns and call.values["outcome"] != OPEN:
            call.values["outcome"] = RESOLVED
        elif not returns and call.values["outcome"] == RESOLVED and int(call.key[-1]) % 2 == 0:
            call.values["outcome"] = OPEN
