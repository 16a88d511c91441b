"""What every group of commands has: the app, the two consoles, and the option that names the home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

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
