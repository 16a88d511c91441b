"""Writing the files of all roles beside a version: `roles/<role>.duckdb`, each with its own key, and a manifest `<role>.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import UcvError
from pipelines.privacy.column_classes import Raised, class_of
from pipelines.privacy.marketing_file import MARKETING_TABLES, fill_marketing
from pipelines.privacy.masking import make_mask
from pipelines.privacy.roles import (
    AS_IS,
    LEFT_OUT,
    MARKETING,
    MASKED,
    OFFICER,
    ROLES,
    SERVICE,
    STEWARD,
    TABLES,
    TREATMENTS,
    key_purpose,
    role_key,
)
from pipelines.privacy.service_file import fill_service
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash, with_checksum
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.durable import write_file
from pipelines.storage.keys import Keys

FOLDER = "roles"
_VERSION, _ROLE = "version", "role"
_VALUES = "golden.customer_values"
_TURNED = "array_to_string(list_reverse(string_split(latin_name, ' ')), ' ')"
_KNOWN_BY = (
    ("golden.customer_contact_points", ("value", "kind"), "SELECT customer_id, value FROM {table} WHERE kind IN ('phone', 'email')"),
    ("golden.customers", ("native_name",), "SELECT customer_id, native_name AS value FROM {table}"),
    ("golden.customers", ("latin_name",), f"SELECT customer_id, unnest([latin_name, {_TURNED}]) AS value FROM {{table}}"),
    ("golden.customer_values", ("value", "field"),
     "SELECT customer_id, value FROM {table} WHERE field IN ('display_name', 'organisation_name', 'member_no')"),
    ("marts.customer_membership", ("member_no",), "SELECT customer_id, member_no AS value FROM {table}"),
)  # fmt: skip
"""Table, columns and what in them service may know somebody by: numbers, mailboxes, names in either order, member numbers."""


@dataclass(frozen=True)
class RoleFiles:
    """What the files of one version are made by. `raised`: what contracts want handled more strictly."""

    settings: Settings
    keys: Keys
    raised: Mapping[str, Raised]

    def write(self, folder: Path, database: str = "warehouse.duckdb") -> None:
        """Write every role's file from the version's database in `folder`, in place of those that are there.

        What a version of an earlier model does not have is left out, and each manifest names it (`missing`).

        Raises UnclassifiedError for a published column without a class, UcvError where the disk is full.
        """
        target = folder / FOLDER
        target.mkdir(mode=0o700, exist_ok=True)
        with open_connection(self.settings, self.keys) as conn:
            attach_database(conn, folder / database, self.keys, alias=_VERSION, read_only=True)
            columns = _columns_by_table(conn)
            for schema_table, names in columns.items():
                for name in names:
                    class_of(schema_table.split(".")[1], name, self.raised)
            make_mask(conn)
            try:
                for role in ROLES:
                    self._one(conn, role, columns, target)
            except duckdb.Error as error:  # its message may quote a value
                raise UcvError(
                    f"The role files in {target} could not be written ({type(error).__name__}); {_remedy(error)}. Readers keep the "
                    "version they see."
                ) from None

    def _one(
        self, conn: duckdb.DuckDBPyConnection, role: str, columns: Mapping[str, tuple[str, ...]], target: Path
    ) -> None:
        path, half = target / f"{role}.duckdb", target / f".{role}.duckdb.half"
        half.unlink(missing_ok=True)
        attach_database(conn, half, self.keys, alias=_ROLE, purpose=key_purpose(role))
        told = _WRITERS[role](self, conn, {t: c for t, c in columns.items() if _is_of(role, t)})
        rows = conn.execute(
            f"SELECT table_name, estimated_size FROM duckdb_tables() WHERE database_name = '{_ROLE}' ORDER BY ALL"
        ).fetchall()
        conn.execute(f"CHECKPOINT {_ROLE}")
        conn.execute(f"DETACH {_ROLE}")
        half.replace(path)
        key = role_key(self.keys, role)
        manifest = {
            "role": role, "key": {"period": key.period, "print": key.key_print},
            "file": {"name": path.name, "sha256": file_hash(path), "size": path.stat().st_size},
            "rows": {str(name): int(count) for name, count in rows}, "missing": _missing(role, columns), **told,
        }  # fmt: skip
        write_file(
            target / f"{role}.json", json.dumps(with_checksum(manifest), ensure_ascii=False, indent=1) + "\n"
        )

    def marketing(
        self, conn: duckdb.DuckDBPyConnection, columns: Mapping[str, tuple[str, ...]]
    ) -> dict[str, Any]:
        token = self.keys.tokeniser()
        done = fill_marketing(
            conn,
            _VERSION,
            _ROLE,
            lambda one: token(f"{MARKETING}/{one}")[:20],
            self.raised,
            self.settings.k_anonymity,
            columns,
        )
        return {"anonymity": done.anonymity, "made_from": done.sources}

    def service(
        self, conn: duckdb.DuckDBPyConnection, columns: Mapping[str, tuple[str, ...]]
    ) -> dict[str, Any]:
        selects, told = {}, {}
        for table in (one for one in TABLES[SERVICE] if one in columns):
            shown, told[table] = self._shown(SERVICE, table, columns[table])
            if table == _VALUES:
                shown = shown.replace(
                    'masked("value"::VARCHAR)', self._by_field(columns.get("golden.customers", ()))
                )
            selects[table.split(".")[1]] = f"SELECT {shown} FROM {_VERSION}.{table}"
        known = [
            sql.format(table=f"{_VERSION}.{table}")
            for table, needed, sql in _KNOWN_BY
            if {"customer_id", *needed} <= set(columns.get(table, ()))
        ]
        known_by = " UNION ALL ".join(known or ["SELECT '' AS customer_id, '' AS value WHERE false"])
        return {"cards": fill_service(conn, _ROLE, selects, known_by), "columns": told}

    def _by_field(self, fields: tuple[str, ...]) -> str:
        """`value` of customer_values for service, as the class of the field that it is a value of asks; unknown fields are masked."""
        seen = {name: TREATMENTS[SERVICE][class_of("customers", name, self.raised)] for name in fields}
        shown = {AS_IS: "value", LEFT_OUT: "NULL"}
        cases = [f"WHEN field = '{name}' THEN {shown[how]}" for name, how in seen.items() if how in shown]
        return f"CASE {' '.join(cases)} ELSE masked(value) END" if cases else "masked(value)"

    def clear(
        self, conn: duckdb.DuckDBPyConnection, columns: Mapping[str, tuple[str, ...]], role: str
    ) -> dict[str, Any]:
        told = {}
        for table, names in columns.items():
            shown, told[table] = self._shown(role, table, names)
            conn.execute(
                f'CREATE TABLE {_ROLE}.main."{table.split(".")[1]}" AS SELECT {shown} FROM {_VERSION}.{table}'
            )
        if role == STEWARD:  # who it is that marketing asks about
            conn.execute(f"CREATE TABLE {_ROLE}.main.marketing_tokens AS FROM marketing_tokens ORDER BY ALL")
        return {"columns": told}

    def _shown(self, role: str, table: str, names: tuple[str, ...]) -> tuple[str, dict[str, str]]:
        """A SELECT list, and column -> class and what the role sees of it."""
        shown, told = [], {}
        for name in names:
            its_class = class_of(table.split(".")[1], name, self.raised)
            treatment = TREATMENTS[role][its_class]
            told[name] = f"{its_class}, {treatment}"
            if treatment == AS_IS:
                shown.append(f'"{name}"')
            elif treatment == MASKED:
                shown.append(f'masked("{name}"::VARCHAR) AS "{name}"')
            else:
                assert treatment == LEFT_OUT, treatment
        return ", ".join(shown), told


_WRITERS: dict[str, Callable[..., dict[str, Any]]] = {
    MARKETING: RoleFiles.marketing,
    SERVICE: RoleFiles.service,
    STEWARD: lambda files, conn, columns: files.clear(conn, columns, STEWARD),
    OFFICER: lambda files, conn, columns: files.clear(conn, columns, OFFICER),
}


def _remedy(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        return (
            "they need a column that this version does not have: build it anew with `ucv run --full-refresh`"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return "raise memory_limit in ucv.toml, or run again with fewer programs beside it"
    return "free space or mend the disk and run again"


def _tables_of(role: str) -> tuple[str, ...]:
    return MARKETING_TABLES if role == MARKETING else TABLES[role]


def _missing(role: str, columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Tables of the role's file that the version does not have."""
    return sorted(one for one in _tables_of(role) if not one.endswith(".*") and one not in columns)


def _is_of(role: str, table: str) -> bool:
    named = _tables_of(role)
    return table in named or f"{table.split('.', maxsplit=1)[0]}.*" in named


def _columns_by_table(conn: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    rows = conn.execute(
        "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        f"WHERE database_name = '{_VERSION}' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {str(table): tuple(map(str, names)) for table, names in rows}
