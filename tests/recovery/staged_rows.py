"""The rows that a staging model makes of raw, without the seconds that dbt takes to start."""

from __future__ import annotations

from typing import Any

import jinja2
from delivery_home import Home

from pipelines.settings import DBT_PROJECT_DIR
from pipelines.storage.connection import connect
from pipelines.warehouse import prepare_sources


def staged(home: Home, columns: str, model: str = "stg_registrations") -> list[tuple[Any, ...]]:
    """`columns` of every row of a staging model, in order."""
    macro = (DBT_PROJECT_DIR / "macros" / "stage_kind.sql").read_text("utf-8")
    text = (DBT_PROJECT_DIR / "models" / "staging" / f"{model}.sql").read_text("utf-8")
    known = {"source": lambda schema, table: f"memory.{schema}.{table}"}
    sql = jinja2.Environment(autoescape=False).from_string(macro + text).render(known)
    with connect(home.settings) as conn:
        prepare_sources(conn, home.settings, home.keys)
        return conn.execute(f"SELECT {columns} FROM ({sql}) ORDER BY ALL").fetchall()
