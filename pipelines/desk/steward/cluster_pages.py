"""Merges that look wrong, one customer's profiles and what holds them together, and splitting it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.command.access import accessed
from pipelines.command.evidence import PairEvidence, read_evidence
from pipelines.command.judging import SIDE_BY_SIDE, judged_pairs
from pipelines.desk.desk import Call, Desk, RefusedError, StaleError
from pipelines.desk.pages import fill_for
from pipelines.desk.steward.clusters import ORDERS, ranked
from pipelines.desk.steward.judging import JudgingError, split
from pipelines.desk.steward.pages import log_look, room_of
from pipelines.desk.steward.sides import Side, read_clusters, read_households, read_sides
from pipelines.desk.steward.state import Pair
from pipelines.desk.steward.working import looking
from pipelines.identity.verdicts import CANNOT_LINK

MOST_PROFILES = 40
_MOST_VERDICTS = 1_000
_MOST_LINKS = 60


@dataclass(frozen=True)
class Cluster:
    """One customer: its profiles, the weighed pairs between them (weakest first) and its household."""

    customer_id: str
    sides: Sequence[Side]
    links: Sequence[PairEvidence]
    more: int
    household: Sequence[object]


def show_merges(desk: Desk, call: Call) -> str:
    """Customers ranked by weakest bridge, by guards around them or by values that contradict. Figures and ids only."""
    order = call.path.get("order", ORDERS[0])
    if order not in ORDERS:
        raise RefusedError(f"Expected one of {', '.join(ORDERS)}.")
    version, merges = room_of(desk).merges.now()
    return fill_for(
        call.session,
        "steward_merges.html",
        place="merges",
        version=version,
        order=order,
        orders=ORDERS,
        merges=ranked(merges, order),
    )


def show_cluster(desk: Desk, call: Call) -> str:
    """One customer's profiles side by side."""
    return _shown(desk, call, call.path["customer"], None)


def take_split(desk: Desk, call: Call) -> str:
    """The chosen profiles are somebody else: `different` about every record of theirs and every record of the rest."""
    room, customer = room_of(desk), call.text("customer")
    if call.text("version") != room.queue.now()[0]:
        raise StaleError(
            "The page shows a version that readers have left since. Nothing was written; load it again."
        )
    cluster = _read(desk, customer)
    chosen = set(call.form.get("away", ()))
    away = [side for side in cluster.sides if str(side.profile_no) in chosen]
    rest = [side for side in cluster.sides if str(side.profile_no) not in chosen]
    if not away or not rest:
        raise JudgingError(
            f"{len(away)} of {len(cluster.sides)} profiles were chosen; expected one or more, and not all of them."
        )
    pairs = _pairs(desk, away, rest)
    with accessed(desk.settings, desk.keys(), "desk split", purpose=desk.purpose, about=customer) as access:
        split(desk.settings, room.state, call.session, f"split {customer}", pairs)
        access.rows = len(pairs)
    return _shown(desk, call, customer, len(pairs))


def _pairs(desk: Desk, away: Sequence[Side], rest: Sequence[Side]) -> list[Pair]:
    token = desk.keys().tokeniser()
    tokens = {side.profile_no: list(map(token, side.records)) for side in (*away, *rest)}
    pairs = [
        pair
        for a in away
        for b in rest
        for pair in judged_pairs(tokens[a.profile_no], tokens[b.profile_no], CANNOT_LINK)
    ]
    if len(pairs) > _MOST_VERDICTS:
        raise JudgingError(
            f"That would be {len(pairs):,} verdicts, expected at most {_MOST_VERDICTS:,}. Take the few profiles that bridge the two "
            "persons first, run the night, and look again."
        )
    return pairs


def _shown(desk: Desk, call: Call, customer: str, written: int | None) -> str:
    version, merges = room_of(desk).merges.now()
    cluster = _read(desk, customer)
    merge = next((one for one in merges if one.customer_id == customer), None)
    page = fill_for(
        call.session, "steward_cluster.html" if written is None else "steward_cluster_part.html", place="merges", version=version,
        cluster=cluster, merge=merge, written=written, fields=_fields(cluster),
    )  # fmt: skip
    log_look(desk, call.session, "desk cluster", (customer,), len(cluster.sides))
    return page


def _fields(cluster: Cluster) -> list[tuple[int, str]]:
    """The columns that any profile knows."""
    return [
        (place, name)
        for place, name in enumerate(SIDE_BY_SIDE)
        if any(side.values[place] for side in cluster.sides)
    ]


def _read(desk: Desk, customer: str) -> Cluster:
    with looking(desk) as conn:
        profiles = read_clusters(conn, [customer]).get(customer)
        if profiles is None:
            raise RefusedError(
                "Nobody has this customer_id in the published version; expected one of it. `ucv explain ID` tells what became of an "
                "older one."
            )
        sides = read_sides(conn, profiles[:MOST_PROFILES])
        listed = ", ".join(map(str, profiles[:MOST_PROFILES]))
        links = read_evidence(
            conn,
            f"profile_a IN ({listed}) AND profile_b IN ({listed})",
            [],
            f"match_weight, profile_a, profile_b LIMIT {_MOST_LINKS:d}",
        )
        household = read_households(conn, [customer]).get(customer, [])
    return Cluster(
        customer,
        [sides[no] for no in profiles if no in sides],
        links,
        max(len(profiles) - MOST_PROFILES, 0),
        household,
    )
