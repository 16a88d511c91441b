"""The `ucv` command: thin. Exit 0 done, 1 a gate, source or delivery failed, 2 bad usage, settings or contract."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.errors import ContractError, SettingsError, UcvError
from pipelines.settings import load_settings
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys, require_home

if TYPE_CHECKING:
    from pipelines.command.backfill import Backfill

app = typer.Typer(
    help="One trusted customer view from many sources.", no_args_is_help=True, pretty_exceptions_enable=False
)
contract_app = typer.Typer(help="Contracts of sources.", no_args_is_help=True)
app.add_typer(contract_app, name="contract")
out = Console()
err = Console(stderr=True)

Home = Annotated[
    Path | None, typer.Option("--home", help="The data home; default UCV_HOME, else the project's data/")
]


def main() -> None:
    """Entry point: our own errors become one message and their exit code."""
    try:
        app()
    except UcvError as error:
        err.print(f"ucv: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)


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
        f'\nLook at it: `ucv query "select * from customer_360 limit 5" --home {settings.home}`, `ucv ui --home {settings.home}`',
        highlight=False,
        soft_wrap=True,
    )


def _print_scores(home: Path) -> None:
    import pandas as pd  # noqa: PLC0415

    from pipelines.demo.evaluate import evaluate, format_evaluation  # noqa: PLC0415
    from pipelines.demo.truth import read_truth  # noqa: PLC0415
    from pipelines.publishing.query import run_query  # noqa: PLC0415

    settings = load_settings(home)
    result = run_query(
        settings,
        load_keys(settings),
        "select source_system, source_record_id, customer_id from customer_xref",
    )
    out.print(
        format_evaluation(
            evaluate(pd.DataFrame(list(result.rows), columns=list(result.columns)), read_truth(home))
        ),
        highlight=False,
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
    """Dagster's pages with scheduler, and the data docs of the gates, on loopback."""
    from pipelines.command.ui import serve_ui  # noqa: PLC0415

    raise typer.Exit(serve_ui(require_home(load_settings(home)), port, out))


@app.command()
def check(home: Home = None) -> None:
    """Check the contracts and the key file; exit 2 when one is broken or the key is not there, 1 when a change stops a source."""
    settings = load_settings(home)
    from pipelines.command.contract_changes import tell_changes  # noqa: PLC0415
    from pipelines.contracts.load import load_contracts  # noqa: PLC0415
    from pipelines.contracts.render import format_problems  # noqa: PLC0415

    found = load_contracts(settings.home)
    count = len(found.contracts)
    out.print(f"{count} contract{'' if count == 1 else 's'} can be used.")
    if found.problems:
        err.print(format_problems(found.problems), highlight=False, markup=False, soft_wrap=True)
    if settings.home_id:  # contracts may be checked where they are kept, without a home
        load_keys(settings)
    is_stopped = tell_changes(settings, out, err)
    if found.problems or is_stopped:
        raise typer.Exit(2 if found.problems else 1)


@app.command("accept-contract")
def accept_contract(
    source: Annotated[str, typer.Argument(help="The source that breaking changes of its contract stop")],
    name: Annotated[str, typer.Option("--name", help="Who accepts them")],
    reason: Annotated[str, typer.Option("--reason", help="Why they may be")],
    home: Home = None,
) -> None:
    """Accept, once, the breaking changes of a contract; without them nothing of its source is read."""
    from pipelines.command.contract_changes import accept_contract as accept  # noqa: PLC0415

    accept(require_home(load_settings(home)), source, name, reason, out)


@app.command()
def status(
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object")] = False,
) -> None:
    """Published version, how fresh each source is, refused files; exit 1 when one is late or refused or a check is red."""
    from pipelines.command.status import tell_status  # noqa: PLC0415

    raise typer.Exit(tell_status(require_home(load_settings(home)), out, is_json=as_json))


