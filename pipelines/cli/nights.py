"""`ucv init`, `demo`, `run`, `ui`, `status`: a home, its nights, and how they went."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.shared import Home, app, err, out
from pipelines.errors import ContractError, SettingsError
from pipelines.settings import load_settings
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys, require_home

if TYPE_CHECKING:
    from pipelines.command.backfill import Backfill


def _day(text: str | None, option: str = "--as-of") -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError(f"{option} is {text!r}; expected a date such as 2026-01-31.") from error


@app.command()
def init(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder to make a home; the same as --home", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """Make an empty home: folders, ucv.toml and a key file outside of it."""
    if folder and home and folder.resolve() != home.resolve():
        raise SettingsError(f"Got two folders, {folder} and --home {home}; expected one, give it once.")
    settings = create_home(folder or home or load_settings().home)
    out.print(
        f"Home {settings.home}; its key file is {settings.key_path} - back it up, nothing can be read without it.",
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def demo(
    home: Home = None,
    people: Annotated[int, typer.Option(min=1, help="Invented people")] = 2000,
    seed: int = 7,
) -> None:
    """Generate invented sources with known truth, run the pipeline on them, and measure what it found.

    Only in a home of its own: one that is not there yet, is empty, or was made by an earlier demo.
    """
    from pipelines.demo.home import make_demo  # noqa: PLC0415

    settings, summary = make_demo(home or load_settings().home, people, seed)
    out.print(
        f"{people:,} people in {sum(summary.rows.values()):,} rows of {len(summary.rows)} sources below {settings.home}"
    )
    _run(settings.home, full_refresh=False, as_of=settings.today(), may_fail=True)
    _print_scores(settings.home)
    out.print(
        f'\nLook at it: `ucv query "select * from customer_360 limit 5" --home {settings.home}`, '
        f"`ucv report --open --home {settings.home}`, `ucv ui --home {settings.home}`",
        highlight=False,
        soft_wrap=True,
    )


def _print_scores(home: Path) -> None:
    import pandas as pd  # noqa: PLC0415

    from pipelines.demo.evaluate import evaluate, format_evaluation  # noqa: PLC0415
    from pipelines.demo.golden_scores import format_golden, score_golden  # noqa: PLC0415
    from pipelines.demo.person_truth import read_person_truth  # noqa: PLC0415
    from pipelines.demo.truth import read_truth  # noqa: PLC0415
    from pipelines.publishing.query import run_query  # noqa: PLC0415

    settings = load_settings(home)

    def read(query: str) -> pd.DataFrame:
        result = run_query(settings, load_keys(settings), query)
        return pd.DataFrame(list(result.rows), columns=list(result.columns))

    truth = read_truth(home)
    xref = read("select source_system, source_record_id, customer_id from customer_xref")
    values = read("select customer_id, field, value from customer_values where is_golden")
    out.print(format_evaluation(evaluate(xref, truth)), highlight=False)
    out.print(
        f"\n{format_golden(score_golden(values, xref, truth, read_person_truth(home)))}", highlight=False
    )


@app.command()
def run(  # noqa: PLR0913, PLR0917 - the words of the command
    home: Home = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build even when nothing is new")
    ] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day that the view describes")] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="First take again what was delivered from this day on, with today's contracts"
        ),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="With --since: the last such day")] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="With --since: of this source alone; may be repeated")
    ] = None,
) -> None:
    """The nightly job, once."""
    from pipelines.command.backfill import backfill_of  # noqa: PLC0415

    settings = load_settings(home)
    days = _day(since, "--since"), _day(until, "--until")
    again = backfill_of(settings, *days, tuple(source or ()))
    _run(settings.home, full_refresh=full_refresh, as_of=_day(as_of), may_fail=False, again=again)


def _run(
    home: Path, *, full_refresh: bool, as_of: date | None, may_fail: bool, again: Backfill | None = None
) -> None:
    from pipelines.command.run import run_nightly  # noqa: PLC0415
    from pipelines.contracts.load import load_contracts  # noqa: PLC0415
    from pipelines.contracts.render import format_problems  # noqa: PLC0415
    from pipelines.ingest.manifests import list_deliveries  # noqa: PLC0415
    from pipelines.publishing.version import current_manifest  # noqa: PLC0415

    settings = load_settings(home)
    contracts = load_contracts(home)
    if not contracts.contracts:
        # Minutes of building nothing would end in a gate that says something else.
        raise ContractError(f"No contract of {home} can be used.\n{format_problems(contracts.problems)}")
    before = current_manifest(home)
    outcome = run_nightly(settings, out, full_refresh=full_refresh, as_of=as_of, again=again)
    after = current_manifest(home)
    if after is None:
        out.print("Nothing is published.")
        if not any(delivery["accepted"] for delivery in list_deliveries(home)):
            out.print(
                f"No source has a row yet: put files into {home}/landing/<id>/.",
                highlight=False,
                soft_wrap=True,
            )
    elif before is None or before.version != after.version:
        out.print(f"Published {after.version} in {outcome.seconds:.0f} s.", highlight=False)
    else:
        out.print(f"Readers keep {after.version} ({outcome.seconds:.0f} s).", highlight=False)
    for name in outcome.failed:
        err.print(f"failed: {name}", style="red", highlight=False)
    if not outcome.success and not (may_fail and after is not None):
        raise typer.Exit(1)


@app.command()
def ui(home: Home = None, port: int = 3000) -> None:
    """Dagster's pages with scheduler, and the pages of runs and of what they published, on loopback."""
    from pipelines.command.ui import serve_ui  # noqa: PLC0415

    raise typer.Exit(serve_ui(require_home(load_settings(home)), port, out))


@app.command()
def status(
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object")] = False,
) -> None:
    """Published version, how fresh each source is, refused files; exit 1 when one is late or refused or a check is red."""
    from pipelines.command.status import tell_status  # noqa: PLC0415

    raise typer.Exit(tell_status(require_home(load_settings(home)), out, is_json=as_json))
