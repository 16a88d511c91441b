"""Time of the standardise layer stage by stage, and of its functions beside peers: `python -m benchmarks.standardise [ROWS]`.

Rows are registrations of invented people, 60 % of them with values of their own, Chinese and western. The models' own SQL
runs over them in an encrypted DuckDB file on two threads: once with nothing kept from an earlier night, once more with one
row in a hundred new. Peers get the same values, one call a value.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pandas as pd
import phonenumbers
from email_validator import validate_email
from nameparser import HumanName
from pypinyin import lazy_pinyin
from stdnum.cn import ric

from benchmarks.registrations import registrations
from pipelines.functions.email import standardise_email
from pipelines.functions.identifier import standardise_identifier
from pipelines.functions.name import standardise_name
from pipelines.functions.phone import standardise_phone
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, prepare_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys
from pipelines.storage.standardised import create_kept_views, keep_standardised

ROOT = Path(__file__).resolve().parents[1] / "dbt_project"
STAGES = (
    "std_addresses", "std_names", "std_identifiers", "std_organisations", "std_emails", "std_phones", "std_record_emails",
    "std_record_phones", "std_frequent_values", "std_records",
)  # fmt: skip
SAMPLE = 20_000
_MACROS = ("value_key", "phone_fields", "address_value", "seldom_shared")


def main(rows: int) -> None:
    """Print seconds per stage of two nights, then values per second of functions and peers."""
    columns = column_lists()["person_columns"]
    with tempfile.TemporaryDirectory(prefix="ucv-bench-") as folder:
        # The key of this throw-away home stays beside it.
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        settings = create_home(Path(folder) / "home")
        conn = duckdb.connect(config={"threads": 2})
        keys = load_keys(settings)
        prepare_connection(conn, settings, keys)
        attach_database(conn, Path(folder) / "warehouse.duckdb", keys)
        conn.execute("CREATE SCHEMA warehouse.standardise; USE warehouse.standardise")
        first = registrations(rows, columns)
        print("every value new (asked for 1,000,000: under 180 s)")
        one_night(conn, settings, first)
        new = registrations(max(rows // 100, 1), columns, seed=9).assign(record_id=first["record_id"])
        print("1 % of the rows new (asked for 1,000,000: under 30 s)")
        one_night(conn, settings, pd.concat([new, first.iloc[len(new) :]]))
        conn.close()
    # Other people than above, so that nobody answers from memory.
    compare_with_peers(registrations(SAMPLE, columns, seed=8))


def one_night(conn: duckdb.DuckDBPyConnection, settings: Settings, frame: pd.DataFrame) -> None:
    """Build the layer from `frame` with what is kept, then keep it for the next."""
    conn.register("frame", frame)
    conn.execute("CREATE OR REPLACE TABLE stg_records AS SELECT * FROM frame")
    create_kept_views(conn, settings.home)
    started, busy = time.monotonic(), time.process_time()
    for model in STAGES:
        with timed(conn, model):
            conn.execute(f"CREATE OR REPLACE TABLE {model} AS {model_sql(model)}")
    begun = time.monotonic()
    keep_standardised(conn, settings.home)
    print(f"{'kept for next night':<20}{'':>17} {time.monotonic() - begun:>8.1f} s")
    print(
        f"{'total':<20}{len(frame):>12,} rows {time.monotonic() - started:>8.1f} s "
        f"{time.process_time() - busy:>8.1f} s of processor"
    )


@contextmanager
def timed(conn: duckdb.DuckDBPyConnection, model: str) -> Iterator[None]:
    """Print rows and seconds of one model."""
    begun, busy = time.monotonic(), time.process_time()
    yield
    count = conn.execute(f"SELECT count(*) FROM {model}").fetchone()
    print(
        f"{model:<20}{count[0] if count else 0:>12,} rows {time.monotonic() - begun:>8.1f} s "
        f"{time.process_time() - busy:>8.1f} s of processor",
        flush=True,
    )


def model_sql(model: str) -> str:
    """The SQL of a standardise model, its references as plain table names."""
    source = "".join((ROOT / "macros" / f"{name}.sql").read_text("utf-8") for name in _MACROS)
    source += (ROOT / "models" / "standardise" / f"{model}.sql").read_text("utf-8")
    lists = column_lists()
    functions: dict[str, Any] = {name: (lambda columns=columns: columns) for name, columns in lists.items()}
    return (
        jinja2.Environment()
        .from_string(source)
        .render(ref=lambda name: name, source=lambda schema, name: f"memory.{schema}.{name}", **functions)
    )


def column_lists() -> dict[str, list[str]]:
    """The lists of columns that macros return."""
    found = {}
    for name in ("address_columns", "contact_columns", "person_columns"):
        text = (ROOT / "macros" / f"{name}.sql").read_text("utf-8")
        found |= dict(re.findall(r"macro (\w+)\(\) %}\s*{{ return\((\[.*?\])\) }}", text, re.DOTALL))
    return {name: ast.literal_eval(listed) for name, listed in found.items()}


def compare_with_peers(frame: pd.DataFrame) -> None:
    """Values per second, ours and the library that people would call instead."""
    for field, column, ours, peer_name, peer in peers():
        # Names of one script each: what a function has answered once it answers from memory.
        is_han = frame[column].str.contains("[\u4e00-\u9fff]", na=False)
        values = list(frame.loc[is_han == field.endswith("han"), column].dropna().unique())
        print(
            f"{field:<12} ours {rate(ours, values):>9,.0f}/s   {peer_name:<26}{rate(peer, values):>9,.0f}/s"
        )


def rate(function: Callable[[str], Any], values: list[str]) -> float:
    started = time.monotonic()
    for value in values:
        try:
            function(value)
        except Exception:
            continue
    return len(values) / max(time.monotonic() - started, 1e-9)


def peers() -> list[tuple[str, str, Callable[[str], Any], str, Callable[[str], Any]]]:
    def our_name(value: str) -> Any:
        return standardise_name(value, None, None, None, None)

    return [
        (
            "phone",
            "phone",
            lambda v: standardise_phone(v, "CN"),
            "phonenumbers.parse",
            lambda v: phonenumbers.parse(v, "CN"),
        ),
        (
            "email",
            "email",
            standardise_email,
            "email_validator (no DNS)",
            lambda v: validate_email(v, check_deliverability=False),
        ),
        ("name, han", "full_name", our_name, "pypinyin.lazy_pinyin", lazy_pinyin),
        ("name", "full_name", our_name, "nameparser.HumanName", HumanName),
        (
            "identifier",
            "national_id",
            lambda v: standardise_identifier(v, "CN"),
            "stdnum.cn.ric.validate",
            ric.validate,
        ),
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
