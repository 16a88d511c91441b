"""A version's file without encryption: after an erasure none of the person's bytes are in it; after a DELETE they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import PublishError
from pipelines.publishing import erasing
from pipelines.publishing.layout import current_link, version_dir, versions_dir
from pipelines.publishing.version import (
    FileFacts,
    Manifest,
    list_versions,
    read_manifest,
    verify_version,
    write_manifest,
)
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.connection import quote
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

MARK = "zxqv-marker-of-a-person"
VERSION = "v20310301T000000Z-abcdef"
OTHER = "v20310228T000000Z-abcdef"


def attach_plainly(
    conn: duckdb.DuckDBPyConnection, path: Path, _keys: Any, *, alias: str, read_only: bool = False
) -> None:
    conn.execute(f"ATTACH {quote(str(path))} AS {alias} {'(READ_ONLY)' if read_only else ''}")


def write_database(path: Path, cluster: str = "C1") -> None:
    with duckdb.connect(str(path)) as conn:
        conn.execute("PRAGMA force_compression = 'uncompressed'")
        conn.execute("CREATE SCHEMA golden; CREATE SCHEMA marts")
        conn.execute(f"""
            CREATE TABLE golden.customer_xref AS SELECT * FROM (VALUES
                ('web', '1', '{cluster}', 'web:1'), ('shop', '1', '{cluster}', 'shop:1'), ('web', '2', 'C2', 'web:2'),
                ('web', '3', 'C3', 'web:3')
            ) AS t(source_system, source_record_id, customer_id, record_id)""")
        conn.execute(f"""
            CREATE TABLE golden.customers AS SELECT 'C' || i AS customer_id, CASE WHEN i = 1 THEN '{MARK}' ELSE 'name ' || i END
            AS display_name FROM range(1, 4) AS t(i)""")
        conn.execute("COMMENT ON COLUMN golden.customers.display_name IS 'as shown'")
        conn.execute(f"""
            CREATE TABLE marts.consent_ledger AS SELECT * FROM (VALUES ('C1', 'web:1', '{MARK}'), ('C2', NULL, 'x'))
            AS t(customer_id, record_id, text_version)""")
        conn.execute(
            "CREATE TABLE marts.household_summary AS SELECT 'H' AS household_id, ['C1', 'C2'] AS customer_ids"
        )
        conn.execute(
            "CREATE TABLE golden.customer_id_history AS SELECT 'C9' AS customer_id, 'C1' AS successor_id"
        )


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(erasing, "attach_database", attach_plainly)
    settings = create_home(tmp_path / "home")
    for version, cluster in ((VERSION, "C1"), (OTHER, "C1")):
        make_version(settings, version, cluster)
    current_link(settings.home).symlink_to(VERSION)
    return settings


def make_version(settings: Settings, version: str, cluster: str) -> None:
    folder = version_dir(settings.home, version)
    folder.mkdir(parents=True)
    write_database(folder / "warehouse.duckdb", cluster)
    path = folder / "warehouse.duckdb"
    facts = FileFacts(file_hash(path), path.stat().st_size)
    manifest = Manifest(
        version,
        "2031-03-01T00:00:00+00:00",
        "2031-03-01",
        "r",
        "b",
        "f",
        "c",
        "l",
        {},
        {path.name: facts},
        (),
    )
    write_manifest(folder, manifest)


def erase(settings: Settings, version: str, customers: tuple[str, ...] = ("C1",)) -> dict[str, int]:
    told: dict[str, int] = {}
    gone = {("web", "1"), ("shop", "1")}
    erasing.erase_from_version(
        version, settings, load_keys(settings), customers, lambda source, key: (source, key) in gone,
        lambda what, count: told.update({what.partition(" ")[2]: count}), lambda _folder: None,
    )  # fmt: skip
    return told


def test_none_of_the_bytes_are_left(settings: Settings) -> None:
    path = version_dir(settings.home, VERSION) / "warehouse.duckdb"
    control = path.with_name("control.duckdb")
    control.write_bytes(path.read_bytes())
    with duckdb.connect(str(control)) as conn:
        conn.execute("DELETE FROM golden.customers WHERE customer_id = 'C1'")
        conn.execute("DELETE FROM marts.consent_ledger WHERE customer_id = 'C1'")
        conn.execute("CHECKPOINT")
    assert MARK.encode() in control.read_bytes(), "what is deleted stays in a file"
    told = erase(settings, VERSION)
    assert MARK.encode() not in path.read_bytes()
    assert told == {
        "golden.customer_id_history": 1, "golden.customer_xref": 2, "golden.customers": 1, "marts.consent_ledger": 1,
    }  # fmt: skip
    verify_version(settings.home, VERSION)
    facts = read_manifest(settings.home, VERSION).tables
    assert {name: table.rows for name, table in facts.items()} == {
        "golden.customer_id_history": 0, "golden.customer_xref": 2, "golden.customers": 2, "marts.consent_ledger": 1,
        "marts.household_summary": 1,
    }  # fmt: skip
    with duckdb.connect(str(path), read_only=True) as conn:
        assert conn.execute("SELECT customer_ids FROM marts.household_summary").fetchall() == [(["C2"],)]
        told_of = conn.execute(
            "SELECT comment FROM duckdb_columns() WHERE column_name = 'display_name'"
        ).fetchone()
        assert told_of == ("as shown",)
    assert erase(settings, VERSION) == {}, "once more changes nothing"


def test_an_older_version_in_which_somebody_else_has_the_id_goes_as_a_whole(settings: Settings) -> None:
    mixed = "v20310227T000000Z-abcdef"
    make_version(settings, mixed, "C3")
    assert erase(settings, mixed) == {"as a whole": 1}
    assert list_versions(settings.home) == [OTHER, VERSION]
    assert [path.name for path in versions_dir(settings.home).glob(".*")] == []


def test_a_version_that_cannot_be_read_goes_unless_readers_see_it(settings: Settings) -> None:
    for version in (OTHER, VERSION):
        (version_dir(settings.home, version) / "warehouse.duckdb").unlink()
    assert erase(settings, OTHER) == {"as a whole": 1}
    with pytest.raises(PublishError, match="verify --repair"):
        erase(settings, VERSION)


def test_readers_who_hold_the_old_file_keep_it_until_they_close_it(settings: Settings) -> None:
    path = version_dir(settings.home, VERSION) / "warehouse.duckdb"
    with duckdb.connect(str(path), read_only=True) as reader:
        erase(settings, VERSION)
        assert reader.execute("SELECT count(*) FROM golden.customers").fetchone() == (3,)
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM golden.customers").fetchone() == (2,)
