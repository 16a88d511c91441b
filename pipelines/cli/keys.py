"""`ucv keys`: which keys there are, what each still opens, and the change to a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import require_home

keys_app = typer.Typer(help="Keys of the home: list them, change them, forget one.", no_args_is_help=False)
app.add_typer(keys_app, name="keys")


@keys_app.callback(invoke_without_command=True)
def listed(context: typer.Context, home: Home = None) -> None:
    """Each period's key: since when, what it opens here (tried for real), and which backups were made with it."""
    if context.invoked_subcommand is None:
        from pipelines.command.keys import show_keys  # noqa: PLC0415

        if not show_keys(require_home(load_settings(home)), out):
            raise typer.Exit(1)


@keys_app.command()
def rotate(home: Home = None) -> None:
    """Write everything anew with a new key; readers go on meanwhile. Killed, the same command goes on where it stopped."""
    from pipelines.command.keys import show_rotation  # noqa: PLC0415

    show_rotation(require_home(load_settings(home)), out)


@keys_app.command()
def new(
    output: Annotated[Path, typer.Option("--output", help="File to write, mode 0600; never overwritten")],
    home: Home = None,
) -> None:
    """Write the key document with one more period into a file, for a vault that `ucv` cannot write to."""
    from pipelines.command.keys import write_next  # noqa: PLC0415

    write_next(require_home(load_settings(home)), output, out)


@keys_app.command()
def role(
    name: Annotated[str, typer.Argument(help="marketing, service, steward or officer")],
    output: Annotated[Path, typer.Option("--output", help="File to write, mode 0600; never overwritten")],
    home: Home = None,
) -> None:
    """Write the key of one role's files into a file, to be handed to whoever has that role. It opens nothing else."""
    from pipelines.command.keys import write_role_key  # noqa: PLC0415

    write_role_key(require_home(load_settings(home)), name, output, out)


@keys_app.command()
def forget(period: int, home: Home = None) -> None:
    """Remove an earlier period's key for good: backups made in that period can never be read again."""
    from pipelines.command.rotate import forget_period  # noqa: PLC0415

    forget_period(require_home(load_settings(home)), period)
    out.print(f"Period {period} is gone from the key file; remove it from its copies, too.")
