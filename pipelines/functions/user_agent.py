"""Kind of device, operating system and browser from a user agent, or from a word such as android or 电脑."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from pipelines.functions.text import LONGEST, tidy

DEVICE_FIELDS = {"device_type": "VARCHAR", "operating_system": "VARCHAR", "browser": "VARCHAR"}

_MACHINE = re.compile(r"bot\b|spider|crawler|curl/|python-|headless|monitoring")
_TYPE_OF_SYSTEM = {"ios": "mobile", "android": "mobile", "harmonyos": "mobile"} | dict.fromkeys(
    ("windows", "macos", "chromeos", "linux"), "desktop"
)


@lru_cache(maxsize=100_000)
def read_device(user_agent: str | None, device: str | None) -> dict[str, str | None] | None:
    """DEVICE_FIELDS, None of two blanks; what the user agent does not say is taken from `device`, each is None where neither does.

    `device_type` is desktop, mobile or tablet. A program (a crawler, a monitor) has none: nobody uses it.
    """
    if not tidy(user_agent) and not tidy(device):
        return None
    told = [text.lower() for text in (user_agent, device) if text and len(text) <= LONGEST]
    found: dict[str, str | None] = dict.fromkeys(DEVICE_FIELDS)
    if any(_MACHINE.search(text) for text in told):
        return found
    for text in told:
        for part in DEVICE_FIELDS:
            found[part] = found[part] or _sign(part, text)
        found["device_type"] = _typed(found, text)
    return found


def _sign(part: str, text: str) -> str | None:
    return next((code for code, pattern in _signs()[part] if pattern.search(text)), None)


def _typed(found: dict[str, str | None], text: str) -> str | None:
    """The kind of device; an Android that sends a browser's whole user agent without Mobile is a tablet."""
    if found["device_type"]:
        return found["device_type"]
    if found["operating_system"] == "android" and text.startswith("mozilla/"):
        return "tablet"
    return _TYPE_OF_SYSTEM.get(found["operating_system"] or "")


@cache
def _signs() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Part -> codes with their patterns, in the order in which they are tried."""
    signs: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    text = files("pipelines.functions.lists").joinpath("user_agent_signs.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        signs.setdefault(row["part"], []).append((row["code"], re.compile(row["pattern"])))
    return signs
