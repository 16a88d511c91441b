"""The steward's desk in the terminal: doubtful pairs nearest to the threshold, their evidence, and a verdict on each."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.command.evidence import PairEvidence, read_evidence
from pipelines.command.explain import show_pair
from pipelines.command.judging import SIDE_BY_SIDE, judged_pairs, write_verdict
from pipelines.command.working_file import working_file
from pipelines.identity.verdicts import (
    CANNOT_LINK,
    MUST_LINK,
    WITHDRAWN,
    VerdictError,
    active_verdicts,
    read_verdicts,
    record_verdicts,
)
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

Ask = Callable[[str], str]
"""Shows a question and returns the answer; EOFError ends the review."""

_QUESTION = "[y] one person  [n] two persons  [s] skip  [q] quit: "


def review(settings: Settings, limit: int, ask: Ask, console: Console) -> int:
    """Walk up to `limit` pairs that no verdict is about; return how many verdicts were recorded.

    Shows personal values side by side, as the steward must see them: for the steward's own terminal only.
    """
    recorded = 0
    with working_file(settings, load_keys(settings)) as conn:
        pairs = read_evidence(
            conn,
            "(profile_a, profile_b) NOT IN (SELECT (profile_a, profile_b) FROM warehouse.identity.identity_verdicts)",
            [],
            f"abs(match_weight), profile_a, profile_b LIMIT {limit:d}",
        )
        for place, pair in enumerate(pairs, start=1):
            _show(conn, pair, f"{place} of {len(pairs)}", console)
            answer = _answer(ask)
            if answer == "q":
                break
            if answer == "s":
                continue
            try:
                recorded += _record(conn, settings, pair, MUST_LINK if answer == "y" else CANNOT_LINK)
            except VerdictError as error:
                console.print(f"Not recorded: {error}", style="red", highlight=False, markup=False)
    console.print(f"{recorded} verdicts recorded; the next `ucv run` follows them.", highlight=False)
    return recorded


def judge(settings: Settings, one: str, other: str, verdict: str) -> None:
    """Record a verdict about two records by their ids, a candidate pair or not. Raises VerdictError for an unknown record."""
    with working_file(settings, load_keys(settings)) as conn:
        tokens = []
        for record_id in (one, other):
            row = conn.execute(
                "SELECT record_token(record_id) FROM warehouse.identity.identity_records WHERE record_id = ?",
                [record_id],
            ).fetchone()
            if row is None:
                raise VerdictError(
                    f"{record_id} is no record of the published version that identifies anybody; give SOURCE:RECORD."
                )
            tokens.append(str(row[0]))
    write_verdict(settings, verdict, [(tokens[0], tokens[1])])


def withdraw(settings: Settings, number: int) -> None:
    """Take the verdict with this number back; VerdictError when none with it holds."""
    with home_lock(settings):
        held = {verdict.number: verdict for verdict in active_verdicts(read_verdicts(settings.home))}
        if number not in held:
            raise VerdictError(f"No verdict {number} holds; `ucv review --list` shows those that do.")
        record_verdicts(settings.home, WITHDRAWN, [held[number].pair], settings.today())


def list_verdicts(settings: Settings, console: Console) -> None:
    """The verdicts that hold, with the ids of their records where the published version has them."""
    held = active_verdicts(read_verdicts(settings.home))
    with working_file(settings, load_keys(settings)) as conn:
        rows = conn.execute(
            "SELECT record_token(record_id), record_id FROM warehouse.identity.identity_records"
        )
        record_of = dict(rows.fetchall())
    table = Table(title=f"{len(held)} steward verdicts", title_justify="left")
    for name in ("number", "verdict", "record", "record", "given on"):
        table.add_column(name)
    for verdict in held:
        records = (record_of.get(token, "(not in this version)") for token in verdict.pair)
        table.add_row(str(verdict.number), verdict.verdict, *records, verdict.at)
    console.print(table)


def _answer(ask: Ask) -> str:
    while True:
        try:
            answer = ask(_QUESTION).strip().lower()[:1]
        except EOFError:
            return "q"
        if answer in ("y", "n", "s", "q"):
            return answer


def _record(conn: duckdb.DuckDBPyConnection, settings: Settings, pair: PairEvidence, verdict: str) -> int:
    rows = conn.execute(
        "SELECT profile_no, record_token(record_id) FROM warehouse.identity.identity_records "
        "WHERE profile_no IN (?, ?) ORDER BY record_id",
        [pair.profile_a, pair.profile_b],
    ).fetchall()
    a = [token for profile_no, token in rows if profile_no == pair.profile_a]
    b = [token for profile_no, token in rows if profile_no == pair.profile_b]
    write_verdict(settings, verdict, judged_pairs(a, b, verdict))
    return 1


def _show(conn: duckdb.DuckDBPyConnection, pair: PairEvidence, title: str, console: Console) -> None:
    columns = ", ".join(f"{name}::VARCHAR" for name in SIDE_BY_SIDE)
    sides = [
        conn.execute(
            f"SELECT {columns} FROM warehouse.identity.identity_profiles WHERE profile_no = ?", [profile_no]
        ).fetchone()
        or ()
        for profile_no in (pair.profile_a, pair.profile_b)
    ]
    table = Table(title=title, title_justify="left")
    for name in ("field", f"profile {pair.profile_a}", f"profile {pair.profile_b}"):
        table.add_column(name)
    for name, one, other in zip(SIDE_BY_SIDE, *sides, strict=True):
        if (one or other) and (one, other) != ("[]", "[]"):
            table.add_row(name, one or "", other or "", style=None if one == other else "yellow")
    console.print(table)
    show_pair(pair, console)