@app.command()
def report(
    home: Home = None,
    run_id: Annotated[str | None, typer.Option("--run", help="Id of a run; default the newest")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser")] = False,
) -> None:
    """The page of a run: what failed, since when, and what to do. Prints its path."""
    from pipelines.command.report import page_of  # noqa: PLC0415

    path = page_of(require_home(load_settings(home)), run_id)
    out.print(str(path), highlight=False, markup=False, soft_wrap=True)
    if show and typer.launch(str(path)):
        raise typer.Exit(1)


@app.command()
def verify(
    home: Home = None,
    repair: Annotated[bool, typer.Option("--repair", help="Restore what can be restored")] = False,
) -> None:
    """Compare raw, originals, ledger, verdicts and versions with their checksums; exit 1 when something stays damaged."""
    from pipelines.command.verify import verify as find_damage  # noqa: PLC0415

    settings = require_home(load_settings(home))
    findings = find_damage(settings, load_keys(settings), repair=repair)
    for finding in findings:
        style = "yellow" if finding.is_restored else "red"
        out.print(
            f"{finding.what}: {finding.told}", style=style, highlight=False, markup=False, soft_wrap=True
        )
    if not findings:
        out.print("All that the home keeps is as it was written.")
    if not all(finding.is_restored for finding in findings):
        raise typer.Exit(1)


@app.command()
def rejects(
    source: Annotated[str, typer.Argument(help="The source whose rejected rows the vendor shall mend")],
    home: Home = None,
    delivery: Annotated[str | None, typer.Option("--delivery", help="One delivery_id only")] = None,
) -> None:
    """Write the claim file of a source: row, column and reason of every rejected row."""
    from pipelines.command.sources import write_rejects  # noqa: PLC0415

    write_rejects(load_settings(home), source, delivery, out)


@app.command("accept-delivery")
def accept_delivery(
    source: Annotated[str, typer.Argument(help="The source that delivered it")],
    delivery: Annotated[str, typer.Argument(help="The file's name, or the delivery_id")],
    name: Annotated[str, typer.Option("--name", help="Who answers for it")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken nonetheless")],
    home: Home = None,
) -> None:
    """Take one delivery although it was refused, or is not as usual; kept in state with name and reason."""
    from pipelines.command.accept_delivery import accept_delivery as accept  # noqa: PLC0415

    accept(require_home(load_settings(home)), source, delivery, name, reason, out)


@contract_app.command("new")
def contract_new(
    source: Annotated[str, typer.Argument(help="Id of the source, such as web_registrations")],
    kind: Annotated[str, typer.Option("--kind", help="Record kind")] = "registration",
    sample: Annotated[
        Path | None, typer.Option("--sample", help="A delivered file to infer columns from")
    ] = None,
    home: Home = None,
) -> None:
    """Write a commented contract, its columns inferred from a sample, and make the source's landing folder."""
    from pipelines.command.sources import write_contract  # noqa: PLC0415

    write_contract(require_home(load_settings(home)), source, kind, sample, out)


@app.command()
def explain(
    target: Annotated[str, typer.Argument(help="customer_id, of today or of old, or SOURCE:RECORD")],
    other: Annotated[str | None, typer.Argument(help="A second one to hold against the first")] = None,
    home: Home = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw the strongest pair into this .png or .svg")
    ] = None,
    all_pairs: Annotated[bool, typer.Option("--all", help="Every pair, not only the 50 strongest")] = False,
) -> None:
    """Why records belong to one customer, or two records do not: each pair's evidence in bits, guards, verdicts."""
    from pipelines.command.explain import explain as show  # noqa: PLC0415

    show(load_settings(home), target, other, chart, out, all_pairs)


@app.command()
def review(  # noqa: PLR0913, PLR0917 - the words of the command
    home: Home = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Pairs to walk at most")] = 20,
    listed: Annotated[bool, typer.Option("--list", help="Show the verdicts that hold")] = False,
    same: Annotated[
        tuple[str, str] | None, typer.Option("--same", help="Two SOURCE:RECORD that are one person")
    ] = None,
    different: Annotated[
        tuple[str, str] | None, typer.Option("--different", help="Two SOURCE:RECORD that are two persons")
    ] = None,
    withdraw: Annotated[
        int | None, typer.Option("--withdraw", help="Number of a verdict to take back")
    ] = None,
) -> None:
    """Judge doubtful pairs nearest to the threshold. Shows personal values: for a steward's own terminal."""
    from pipelines.command import review as desk  # noqa: PLC0415
    from pipelines.identity.verdicts import CANNOT_LINK, MUST_LINK  # noqa: PLC0415

    settings = load_settings(home)
    if withdraw is not None:
        desk.withdraw(settings, withdraw)
    for records, verdict in ((same, MUST_LINK), (different, CANNOT_LINK)):
        if records is not None:
            desk.judge(settings, *records, verdict)
    if listed:
        desk.list_verdicts(settings, out)
    elif not (same or different or withdraw is not None):
        desk.review(settings, limit, input, out)


@app.command()
def train(
    home: Home = None,
    activate: Annotated[
        bool, typer.Option("--activate", help="Store the new model; the next run uses it")
    ] = False,
) -> None:
    """Train a new match model on the published records and verdicts, and show what it would change."""
    from pipelines.command.train import train as train_model  # noqa: PLC0415

    train_model(load_settings(home), out, activate=activate)


@app.command()
def query(
    sql: str,
    home: Home = None,
    form: Annotated[str, typer.Option("--format", help="table, csv or json")] = "table",
) -> None:
    """Read the published version."""
    from pipelines.publishing.output import write_result  # noqa: PLC0415
    from pipelines.publishing.query import run_query  # noqa: PLC0415

    settings = load_settings(home)
    write_result(run_query(settings, load_keys(settings), sql), sys.stdout, form)


@app.command()
def segment(
    name: Annotated[
        str | None, typer.Argument(help="Stem of a file in the home's segments/; default all")
    ] = None,
    home: Home = None,
) -> None:
    """How many customers a segment (YAML rules over the marts) reaches, and how."""
    from pipelines.command.segment import show_segments  # noqa: PLC0415

    show_segments(load_settings(home), name, out)


@app.command()
def rollback(
    home: Home = None,
    to: Annotated[str | None, typer.Option("--to", help="Version; default the one before")] = None,
) -> None:
    """Let readers see an earlier version again."""
    from pipelines.command.rollback import roll_back  # noqa: PLC0415

    settings = load_settings(home)
    version = roll_back(settings, load_keys(settings), to)
    out.print(
        f"Readers see {version}. The inputs of the version left are not published again until one of them changes, "
        "or with `ucv run --full-refresh`.",
        highlight=False,
    )


@app.command()
def backup(
    archive: Annotated[Path, typer.Argument(help="File to write; one that exists is never overwritten")],
    home: Home = None,
) -> None:
    """Write what cannot be rebuilt into one archive: state, raw, quarantine, contracts and settings, without the key file."""
    from pipelines.publishing.backup import backup as write_backup  # noqa: PLC0415

    told = write_backup(require_home(load_settings(home)), archive).message
    out.print(told, highlight=False, markup=False, soft_wrap=True)


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="A file that `ucv backup` wrote")],
    home: Home = None,
) -> None:
    """Unpack a backup into a new home, on this machine or another; the next run rebuilds the view with the same customer ids."""
    from pipelines.command.restore import restore_home  # noqa: PLC0415

    restore_home(archive, home or load_settings().home, out)


@app.command()
def upgrade(home: Home = None) -> None:
    """Bring a home of an earlier release to this one's form; `ucv run` does it by itself."""
    from pipelines.upgrade import upgrade_home  # noqa: PLC0415

    settings = load_settings(home)
    told = upgrade_home(settings, load_keys(settings))
    out.print(told or f"{settings.home} has the form of this release.", highlight=False, soft_wrap=True)


@app.command()
def retention(
    home: Home = None,
    trusted: Annotated[
        bool,
        typer.Option(
            "--trust-clock", help="After a long rest or a wrong clock: today's date is right, go on removing"
        ),
    ] = False,
) -> None:
    """List what is past its term; every run removes it by itself, unless the clock leapt by more than 100 days."""
    from pipelines.command.retention import show_retention  # noqa: PLC0415

    show_retention(require_home(load_settings(home)), out, trusted=trusted)


if __name__ == "__main__":
    main()
