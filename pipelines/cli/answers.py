"""`ucv query`, `roles`, `segment`, `cases`, `explain`, `review`, `train`: what is known of customers, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings


@app.command()
def query(  # noqa: PLR0913, PLR0917 - the words of the command
    sql: Annotated[
        str | None, typer.Argument(help="One SELECT; with --role service nothing shows all of one customer")
    ] = None,
    home: Home = None,
    form: Annotated[str, typer.Option("--format", help="table, csv or json")] = "table",
    role: Annotated[
        str | None, typer.Option("--role", help="Read the file of marketing, service, steward or officer")
    ] = None,
    customer: Annotated[
        str | None, typer.Option("--customer", help="For service: a customer_id, phone number or mailbox")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The role's key file; default UCV_ROLE_KEY_FILE, else the home's keys"),
    ] = None,
    purpose: Annotated[str | None, typer.Option("--purpose", help="Why, for the access log")] = None,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", help="A version to compare with: its tables are before.golden, before.marts"
        ),
    ] = None,
) -> None:
    """Read the published version, or what a role may see of it."""
    from pipelines.command.query import query_published, query_role_file  # noqa: PLC0415
    from pipelines.errors import SettingsError  # noqa: PLC0415

    settings = load_settings(home)
    if role is None:
        query_published(settings, sql, form, purpose, before)
    elif before is not None:
        raise SettingsError(
            "--before compares whole versions; a role's file has one. Leave out --role, or --before."
        )
    else:
        query_role_file(settings, role, sql, form, purpose, key_file=key, customer=customer)


@app.command()
def roles(
    role: Annotated[str | None, typer.Argument(help="One role: class and treatment of every column")] = None,
    home: Home = None,
) -> None:
    """The files of roles beside the published version, and how the marketing file was made anonymous."""
    from pipelines.command.query import show_roles  # noqa: PLC0415

    show_roles(load_settings(home), out, role)


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
def cases(home: Home = None) -> None:
    """The two cases of docs/cases.md in numbers: offers that sell more, and service that keeps customers."""
    from pipelines.command.cases import show_cases  # noqa: PLC0415

    show_cases(load_settings(home), out)


@app.command()
def explain(  # noqa: PLR0913, PLR0917 - the words of the command
    target: Annotated[str, typer.Argument(help="customer_id, of today or of old, or SOURCE:RECORD")],
    other: Annotated[str | None, typer.Argument(help="A second one to hold against the first")] = None,
    home: Home = None,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Draw the strongest pair into this .png or .svg")
    ] = None,
    all_pairs: Annotated[bool, typer.Option("--all", help="Every pair, not only the 50 strongest")] = False,
    purpose: Annotated[str | None, typer.Option("--purpose", help="Why, for the access log")] = None,
) -> None:
    """Why records belong to one customer, or two records do not: each pair's evidence in bits, guards, verdicts."""
    from pipelines.command.access import accessed  # noqa: PLC0415
    from pipelines.command.explain import explain as show  # noqa: PLC0415
    from pipelines.storage.keys import load_keys  # noqa: PLC0415

    settings = load_settings(home)
    with accessed(
        settings, load_keys(settings), "explain", purpose=purpose, about=f"{target} {other or ''}"
    ) as access:
        access.rows = show(settings, target, other, chart, out, all_pairs)


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
    purpose: Annotated[str | None, typer.Option("--purpose", help="Why, for the access log")] = None,
) -> None:
    """Judge doubtful pairs nearest to the threshold. Shows personal values: for a steward's own terminal."""
    from pipelines.command import review as desk  # noqa: PLC0415
    from pipelines.command.access import accessed  # noqa: PLC0415
    from pipelines.identity.verdicts import CANNOT_LINK, MUST_LINK  # noqa: PLC0415
    from pipelines.storage.keys import load_keys  # noqa: PLC0415

    settings = load_settings(home)
    if withdraw is not None:
        desk.withdraw(settings, withdraw)
    for records, verdict in ((same, MUST_LINK), (different, CANNOT_LINK)):
        if records is not None:
            desk.judge(settings, *records, verdict)
    if listed:
        desk.list_verdicts(settings, out)
    elif not (same or different or withdraw is not None):
        with accessed(settings, load_keys(settings), "review", purpose=purpose) as access:

            def ask(question: str) -> str:
                access.rows = (access.rows or 0) + 1  # a pair is on the screen
                return input(question)

            desk.review(settings, limit, ask, out)


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
