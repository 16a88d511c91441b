"""A steward's word on two profiles as verdicts about their records, the same from the terminal and from the desk."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.identity.verdicts import CANNOT_LINK, Verdict, record_verdicts
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings

SIDE_BY_SIDE = (
    "family_name", "given_name", "native_name", "birth_date", "sex", "national_id", "phones", "emails", "address_line",
    "city", "postcode", "birth_place", "occupation", "organisation_key",
)  # fmt: skip
"""Columns of identity_profiles that a steward compares, in the order in which they are shown."""

_MOST_RECORDS = 20


def judged_pairs(one: Sequence[str], other: Sequence[str], verdict: str) -> list[tuple[str, str]]:
    """The pairs of records that a verdict about two profiles is written for; `one` and `other` are keyed tokens of their records.

    Records that read the same are one profile: what keeps one of them apart keeps all of them apart, while one link joins them.
    """
    if verdict == CANNOT_LINK:
        return [(x, y) for x in one[:_MOST_RECORDS] for y in other[:_MOST_RECORDS]]
    return [(one[0], other[0])]


def write_verdict(settings: Settings, verdict: str, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
    """Write them all or none under the home's lock. Raises VerdictError where they contradict what holds, HomeBusyError while a
    run holds the home."""
    with home_lock(settings):
        return record_verdicts(settings.home, verdict, pairs, settings.today())
