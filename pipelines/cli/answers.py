"""`ucv query`, `segment`, `explain`, `review`, `train`: what is known of customers, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys


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
