"""The channel and the hour at which a customer is next met: the own habit, drawn towards everybody's, against the most popular.

Tested on the first day with an act after the cut: a hit is a channel that was used on that day, or an hour that is no more
than one away from one of that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.predictions import back_test as frame
from pipelines.predictions.classifier import Flags
from pipelines.predictions.events import Codes, Words, day_number, day_of
from pipelines.predictions.grouping import Vector
from pipelines.predictions.results import Results

METRIC = "hit_rate"
MODEL, BASELINE = "own_habit", "most_popular"

_TEST_DAYS = 90
_SHORTEST = 7
_PULL = 2.0  # acts of everybody that a customer's own ones are mixed with
_HOURS = 24


@dataclass(frozen=True)
class Choices:
    """One element per customer, day and choice: places among `customers` (ids) and `options`; no order."""

    customers: Words
    options: tuple[str, ...]
    customer: Codes
    day: Codes
    choice: Codes
    reach: int
    """How many places away, round the clock, a choice still hits: 0 of channels, 1 of hours."""


def channels_of(acts: pa.Table) -> Choices:
    """From customer_id, day, channel; acts without a channel tell nothing."""
    known = acts.filter(pc.is_valid(acts["channel"]))
    options = tuple(sorted(pc.unique(known["channel"]).to_pylist()))
    choice = pc.index_in(pc.cast(known["channel"], pa.string()), pa.array(options, pa.string()))
    return _choices(known, options, choice, 0)


def hours_of(acts: pa.Table) -> Choices:
    """From customer_id, day, hour; acts without an hour tell nothing."""
    known = acts.filter(pc.is_valid(acts["hour"]))
    return _choices(known, tuple(str(hour) for hour in range(_HOURS)), known["hour"], 1)


def _choices(acts: pa.Table, options: tuple[str, ...], choice: pa.ChunkedArray, reach: int) -> Choices:
    ids = pc.cast(acts["customer_id"], pa.string())
    named = pc.unique(ids)
    named = named.take(pc.sort_indices(named))
    day = pc.cast(pc.cast(acts["day"], pa.date32()), pa.int32())
    rows = np.column_stack([
        np.asarray(one.to_numpy(), dtype=np.int64) for one in (pc.index_in(ids, named), day, choice)
    ])  # fmt: skip
    rows = np.unique(rows, axis=0) if len(rows) else rows
    customers = named.to_numpy(zero_copy_only=False)
    return Choices(customers, options, rows[:, 0], rows[:, 1], rows[:, 2], reach)


def predict_choice(prediction: str, seen: Choices, until: date, results: Results) -> None:
    """Add the back-test, its calibration, and where it won each customer's choice with its probability."""
    end = day_number(until)
    span = end - int(seen.day.min()) if len(seen.day) else 0
    days = min(_TEST_DAYS, span // 4)
    tried = frame.Tried(prediction, MODEL, BASELINE, METRIC)
    if days < _SHORTEST:
        results.add_tests([frame.untested(tried, frame.TOO_SHORT if len(seen.day) else frame.NO_ACTS)])
        return
    cut = end - days
    counts, happened = (
        _widened_counts(seen, seen.day <= cut),
        _widened_counts(seen, _first_day_after(seen, cut)),
    )
    tested = np.flatnonzero((counts.sum(axis=1) > 0) & (happened.sum(axis=1) > 0))
    tried = frame.Tried(prediction, MODEL, BASELINE, METRIC, len(tested), day_of(cut), until)
    choice, probability = _best(seen, counts)
    popular = int(counts.sum(axis=0).argmax())
    hits = (happened[tested, choice[tested]] > 0).astype(np.float64)
    naive = (happened[tested, popular] > 0).astype(np.float64)
    judged = frame.judge(tried, 1 - hits, 1 - naive, of_hits=True)
    results.add_tests([judged], frame.deciles(prediction, probability[tested], hits))
    if judged.is_published:
        choice, probability = _best(seen, _widened_counts(seen, np.ones(len(seen.day), bool)))
        named = [seen.options[place] for place in choice]
        results.add_scores(prediction, seen.customers, choice=named, value=probability)


def _best(seen: Choices, counts: Vector) -> tuple[Codes, Vector]:
    """Per customer the option with the highest probability (of equal ones the first), and that probability."""
    width = 2 * seen.reach + 1
    everybody = counts.sum(axis=0) / max(counts.sum() / width, 1)
    own = counts.sum(axis=1, keepdims=True) / width
    probability = (counts + _PULL * everybody) / (own + _PULL)
    choice = probability.argmax(axis=1).astype(np.int64)
    return choice, np.minimum(probability[np.arange(len(choice)), choice], 1.0)


def _widened_counts(seen: Choices, inside: Flags) -> Vector:
    """Customers by options: on how many days the customer chose it or one within reach of it."""
    many, options = len(seen.customers), len(seen.options)
    place = seen.customer[inside] * options + seen.choice[inside]
    counts = np.bincount(place, minlength=many * options).reshape(many, options).astype(np.float64)
    shifts = range(-seen.reach, seen.reach + 1)
    return np.asarray(sum((np.roll(counts, shift, axis=1) for shift in shifts), np.zeros_like(counts)))


def _first_day_after(seen: Choices, cut: int) -> Flags:
    """Which elements are of the customer's first day after the cut."""
    later = seen.day > cut
    first = np.full(len(seen.customers), np.iinfo(np.int64).max)
    np.minimum.at(first, seen.customer[later], seen.day[later])
    return np.asarray(later & (seen.day == first[seen.customer]))
