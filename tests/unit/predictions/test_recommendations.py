"""Recommendations: what goes together is found and not what everybody buys; never what one has, nor what is sold no more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipelines.predictions import back_test as frame
from pipelines.predictions.baskets import Baskets, affinity, baskets_of
from pipelines.predictions.events import day_number
from pipelines.predictions.recommendations import (
    BASELINE,
    MODELS,
    ON_SALE_DAYS,
    predict_recommendations,
    recommend,
)
from pipelines.predictions.results import Results
from pipelines.settings import DBT_PROJECT_DIR

UNTIL = date(2026, 11, 1)
LINES = pa.schema([
    ("customer_id", pa.string()), ("order_id", pa.string()), ("day", pa.date32()), ("product_id", pa.string()),
])  # fmt: skip
Line = tuple[str | None, str, date, str]


def baskets(lines: list[Line]) -> Baskets:
    return baskets_of(
        pa.Table.from_pylist([dict(zip(LINES.names, one, strict=True)) for one in lines], LINES)
    )


def ago(days: int) -> date:
    return UNTIL - timedelta(days=days)


def tastes(strength: float, customers: int = 600) -> list[Line]:
    """Eight tastes of six products each; a customer buys two of the own taste at a time, as far as `strength` goes."""
    dice = np.random.default_rng(5)
    lines: list[Line] = []
    for number in range(customers):
        for turn, day in enumerate(range(int(dice.integers(0, 100)), 700, 150)):
            taste = number % 8 if dice.random() < strength else int(dice.integers(0, 8))
            for product in dice.choice(6, 2, replace=False):
                lines.append((f"c{number:03}", f"o{number:03}-{turn}", ago(day), f"p{taste}{product}"))
    return lines


def told(lines: list[Line]) -> list[dict[str, Any]]:
    results = Results()
    predict_recommendations(baskets(lines), UNTIL, results)
    return list(results.table().to_pylist())


def test_tastes_beat_popularity_and_nobody_is_recommended_what_they_have() -> None:
    lines = tastes(0.9)
    rows = told(lines)
    tests = [row for row in rows if row["part"] == "backtest"]
    assert [row["model"] for row in tests] == list(MODELS)
    assert sum(row["is_published"] for row in tests) == 1
    assert all(
        row["baseline"] == BASELINE and row["model_score"] > 2 * row["baseline_score"] for row in tests
    )
    scores = [row for row in rows if row["part"] == "score"]
    had = {(customer, product) for customer, _, _, product in lines}
    assert scores
    assert not had & {(row["customer_id"], row["choice"]) for row in scores}
    assert all((row["customer_id"], row["because"]) in had for row in scores if row["because"])
    first = [row for row in scores if row["place"] == 1]
    assert len(first) == len({row["customer_id"] for row in scores}) == 600
    assert max(row["place"] for row in scores) == 5
    of_taste = [int(row["choice"][1]) == int(row["customer_id"][1:]) % 8 for row in first]
    assert np.mean(of_taste) > 0.6  # some have all six of their taste


def test_without_tastes_nothing_is_published() -> None:
    assert {row["part"] for row in told(tastes(0.0))} == {"backtest"}


def test_affinity_is_that_of_the_mart() -> None:
    lines = tastes(0.5, 60)
    seen = baskets(lines)
    pairs = affinity(seen, seen.order).tocoo()
    ours = {
        (seen.products[one], seen.products[other]): share
        for one, other, share in zip(pairs.row, pairs.col, pairs.data, strict=True)
    }
    sql = (DBT_PROJECT_DIR / "models" / "marts" / "product_affinity.sql").read_text("utf-8")
    conn = duckdb.connect()
    conn.execute(
        "create table lines (customer_id varchar, order_id varchar, day date, product_id varchar, is_return boolean)"
    )
    conn.executemany("insert into lines values (?, ?, ?, ?, false)", lines)
    found = conn.execute(
        "select product_id, with_product_id, confidence from (" + sql.replace("{{ ref('fct_transactions') }}", "lines") + ")"
    ).fetchall()  # fmt: skip
    assert ours == pytest.approx({(one, other): float(share) for one, other, share in found}, abs=1e-6)


def test_products_sold_no_more_are_not_recommended() -> None:
    lines: list[Line] = [
        (f"c{n}", f"o{n}-{day}", ago(day), product)
        for n in range(20)
        for day, products in ((400, ("a", "b", "old")), (10, ("b", "new")))
        for product in products
    ] + [("x", "ox", ago(300), "a")]
    seen = baskets(lines)
    found = recommend(seen, np.array([list(seen.customers).index("x")]), MODELS[0], day_number(UNTIL))
    assert [seen.products[place] for place in found.products[0] if place >= 0] == ["b", "new"]
    assert seen.products[found.because[0][0]] == "a"
    assert found.because[0][1] == -1  # nobody bought it beside a: it is popular
    long_ago = day_number(ago(10)) + ON_SALE_DAYS
    nothing = recommend(seen, np.array([0]), MODELS[0], long_ago)
    assert (nothing.products == -1).all()


def test_orders_after_the_cut_change_no_recommendation_of_the_test() -> None:
    lines = tastes(0.9)
    cut = day_number(ago(175))
    seen = baskets(lines)
    less = baskets([line for line in lines if day_number(line[2]) <= cut])
    known = seen.only(seen.day <= cut)
    assert list(seen.products) == list(less.products)
    assert list(seen.customers) == list(less.customers)
    for model in (*MODELS, BASELINE):
        one, two = (recommend(each, np.arange(600), model, cut) for each in (known, less))
        np.testing.assert_array_equal(one.products, two.products)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], frame.NO_PRODUCTS),
        ([("a", "o", UNTIL, "p")], frame.TOO_SHORT),
        ([("a", "o", ago(300), "p"), ("a", "q", ago(1), "r")], frame.TOO_FEW),
        ([(None, "o", ago(300), "p")], frame.TOO_FEW),
        (
            [(f"c{n}", f"o{n}{day}", ago(day), "p") for n in range(200) for day in (300, 1)],
            frame.TOO_FEW,
        ),
        (
            [(f"c{n}", f"o{n}{day}", ago(day), product) for n in range(200) for day, product in ((300, "p"), (200, "q"), (1, "r"))],
            frame.LOST,
        ),
    ],
    ids=["no orders", "one order", "one customer", "nobody named", "one product", "everybody the same"],
)  # fmt: skip
def test_too_little_to_recommend_is_told(lines: list[Line], reason: str) -> None:
    rows = told(lines)
    assert {row["reason"] for row in rows} == {reason}
    assert {row["part"] for row in rows} == {"backtest"}


def test_lines_in_any_order_give_the_same_bits() -> None:
    lines = tastes(0.9, 200)
    mixed = [lines[place] for place in np.random.default_rng(3).permutation(len(lines))]
    assert told(mixed) == told(lines)
