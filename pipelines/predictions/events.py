"""Orders and acts of customers as narrow vectors, and what is known of each customer on a day: never anything after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.predictions.grouping import Vector

Codes = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]

FEATURES = (
    "has_bought", "order_days", "days_since_order", "days_between_orders", "overdue", "order_days_90", "order_days_365",
    "mean_value", "days_known", "days_since_act", "act_days_90", "campaign_responses", "complaints",
)  # fmt: skip
"""What the classifier knows of a customer, as logarithms of one more: counts, days, and the reporting currency.

`order_days` are days with an order, `_90` and `_365` in the days before the cut; `days_between_orders` is the mean gap (365
with fewer than two), `overdue` days since the last order by that gap; acts are what customers did themselves other than
buying, and who did none has `days_since_act` of the last order.
"""


@dataclass(frozen=True)
class Events:
    """One element per customer and day, sorted by both: place of the customer among `customers`, day (days since
    1970-01-01), and what happened: value of orders, or the action of an act."""

    customer: Codes
    day: Codes
    value: Vector
    action: Words


@dataclass(frozen=True)
class World:
    """Customers (ids, sorted) with the days on which they ordered and the acts they did."""

    customers: Words
    orders: Events
    acts: Events


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def day_of(number: int) -> date:
    """The day so many days after 1970-01-01."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + number)


def world_of(order_days: pa.Table, acts: pa.Table) -> World:
    """From `order_days` (customer_id, day, value; one row per customer and day) and `acts` (customer_id, day, action)."""
    named = [pc.cast(table["customer_id"], pa.string()) for table in (order_days, acts)]
    ids = pc.unique(pa.chunked_array([chunk for one in named for chunk in one.chunks], pa.string()))
    ids = ids.take(pc.sort_indices(ids))
    orders = _sorted(ids, order_days, order_days["value"].to_numpy(), np.empty(len(order_days), object))
    actions = acts["action"].to_numpy().astype(object)
    return World(ids.to_numpy(zero_copy_only=False), orders, _sorted(ids, acts, np.zeros(len(acts)), actions))


def _sorted(ids: pa.Array, table: pa.Table, value: Vector, action: Words) -> Events:
    customer = pc.index_in(pc.cast(table["customer_id"], pa.string()), ids).to_numpy().astype(np.int64)
    day = pc.cast(pc.cast(table["day"], pa.date32()), pa.int32()).to_numpy().astype(np.int64)
    order = np.lexsort((action.astype(str), value, day, customer))
    return Events(customer[order], day[order], value[order].astype(np.float64), action[order])


def known_by(world: World, cut: int) -> tuple[Codes, Vector]:
    """Customers with an order or act up to and with the day `cut`, and their FEATURES: one row each.

    Nothing of a later day is looked at.
    """
    many = len(world.customers)
    orders, acts = _up_to(world.orders, cut), _up_to(world.acts, cut)
    first, last = _first_and_last(orders, many, cut)
    first_act, last_act = _first_and_last(acts, many, cut)
    bought = np.bincount(orders.customer, minlength=many).astype(np.float64)
    acted = np.bincount(acts.customer, minlength=many) > 0
    gap = np.where(bought > 1, (last - first) / np.maximum(bought - 1, 1), 365.0)
    spent = np.bincount(orders.customer, orders.value, minlength=many) / np.maximum(bought, 1)
    columns = {
        "has_bought": bought > 0, "order_days": bought, "days_since_order": np.where(bought > 0, cut - last, 0),
        "days_between_orders": gap, "overdue": np.where(bought > 0, (cut - last) / np.maximum(gap, 1), 0),
        "order_days_90": _counted(orders, many, cut - 90), "order_days_365": _counted(orders, many, cut - 365),
        "mean_value": np.clip(spent, 0, None), "days_known": cut - np.minimum(first, first_act),
        "days_since_act": np.where(acted, cut - last_act, cut - last),
        "act_days_90": _counted(acts, many, cut - 90),
        "campaign_responses": _counted(acts, many, action="campaign_response"),
        "complaints": _counted(acts, many, action="complaint"),
    }  # fmt: skip
    seen = np.unique(np.concatenate([orders.customer, acts.customer]))
    matrix = np.column_stack([np.log1p(columns[name][seen].astype(np.float64)) for name in FEATURES])
    return seen, matrix


def bought_between(world: World, after: int, until: int) -> npt.NDArray[np.bool_]:
    """Per customer of `world`, whether there is an order after the day `after`, up to and with `until`."""
    inside = (world.orders.day > after) & (world.orders.day <= until)
    return np.bincount(world.orders.customer[inside], minlength=len(world.customers)) > 0


def purchase_histories(world: World, cut: int) -> tuple[Codes, Vector, Vector, Vector]:
    """Customers who bought before the day `cut`, with frequency, recency and age (weeks) on it, as BG/NBD takes them."""
    orders, many = _up_to(world.orders, cut), len(world.customers)
    first, last = _first_and_last(orders, many, cut)
    bought = np.bincount(orders.customer, minlength=many)
    seen = np.flatnonzero((bought > 0) & (first < cut))
    vectors = [each[seen].astype(np.float64) for each in (bought - 1, (last - first) / 7, (cut - first) / 7)]
    return seen.astype(np.int64), vectors[0], vectors[1], vectors[2]


def _up_to(events: Events, cut: int) -> Events:
    inside = events.day <= cut
    return Events(events.customer[inside], events.day[inside], events.value[inside], events.action[inside])


def _first_and_last(events: Events, many: int, cut: int) -> tuple[Codes, Codes]:
    """Days, `cut` where there is none."""
    first, last = np.full(many, cut), np.full(many, cut)
    last[events.customer] = events.day  # sorted by day: of several the last one stays
    first[events.customer[::-1]] = events.day[::-1]
    return first, last


def _counted(events: Events, many: int, after: int | None = None, action: str | None = None) -> Codes:
    inside = np.ones(len(events.day), bool) if after is None else events.day > after
    if action is not None:
        inside &= events.action == action
    return np.bincount(events.customer[inside], minlength=many)
