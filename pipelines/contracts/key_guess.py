"""Which columns name a record of a sample: filled and different on every row; and which stand on a group's first row only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipelines.contracts.column_guess import Guesses
from pipelines.contracts.fields import fields_of
from pipelines.contracts.sample import Sample

_GROUP_FIELDS = ("transaction_id", "organisation_id", "source_record_id")
_PARTS = ("line_number", "product_id", "source_record_id", "transacted_at", "amount", "unit_price")
_LONE_KEYS = ("source_record_id", "transaction_id", "organisation_id", "member_no", "customer_ref")
_NEVER_FILLED = {
    "transaction_id",
    *(name for name, field in fields_of("transaction").items() if field.type == "decimal"),
}
_FEWEST_GROUPS = 2  # with more than one row; of one it may be chance

Cells = Sequence[str | None]


@dataclass(frozen=True)
class KeyGuess:
    """`key`: fields that name a record, none for a derived one. `fill_down`: field -> the field within which it is filled
    on the first row only. `unfit`: columns that are called like a key, with why they are none."""

    key: tuple[str, ...]
    fill_down: dict[str, str]
    unfit: dict[str, str]


def guess_key(sample: Sample, guesses: Guesses) -> KeyGuess:
    """A key that holds on every row of the sample; where rows could not be read, by the names alone."""
    columns: dict[str, Cells] = {
        name: sample.values.get(guess.column, ()) for name, guess in guesses.mapped.items()
    }
    if not any(columns.values()):
        return KeyGuess(_by_names(guesses), {}, {})
    fill_down = _fill_down(guesses, columns)
    filled = {
        name: _filled(cells, name in fill_down, columns.get(fill_down.get(name, "")))
        for name, cells in columns.items()
    }
    unfit: dict[str, str] = {}
    for name in _LONE_KEYS:
        if name not in filled or not _is_lone_key(name, guesses):
            continue
        why = _why_unfit(filled[name])
        if why is None:
            return KeyGuess((name,), fill_down, unfit)
        unfit[name] = why
    return KeyGuess(_composed(filled), fill_down, unfit)


def _is_lone_key(name: str, guesses: Guesses) -> bool:
    if name == "transaction_id":
        return guesses.kind == "transaction"
    if name == "organisation_id":
        return guesses.kind == "organisation"
    return name == "source_record_id" or guesses.kind == "registration"


def _by_names(guesses: Guesses) -> tuple[str, ...]:
    usual = {"transaction": ("transaction_id", "line_number"), "organisation": ("organisation_id", "role")}
    for key in (("source_record_id",), usual.get(guesses.kind, ())):
        if key and all(name in guesses.mapped for name in key):
            return key
    return ()


def _why_unfit(cells: Cells) -> str | None:
    blank = sum(not cell for cell in cells)
    if blank:
        return f"blank on {blank} of {len(cells)} rows"
    repeated = len(cells) - len(set(cells))
    return f"the same on {repeated + 1} or more rows" if repeated else None


def _composed(filled: dict[str, Cells]) -> tuple[str, ...]:
    """A number of an order with one or two columns that tell its rows apart."""
    group = next((name for name in _GROUP_FIELDS if name in filled and all(filled[name])), None)
    if group is None:
        return ()
    parts = [name for name in _PARTS if name in filled and name != group and all(filled[name])]
    for count in (1, 2):
        for chosen in combinations(parts, count):
            rows = list(zip(filled[group], *(filled[name] for name in chosen), strict=True))
            if len(set(rows)) == len(rows):
                return (group, *chosen)
    return ()


def _filled(cells: Cells, is_filled_down: bool, group: Cells | None) -> Cells:
    """The cells as they are after filling down."""
    if not is_filled_down:
        return cells
    last: dict[str | None, str | None] = {}
    above: str | None = None
    found: list[str | None] = []
    for place, cell in enumerate(cells):
        within = group[place] if group else None
        above = cell or (last.get(within) if group else above)
        last[within] = above
        found.append(above)
    return found


def _fill_down(guesses: Guesses, columns: dict[str, Cells]) -> dict[str, str]:
    """Fields that are blank on every row of a group but its first, and filled on that in most groups."""
    if guesses.kind != "transaction" or "transaction_id" not in columns:
        return {}
    groups = columns["transaction_id"]
    first, later = _places(groups)
    if not all(groups) or len(later) < _FEWEST_GROUPS:
        return {"transaction_id": "above"} if _is_merged(groups, columns) else {}
    heads = {groups[place]: place for place in first}
    multiple = {heads[groups[place]] for place in later}
    found = {}
    for name, cells in columns.items():
        is_blank_later = not any(cells[place] for place in later)
        filled_first = sum(bool(cells[place]) for place in multiple)
        # Money of the order stays on one line, so that it can be added up.
        if name not in _NEVER_FILLED and is_blank_later and filled_first * 2 > len(multiple):
            found[name] = "transaction_id"
    return found


def _places(groups: Cells) -> tuple[list[int], list[int]]:
    """Places of the first row of each group, and of all others."""
    seen: dict[str | None, list[int]] = defaultdict(list)
    for place, cell in enumerate(groups):
        seen[cell].append(place)
    return [places[0] for places in seen.values()], [
        place for places in seen.values() for place in places[1:]
    ]


def _is_merged(groups: Cells, columns: dict[str, Cells]) -> bool:
    """Whether a workbook's merged cells left the number on the first row only: rows without it have lines of their own."""
    blank = [place for place, cell in enumerate(groups) if not cell]
    lines: Iterable[Cells] = (
        columns[name] for name in ("quantity", "unit_price", "amount", "product_id") if name in columns
    )
    return bool(blank) and bool(groups[0]) and any(all(cells[place] for place in blank) for cells in lines)
