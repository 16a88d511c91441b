"""`ucv desk`: pages for stewards, service, marketing and the officer on loopback."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import require_home


@app.command()
def desk(  # noqa: PLR0913, PLR0917 - the words of the command
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            help="steward, service, marketing or officer; again for another; default all four",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            help="Who sits there, for the log; again for a link of their own; default the user",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Loopback port; 0 takes a free one")
    ] = 3002,
    key: Annotated[
        Path | None, typer.Option("--key", help="For service: the role's key file; default the home's keys")
    ] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", help="Why stewards and marketing look, for the access log")
    ] = None,
    home: Home = None,
) -> None:
    """Serve the desk: judge doubtful pairs, look up one customer, build segments. Prints a link a role; Ctrl+C ends it."""
    from pipelines.desk.desk import Desk  # noqa: PLC0415
    from pipelines.desk.serve import serve_desk  # noqa: PLC0415

    settings = require_home(load_settings(home))
    serve_desk(Desk(settings, key, purpose=purpose), port, role or [], name or [getpass.getuser()], out)
