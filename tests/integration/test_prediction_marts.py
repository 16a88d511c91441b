"""The models of predictions on customers with habits: what wins is published, and every mart takes what Python gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from test_dbt_unit_tests import run_dbt

from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

MARTS = (
    "customer_lifetime_value", "customer_predictions", "customer_recommendations", "recommendations_withheld",
    "prediction_backtests", "prediction_calibration", "campaign_uplift",
)  # fmt: skip
PYTHON = (
    "lifetime_value_predictions", "purchase_predictions", "contact_predictions", "recommendation_predictions",
    "uplift_predictions",
)  # fmt: skip
# Half of the customers left at some time; each has a channel, an hour and a taste; who bought lately is moved by the campaign.
WORLD = """
create schema warehouse.golden; create schema warehouse.marts_work;
create table warehouse.golden.customers as select 'c' || n as customer_id from range(4000) as _ (n);
create table warehouse.marts_work.refused_profiling as select 'c3999' as customer_id;
create table warehouse.marts_work.prediction_order_days as
select distinct 'c' || n as customer_id, date '2026-11-01' - ago::integer as day, 10 + n % 7 + hash(n, k) % 5::double as value
from (
    select n, k, 700 - k * gap - hash(n, k) % gap as ago, case when n % 2 = 1 then hash(n) % 500 else 0 end as gone
    from (select n, case when n % 4 < 2 then 12 else 45 end as gap from range(900) as _ (n)), range(60) as __ (k)
)
where ago > gone;
create table warehouse.marts_work.prediction_acts as
select
    'c' || n as customer_id, date '2026-11-01' - (k * 40 + hash(n) % 40)::integer as day, 'web_visit' as action,
    ['app', 'store', 'website'][1 + n % 3] as channel, (8 + 3 * (n % 4))::integer as hour
from range(900) as _ (n), range(10) as __ (k);
create table warehouse.marts_work.prediction_baskets as
select distinct
    'c' || n as customer_id, n || '-' || k as order_id, date '2026-11-01' - (k * 150 + hash(n) % 100)::integer as day,
    'p' || n % 8 || hash(n, k, j) % 6 as product_id
from range(900) as _ (n), range(4) as __ (k), range(2) as ___ (j);
create table warehouse.marts_work.campaign_members as
select
    'SPRING' as campaign_id, 'c' || n as customer_id, hash(n, 'lot') % 2 = 0 as is_holdout, 1 + n % 5 as order_days,
    case when n % 2 = 0 then 10 else 400 end as days_since_order, (n % 90)::double as mean_value,
    hash(n, 'buys') % 100 < case when n % 2 = 0 and hash(n, 'lot') % 2 = 1 then 40 else 10 end as has_bought
from range(3999) as _ (n);
"""


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("prediction_marts")
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        settings = create_home(folder / "home")
        _attached(settings).execute(WORLD).close()
        words = ["build", "--exclude-resource-types", "unit_test", "--select", *PYTHON, *MARTS]
        run_dbt(settings.home, folder / "target", *words)
        found = _attached(settings)
        found.execute("use warehouse.marts")
        yield found
        found.close()


def _attached(settings: Settings) -> duckdb.DuckDBPyConnection:
    path: Path = settings.home / "warehouse" / "unit" / "warehouse.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    conn = open_connection(settings, load_keys(settings))
    attach_database(conn, path, load_keys(settings))
    return conn


def rows(conn: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return list(conn.execute(sql).fetchall())


def test_one_model_of_each_prediction_is_published(conn: duckdb.DuckDBPyConnection) -> None:
    told = rows(
        conn, "select prediction, count(*) filter (where is_published) from prediction_backtests group by all"
    )
    assert dict(told) == dict.fromkeys([
        "lifetime_value", "churn", "purchase", "best_channel", "best_hour", "recommendation", "uplift SPRING",
    ], 1)  # fmt: skip


def test_scores_reach_the_tables_of_customers(conn: duckdb.DuckDBPyConnection) -> None:
    (counts,) = rows(conn, """
        select count(*), count(purchase_probability), count(churn_probability) between 100 and 899,
            count(*) filter (where best_channel = ['app', 'store', 'website'][1 + substr(customer_id, 2)::integer % 3]),
            count(*) filter (where abs(best_hour - 8 - 3 * (substr(customer_id, 2)::integer % 4)) <= 1)
        from customer_predictions
    """)  # fmt: skip
    assert counts == (900, 900, True, 900, 900)
    assert rows(conn, "select count(*) from customer_lifetime_value") == [(900,)]


def test_recommended_or_told_why_not_is_everybody_once(conn: duckdb.DuckDBPyConnection) -> None:
    (one,) = rows(conn, "select count(distinct customer_id), max(place), count(because_product_id) > 0 from customer_recommendations")  # fmt: skip
    assert one == (900, 5, True)
    reasons = dict(rows(conn, "select reason, count(*) from recommendations_withheld group by all"))
    assert reasons == {"refused_profiling": 1, "no_product_known": 3099}


def test_deciles_and_uplift_stand_in_their_tables(conn: duckdb.DuckDBPyConnection) -> None:
    told = rows(conn, "select prediction, sum(customers) > 100, min(decile) >= 1, max(decile) <= 10 from prediction_calibration group by all")  # fmt: skip
    assert {name for name, *_ in told} == {"lifetime_value", "churn", "purchase", "best_channel", "best_hour"}
    assert all(all(each) for _, *each in told)
    ((low, high),) = rows(conn, "select uplift_low, uplift_high from campaign_uplift where decile = 0")
    assert 0.1 < low < 0.15 < high < 0.2
    assert rows(conn, "select count(*) > 2, bool_and(has_won) from campaign_uplift") == [(True, True)]
