"""What changed in how a delivered value of one column is taken: which are allowed and what each becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.contracts.change import BREAKING, COMPATIBLE, Change
from pipelines.contracts.model import Bounds, Column, NumberSigns

_REJECTS = "rows that were good are rejected from now on, while those stored before stay"
_WRITTEN = "how the text is written"


def value_changes(old: Column, new: Column, *, is_key: bool) -> Iterator[Change]:
    """Changes of enum, valueMap, format, signs of numbers, bounds and fillDown of one column."""
    place = f"columns/{old.field}"
    yield from _enumeration(old, new, place)
    yield from _value_map(old, new, place, is_key=is_key)
    yield from _reading(old, new, place)
    yield from _bounds(old.bounds, new.bounds, place)
    if old.fill_down != new.fill_down:
        why = "blank cells are filled from the row above" if new.fill_down else "blank cells stay blank"
        yield Change(f"{place}/fillDown", "fill_down_changed", BREAKING if is_key else COMPATIBLE, old.fill_down, new.fill_down,
                     f"{why} from now on")  # fmt: skip


def _enumeration(old: Column, new: Column, place: str) -> Iterator[Change]:
    if old.enumeration and not new.enumeration:
        yield Change(
            f"{place}/enum",
            "enum_opened",
            COMPATIBLE,
            ", ".join(old.enumeration),
            None,
            "every value is taken from now on",
        )
    elif new.enumeration and not old.enumeration:
        why = f"values outside the list were taken so far: {_REJECTS}"
        yield Change(f"{place}/enum", "enum_closed", BREAKING, None, ", ".join(new.enumeration), why)
    else:
        gone = [value for value in old.enumeration if value not in new.enumeration]
        more = [value for value in new.enumeration if value not in old.enumeration]
        if gone:
            yield Change(f"{place}/enum", "enum_value_removed", BREAKING, ", ".join(gone), None, _REJECTS,
                         "Leave the value in the list as long as records have it")  # fmt: skip
        if more:
            yield Change(
                f"{place}/enum",
                "enum_value_added",
                COMPATIBLE,
                None,
                ", ".join(more),
                "they are taken from now on",
            )


def _value_map(old: Column, new: Column, place: str, *, is_key: bool) -> Iterator[Change]:
    for value in sorted(old.value_map.keys() | new.value_map.keys()):
        before, after = old.value_map.get(value), new.value_map.get(value)
        if before == after:
            continue
        at = f"{place}/valueMap/{value}"
        if before is None and not is_key and value not in old.enumeration:
            yield Change(
                at, "value_map_added", COMPATIBLE, None, after, "a value that was not foreseen gets a meaning"
            )
        else:
            why = "the same delivered value means another thing than in the records stored before"
            kind = "value_map_removed" if after is None else "value_map_changed"
            yield Change(at, kind, BREAKING, before, after, why, "Map a value of its own to the new meaning")


def _reading(old: Column, new: Column, place: str) -> Iterator[Change]:
    """How text becomes a date or number."""
    if old.format != new.format:
        first = [_is_day_first(one.format) for one in (old, new)]
        swapped = None not in first and first[0] != first[1]
        why = "03/04 was one day and is another, and no check can see which is right" if swapped else _WRITTEN
        yield Change(
            f"{place}/format",
            "format_changed",
            BREAKING if swapped else COMPATIBLE,
            old.format,
            new.format,
            why,
        )
    if old.number_signs != new.number_signs:
        swapped = bool(
            old.number_signs and new.number_signs and old.number_signs.decimal != new.number_signs.decimal
        )
        why = "1.234 was one number and is another, a thousand times as much or less" if swapped else _WRITTEN
        yield Change(f"{place}/decimalChar", "number_signs_changed", BREAKING if swapped else COMPATIBLE,
                     _signs(old.number_signs), _signs(new.number_signs), why)  # fmt: skip


def _bounds(old: Bounds | None, new: Bounds | None, place: str) -> Iterator[Change]:
    if old is None or new is None or old == new:
        return
    narrowed = new.low > old.low or new.high < old.high  # type: ignore[operator] # both are of the field's type
    why = _REJECTS if narrowed else "rows that were rejected are taken from now on"
    yield Change(f"{place}/bounds", "bounds_narrowed" if narrowed else "bounds_widened",
                 BREAKING if narrowed else COMPATIBLE, f"{old.low} to {old.high}", f"{new.low} to {new.high}", why)  # fmt: skip


def _is_day_first(pattern: str | None) -> bool | None:
    """Whether days stand before months in figures; None where the pattern does not say it, or the year comes first."""
    letters = re.sub(r"'[^']*'|[^yuMd]", "", pattern or "")
    if not re.match(r"d|M", letters) or "MMM" in letters:
        return None
    return letters.startswith("d")


def _signs(signs: NumberSigns | None) -> str | None:
    return None if signs is None else f"decimal {signs.decimal} group {signs.group or 'any'}"
