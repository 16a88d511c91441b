"""What is measured of a delivery: which check a measure belongs to, how it is called, and its default bounds with their reasons.

A measure is named `<what>` or `<what>:<field>`, as the columns of `delivery_frame` are.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A check of a source's deliveries: the measures of one dimension of quality."""

    name: str
    description: str
    remedy: str
    owner: str


CHECKS = (
    Check("volume", "The delivery has about as many rows as usual",
          "Ask the source whether rows are missing or came twice", "data steward"),
    Check("completeness", "Columns are filled as usual",
          "Ask the source for the column; see that its name in the contract is still the delivered one", "data steward"),
    Check("validity", "Values can be standardised, and rows taken, as usual",
          "Look at rejected rows (`ucv rejects SOURCE`); see that the columns are mapped right", "data engineer"),
    Check("uniqueness", "Rows and contacts do not repeat more than usual",
          "Ask the source whether its export ran twice", "data steward"),
    Check("consistency", "E-mails fit the names beside them; people are not those of another list",
          "Ask the source whether columns were sorted apart; ask the vendor where the list comes from", "data steward"),
    Check("timeliness", "What rows tell happened lately, and not in the future",
          "See the date format and the clock of the source", "data engineer"),
    Check("distribution", "Classes, amounts and ages are spread as usual",
          "Look at what is new or gone with the source; accept it with `ucv accept-delivery` if it is meant", "data steward"),
)  # fmt: skip
"""In the order in which pages show them. Each is one asset check of every source."""

_CHECK_OF = {
    "rows": "volume", "given": "completeness", "valid": "validity", "quarantined": "validity", "distinct": "uniqueness",
    "unrepeated": "uniqueness", "email_fits_name": "consistency", "known_elsewhere": "consistency",
    "known_again": "consistency", "known_otherwise": "consistency", "recent": "timeliness", "future": "timeliness",
    "label": "distribution",
}  # fmt: skip
_WORDS = {
    "rows": "rows", "given": "share filled", "valid": "share valid", "quarantined": "share of rows quarantined",
    "distinct": "share of different values", "unrepeated": "share of rows that stand once",
    "email_fits_name": "share of e-mails that fit the name", "known_elsewhere": "share of people known from another source",
    "known_again": "share of people delivered before under another key",
    "known_otherwise": "share of known contacts that come with another name",
    "recent": "share of rows of the last year", "future": "share of rows of the future", "label": "stability index",
}  # fmt: skip


def check_of(measure: str) -> str:
    return _CHECK_OF[measure.partition(":")[0]]


def words_of(measure: str) -> str:
    return _WORDS[measure.partition(":")[0]]


FEWEST_ROWS = 20
"""Rows below which no default bound holds: a handful of bad rows is no trend. Contracts' bounds hold for any number."""


@dataclass(frozen=True)
class Default:
    """Bounds that hold for every source whose contract sets none for the measure. Both included, None where open."""

    measure: str
    low: float | None
    high: float | None
    severity: str
    reason: str


DEFAULTS = (
    Default("valid:phone", 0.5, None, "warn", "Where half of the numbers are none, another column is mapped"),
    Default("valid:email", 0.5, None, "warn", "Where half of the addresses are none, another column is mapped"),
    Default("valid:national_id", 0.5, None, "warn", "Where half of the numbers fail their check digit, they were damaged, mostly by a spreadsheet"),
    Default("quarantined", None, 0.2, "warn", "A fifth of the rows costs the source more to claim than to deliver again"),
    Default("unrepeated", 0.9, None, "warn", "One row in ten that stands twice is an export that ran twice"),
    Default("future", None, 0.02, "warn", "Clocks differ by minutes; a row in fifty of the future is a wrong date format"),
    Default("known_otherwise", None, 0.5, "warn", "Families share a number; that half of all known contacts changed their name means columns sorted apart"),
)  # fmt: skip
"""A bound is here only where it holds for every kind of source; what differs is learned or stands in the contract."""
