"""`ucv model check`, `page`, `export`: the matching specification and the model that is made from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, err, out
from pipelines.settings import load_settings
from pipelines.storage.keys import require_home

model_app = typer.Typer(
    help="The match model: its specification, its page, its settings for Splink.", no_args_is_help=True
)
app.add_typer(model_app, name="model")

Output = Annotated[Path | None, typer.Option("--output", help="File to write; default standard output")]


@model_app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A specification; default the project's own")] = None,
) -> None:
    """Check the matching specification and tell what stands in it; exit 2 with every fault when it is wrong."""
    from pipelines.command.model import check_model  # noqa: PLC0415

    check_model(file, out)


@model_app.command()
def page(
    output: Output = None,
    trained: Annotated[
        bool, typer.Option("--trained", help="Beside the shipped figures those of the published version")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Rewrite the page that is committed with the models")
    ] = False,
    home: Home = None,
) -> None:
    """The match model as Markdown: comparisons, levels, m, u and bits, guards, blocking rules, settings."""
    from pipelines.command.model import rewrite_page, show_page  # noqa: PLC0415

    if write and (trained or output):
        raise typer.BadParameter(
            "--write makes the committed page, of shipped figures only; leave out --trained and --output."
        )
    if write:
        rewrite_page(out)
    else:
        show_page(require_home(load_settings(home)) if trained else None, output)


@model_app.command()
def export(
    splink: Annotated[bool, typer.Option("--splink", help="As settings of Splink (JSON)")] = False,
    output: Output = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="m and u as shipped, not those of the published version")
    ] = False,
    profiles: Annotated[
        Path | None,
        typer.Option(
            "--profiles",
            help="Also write what Splink compares into this .parquet: PERSONAL DATA of every profile, in the clear",
        ),
    ] = None,
    home: Home = None,
) -> None:
    """Write the match model of the published version for another tool; no personal data unless --profiles asks for it."""
    from pipelines.command.model import export_profiles, export_splink  # noqa: PLC0415

    if not splink:
        raise typer.BadParameter("No format was named; --splink is the one there is.")
    export_splink(None if shipped else require_home(load_settings(home)), output, err)
    if profiles is not None:
        export_profiles(require_home(load_settings(home)), profiles, err)
