"""The steward's desk and explanations in the terminal, on the identity tables of a small working file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.command import explain as explaining
from pipelines.command import review as desk
from pipelines.command.evidence import read_evidence
from pipelines.errors import UcvError
from pipelines.identity.verdicts import CANNOT_LINK, MUST_LINK, VerdictError, active_verdicts, read_verdicts
from pipelines.matching.specification import match_specification
from pipelines.settings import Settings
from pipelines.storage.home import create_home

GUARDS = match_specification().guard_columns


def pair_sql(a: int, b: int, total: float, **bits: float) -> str:
    """One row of identity_match_weights whose named fields agree with so many bits; contact data is capped at 4."""
    columns = [f"{a} AS profile_a", f"{b} AS profile_b", "'person' AS entity_type", "false AS is_swapped"]
    for field in match_specification().fields:
        columns.append(f"{1 if field in bits else 'NULL'}::INTEGER AS {field}_level")
        columns.append(f"{bits.get(field, 0.0)}::DOUBLE AS {field}_weight")
    values = {
        "prior_weight": -8.0,
        "name_correction": 0.0,
        **dict.fromkeys(GUARDS, 0.0),
        "match_weight": total,
    }
    values["household_guard"] = min(4 - bits.get("phone", 0.0), 0.0)
    columns += [f"{value}::DOUBLE AS {name}" for name, value in values.items()]
    return f"SELECT {', '.join(columns)}, false AS is_conflict, 1.0 AS vote"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    conn = duckdb.connect()
    for statement in _STATEMENTS:
        conn.execute(statement)

    @contextmanager
    def small(*_: object) -> Iterator[duckdb.DuckDBPyConnection]:
        yield conn

    monkeypatch.setattr(desk, "working_file", small)
    monkeypatch.setattr(explaining, "working_file", small)
    return settings


_PROFILE = "'Ada' AS given_name, NULL AS native_name, NULL AS birth_date, 'f' AS sex, NULL AS national_id, ['1'] AS phones, \
[] AS emails, NULL AS address_line, NULL AS city, NULL AS postcode, NULL AS birth_place, NULL AS occupation, NULL AS organisation_key"
_STATEMENTS = (
    "ATTACH ':memory:' AS warehouse",
    *(f"CREATE SCHEMA warehouse.{name}" for name in ("identity", "golden", "reference")),
    "CREATE MACRO record_token(id) AS 't' || id",
    f"CREATE TABLE warehouse.identity.identity_match_weights AS {pair_sql(1, 2, 0.5, family=5.0, given=-0.5, phone=9.0)} "
    f"UNION ALL {pair_sql(2, 3, -1.5, family=2.5, phone=6.0)} UNION ALL {pair_sql(1, 3, 30.0, family=38.0)}",
    "CREATE TABLE warehouse.identity.identity_closure_weights AS FROM warehouse.identity.identity_match_weights LIMIT 0",
    "CREATE TABLE warehouse.identity.identity_records AS FROM (VALUES ('s:a', 1), ('s:b', 2), ('s:b2', 2), ('s:c', 3)) "
    "AS t(record_id, profile_no)",
    f"CREATE TABLE warehouse.identity.identity_profiles AS SELECT n AS profile_no, 'Byron' || n AS family_name, {_PROFILE} "
    "FROM range(1, 4) AS t(n)",
    "CREATE TABLE warehouse.identity.identity_match_model AS "
    "SELECT field, 1 AS level, 'alike' AS label, 2.0 AS weight FROM (VALUES ('family'), ('given'), ('phone')) AS t(field)",
    "CREATE TABLE warehouse.identity.identity_verdicts (number INT, verdict VARCHAR, profile_a INT, profile_b INT, at_date DATE)",
    "CREATE TABLE warehouse.identity.identity_guarded (profile_a INT, profile_b INT, guard VARCHAR, reason VARCHAR, "
    "unguarded_weight DOUBLE)",
    "INSERT INTO warehouse.identity.identity_guarded VALUES (2, 3, 'household', 'another given name', 2.0)",
    "CREATE TABLE warehouse.golden.customer_xref AS FROM (VALUES ('s:a', 'C1'), ('s:b', 'C1'), ('s:b2', 'C1'), ('s:c', 'C3')) "
    "AS t(record_id, customer_id)",
    "CREATE TABLE warehouse.golden.customer_id_history AS SELECT 'C0' AS customer_id, 'C1' AS successor_id, 'merged' AS reason, "
    "DATE '2026-01-05' AS \"at\"",
    "CREATE TABLE warehouse.identity.identity_match_settings AS SELECT 'link_floor' AS setting, 0.0 AS value",
)


def terminal() -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=140), text


def test_the_nearest_pairs_come_first_and_each_answer_becomes_a_verdict(home: Settings) -> None:
    answers = iter(["?", "n", "y"])
    console, text = terminal()
    assert desk.review(home, 2, lambda _: next(answers), console) == 2
    held = [(verdict.verdict, verdict.pair) for verdict in active_verdicts(read_verdicts(home.home))]
    # Both records that read the same are kept apart from the other one.
    assert held == [
        (CANNOT_LINK, ("ts:a", "ts:b")),
        (CANNOT_LINK, ("ts:a", "ts:b2")),
        (MUST_LINK, ("ts:b", "ts:c")),
    ]
    assert "Byron1" in text.getvalue()
    assert "+38.0" not in text.getvalue()


def test_an_end_of_input_ends_the_review(home: Settings) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    assert desk.review(home, 5, nobody, terminal()[0]) == 0


def test_records_are_judged_by_id_and_a_verdict_can_be_withdrawn(home: Settings) -> None:
    desk.judge(home, "s:c", "s:a", MUST_LINK)
    desk.judge(home, "s:a", "s:b", MUST_LINK)
    with pytest.raises(VerdictError, match="verdict 3"):
        desk.judge(home, "s:b", "s:c", CANNOT_LINK)
    desk.withdraw(home, 1)
    desk.judge(home, "s:b", "s:c", CANNOT_LINK)
    console, text = terminal()
    desk.list_verdicts(home, console)
    assert "s:b" in text.getvalue()
    with pytest.raises(VerdictError, match="No verdict 1 holds"):
        desk.withdraw(home, 1)
    with pytest.raises(VerdictError, match="s:nobody is no record"):
        desk.judge(home, "s:nobody", "s:a", MUST_LINK)


def test_every_part_of_an_explanation_adds_up_to_the_match_weight(home: Settings) -> None:
    with desk.working_file(home, None) as conn:
        pairs = read_evidence(conn, "true", [], "profile_a, profile_b")
    assert len(pairs) == 3
    for pair in pairs:
        told = pair.prior + sum(part.bits for part in (*pair.parts, *pair.guards))
        assert told == pytest.approx(pair.match_weight)


def test_two_records_are_explained_with_guards_and_drawn(home: Settings, tmp_path: Path) -> None:
    console, text = terminal()
    explaining.explain(home, "s:b", "s:c", tmp_path / "pair.svg", console)
    assert "-1.5 bits" in text.getvalue()
    assert "household" in text.getvalue()
    assert (
        "match weight" in (tmp_path / "pair.svg").read_text()
        or (tmp_path / "pair.svg").stat().st_size > 5_000
    )
    with pytest.raises(UcvError, match=r"\.png or \.svg"):
        explaining.explain(home, "s:b", "s:c", tmp_path / "pair.docx", console)


def test_an_old_id_is_explained_as_what_it_is_today(home: Settings) -> None:
    console, text = terminal()
    explaining.explain(home, "C0", None, None, console)
    assert "C0 was retired on 2026-01-05 (merged); it is C1 today." in text.getvalue()
    with pytest.raises(UcvError, match="C9 is neither"):
        explaining.explain(home, "C9", None, None, console)
