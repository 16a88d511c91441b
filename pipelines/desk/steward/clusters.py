"""Customers whose merge looks wrong: the weakest link that holds a cluster together, guards around it, values that contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.command.working_file import weights_sql
from pipelines.desk.desk import Desk
from pipelines.desk.steward.working import looking

ORDERS = ("bridge", "guards", "conflicts")
MOST_SHOWN = 100
CONFLICTING = ("birth_date", "sex", "national_id", "given_latin", "family_latin")
"""Fields of which one person has one value."""

_MEMBERS = (
    "SELECT r.profile_no, any_value(x.customer_id) AS customer_id, count(*) AS records FROM warehouse.identity.identity_records AS r "
    "JOIN warehouse.golden.customer_xref AS x USING (record_id) GROUP BY r.profile_no"
)
_EDGES = f"""
WITH member AS ({_MEMBERS})
SELECT a.customer_id, w.profile_a, w.profile_b, w.match_weight
FROM ({{weights}}) AS w JOIN member AS a ON a.profile_no = w.profile_a JOIN member AS b ON b.profile_no = w.profile_b
WHERE a.customer_id = b.customer_id
ORDER BY a.customer_id, w.match_weight DESC, w.profile_a, w.profile_b
"""
_GUARDS = f"""
WITH member AS ({_MEMBERS})
SELECT customer_id, count(*) FROM (
    SELECT DISTINCT m.customer_id, g.profile_a, g.profile_b FROM warehouse.identity.identity_guarded AS g
    JOIN member AS m ON m.profile_no IN (g.profile_a, g.profile_b)
) GROUP BY customer_id
"""
_COUNTS = ", ".join(f"count(DISTINCT p.{name})" for name in CONFLICTING)
_VALUES = f"""
WITH member AS ({_MEMBERS})
SELECT m.customer_id, count(*), sum(m.records), {_COUNTS}
FROM member AS m JOIN warehouse.identity.identity_profiles AS p USING (profile_no)
GROUP BY m.customer_id HAVING count(*) > 1
"""


@dataclass(frozen=True)
class Merge:
    """A customer of two profiles or more. `bridge`: bits of the weakest link without which it falls apart, None where its profiles hang
    together by no weighed pair alone; `guards`: pairs with one of its profiles that guards keep apart; `conflicts`: fields with two
    values or more."""

    customer_id: str
    profiles: int
    records: int
    bridge: float | None
    bridge_pair: tuple[int, int] | None
    guards: int
    conflicts: tuple[str, ...]


def read_merges(desk: Desk) -> list[Merge]:
    """Every merged customer of the version published now."""
    with looking(desk) as conn:
        edges = conn.execute(_EDGES.format(weights=weights_sql())).fetchall()
        guards = {str(customer): int(count) for customer, count in conn.execute(_GUARDS).fetchall()}
        rows = conn.execute(_VALUES).fetchall()
    bridges = weakest_bridges((str(c), int(a), int(b), float(w)) for c, a, b, w in edges)
    return [_merge(row, bridges, guards) for row in rows]


def ranked(merges: Iterable[Merge], order: str) -> list[Merge]:
    """The hundred that look worst by one of ORDERS."""
    keys = {
        "bridge": lambda one: (one.bridge is None, one.bridge or 0.0, one.customer_id),
        "guards": lambda one: (-one.guards, one.bridge or 0.0, one.customer_id),
        "conflicts": lambda one: (-len(one.conflicts), one.bridge or 0.0, one.customer_id),
    }
    return sorted(merges, key=keys[order])[:MOST_SHOWN]


def weakest_bridges(edges: Iterable[tuple[str, int, int, float]]) -> dict[str, tuple[float, tuple[int, int]]]:
    """Customer -> the weakest link of its strongest tree (Kruskal), of (customer, profile, profile, bits) with the strongest first.

    Every other way between the two parts that it joins is weaker still, so that without it the customer falls apart.
    """
    parents: dict[int, int] = {}
    found: dict[str, tuple[float, tuple[int, int]]] = {}
    for customer, one, other, bits in edges:
        a, b = _root(parents, one), _root(parents, other)
        if a != b:
            parents[a] = b
            found[customer] = (bits, (one, other))  # the last one joined is the weakest
    return found


def _root(parents: dict[int, int], node: int) -> int:
    while (above := parents.setdefault(node, node)) != node:
        parents[node] = parents.get(above, above)
        node = above
    return node


def _merge(
    row: tuple[object, ...], bridges: dict[str, tuple[float, tuple[int, int]]], guards: dict[str, int]
) -> Merge:
    customer, profiles, records, *counts = row
    bits, pair = bridges.get(str(customer), (None, None))
    conflicts = tuple(name for name, count in zip(CONFLICTING, counts, strict=True) if int(str(count)) > 1)
    return Merge(
        str(customer),
        int(str(profiles)),
        int(str(records)),
        bits,
        pair,
        guards.get(str(customer), 0),
        conflicts,
    )
