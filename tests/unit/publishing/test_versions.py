"""Version ids, manifests, history: what the names say and how they sort."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import PublishError
from pipelines.publishing.difference import describe_difference
from pipelines.publishing.version import (
    FileFacts,
    Manifest,
    TableFacts,
    current_manifest,
    list_versions,
    read_manifest,
    version_id,
    version_time,
    write_manifest,
)

MANIFEST = Manifest(
    version="v20261123T023000Z-1a2b3c",
    created_at="2026-11-23T02:30:00+00:00",
    as_of_date="2026-11-22",
    run_id="run",
    build_id="build",
    input_fingerprint="1a2b3c",
    code_version="code",
    ledger_file=None,
    tables={"golden.customers": TableFacts(2, "aa", (("客户", "VARCHAR"), ("n", "BIGINT")))},
    files={"warehouse.duckdb": FileFacts("bb", 10)},
    verdicts=({"gate": "golden", "passed": True},),
)

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def test_a_version_id_is_utc_and_ends_with_the_fingerprint() -> None:
    in_shanghai = datetime(2026, 11, 23, 10, 30, tzinfo=timezone(timedelta(hours=8)))
    assert version_id(in_shanghai, "1A2B3C4D") == "v20261123T023000Z-1a2b3c"


@given(MOMENTS, MOMENTS)
def test_version_ids_sort_by_time(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (version_id(one, "f" * 6) < version_id(other, "f" * 6)) is (one < other)
    assert version_time(version_id(one, "0" * 6)) == one


def test_what_is_no_version_id_is_named() -> None:
    with pytest.raises(PublishError, match="'latest' is no version"):
        version_time("latest")


def test_a_manifest_reads_back_and_its_text_is_stable() -> None:
    text = MANIFEST.to_json()
    assert Manifest.from_json(text) == MANIFEST
    assert Manifest.from_json(text).to_json() == text


def test_only_whole_versions_are_listed(tmp_path: Path) -> None:
    assert list_versions(tmp_path) == []
    folder = tmp_path / "warehouse" / "versions"
    for name in (
        "v20261124T023000Z-aaaaaa",
        "v20261123T023000Z-bbbbbb",
        ".v20261125T023000Z-cccccc.tmp",
        "mine",
    ):
        write_manifest(folder / name, MANIFEST)
    (folder / "v20261126T023000Z-dddddd").mkdir()
    assert list_versions(tmp_path) == ["v20261123T023000Z-bbbbbb", "v20261124T023000Z-aaaaaa"]


def test_a_missing_or_damaged_manifest_is_an_error_that_lists_versions(tmp_path: Path) -> None:
    assert current_manifest(tmp_path) is None
    folder = tmp_path / "warehouse" / "versions" / MANIFEST.version
    write_manifest(folder, MANIFEST)
    with pytest.raises(PublishError, match=MANIFEST.version):
        read_manifest(tmp_path, "v20200101T000000Z-aaaaaa")
    for damage in ("", "{", "[]", '{"version": "x"}', '{"tables": 1, "files": 2, "verdicts": 3}'):
        (folder / "manifest.json").write_text(damage)
        with pytest.raises(PublishError, match="damaged"):
            read_manifest(tmp_path, MANIFEST.version)


def test_a_difference_names_each_table_that_changed() -> None:
    same = TableFacts(1, "x", (("a", "INTEGER"),))
    before = replace(MANIFEST, tables={"m.same": same, "m.gone": same, "m.rows": same, "m.columns": same})
    after = replace(
        MANIFEST,
        tables={
            "m.same": same,
            "m.new": same,
            "m.rows": replace(same, rows=2, content_hash="y"),
            "m.columns": TableFacts(1, "z", (("b", "INTEGER"),)),
        },
    )
    assert describe_difference(before, after) == [
        "m.columns: columns changed, 1 to 1 rows",
        "m.gone: removed, 1 rows",
        "m.new: added, 1 rows",
        "m.rows: content changed, 1 to 2 rows",
    ]
    assert describe_difference(before, before) == []
