"""`ucv erase`: what people may ask for about themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys, require_home


@app.command()
def erase(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="Customers, or records SOURCE:RECORD; none: finish what was cut short", show_default=False
        ),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Who erases, for the receipt")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, such as the number of the request")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="A file with one target a line", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """Take people out of everything that the home keeps, for good, so that no delivery, rebuild or restore brings them back."""
    from pipelines.command.erase import erase as erase_people  # noqa: PLC0415
    from pipelines.command.erase_shown import is_whole, show_receipt  # noqa: PLC0415

    settings = require_home(load_settings(home))
    listed = [*(targets or []), *(_lines(file) if file else [])]
    told = (name, reason) if listed else ("ucv erase", "what was cut short")
    receipts = erase_people(settings, load_keys(settings, to_erase=True), listed, by=told[0], reason=told[1])
    for receipt in receipts:
        show_receipt(receipt, out)
    if not receipts:
        out.print("Nothing was left to do.")
    if not is_whole(receipts):
        raise typer.Exit(1)


def _lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
