"""The doubtful pairs of one version nearest to the threshold, read at once, so that the next one needs no query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import duckdb

from pipelines.command.evidence import PairEvidence, read_evidence
from pipelines.command.judging import judged_pairs
from pipelines.desk.desk import Desk
from pipelines.desk.steward.sides import Person, Side, read_clusters, read_households, read_sides
from pipelines.desk.steward.working import looking
from pipelines.identity.verdicts import CANNOT_LINK

MOST_PAIRS = 1_000
"""Pairs in the queue of one version: more than anybody judges in a day."""
_MOST_AROUND = 12
_FLOOR = "(SELECT value FROM warehouse.identity.identity_match_settings WHERE setting = 'link_floor')"
_UNJUDGED = (
    "(profile_a, profile_b) NOT IN (SELECT (profile_a, profile_b) FROM warehouse.identity.identity_verdicts)"
)


@dataclass(frozen=True)
class DoubtfulPair:
    """One pair: evidence in bits, and both sides. `tokens` names it in state: the keyed tokens of each side's first record."""

    key: str
    evidence: PairEvidence
    one: Side
    other: Side
    tokens: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def is_linked(self) -> bool:
        """Whether the tool has both in one customer today."""
        return self.one.customer_id == self.other.customer_id

    @property
    def name(self) -> tuple[str, str]:
        """The first record of each side as a pair of tokens in order, as verdicts have it."""
        a, b = self.tokens[0][0], self.tokens[1][0]
        return min(a, b), max(a, b)

    @cached_property
    def all_names(self) -> frozenset[tuple[str, str]]:
        """The pairs of records that a verdict about the two is written for."""
        return frozenset((min(pair), max(pair)) for pair in judged_pairs(*self.tokens, CANNOT_LINK))


@dataclass(frozen=True)
class Queue:
    """`sides` holds everybody in the clusters around the pairs as well."""

    pairs: Mapping[str, DoubtfulPair]
    sides: Mapping[int, Side]
    clusters: Mapping[str, list[int]]
    households: Mapping[str, list[Person]]

    def around(self, pair: DoubtfulPair) -> dict[str, list[Side]]:
        """The other profiles of the customers that the two belong to, a dozen of each."""
        shown = {pair.one.profile_no, pair.other.profile_no}
        return {
            customer: [
                self.sides[no]
                for no in self.clusters.get(customer, ())
                if no in self.sides and no not in shown
            ][:_MOST_AROUND]
            for customer in dict.fromkeys((pair.one.customer_id, pair.other.customer_id))
        }

    def household(self, pair: DoubtfulPair) -> list[Person]:
        """Everybody who lives with either customer, themselves among them."""
        members = [
            member
            for customer in (pair.one.customer_id, pair.other.customer_id)
            for member in self.households.get(customer, ())
        ]
        return list(dict.fromkeys(members))


def read_queue(desk: Desk) -> Queue:
    """Read it from the version published now."""
    token = desk.keys().tokeniser()
    with looking(desk) as conn:
        found = read_evidence(
            conn, _UNJUDGED, [], f"abs(match_weight - {_FLOOR}), profile_a, profile_b LIMIT {MOST_PAIRS:d}"
        )
        sides, clusters, households = _around(conn, found)
    pairs = {}
    for evidence in found:
        one, other = sides.get(evidence.profile_a), sides.get(evidence.profile_b)
        if one is not None and other is not None:
            key = f"{one.profile_no}-{other.profile_no}"
            tokens = tuple(map(token, one.records)), tuple(map(token, other.records))
            pairs[key] = DoubtfulPair(key, evidence, one, other, tokens)
    return Queue(pairs, sides, clusters, households)


def _around(
    conn: duckdb.DuckDBPyConnection, found: list[PairEvidence]
) -> tuple[dict[int, Side], dict[str, list[int]], dict[str, list[Person]]]:
    profiles = {no for pair in found for no in (pair.profile_a, pair.profile_b)}
    sides = read_sides(conn, sorted(profiles))
    customers = sorted({side.customer_id for side in sides.values()})
    clusters = read_clusters(conn, customers)
    beside = {no for members in clusters.values() for no in members[: _MOST_AROUND + 2]} - set(sides)
    return {**sides, **read_sides(conn, sorted(beside))}, clusters, read_households(conn, customers)
