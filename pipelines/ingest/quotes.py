"""Reading a CSV line whose quotation marks are not as the format wants them, where only one reading fits the header.

Programs pad quoted fields to the width of their neighbours (`"a, b"   ,c`), put blanks before them, and forget to double the
marks inside (`"5" pipe",3`). Every mark inside a quoted field may close it if a delimiter or the end follows; a reading is a
choice of those. The one with as many fields as the header has, and no other, is what the sender meant.
"""

from __future__ import annotations

from collections.abc import Iterator

_MOST_MARKS = 60  # in a line with more nothing is tried
_MOST_READINGS = 2_000  # branches looked at before a line counts as ambiguous
_BLANKS = " \t\u00a0\u3000"

Values = list[str | None]


def only_reading(text: str, delimiter: str, width: int | None) -> Values | None:
    """The fields of one line without its end, where exactly one reading has `width` of them; of several the one in which no
    mark is left bare in a quoted field, if there is one. None: no reading fits, or more than one. `width` None: any."""
    if text.count('"') > _MOST_MARKS:
        return None
    found: dict[tuple[str, ...], int] = {}
    for steps, (fields, bare) in enumerate(_readings(text, delimiter, width, 0)):
        if steps >= _MOST_READINGS:
            return None
        if width is None or len(fields) == width:
            found[fields] = min(bare, found.get(fields, bare))
    clean = [fields for fields, bare in found.items() if not bare]
    chosen = clean or list(found)
    return [*chosen[0]] if len(chosen) == 1 else None


def _readings(
    text: str, delimiter: str, width: int | None, start: int
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Fields from `start` on with the number of bare marks in quoted ones; at most `width` fields."""
    if width is not None and width <= 0:
        return
    left = None if width is None else width - 1
    for value, bare, end in _fields(text, delimiter, start):
        if end >= len(text):
            yield (value,), bare
            continue
        for rest, more in _readings(text, delimiter, left, end + 1):
            yield (value, *rest), bare + more


def _fields(text: str, delimiter: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The field that begins at `start` in every reading: its value, its bare marks and where its delimiter is."""
    opening = start
    while opening < len(text) and text[opening] in _BLANKS and text[opening] != delimiter:
        opening += 1
    if opening >= len(text) or text[opening] != '"':
        end = text.find(delimiter, start)
        end = len(text) if end < 0 else end
        yield text[start:end], 0, end
        return
    place = opening + 1
    bare = 0
    while (place := text.find('"', place)) >= 0:
        end = place + 1
        while end < len(text) and text[end] in _BLANKS and text[end] != delimiter:
            end += 1
        if end >= len(text) or text[end] == delimiter:
            yield text[opening + 1 : place].replace('""', '"'), bare, end
        if text.startswith('""', place):
            place += 2
        else:
            bare += 1
            place += 1


def is_open(text: str, delimiter: str) -> bool:
    """Whether a quoted field of the line may go on in the next."""
    return text.count('"') % 2 == 1 and any(
        part.lstrip(_BLANKS).startswith('"') for part in text.split(delimiter)
    )


def is_padded(values: Values) -> bool:
    """Whether a field may have been read as plain only because blanks stand before its quotation mark."""
    return any(value and value[0] in _BLANKS and value.lstrip(_BLANKS).startswith('"') for value in values)
