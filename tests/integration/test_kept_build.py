"""A night on which only the day changed builds on the published build, and publishes what a build from nothing would."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from published_build import build_of, warehouse
from small_night import TILL, csv_text, deliver, hashes, make_home, night, surroundings

from pipelines.assets.dbt_manifest import read_manifest_json
from pipelines.publishing.fingerprint import read_inputs
from pipelines.publishing.kept_build import (
    ADDED_BY_PUBLISH,
    KeptBuild,
    begin_with,
    create_news,
    give_up,
    has_new_rows,
    is_kept,
    keep_nothing,
    kept_build,
    unchanged_tables,
)
from pipelines.publishing.layout import DATABASE
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings

pytestmark = pytest.mark.long

FIRST, NEXT = date(2026, 11, 1), date(2026, 11, 4)
TILL_TO_COME = {
    "source_record_id": "t-late", "transaction_id": "t-late", "amount": "99.00", "currency": "CNY", "full_name": "Annaa Bergman",
    "transacted_at": "2026-11-02 10:00:00", "phone": "13900005678",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home after its first night and, beside it, a copy of it as `before`."""
    folder = tmp_path_factory.mktemp("kept")
    with surroundings(folder):
        settings = make_home(folder / "home")
        # an event of a day that the second night has reached, and the first has not
        deliver(settings.home, "till", "to_come.csv", csv_text(TILL, [TILL_TO_COME]))
        assert night(settings, as_of=FIRST)[0].success
        shutil.copytree(settings.home, folder / "before", symlinks=True)
        yield settings


