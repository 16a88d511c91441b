"""`ucv check`, `contract new`, `rejects`, `accept-delivery`, `accept-contract`: what sources send, under which contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, contract_app, err, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys, require_home


@app.command()
def check(home: Home = None) -> None:
    """Check the contracts, the goals, the classes of published columns and the keys; exit 2 when one is broken or not there, 1 when a change stops a source."""
    settings = load_settings(home)
    from pipelines.command.contract_changes import tell_changes  # noqa: PLC0415
    from pipelines.contracts.load import load_contracts  # noqa: PLC0415
    from pipelines.contracts.render import format_problems  # noqa: PLC0415
    from pipelines.goals.document import load_goals  # noqa: PLC0415
    from pipelines.privacy.class_check import unclassified_columns  # noqa: PLC0415

    found = load_contracts(settings.home)
    count = len(found.contracts)
    out.print(f"{count} contract{'' if count == 1 else 's'} can be used.")
    goals = load_goals(settings.home)
    if goals.goals:
        out.print(f"{len(goals.goals)} goal{'' if len(goals.goals) == 1 else 's'} can be followed.")
    problems = (*found.problems, *goals.problems)
    if problems:
        err.print(format_problems(problems), highlight=False, markup=False, soft_wrap=True)
    if settings.home_id:  # contracts may be checked where they are kept, without a home
        load_keys(settings)
    unclassified = list(unclassified_columns())
    for told in unclassified:
        err.print(told, style="red", highlight=False, markup=False, soft_wrap=True)
    is_stopped = tell_changes(settings, out, err)
    if problems or unclassified or is_stopped:
        raise typer.Exit(2 if problems or unclassified else 1)


@contract_app.command("new")
def contract_new(
    source: Annotated[str, typer.Argument(help="Id of the source, such as web_registrations")],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Record kind; without it told from the sample")
    ] = None,
    sample: Annotated[
        Path | None, typer.Option("--sample", help="A delivered file to infer columns from")
    ] = None,
    home: Home = None,
) -> None:
    """Write a commented contract, its columns inferred from a sample, and make the source's landing folder."""
    from pipelines.command.sources import write_contract  # noqa: PLC0415

    write_contract(require_home(load_settings(home)), source, kind, sample, out)


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
