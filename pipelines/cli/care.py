"""`ucv rollback`, `backup`, `restore`, `verify`, `retention`, `upgrade`: looking after what a home holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys, require_home


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
    tombstones: Annotated[
        list[Path] | None,
        typer.Option("--tombstones", help="Who was erased since: the file beside the key of the old machine"),
    ] = None,
) -> None:
    """Unpack a backup into a new home, on this machine or another; the next run rebuilds the view with the same customer ids.

    Whoever was erased since the backup leaves it before anybody can read it.
    """
    from pipelines.command.restore import restore_home  # noqa: PLC0415

    restore_home(archive, home or load_settings().home, out, tuple(tombstones or ()))


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


@app.command()
def upgrade(home: Home = None) -> None:
    """Bring a home of an earlier release to this one's form; `ucv run` does it by itself."""
    from pipelines.upgrade import upgrade_home  # noqa: PLC0415

    settings = load_settings(home)
    told = upgrade_home(settings, load_keys(settings))
    out.print(told or f"{settings.home} has the form of this release.", highlight=False, soft_wrap=True)
