"""After a rollback the identity ledger says what the version says that readers see, whatever came between."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publishing_home import START, Home

from pipelines.command.rollback import roll_back
from pipelines.errors import PublishError
from pipelines.identity.compensation import write_compensation
from pipelines.identity.ledger import assign_customer_ids
from pipelines.identity.state import LEDGER_COLUMNS, assignments_sql, create_state_views, successors_sql
from pipelines.publishing.version import current_version
from pipelines.storage.connection import PARQUET_WRITE, open_connection, quote
from pipelines.storage.keys import Keys

pytestmark = pytest.mark.long

TOKENS = "abcdefgh"
DAY = date(2026, 11, 22)


class Ledger:
    """The state folder of a home, to which nights add as the nightly build does."""

    def __init__(self, home: Home) -> None:
        self.home, self.folder = home, home.path / "state" / "identity_ledger"
        self.folder.mkdir(parents=True, exist_ok=True)

    def open(self) -> duckdb.DuckDBPyConnection:
        conn = open_connection(self.home.settings, self.home.keys)
        create_state_views(conn, self.home.path)
        return conn

    def entries(self, clusters: list[int]) -> pd.DataFrame:
        """What a night writes that puts token i into cluster clusters[i]; a negative cluster: the record is gone."""
        conn = self.open()
        held = conn.execute(assignments_sql()).df()
        retired = conn.execute(
            f"SELECT customer_id FROM ({successors_sql()}) WHERE reason <> 'rolled_back'"
        ).df()
        conn.close()
        rows = [(f"s:{t}", t, n) for t, n in zip(TOKENS, clusters, strict=False) if n >= 0]
        records = pd.DataFrame(rows, columns=["record_id", "token", "cluster_no"])
        resolved = assign_customer_ids(records, held, retired["customer_id"])
        changed = resolved[resolved["change"] != "kept"].assign(
            entry="assign", successor_id=None, at_date=DAY
        )
        changed = changed.rename(columns={"change": "reason"})
        gone = sorted(set(held["customer_id"]) - set(resolved["customer_id"]))
        to = {
            row.previous_customer_id: row.customer_id
            for row in resolved.itertuples()
            if row.previous_customer_id
        }
        retired = pd.DataFrame(
            [
                {
                    "entry": "retire",
                    "customer_id": i,
                    "successor_id": to.get(i),
                    "reason": "merged",
                    "at_date": DAY,
                }
                for i in gone
            ]
        )
        return pd.concat([changed, retired]).reindex(columns=list(LEDGER_COLUMNS))

    def write(self, clusters: list[int], path: Path) -> None:
        entries = self.entries(clusters).astype(object)
        entries = entries.where(entries.notna(), None)
        conn = self.open()
        conn.execute(f"create temp table e ({', '.join(f'{n} {k}' for n, k in LEDGER_COLUMNS.items())})")
        for row in entries.itertuples(index=False):
            conn.execute(f"insert into e values ({', '.join('?' * len(row))})", list(row))
        conn.execute(f"copy e to {quote(str(path))} ({PARQUET_WRITE})")
        conn.close()

    def says(self) -> tuple[dict[str, str], dict[str, str | None]]:
        conn = self.open()
        held = dict(conn.execute(assignments_sql()).fetchall())
        retired = {row[0]: row[1] for row in conn.execute(successors_sql()).fetchall()}
        conn.close()
        return held, retired


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(-1, 3), min_size=8, max_size=8), min_size=2, max_size=4),
    st.data(),
)
def test_compensation_restores_any_earlier_place_of_the_ledger(
    nights: list[list[int]], data: st.DataObject
) -> None:
    import tempfile  # noqa: PLC0415

    nights = [night if max(night) >= 0 else [0, *night[1:]] for night in nights]
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Home(Path(folder)))
        said = []
        for number, clusters in enumerate(nights, start=1):
            ledger.write(clusters, ledger.folder / f"{number:06d}-v.parquet")
            said.append(ledger.says())
        to = data.draw(st.integers(1, len(nights) - 1))
        conn = ledger.open()
        write_compensation(conn, to, DAY, ledger.folder / f"{len(nights) + 1:06d}-v.parquet")
        conn.close()
        held, retired = ledger.says()
        assert held == said[to - 1][0]
        assert {key: value for key, value in retired.items() if key in said[to - 1][1]} == said[to - 1][1]
        # An id that only the later nights knew still resolves, to one that is alive or to nobody.
        later = {i for night in said[to:] for i in night[0].values()} - set(held.values())
        assert later <= set(retired)
        assert not set(held.values()) & (set(retired) - set(said[to - 1][1]))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def publish_night(home: Home, clusters: list[int]) -> str:
    build = home.build(home.nights + 1)
    Ledger(home).write(clusters, build.parent / "ledger.parquet")
    return home.publish(build).version


def test_rolling_back_and_forward_takes_the_ledger_along(home: Home) -> None:
    first = publish_night(home, [0, 0, 1, 1])
    before = Ledger(home).says()
    second = publish_night(home, [0, 0, 0, 0, 2])
    after = Ledger(home).says()
    assert before[0] != after[0]
    assert roll_back(home.settings, home.keys, None, START) == first
    assert Ledger(home).says()[0] == before[0]
    assert roll_back(home.settings, home.keys, second, START) == second
    assert Ledger(home).says()[0] == after[0]
    assert home.leftovers() == []
    assert all(name[:6] == f"{n:06d}" for n, name in enumerate(home.ledger(), start=1))


def test_the_same_records_get_the_same_ids_after_a_rollback(home: Home) -> None:
    publish_night(home, [0, 0, 1, 1])
    publish_night(home, [0, 0, 1, 1, 2])
    ids = Ledger(home).says()[0]
    roll_back(home.settings, home.keys, None, START)
    publish_night(home, [0, 0, 1, 1, 2])
    assert Ledger(home).says()[0] == ids


def test_a_rollback_that_cannot_read_the_ledger_is_undone_at_the_next_start(home: Home) -> None:
    publish_night(home, [0, 0, 1, 1])
    second = publish_night(home, [0, 0, 0, 0])
    names = home.ledger()
    with pytest.raises(PublishError, match="key file"):
        roll_back(home.settings, Keys("test", bytes(32)), None, START)
    assert current_version(home.path) == second
    roll_back(home.settings, home.keys, None, START)
    assert home.ledger()[:2] == names
    assert home.leftovers() == []
