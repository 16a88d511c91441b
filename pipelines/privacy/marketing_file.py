"""The marketing file: one row per customer without anything that names or reaches anybody, and figures about groups.

Whoever holds it can count and choose, and hand tokens back; who they are only `ucv export` knows. Combinations of what helps to tell
who somebody is, and of what somebody did, stand for at least k customers each; so does each pair of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb
import pyarrow as pa

from pipelines.privacy.column_classes import DIRECT, SENSITIVE, Raised, class_of
from pipelines.privacy.k_anonymity import generalise, hide_rare_pairs, rare_pairs, smallest_group
from pipelines.privacy.marketing_bands import BANDS, UNKNOWN, age_sql, band_sql, did_ladder, who_ladder

WHO = ("gender", "age", "country", "province", "city")
DID = ("orders", "value", "last_order", "tier", "stage", "rfm")
WITHHELD = "withheld"
"""Instead of a value whose column a contract wants handled too strictly for this file."""

_ROUNDS = 12

_SOURCES = {
    "gender": "customer_360.gender", "age": "customer_360.age_years", "country": "customer_360.country",
    "province": "customer_360.province", "city": "customer_360.city", "orders": "customer_360.order_count",
    "value": "customer_360.total_value", "last_order": "customer_360.days_since_order", "tier": "customer_membership.tier",
    "stage": "customer_lifecycle.stage", "rfm": "customer_rfm.segment", "entity_type": "customer_360.entity_type",
    "has_phone": "customer_360.has_phone", "has_email": "customer_360.has_email", "has_address": "customer_360.has_address",
    "has_marketing_consent": "customer_360.has_marketing_consent", "is_suppressed": "customer_360.is_suppressed",
    "preferred_channel": "customer_preferences.preferred_channel",
}  # fmt: skip
"""Column of the file -> the published column that it is made from."""

_SEEN = "marts.customer_360"
_JOINED = {
    "customer_membership": "SELECT customer_id, any_value(tier ORDER BY last_change_at DESC) AS tier "
    "FROM {source}.marts.customer_membership GROUP BY ALL",
    "customer_lifecycle": "SELECT customer_id, any_value(stage) AS stage FROM {source}.marts.customer_lifecycle "
    "WHERE is_current GROUP BY ALL",
    "customer_rfm": "FROM {source}.marts.customer_rfm",
    "customer_preferences": "FROM {source}.marts.customer_preferences",
}
"""Table joined to customer_360 -> its rows, one per customer."""

_RAISED_AS = {
    "age_years": "birth_date",
    "order_count": "transaction_id",
    "total_value": "amount",
    "tier": "membership_tier",
}
"""Published column -> the canonical field that a contract would classify, where its name differs."""

GROUP_TABLES = {
    "campaign_summary": "sent_customers", "cohort_retention": "cohort_customers", "coupon_use": "redemption_count",
    "product_affinity": "order_count", "survey_results": "customer_count", "list_overlap": "shared_customers",
    "multi_list_response": "customers", "reward_registrations": "customer_count", "dim_purposes": None,
}  # fmt: skip
"""Tables about groups -> the column that tells how large a group is; rows of groups below k are left out."""

MARKETING_TABLES = (_SEEN, *(f"marts.{name}" for name in (*_JOINED, *GROUP_TABLES)))
"""What the file is made from."""


@dataclass(frozen=True)
class MarketingFile:
    """What the manifest tells: repairs for either kind of combination, and what holds now."""

    anonymity: Mapping[str, object]
    sources: Mapping[str, str]


def fill_marketing(  # noqa: PLR0913, PLR0917 - a file's surroundings
    conn: duckdb.DuckDBPyConnection,
    source: str,
    target: str,
    token: Callable[[str], str],
    raised: Mapping[str, Raised],
    k: int,
    tables: Collection[str],
) -> MarketingFile:
    """Write `customers` and the tables about groups from the version attached as `source` into the database `target`.

    Of a version without one of its `tables` (`marts.customer_360`) what would be made from it is unknown.
    """
    withheld = [name for name, column in _SOURCES.items() if _is_withheld(column, raised)]
    conn.execute(f"CREATE OR REPLACE TEMP TABLE marketed AS {_rows_sql(source, withheld, tables)}")
    told = _anonymise(conn, k)
    _give_tokens(conn, token)
    conn.execute(
        f"CREATE TABLE {target}.main.customers AS SELECT token, * EXCLUDE (customer_id, settled, token) FROM marketed "
        "JOIN marketing_tokens USING (customer_id) ORDER BY token"
    )
    small = {}
    for table, size in GROUP_TABLES.items():
        if f"marts.{table}" not in tables:
            continue
        where = f"WHERE coalesce({size}, 0) >= {k}" if size else ""
        conn.execute(
            f"CREATE TABLE {target}.main.{table} AS FROM {source}.marts.{table} {where} ORDER BY ALL"
        )
        small[table] = _count(conn, f"{source}.marts.{table}") - _count(conn, f"{target}.main.{table}")
    conn.execute("DROP TABLE marketed")
    anonymity = {
        **told,
        "withheld_columns": withheld,
        "groups_left_out": {n: c for n, c in small.items() if c},
    }
    return MarketingFile(anonymity, _SOURCES)


def _is_withheld(column: str, raised: Mapping[str, Raised]) -> bool:
    """A band of an age is told although its birth date is not; of what is sensitive not even that."""
    table, name = column.split(".")
    behind = raised.get(_RAISED_AS.get(name, name))
    is_sensitive = behind is not None and behind.column_class == SENSITIVE
    return is_sensitive or class_of(table, name, raised) in (DIRECT, SENSITIVE)


def _rows_sql(source: str, withheld: Sequence[str], tables: Collection[str]) -> str:
    here = {
        name: _of(column) if _marts_table(column) in tables else "NULL" for name, column in _SOURCES.items()
    }
    place = {name: f"coalesce({column}::VARCHAR, '{UNKNOWN}')" for name, column in here.items()}
    place["age"] = age_sql(here["age"])
    for name, bands in BANDS.items():
        place[name] = band_sql(here[name], bands)
    for name in withheld:
        place[name] = f"'{WITHHELD}'"
    columns = ", ".join(f"{sql} AS {name}" for name, sql in place.items())
    seen = _SEEN if _SEEN in tables else "golden.customers"
    joins = " ".join(
        f"LEFT JOIN ({rows.format(source=source)}) AS {name} USING (customer_id)"
        for name, rows in _JOINED.items() if f"marts.{name}" in tables
    )  # fmt: skip
    return f"SELECT seen.customer_id, {columns} FROM {source}.{seen} AS seen {joins}"


def _marts_table(column: str) -> str:
    return f"marts.{column.split('.', maxsplit=1)[0]}"


def _of(column: str) -> str:
    return column.replace("customer_360.", "seen.")


def _anonymise(conn: duckdb.DuckDBPyConnection, k: int) -> dict[str, object]:
    who = generalise(conn, "marketed", WHO, who_ladder(), k)
    did = generalise(conn, "marketed", DID, did_ladder(), k)
    for _ in range(
        _ROUNDS
    ):  # a value that is not told may make another combination rare: each round tells less
        hidden = hide_rare_pairs(conn, "marketed", WHO, DID, k)
        if not hidden:
            break
        did.rare_values += hidden
        again = generalise(conn, "marketed", DID, did_ladder(), k)
        did.merged += again.merged
    rare = sum(rare_pairs(conn, "marketed", WHO, DID, k).values())
    smallest = {
        name: smallest_group(conn, "marketed", columns) for name, columns in (("who", WHO), ("did", DID))
    }
    return {
        "k": k,
        "who": {**asdict(who), "columns": WHO},
        "did": {**asdict(did), "columns": DID},
        "smallest_group": smallest,
        "rare_pairs": rare,
    }


def _give_tokens(conn: duckdb.DuckDBPyConnection, token: Callable[[str], str]) -> None:
    ids = [str(row[0]) for row in conn.execute("SELECT customer_id FROM marketed").fetchall()]
    table = pa.table(
        {"customer_id": pa.array(ids, pa.string()), "token": pa.array(map(token, ids), pa.string())}
    )
    conn.register("given_tokens", table)
    conn.execute("CREATE OR REPLACE TEMP TABLE marketing_tokens AS FROM given_tokens")
    conn.unregister("given_tokens")


def _count(conn: duckdb.DuckDBPyConnection, table: str) -> int:
    row = conn.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
