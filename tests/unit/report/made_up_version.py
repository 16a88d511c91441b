"""A published version made up of few rows, read as the page of a version reads one: tables of golden and marts, and a version before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.report.answers import Answer, UnreadableError
from pipelines.report.blocks import PublishedTables
from pipelines.report.version_page import ToldVersion, write_version_page

TOLD = ToldVersion(
    "v20261127T020000Z-abcdef",
    "2026-11-01",
    "2026-11-27T02:00:00+00:00",
    "v20261126T020000Z-abcdef",
    "CNY",
    "Asia/Shanghai",
)
GOLDEN = ("customers", "customer_xref", "customer_id_events", "source_quality", "source_consistency")

# c0 to c59 have a record each and c0 another; before, c0 was two and c57 a part of c56; c58 and c59 came since, and one is gone.
TABLES = {
    "customers": "select 'c' || i as customer_id, if(i < 55, 'person', 'organisation') as entity_type, "
    "if(i = 0, 2, 1) as record_count from range(60) as r(i)",
    "customer_xref": "select 'r' || i as record_id, 'c' || if(i = 60, 0, i) as customer_id from range(61) as r(i)",
    "customer_id_events": "select date '2026-10-31' as \"at\", 'merged' as event, 1 as record_count",
    "source_quality": "select * from (values ('shop<b>', 'store', 'own', null, 40, 38, 0.71, 0.5, 0.1, 0.02, 0.35), "
    "('list', 'data_company', 'purchase', '华信 & Sons', 21, 20, 0.389, 0.4, 0.05, 0.0, 0.0)) as t(source_system, channel, "
    "acquisition_mode, vendor, record_count, customer_count, quality_score, within_one_year_share, verified_share, failed_share, "
    "inconsistent_share)",
    "source_consistency": "select 'shop<b>' as source_system, 'before_birth' as rule, 40 as judged_count, 2 as broken_count, "
    "0.05 as broken_share, 0.01 as warn_share",
    "source_deliveries": "select * from (values ('shop<b>', 2, 1045, 1040, 3, 2, 0.0029, timestamp '2026-10-31 08:00', "
    "timestamp '2026-10-30 23:00', 74, 1, 2, false), ('list', 0, 0, 0, 0, 0, null, null, null, null, null, null, null)) as "
    "t(source_system, file_count, delivered_rows, accepted_rows, quarantined_rows, duplicate_rows, quarantined_share, "
    "latest_delivered_at, latest_event_at, allowed_hours, days_since_delivery, days_since_event, is_overdue)",
    "matching_funnel": "select * from (values (1, 'rows', 1045), (2, 'accepted_rows', 1040), (6, 'links', 12), "
    "(7, 'customers', 60)) as t(place, funnel_stage, item_count)",
    "field_coverage": "select 'reach_by_email' as goal, 'email' as field, 33 as observed_customers, 2 as inferred_customers, "
    "0.55 as observed_share",
    "customer_360": "select 'c' || i as customer_id, i as order_count, (i * i)::decimal(38, 2) as total_value, true as has_phone, "
    "i % 2 = 0 as has_email, false as has_address, i < 9 as is_member, i < 7 as has_marketing_consent, false as is_suppressed "
    "from range(60) as r(i)",
    "customer_rfm": "select 'c' || i as customer_id, 1 + i // 12 as recency, 1 + (i % 12) // 4 as frequency, i + 0.5 as net_value, "
    "1 + i % 3 as order_count, i * 10 as days_since_order, if(i < 3, 'new', if(i < 30, 'loyal', 'lost')) as segment "
    "from range(60) as r(i)",
    "customer_lifetime_value": "select 'c' || i as customer_id, i / 59 as probability_alive, 1.5 as expected_orders, "
    "20.0 as expected_value from range(60) as r(i)",
    "customer_lifecycle": "select 'c' || i as customer_id, date '2025-01-15' + i::integer as valid_from, null::date as valid_to, "
    "if(i < 3, 'lost', 'active') as stage from range(60) as r(i)",
    "fct_orders": "select 'c' || (i % 40) as customer_id, timestamp '2025-02-01 10:00' + to_days(i::integer) as ordered_at, "
    "false as is_return, (10 + i)::decimal(38, 2) as net_value from range(600) as r(i)",
    "vendor_scorecard": "select * from (values ('list', '华信 & Sons', 21, 1, 0, 20, 14, 6, 5, 3, 2, 0.75, 'stop', 0.85, 18, 0.35, "
    "7.35, 6.30, 1.05, 1.05, 3.15, 44.0, 37.7)) as t(source_system, vendor, gross_names, rejected, duplicates_within, customers, "
    "already_known, new, usable_new, responded, bought, mean_contactability, advice, net_name_guarantee, payable_names, price, "
    "gross_cost, settled_cost, settlement_saving, cost_per_new, cost_per_bought, new_customer_value, marginal_value)",
    "list_overlap": "select * from (values ('list', 'other', 12, 0.6), ('other', 'list', 12, 0.3), ('list', 'third', 2, 0.1)) as "
    "t(source_system, other_source_system, shared_customers, share_of_list)",
    "multi_list_response": "select 2 as list_count, 12 as customers, 7 as responding_customers, 3 as buying_customers, "
    "0.5833 as response_rate, 0.25 as purchase_rate",
    "campaign_summary": "select * from (values ('SPRING', timestamp '2026-03-01 10:00', 200, 60, 40, 0.2, 50, 0.1, 0.012, 0.18, "
    "812.5), ('AUTUMN', timestamp '2026-09-01 10:00', 120, 30, 12, 0.1, 40, -0.025, -0.13, 0.09, 99.0), "
    "('TINY', timestamp '2026-10-01 10:00', 3, 2, 1, 0.3333, 2, 0.3333, -0.5, 0.7, 12.0)) as t(campaign_id, first_send_at, "
    "sent_customers, responding_customers, buying_customers, conversion, holdout_customers, lift, lift_low, lift_high, linear_value)",
    "goal_progress": "select * from (values ('g1', 'e-mail', 'Repurchase by e-mail 邮件复购', 'repurchase_rate', 'share', 'email', "
    "date '2026-01-01', date '2026-12-31', 0.2, 0.24, 0.231, 0.775, 'on_track'), ('g2', 'shops', 'Complaints', 'complaints', 'customers', "
    "null, date '2026-01-01', date '2026-06-30', 9, 5, 3, 1.5, 'met')) as t(goal_key, team, goal_name, metric, unit, channel, "
    "starts_on, due_on, baseline, target, actual, progress, status)",
    "prediction_backtests": "select * from (values ('churn', 'logistic', 'recency', 'auc', 0.71, 0.64, 900, date '2026-05-01', "
    "date '2026-11-01', true, ''), ('purchase', 'logistic', 'frequency', 'auc', 0.58, 0.61, 900, date '2026-05-01', "
    "date '2026-11-01', false, 'did not beat the baseline')) as t(prediction, model, baseline, metric, model_score, baseline_score, "
    "customers, cut_on, until_on, is_published, reason)",
    "prediction_calibration": "select p as prediction, (d + 1)::integer as decile, if(d = 9, 3, 90)::integer as customers, "
    "round(0.9 - d * 0.08, 3) as predicted, round(0.85 - d * 0.075, 3) as observed, round(1.9 - d * 0.19, 2) as lift "
    "from range(10) as r(d), (values ('churn'), ('purchase')) as q(p)",
}  # fmt: skip
OPTIONAL = ("goal_progress", "prediction_backtests", "prediction_calibration")
BEFORE = {
    **TABLES,
    "customers": "select 'c' || i as customer_id from range(57) as r(i) union all values ('gone'), ('c0b')",
    "customer_xref": "select 'r' || i as record_id, if(i = 60, 'c0b', 'c' || if(i = 57, 56, i)) as customer_id from range(61) as r(i) "
    "where i not in (58, 59) union all values ('r-gone', 'gone')",
}  # fmt: skip


class MadeUp:
    """A version with some of TABLES; `emptied` ones have no row. `tables` are what its manifest tells."""

    def __init__(
        self, names: Iterable[str] = TABLES, *, emptied: Iterable[str] = (), has_before: bool = True
    ) -> None:
        self.conn = duckdb.connect()
        self._make("memory", {name: TABLES[name] for name in names}, set(emptied))
        now = self.columns("memory")
        if has_before:
            self.conn.execute("attach ':memory:' as before")
            self._make("before", BEFORE, set())
        self.conn.execute("set search_path = 'memory.golden,memory.marts'")
        self.tables = PublishedTables(
            now, self.columns("before") if has_before else {}, TOLD.as_of, has_before
        )

    def _make(self, database: str, tables: dict[str, str], emptied: set[str]) -> None:
        for schema in ("golden", "marts"):
            self.conn.execute(f"create schema {database}.{schema}")
        for name, sql in tables.items():
            schema = "golden" if name in GOLDEN else "marts"
            limit = " limit 0" if name in emptied else ""
            self.conn.execute(f"create table {database}.{schema}.{name} as select * from ({sql}){limit}")

    def columns(self, database: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in self.conn.execute(
            "select table_name, column_name, data_type from duckdb_columns() where database_name = ? order by column_index", [database]
        ).fetchall():  # fmt: skip
            found.setdefault(table, {})[column] = kind
        return found

    def read(self, sql: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        try:
            found = self.conn.execute(sql)
            return [column[0] for column in found.description or ()], found.fetchall()
        except duckdb.Error as error:
            raise UnreadableError(str(error)) from None

    def page(self, folder: Path) -> tuple[str, dict[str, Answer]]:
        """The page's text, and by block what it was answered."""
        path = folder / "version.html"
        answers = write_version_page(path, TOLD, self.tables, self.read)
        return path.read_text(encoding="utf-8"), {one.block.name: one for one in answers}
