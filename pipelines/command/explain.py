"""Why records belong to one customer, or why two records do not: each pair's evidence in bits, guards and verdicts."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.command.evidence import PairEvidence, read_evidence
from pipelines.command.waterfall import draw_waterfall
from pipelines.command.working_file import working_file
from pipelines.errors import UcvError
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

_MOST_PAIRS = 50


def explain(  # noqa: PLR0913, PLR0917 - the words of the command
    settings: Settings,
    target: str,
    other: str | None,
    chart: Path | None,
    console: Console,
    all_pairs: bool = False,
) -> int:
    """`target`: a customer_id (also a retired one) or SOURCE:RECORD; with `other` the two are held against each other.

    Shows records and weights, no personal value; `chart` gets the strongest pair as a picture (png or svg). Returns how
    many profiles were shown.
    Raises UcvError when nothing is published, a target is unknown or the working file is gone.
    """
    with working_file(settings, load_keys(settings)) as conn:
        if other is None:
            customer_id = _customer(conn, target, console)
            profiles = _show_records(conn, customer_id, console)
            listed = ", ".join(map(str, profiles))
            where = f"profile_a IN ({listed}) AND profile_b IN ({listed})"
        else:
            one, two = _profiles(conn, target, console), _profiles(conn, other, console)
            a, b = ", ".join(map(str, one)), ", ".join(map(str, two))
            where = (
                f"(profile_a IN ({a}) AND profile_b IN ({b})) OR (profile_a IN ({b}) AND profile_b IN ({a}))"
            )
            profiles = sorted({*one, *two})
            if set(one) & set(two):
                console.print("One profile: both say the same in every field that identifies.")
        pairs = read_evidence(conn, where, [], "match_weight DESC, profile_a, profile_b")
        shown = pairs if all_pairs else pairs[:_MOST_PAIRS]
        for pair in shown:
            show_pair(pair, console)
        if len(pairs) > len(shown):
            console.print(f"{len(pairs) - len(shown)} weaker pairs are left out; --all shows them.")
        if not pairs:
            console.print(
                "No pair was weighed: one profile, or nothing in common that any blocking rule looks at."
            )
        _show_guards(conn, profiles, console)
        _show_verdicts(conn, profiles, console)
    if chart is not None:
        if not pairs:
            raise UcvError(
                "There is no weighed pair to draw; name two records that have something in common."
            )
        console.print(f"Picture of the strongest pair: {draw_waterfall(pairs[0], chart)}", highlight=False)
    return len(profiles)


def _customer(conn: duckdb.DuckDBPyConnection, target: str, console: Console) -> str:
    row = conn.execute(
        "SELECT customer_id FROM warehouse.golden.customer_xref WHERE customer_id = $1 OR record_id = $1 LIMIT 1",
        [target],
    ).fetchone()
    if row is not None:
        return str(row[0])
    old = conn.execute(
        'SELECT successor_id, reason, "at" FROM warehouse.golden.customer_id_history WHERE customer_id = $1',
        [target],
    ).fetchone()
    if old is None:
        raise UcvError(f"{target} is neither a customer_id nor a SOURCE:RECORD of the published version.")
    if old[0] is None:
        raise UcvError(f"{target} was retired on {old[2]} ({old[1]}); none of its records is left.")
    console.print(f"{target} was retired on {old[2]} ({old[1]}); it is {old[0]} today.", highlight=False)
    return str(old[0])


def _profiles(conn: duckdb.DuckDBPyConnection, target: str, console: Console) -> list[int]:
    row = conn.execute(
        "SELECT profile_no FROM warehouse.identity.identity_records WHERE record_id = ?", [target]
    ).fetchone()
    return [int(row[0])] if row else _show_records(conn, _customer(conn, target, console), console)


def _show_records(conn: duckdb.DuckDBPyConnection, customer_id: str, console: Console) -> list[int]:
    rows = conn.execute(
        "SELECT x.record_id, r.profile_no FROM warehouse.golden.customer_xref AS x "
        "JOIN warehouse.identity.identity_records AS r USING (record_id) WHERE customer_id = ? ORDER BY ALL",
        [customer_id],
    ).fetchall()
    _print(console, f"{customer_id}: {len(rows)} records", ("record", "profile"), rows)
    return sorted({int(profile_no) for _, profile_no in rows})


def show_pair(pair: PairEvidence, console: Console) -> None:
    title = f"profiles {pair.profile_a} and {pair.profile_b}: {pair.match_weight:+.1f} bits, {pair.probability:.1%}"
    rows = [("prior", "two random records", f"{pair.prior:+.1f}", "")]
    rows += [
        (part.field, part.level, f"{part.bits:+.1f}", "" if part.rarity is None else f"{part.rarity:+.1f}")
        for part in pair.parts
    ]
    rows += [(f"rule: {part.field}", part.level, f"{part.bits:+.1f}", "") for part in pair.guards]
    rows.append(("sum", f"links from {pair.floor:+.1f} on", f"{pair.match_weight:+.1f}", ""))
    if pair.is_conflict:
        rows.append(("guard", "two identity numbers with valid checksums: never together", "", ""))
    _print(console, title, ("field", "level", "bits", "of it rarity"), rows)


def _show_guards(conn: duckdb.DuckDBPyConnection, profiles: list[int], console: Console) -> None:
    listed = ", ".join(map(str, profiles))
    rows = conn.execute(
        "SELECT profile_a, profile_b, guard, reason, printf('%+.1f', unguarded_weight) FROM "
        f"warehouse.identity.identity_guarded WHERE profile_a IN ({listed}) OR profile_b IN ({listed}) ORDER BY ALL LIMIT 50"
    ).fetchall()
    if rows:
        _print(
            console, "kept apart by guards", ("profile", "profile", "guard", "why", "bits without it"), rows
        )


def _show_verdicts(conn: duckdb.DuckDBPyConnection, profiles: list[int], console: Console) -> None:
    listed = ", ".join(map(str, profiles))
    rows = conn.execute(
        "SELECT number, verdict, profile_a, profile_b, at_date FROM warehouse.identity.identity_verdicts "
        f"WHERE profile_a IN ({listed}) OR profile_b IN ({listed}) ORDER BY number"
    ).fetchall()
    if rows:
        _print(console, "steward verdicts", ("number", "verdict", "profile", "profile", "given on"), rows)


def _print(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    table = Table(title=title, title_justify="left")
    for name in columns:
        table.add_column(name)
    for row in rows:
        table.add_row(*map(str, row))
    console.print(table)
