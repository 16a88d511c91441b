"""`ucv query` and `ucv roles`: reading the published version or a role's file, written down in the access log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines.command.access import accessed
from pipelines.command.role_query import customer_card, query_role, read_role_manifest, used_key
from pipelines.privacy.roles import ROLES, SERVICE
from pipelines.publishing.output import write_result
from pipelines.publishing.query import QueryError, QueryResult, run_query
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys


def query_published(
    settings: Settings, sql: str | None, form: str, purpose: str | None, before: str | None = None
) -> None:
    """Write the rows of one statement on the whole published version, and on the version `before` as well."""
    keys, asked = load_keys(settings), _required(sql)
    with accessed(settings, keys, "query", purpose=purpose, about=asked) as access:
        access.rows = write_result(run_query(settings, keys, asked, before), sys.stdout, form)


def query_role_file(  # noqa: PLR0913 - the words of the command
    settings: Settings,
    role: str,
    sql: str | None,
    form: str,
    purpose: str | None,
    *,
    key_file: Path | None,
    customer: str | None,
) -> None:
    """Write the rows of one statement on a role's file; of service, without one, all of the customer's."""
    key = used_key(settings, role, key_file)
    about, told = f"{customer or ''} {sql or ''}", {"role": role}
    with accessed(settings, key, "query", purpose=purpose, about=about, told=told) as access:
        if role == SERVICE and sql is None:
            card = customer_card(settings, key_file, customer)
            access.rows = sum(_write_table(settings, table, key_file, customer, form) for table in card)
            return
        rows = query_role(settings, role, _required(sql), key_file=key_file, customer=customer)
        access.rows = write_result(rows, sys.stdout, form)


def show_roles(settings: Settings, console: Console, role: str | None) -> None:
    """What each role's file holds, and how the marketing file was made anonymous; with `role` each column's class."""
    if role is not None:
        _show_columns(read_role_manifest(settings.home, role), console)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("role", "key of period", "tables", "bytes"):
        table.add_column(name, justify="left" if name == "role" else "right")
    told = {one: read_role_manifest(settings.home, one) for one in ROLES}
    for one, facts in told.items():
        table.add_row(one, str(facts["key"]["period"]), str(len(facts["rows"])), f"{facts['file']['size']:,}")
    console.print(f"Files of version {told[SERVICE]['version']}.", highlight=False)
    console.print(table, highlight=False)
    _tell_anonymity(told["marketing"]["anonymity"], console)


def _tell_anonymity(told: dict[str, object], console: Console) -> None:
    smallest = told["smallest_group"]
    assert isinstance(smallest, dict)
    console.print(
        f"marketing: each combination of who somebody is stands for {smallest['who']} customers or more, each of what they did for "
        f"{smallest['did']}; {told['rare_pairs']} rarer pairs of the two (k = {told['k']}).",
        highlight=False,
        soft_wrap=True,
    )


def _show_columns(told: dict[str, object], console: Console) -> None:
    listed = told.get("columns") or {"main.customers": told.get("made_from")}
    assert isinstance(listed, dict)
    table = Table(box=None, pad_edge=False)
    for name in ("table", "column", "class, what is seen of it" if told.get("columns") else "made from"):
        table.add_column(name)
    for name, columns in listed.items():
        for column, words in columns.items():
            table.add_row(name.split(".")[1], column, words)
    console.print(table, highlight=False, markup=False)


def _write_table(
    settings: Settings, table: str, key_file: Path | None, customer: str | None, form: str
) -> int:
    if form == "table":
        sys.stdout.write(f"{table}\n")
    read: Callable[[str], QueryResult] = lambda sql: query_role(  # noqa: E731
        settings, SERVICE, sql, key_file=key_file, customer=customer
    )
    return write_result(read(f'FROM "{table}"'), sys.stdout, form)


def _required(sql: str | None) -> str:
    if sql is None:
        raise QueryError('Give one SELECT statement; `ucv query "show tables"` lists what there is.')
    return sql
