"""`ucv query --role`: reading a role's file, with its own key or with the home's."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.errors import PublishError, SettingsError
from pipelines.privacy.roles import SERVICE, RoleKey, read_role_key, require_role, role_key
from pipelines.privacy.service_file import Card, read_cards
from pipelines.publishing.layout import roles_dir
from pipelines.publishing.query import QueryError, QueryResult, lock_reader, run_on
from pipelines.publishing.version import current_version
from pipelines.settings import Settings
from pipelines.storage.connection import connect, prepare_encryption, quote
from pipelines.storage.erased_since import is_behind
from pipelines.storage.keys import load_keys, require_home

KEY_VARIABLE = "UCV_ROLE_KEY_FILE"


def query_role(
    settings: Settings, role: str, sql: str, *, key_file: Path | None = None, customer: str | None = None
) -> QueryResult:
    """One SELECT on the role's file of the version published now; for service on one `customer` (an id, number or mailbox).

    Raises QueryError for a refused or wrong statement, SettingsError for a missing or wrong key, PublishError where there is no
    such file.
    """
    if role == SERVICE:
        return run_on(_card_reader(settings, _one_card(settings, key_file, customer)), sql)
    if customer is not None:
        raise QueryError(f"--customer goes with --role {SERVICE}; the file of {role} is asked by SQL alone.")
    conn = open_role_file(settings, role, key_file)
    lock_reader(conn, ["role.main"])
    return run_on(conn, sql)


def customer_card(settings: Settings, key_file: Path | None, customer: str | None) -> Card:
    """All that service sees of one customer, by table. Raises QueryError where nobody or several are meant."""
    return _one_card(settings, key_file, customer)


def read_role_manifest(home: Path, role: str) -> dict[str, Any]:
    """What the role's file of the version published now tells. Raises PublishError where there is none."""
    require_role(role)
    version = current_version(home)
    if version is None:
        raise PublishError(f"Nothing is published in {home} yet; run `ucv run` first.")
    path = roles_dir(home, version) / f"{role}.json"
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PublishError(
            f"Version {version} has no file for {role}; `ucv run --full-refresh` publishes one with it, `ucv verify` tells of damage."
        ) from None
    return {**told, "version": version}


def open_role_file(settings: Settings, role: str, key_file: Path | None) -> duckdb.DuckDBPyConnection:
    """The role's file of the version published now, attached as `role`; it stays on that file until closed.

    Raises SettingsError for a missing or wrong key, PublishError where there is no such file.
    """
    told = read_role_manifest(settings.home, role)
    key = used_key(settings, role, key_file)
    path = roles_dir(settings.home, told["version"]) / f"{role}.duckdb"
    if _given(key_file) is None:  # while keys change the file may be of either period
        keys = [role_key(one, role) for one in load_keys(settings).of_periods()]
    else:
        _check_fits(key, role, told, settings)
        keys = [key]
    conn = connect(settings)
    prepare_encryption(conn, settings.home)
    for one in keys:
        try:
            conn.execute(f"ATTACH {quote(str(path))} AS role (ENCRYPTION_KEY '{one.secret}', READ_ONLY)")
            return conn
        except duckdb.Error as error:  # its message may quote the key
            found = type(error).__name__
    conn.close()
    raise SettingsError(
        f"{path} does not open with this key of {role} ({found}); `ucv verify` tells whether it is damaged."
    )


def used_key(settings: Settings, role: str, key_file: Path | None) -> RoleKey:
    """The key handed out, else the one that the home's keys give."""
    told = _given(key_file)
    if told is None:
        return role_key(load_keys(settings), role)
    require_role(role)
    require_home(settings)
    if is_behind(settings):
        load_keys(settings)  # tells that erased people are still in it
    return read_role_key(told)


def _given(key_file: Path | None) -> Path | None:
    return key_file or (Path(os.environ[KEY_VARIABLE]) if os.environ.get(KEY_VARIABLE) else None)


def _check_fits(key: RoleKey, role: str, told: dict[str, Any], settings: Settings) -> None:
    period, known = told["key"]["period"], told["key"]["print"]
    if key.home_id != settings.home_id or key.role != role:
        raise SettingsError(
            f"Received the key of {key.role} of home {key.home_id}, expected the one of {role} of {settings.home_id}. "
            f"Ask whoever keeps the home's keys for `ucv keys role {role}`. Nothing was read."
        )
    if key.key_print != known:
        raise SettingsError(
            f"Received a key of {role} of period {key.period} with print {key.key_print}, expected period {period} with print "
            f"{known}: keys changed since. Ask whoever keeps the home's keys for `ucv keys role {role}`. Nothing was read."
        )


def _one_card(settings: Settings, key_file: Path | None, customer: str | None) -> Card:
    if not customer or not customer.strip():
        raise QueryError(
            "The file of service tells of one customer at a time: say whom with --customer (a customer_id, phone number or mailbox)."
        )
    conn = open_role_file(settings, SERVICE, key_file)
    try:
        cards = read_cards(conn, customer)
    finally:
        conn.close()
    if not cards:
        raise QueryError(
            "Nobody has this customer_id, phone number (+country…) or mailbox in the published version."
        )
    if len(cards) > 1:
        ids = sorted(str(one["customers"][0]["customer_id"]) for one in cards if one.get("customers"))
        raise QueryError(f"{len(cards)} customers have it; ask for one of {', '.join(ids)}.")
    return cards[0]


def _card_reader(settings: Settings, card: Card) -> duckdb.DuckDBPyConnection:
    conn = connect(settings)
    prepare_encryption(conn, settings.home)
    for table, rows in card.items():
        conn.register("card_rows", pa.Table.from_pylist(rows))
        conn.execute(f'CREATE TABLE "{table}" AS FROM card_rows')
        conn.unregister("card_rows")
    lock_reader(conn, ["memory.main"])
    return conn
