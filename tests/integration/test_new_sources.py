"""Sources that the code has never seen: one of each kind comes in by contract and file alone, up to the customers."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from itertools import cycle
from pathlib import Path

import pytest
from contract_texts import contract_text, delivery_text

from pipelines.contracts.fields import fields_of
from pipelines.contracts.load import load_contracts
from pipelines.contracts.vocabularies import CHANNELS, KINDS, OUTSIDE_CHANNELS
from pipelines.ingest.source import ingest_source
from pipelines.settings import DBT_PROJECT_DIR, Settings
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

LOADED = datetime(2026, 10, 2)


def source_id(kind: str, channel: str) -> str:
    return f"n_{kind}_{channel}"


def few_fields(kind: str) -> list[str]:
    """The key, a name, a phone, and what only this kind has."""
    own = [name for name, field in fields_of(kind).items() if len(field.kinds) == 1]
    return ["source_record_id", "full_name", "phone", *own[:4]]


def install(settings: Settings, kind: str, channels: list[str], fields: list[str]) -> None:
    for channel in channels:
        name = source_id(kind, channel)
        (settings.home / "contracts" / f"{name}.yml").write_text(
            contract_text(name, kind, channel, fields), encoding="utf-8"
        )
        folder = settings.home / "landing" / name
        folder.mkdir()
        (folder / "new.csv").write_text(delivery_text(kind, fields, ["a", "b"]), encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_channel_of_a_kind_has_a_usable_contract(kind: str, tmp_path: Path) -> None:
    for folder in ("contracts", "landing"):
        (tmp_path / folder).mkdir()
    install(Settings(home=tmp_path, home_id="test"), kind, sorted(CHANNELS), few_fields(kind))
    found = load_contracts(tmp_path)
    assert found.problems == ()
    assert {(contract.kind, contract.channel) for contract in found.contracts} == {
        (kind, c) for c in CHANNELS
    }
    for contract in found.contracts:
        assert contract.terms.acquisition_mode == (
            "purchase" if contract.channel in OUTSIDE_CHANNELS else "own"
        )


def test_every_channel_loads_a_file_by_contract_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Kinds take turns over the channels: each channel and each kind comes in, without the minutes of all pairs.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    keys = load_keys(settings)
    for channel, kind in zip(sorted(CHANNELS), cycle(KINDS), strict=False):
        install(settings, kind, [channel], few_fields(kind))
    contracts = load_contracts(settings.home).contracts
    assert {contract.channel for contract in contracts} == CHANNELS
    for contract in contracts:
        (report,) = ingest_source(contract, settings, keys, LOADED).deliveries
        assert (report.status, report.accepted, report.reasons) == ("accepted", 2, {}), contract.channel
        assert report.repairs == {}, contract.channel


def test_one_source_of_each_kind_reaches_staging_and_the_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    keys = load_keys(settings)
    chosen = dict(
        zip(
            KINDS,
            ("prize_card", "wechat", "retailer", "survey", "email", "government", "chamber"),
            strict=True,
        )
    )
    for kind, channel in chosen.items():
        install(settings, kind, [channel], list(fields_of(kind)))
    for contract in load_contracts(settings.home).contracts:
        ingest_source(contract, settings, keys, LOADED)
    warehouse = settings.home / "warehouse" / "unseen" / "warehouse.duckdb"
    _dbt_build(settings.home, warehouse, tmp_path / "target")
    conn = open_connection(settings, keys)
    attach_database(conn, warehouse, keys, read_only=True)
    staged = dict(
        conn.execute(
            "select source_system, count(*) from warehouse.staging.stg_records group by 1"
        ).fetchall()
    )
    linked = dict(
        conn.execute(
            "select source_system, count(*) from warehouse.golden.customer_xref group by 1"
        ).fetchall()
    )
    conn.close()
    people = {source_id(kind, channel) for kind, channel in chosen.items()}
    assert staged == dict.fromkeys(people, 2)
    assert linked == dict.fromkeys(people, 2)


def _dbt_build(home: Path, warehouse: Path, target: Path) -> None:
    environment = {
        **os.environ, "UCV_HOME": str(home), "UCV_AS_OF_DATE": "2026-11-01", "UCV_WAREHOUSE": str(warehouse),
        "PYTHONPATH": str(DBT_PROJECT_DIR.parent),
    }  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "build",
        "--quiet",
        "--exclude-resource-types",
        "unit_test",
    ]
    command += ["--target-path", str(target), "--log-path", str(target)]
    ended = subprocess.run(
        command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-2000:]
