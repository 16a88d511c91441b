"""When somebody may be called or texted: days and hours by the country of the number, in the time of whoever is called.

They stand in `quiet_hours.csv`; change them there. A file for the telephone carries them in every row, since only whoever calls
knows when.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import phonenumbers

UNKNOWN = "*"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONGEST_CODE = 3


@cache
def allowed_hours(country: str) -> str:
    """Such as `Mon-Sat 09:00-20:00`; of a country without a line, or one nobody knows, the line of all others."""
    known = _read()
    days, opens, closes = known.get(country) or known[UNKNOWN]
    first, last = (int(each) - 1 for each in days.split("-"))
    return f"{_DAYS[first]}-{_DAYS[last]} {opens}-{closes}"


def country_of(number: str) -> str:
    """Main country of a number in international form (US for all of +1), by its calling code alone; `*` for any other text."""
    if number.startswith("+"):
        for length in range(1, _LONGEST_CODE + 1):
            code = number[1 : 1 + length]
            regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdecimal() else None
            if regions:
                return str(regions[0])
    return UNKNOWN


@cache
def _read() -> dict[str, tuple[str, str, str]]:
    text = files(__package__).joinpath("quiet_hours.csv").read_text(encoding="utf-8")
    return {
        row["country"]: (row["days"], row["opens"], row["closes"])
        for row in csv.DictReader(text.splitlines())
    }
