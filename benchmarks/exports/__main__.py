"""Times an export with every rule: `python -m benchmarks.exports [--customers N]`.

The published tables are invented in memory: two e-mails a customer, a quarter of them leased, half of the customers agreed, one in
twenty-five opted out. Prints seconds for the rules, the rows and the file, and the peak of memory.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from pipelines.exports.files import write_export
from pipelines.exports.request import Request
from pipelines.exports.rows import read_rows
from pipelines.exports.rules import Circumstances, judge

_TABLES = """
CREATE SCHEMA golden; CREATE SCHEMA marts;
CREATE TABLE golden.customers AS SELECT 'c' || i AS customer_id, 'Name ' || i AS display_name, NULL::VARCHAR AS address,
    DATE '1950-01-01' + (i % 25000)::INTEGER AS birth_date, NULL::VARCHAR AS national_id, 'CN' AS country FROM range({n}) AS t(i);
CREATE TABLE golden.customer_contact_points AS SELECT 'c' || i AS customer_id, 'email' AS kind, 'p' || i || '.' || j || '@x.example' AS value,
    'personal' AS role, true AS is_usable, (j + 1)::INTEGER AS value_rank FROM range({n}) AS t(i), range(2) AS u(j);
CREATE TABLE golden.customer_values AS SELECT customer_id, 'display_name' AS field, display_name AS value, true AS is_golden,
    1 AS value_rank FROM golden.customers;
CREATE TABLE marts.dim_acquisition_terms AS
    SELECT * FROM (VALUES ('web', 'own', NULL, NULL), ('lease', 'lease', 3, 'L-1')) AS t(source_system, acquisition_mode, max_uses, legal_basis),
    (SELECT NULL::DATE AS valid_from, NULL::DATE AS valid_to, []::VARCHAR[] AS permitted_channels,
        []::VARCHAR[] AS permitted_purposes, []::VARCHAR[] AS recipient_countries,
        false AS matching_only);
CREATE TABLE marts.contact_value_sources AS
    SELECT customer_id, kind, value, CASE WHEN hash(value) % 4 = 0 THEN 'lease' ELSE 'web' END AS source_system FROM golden.customer_contact_points
    UNION ALL SELECT customer_id, 'display_name', display_name, 'web' FROM golden.customers;
CREATE TABLE marts.dim_purposes AS SELECT 'marketing' AS purpose, 'consent_or_contract' AS basis, ['marketing'] AS covered_by;
CREATE TABLE marts.consent_ledger AS
    SELECT 'c' || i AS customer_id, 'marketing' AS purpose, channel, CASE WHEN i % 25 = 0 THEN 'refused' ELSE 'granted' END AS verdict,
        CASE WHEN i % 25 = 0 THEN 'suppression' ELSE 'registration' END AS said_by, TIMESTAMP '2026-01-01' AS told_at,
        NULL::TIMESTAMP AS ended_at, 'r' || i AS record_id
    FROM range({n}) AS t(i), (SELECT unnest(['email', 'sms', 'phone', 'post', 'wechat', 'app']) AS channel) WHERE i % 2 = 0 OR i % 25 = 0;
CREATE TABLE marts.barred_contact_values AS SELECT 'email' AS kind, 'p' || i || '.0@x.example' AS value, 'any' AS channel, 'any' AS purpose,
    TIMESTAMP '2026-01-01' AS effective_at, 'r' || i AS record_id FROM range(0, {n}, 25) AS t(i);
CREATE TABLE marts.customer_fatigue AS SELECT customer_id, false AS is_fatigued FROM golden.customers;
"""


def _token(text: str) -> str:
    return hashlib.blake2b(text.encode(), key=b"k" * 32, digest_size=16).hexdigest()


def main(words: list[str]) -> int:
    """Print the figures of one export."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    count = parser.parse_args(words).customers
    with tempfile.TemporaryDirectory() as folder:
        conn = duckdb.connect(str(Path(folder) / "warehouse.duckdb"), config={"threads": 2})
        conn.execute(_TABLES.format(n=count))
        request = Request("one", "all", "", "email", "marketing", "csv", "c", date(2026, 11, 26), 0.05, None)
        moments = [time.monotonic()]
        spent = [("lease", _token(f"value/email/p{place}.1@x.example"), 3) for place in range(0, count, 10)]
        audience = ("SELECT customer_id FROM golden.customers", [])
        drops = judge(conn, request, audience, Circumstances(spent, (), _token))
        moments.append(time.monotonic())
        recipients, members = read_rows(conn, request, (), _token)
        moments.append(time.monotonic())
        path = write_export(Path(folder) / "out", request, recipients)
        moments.append(time.monotonic())
        seconds = [after - before for before, after in itertools.pairwise(moments)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{count:,} customers, {len(recipients):,} exported ({path.stat().st_size / 1e6:.1f} MB), {len(members):,} members"
        )
        print(", ".join(f"{reason} {dropped:,}" for reason, dropped in drops.items()))
        print("rules {:.1f} s, rows {:.1f} s, file {:.1f} s; peak of memory {:.0f} MB".format(*seconds, peak))
        print(f"processor {time.process_time():.1f} s, imports and invented tables included")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
