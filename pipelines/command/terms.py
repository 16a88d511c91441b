"""`ucv terms`: under which terms records came, what ends when, how many uses are left, and what each end costs in reach."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.command.export_judged import spent_uses
from pipelines.command.segment import print_table
from pipelines.exports.rules import require_tables
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

_TERMS = """
SELECT source_system, acquisition_mode, vendor, valid_from, valid_to, max_uses, permitted_channels, permitted_purposes,
    legal_basis, matching_only
FROM marts.dim_acquisition_terms
WHERE acquisition_mode <> 'own' OR matching_only OR valid_to IS NOT NULL
ORDER BY coalesce(valid_to, DATE '9999-12-31'), source_system
"""

# What only this source carries on the day after its end: reach counts values that reach somebody, whatever the audience.
_LOST = """
WITH carried AS (
    SELECT points.customer_id, points.kind, points.value, delivered.source_system
    FROM golden.customer_contact_points AS points
    INNER JOIN marts.contact_value_sources AS delivered
        ON points.customer_id = delivered.customer_id AND points.kind = delivered.kind AND points.value = delivered.value
    INNER JOIN marts.dim_acquisition_terms AS terms ON delivered.source_system = terms.source_system
    WHERE
        points.is_usable AND NOT terms.matching_only
        AND coalesce(terms.valid_from <= ?, true)
        AND (coalesce(terms.valid_to >= ?, true) OR terms.source_system = ?)
),
counted AS (
    SELECT customer_id, kind, bool_or(source_system <> ?) AS stays
    FROM carried
    GROUP BY customer_id, kind
    HAVING bool_or(source_system = ?)
),
people AS (
    SELECT customer_id, bool_or(stays) AS stays_by_these, bool_and(stays) AS stays_by_all
    FROM counted
    GROUP BY customer_id
)
SELECT
    (SELECT count(*) FROM people) AS carried,
    (SELECT count(*) FROM counted WHERE kind = 'email' AND NOT stays) AS email,
    (SELECT count(*) FROM counted WHERE kind = 'phone' AND NOT stays) AS phone,
    (SELECT count(*) FROM counted WHERE kind = 'address' AND NOT stays) AS address,
    (
        SELECT count(*)
        FROM people
        WHERE NOT stays_by_all AND NOT EXISTS (
            SELECT 1 FROM carried WHERE carried.customer_id = people.customer_id AND carried.source_system <> ?
        )
    ) AS whole
"""


def show_terms(settings: Settings, console: Console, within_days: int | None) -> None:
    """Every source with terms, the soonest end first; with `within_days` only those that end by then. Counts, no values."""
    day = settings.export_day()
    keys = load_keys(settings)
    uses: dict[str, int] = {}
    most: dict[str, int] = {}
    for source, _, count in spent_uses(settings, keys):
        uses[source] = uses.get(source, 0) + count
        most[source] = max(most.get(source, 0), count)
    conn = open_reader(settings, keys)
    try:
        require_tables(conn)
        table = _table(day)
        for row in conn.execute(_TERMS).fetchall():
            if within_days is None or (row[4] is not None and row[4] <= day + timedelta(days=within_days)):
                table.add_row(*_told(conn, row, day, uses.get(row[0], 0), most.get(row[0], 0)))
    finally:
        conn.close()
    print_table(table, console)
    console.print(
        "Lost: customers of whom nothing but this source gives a usable value of that kind, or of any kind, on the day after its end.",
        highlight=False,
        soft_wrap=True,
    )


def _table(day: date) -> Table:
    table = Table(title=f"Terms, seen on {day}", title_justify="left")
    for name in (
        "source",
        "how",
        "vendor",
        "ends",
        "state",
        "uses made (most of one value / allowed)",
        "channels",
        "purposes",
        "legal basis",
    ):
        table.add_column(name, no_wrap=True)
    for name in ("customers reached", "lost e-mail", "lost phone", "lost address", "lost wholly"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _told(
    conn: duckdb.DuckDBPyConnection, row: tuple[object, ...], day: date, uses: int, most: int
) -> list[str]:
    source, mode, vendor, valid_from, valid_to, max_uses, channels, purposes, basis, matching_only = row
    after = (valid_to if isinstance(valid_to, date) else day) + timedelta(days=1)
    after = max(after, day)
    lost = conn.execute(_LOST, [after, after, source, source, source, source]).fetchone() or ()
    return [
        str(source), str(mode), str(vendor or ""), str(valid_to or "never"),
        _state(day, valid_from, valid_to, is_for_matching=bool(matching_only)),
        f"{uses:,} ({most} / {max_uses or 'any'})", _listed(channels), _listed(purposes), str(basis or "none recorded"),
        *(f"{count:,}" for count in lost),
    ]  # fmt: skip


def _state(day: date, valid_from: object, valid_to: object, *, is_for_matching: bool) -> str:
    if is_for_matching:
        return "matching only"
    if isinstance(valid_from, date) and day < valid_from:
        return f"begins in {(valid_from - day).days} days"
    if not isinstance(valid_to, date):
        return "in force"
    left = (valid_to - day).days
    return f"{left} days left" if left > 0 else "last day" if left == 0 else f"over since {-left} days"


def _listed(words: object) -> str:
    return ", ".join(map(str, words)) if isinstance(words, list) and words else "any"