def comments(conn: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """What is noted on each table."""
    return dict(
        conn.execute(
            "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() WHERE database_name = 'warehouse'"
        ).fetchall()
    )


def kept_by_night(settings: Settings, day: date) -> set[str]:
    """Live a night on which only the day changes; the tables that it left as they were."""
    with warehouse(settings) as conn:
        for name in comments(conn):
            conn.execute(f"COMMENT ON TABLE warehouse.{name} IS 'of the night before'")
    assert night(settings, as_of=day)[0].success
    assert is_kept(build_of(settings))
    with warehouse(settings) as conn:
        return {name for name, noted in comments(conn).items() if noted == "of the night before"}


def test_only_what_depends_on_the_day_is_built_again(home: Settings) -> None:
    kept = kept_by_night(home, NEXT)
    assert {"standardise.std_records", "staging.stg_transactions", "identity.identity_profiles"} <= kept
    assert "identity.identity_match_weights" in kept
    assert not {"golden_work.customer_observations", "golden.customer_values", "marts.customer_rfm"} & kept
    # What they read was built again and says what it said: that is no reason for them.
    assert not {"golden.customer_xref", "golden_work.inference_evidence"} & kept
    assert {"golden.record_inconsistencies", "golden_work.inference_votes"} <= kept


def test_it_publishes_what_a_build_from_nothing_publishes(home: Settings) -> None:
    kept = hashes(home)
    root = home.home.parent
    shutil.rmtree(root / "home")
    shutil.copytree(root / "before", root / "home", symlinks=True)
    assert night(home, as_of=NEXT, full_refresh=True)[0].success
    assert not is_kept(build_of(home))
    assert kept == hashes(home)


def test_a_table_that_waits_for_dates_stays_until_one_is_reached(home: Settings) -> None:
    kept = kept_by_night(home, NEXT + timedelta(days=1))
    assert {"golden_work.customer_observations", "marts.customer_preferences"} <= kept
    assert "golden.customer_values" not in kept


def test_a_build_serves_for_its_own_inputs_only_and_once(home: Settings, tmp_path: Path) -> None:
    inputs = read_inputs(home)
    kept = kept_build(home.home, inputs)
    assert kept == KeptBuild(build_of(home), ())
    assert kept_build(home.home, replace(inputs, lines=(*inputs.lines, "contract new.yml 1 0"))) is None
    # An erasure removes the databases of builds, and with them whatever they know of pairs of the erased.
    database = (kept.folder / DATABASE).rename(kept.folder / "hidden")
    assert kept_build(home.home, inputs) is None
    database.rename(kept.folder / DATABASE)
    give_up(home.home)
    assert kept_build(home.home, inputs) is None
    (kept.folder / "taken").unlink()
    begin_with(kept, tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == (kept.folder / DATABASE).read_bytes()
    assert not has_new_rows(tmp_path)
    # Whatever became of that night, it did not publish: the next one trusts nothing.
    assert kept_build(home.home, inputs) is None


def test_facts_of_tables_left_alone_are_those_that_readers_know(home: Settings, tmp_path: Path) -> None:
    seen = current_manifest(home.home)
    assert seen is not None
    begin_with(KeptBuild(build_of(home), ()), tmp_path)
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS warehouse")
    create_news(conn, tmp_path)
    assert unchanged_tables(conn, tmp_path, seen) == seen.tables
    conn.execute("INSERT INTO warehouse.night.news VALUES ('x', 'model.unified_customer_view.customers')")
    assert seen.tables.keys() - unchanged_tables(conn, tmp_path, seen).keys() == {"golden.customers"}
    # Another version was published, or rolled back to, since the build began.
    assert unchanged_tables(conn, tmp_path, replace(seen, build_id="another")) == {}


def test_rows_of_a_kind_are_news_of_that_kind(home: Settings, tmp_path: Path) -> None:
    (build_of(home) / "taken").unlink(missing_ok=True)
    inputs = read_inputs(home)
    with_rows = replace(inputs, lines=(*inputs.lines, "raw transaction/till/new.parquet 1 0"))
    kept = kept_build(home.home, with_rows)
    assert kept is not None
    assert {name.rsplit(".", 1)[-1] for name in kept.news} == {
        "transaction",
        "deliveries",
        "quarantine_reasons",
    }
    assert (
        kept_build(home.home, replace(inputs, lines=(*with_rows.lines, "raw unknown/a.parquet 1 0"))) is None
    )
    begin_with(kept, tmp_path)
    assert has_new_rows(tmp_path)
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS warehouse")
    create_news(conn, tmp_path)
    told = conn.execute("SELECT name FROM warehouse.night.news").fetchall()
    assert {(name,) for name in kept.news} <= set(told)
    assert ("source.unified_customer_view.raw.registration",) not in told


def test_a_build_gone_on_with_after_a_failure_keeps_nothing(home: Settings, tmp_path: Path) -> None:
    seen = current_manifest(home.home)
    assert seen is not None
    begin_with(KeptBuild(build_of(home), ()), tmp_path)
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS warehouse")
    create_news(conn, tmp_path)
    assert unchanged_tables(conn, tmp_path, seen)
    keep_nothing(tmp_path)
    for _ in range(2):  # told once, however many connections are made
        create_news(conn, tmp_path)
    found = conn.execute("SELECT count(*) FROM warehouse.night.news WHERE name = '*'").fetchone()
    assert found == (1,)
    assert unchanged_tables(conn, tmp_path, seen) == {}


def test_what_publishing_adds_is_always_news() -> None:
    sources = [one for one in read_manifest_json()["sources"].values() if one["source_name"] == "state"]
    assert {one["name"] for one in sources} == {*ADDED_BY_PUBLISH, "steward_verdicts"}


def test_a_model_dated_by_columns_asks_nothing_else_of_the_day() -> None:
    """Whether a date is reached: any other question of the as-of date has another answer each day."""
    dated = {}
    for node in read_manifest_json()["nodes"].values():
        dated_by = node["config"].get("meta", {}).get("dated_by")
        if dated_by:
            columns = "|".join(dated_by.values())
            asked = re.findall(rf"\w*\.?(?:{columns})::date <= {{{{ as_of_date\(\) }}}}", node["raw_code"])
            dated[node["name"]] = len(asked), node["raw_code"].count("as_of_date")
    assert dated
    assert {name: counts for name, counts in dated.items() if len(set(counts)) > 1} == {}
