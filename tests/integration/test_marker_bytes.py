"""No byte of a home tells who is in it: every file is searched, after everything that shows or writes; encryption off is the control."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from erasure_home import clear_texts
from exports_home import NAMES
from small_night import query
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.command.rotate import rotate
from pipelines.privacy import role_files
from pipelines.privacy.access_log import outer_head_path
from pipelines.privacy.role_files import RoleFiles
from pipelines.publishing.version import current_version
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import connect, open_connection, prepare_connection, quote, read_parquet_sql
from pipelines.storage.keys import Keys, load_keys

MARKS = (*(name.split()[1] for name in NAMES[:20]), "@mail.example.cn")
"""Family names and a mailbox that stand nowhere but in deliveries."""
MAY_HOLD = ("landing", "exports")
"""What is delivered, and what is meant to leave."""


@pytest.fixture
def home(exports_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    key = tmp_path / "keys" / "key.json"
    key.parent.mkdir()
    shutil.copy(exports_copy.key_path, key)
    monkeypatch.setenv("UCV_KEY_FILE", str(key))
    return load_settings(exports_copy.home)


def holding(*places: Path) -> dict[str, list[str]]:
    """File -> the marks in its bytes: as UTF-8, UTF-16, or in another case."""
    found = {}
    for place in places:
        for path in sorted(
            one for one in (place, *place.rglob("*")) if one.is_file() and not one.is_symlink()
        ):
            content = path.read_bytes().lower()
            forms = {mark: (mark.lower().encode(), mark.lower().encode("utf-16-le")) for mark in MARKS}
            marks = [mark for mark, both in forms.items() if any(form in content for form in both)]
            if marks:
                found[str(path)] = marks
    return found


def searched(home: Settings) -> list[Path]:
    return [
        *(path for path in home.home.iterdir() if path.name not in MAY_HOLD),
        outer_head_path(home).parent,
    ]


def use(home: Settings) -> None:
    """Every command that shows somebody, with marks in what is asked."""
    (customer,) = query(
        home, "SELECT customer_id FROM customers WHERE email IS NOT NULL ORDER BY ALL LIMIT 1"
    )[0]
    asked = f"SELECT * FROM customers WHERE display_name LIKE '%{MARKS[0]}%'"
    for words in (
        ("query", asked), ("query", "--role", "steward", asked), ("query", "--role", "officer", asked),
        ("query", "--role", "service", "--customer", "agreed@mail.example.cn"), ("query", f"SELECT {MARKS[1]} FROM customers"),
        ("query", f"SELECT display_name::INTEGER, '{MARKS[0]}' FROM customers"), ("explain", customer), ("explain", MARKS[0]),
        ("review",), ("subject-access", customer, "--name", "officer", "--reason", "1"), ("verify",), ("audit",), ("keys",),
        ("export", "everybody", "--channel", "email", "--purpose", "marketing"), ("roles",),
    ):  # fmt: skip
        CliRunner().invoke(app, [*words, "--home", str(home.home)], input="q\n")


def test_no_byte_under_the_home_nor_beside_the_key_tells_who_is_in_it(home: Settings) -> None:
    assert len(holding(home.home / "landing")) >= 4, "the control of the search"
    use(home)
    kinds = {path.suffix for place in searched(home) for path in place.rglob("*") if path.is_file()}
    assert {".parquet", ".duckdb", ".original", ".db", ".json", ".jsonl", ".html"} <= kinds
    assert holding(*searched(home)) == {}

    def hook(step: str) -> None:
        if step in ("journal", "end"):
            assert (step == "end") != any((home.home / "raw").rglob("*.rekeyed")), "prepared files lie there"
            assert holding(*searched(home)) == {}, step

    rotate(home, hook)


def test_without_encryption_the_marks_are_found_in_every_kind_of_file(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the search would find if the database, role files, rows or originals lay there in the clear."""
    keys, clear = load_keys(home), tmp_path / "clear"
    shutil.copytree(home.home / "warehouse" / "versions" / str(current_version(home.home)), clear)

    def plainly(conn: duckdb.DuckDBPyConnection, path: Path, keys: Keys, *, alias: str, **words: Any) -> None:
        if path.name == "warehouse.duckdb":
            attach(conn, path, keys, alias=alias, **words)
        else:
            conn.execute(f"ATTACH {quote(str(path))} AS {alias}")

    attach = role_files.attach_database
    monkeypatch.setattr(role_files, "attach_database", plainly)
    RoleFiles(home, keys, {}).write(clear)
    monkeypatch.undo()
    found = {Path(name).name: marks for name, marks in holding(clear).items()}
    assert len(found.pop("steward.duckdb")) > 10
    assert found.pop("officer.duckdb") == [MARKS[-1]], "of a masked mailbox the domain"
    assert found == {}, "nobody is told in the other files even without"
    with open_connection(home, keys) as conn:
        attach(conn, clear / "warehouse.duckdb", keys, alias="stored", read_only=True)
        conn.execute(f"ATTACH {quote(str(tmp_path / 'plain.duckdb'))} AS plain")
        conn.execute("COPY FROM DATABASE stored TO plain")
        conn.execute("CHECKPOINT plain")
        rows = next((home.home / "raw" / "registration").rglob("*.parquet"))
        conn.execute(
            f"COPY (FROM {read_parquet_sql([rows])}) TO {quote(str(tmp_path / 'plain.parquet'))} (FORMAT parquet)"
        )
    original = next((home.home / "raw" / "registration").rglob("*.original"))
    told = dict(clear_texts(home))[original.relative_to(home.home).as_posix()]
    (tmp_path / "plain.original").write_text(told, encoding="utf-8")
    for name in ("plain.duckdb", "plain.parquet", "plain.original"):
        assert holding(tmp_path / name), name


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_what_a_query_spills_tells_nobody(home: Settings, is_encrypted: bool) -> None:
    small = home.model_copy(update={"memory_limit": "100MB", "threads": 1})
    conn = connect(small)
    prepare_connection(conn, small, load_keys(home))
    if not is_encrypted:
        conn.execute("SET temp_file_encryption = false")
    conn.execute(
        f"CREATE TEMP TABLE sorted AS SELECT '{MARKS[0]}' || md5(i::VARCHAR) AS m FROM range(3000000) t(i) ORDER BY m"
    )
    spilled = list((home.home / "warehouse").glob(".spill-*"))
    assert any(path.is_file() for one in spilled for path in one.rglob("*")), (
        "it must spill for this test to say anything"
    )
    assert bool(holding(*spilled)) != is_encrypted
    conn.close()


def test_what_the_terminal_of_errors_says_tells_nobody(home: Settings) -> None:
    for run in failing(home):
        told = io.StringIO()
        told.write(run())
        assert not any(mark.lower() in told.getvalue().lower() for mark in MARKS)


def failing(home: Settings) -> Iterator[Callable[[], str]]:
    for sql in ("SELECT display_name::INTEGER FROM customers", "SELECT error(display_name) FROM customers"):
        yield lambda sql=sql: str(CliRunner().invoke(app, ["query", sql, "--home", str(home.home)]).exception)
