"""What the terminal shows of erasures: receipts by place, and rows that wait for the officer. No value of a person."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from pipelines.privacy.receipts import PLACES, Receipt


def show_receipt(receipt: Receipt, console: Console) -> None:
    """Each place with how much went; whether everything was searched."""
    told = receipt.told
    people = "1 person" if told["people"] == 1 else f"{told['people']:,} people"
    console.print(
        f"{receipt.erasure_id}: {people}, by {told['by']}, begun {told['begun_at']}",
        highlight=False,
        markup=False,
    )
    table = Table("place", "files or tables", "rows or files that went", box=None)
    for place in PLACES:
        found = receipt.places.get(place)
        if found is not None and place != "not searched":
            table.add_row(place, f"{len(found):,}", f"{sum(found.values()):,}")
    console.print(table)
    for name in sorted({what.partition("/")[0] for what in receipt.places.get("exports", {})}):
        _tell(console, f"Was in export {name}: whoever got that file has to be told.")
    for what in sorted(receipt.places.get("not searched", {})):
        console.print(f"Not searched: {what}", style="red", highlight=False, markup=False, soft_wrap=True)
    _tell(console, f"Receipt: state/erasures/{receipt.path.name}")


def is_whole(receipts: Iterable[Receipt]) -> bool:
    """Whether every place could be searched."""
    return not any(receipt.places.get("not searched") for receipt in receipts)


def _tell(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
