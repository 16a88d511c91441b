"""`ucv report`: the page of what is published, and the page of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, err, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys, require_home


@app.command()
def report(
    home: Home = None,
    run: Annotated[
        str | None, typer.Option("--run", help="The page of a run instead: its id, or `last`")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser")] = False,
) -> None:
    """Make the page of the published version: sources, identity, customers, vendors, campaigns. Prints its path.

    With --run: the page of a run, what failed in it, since when, and what to do.
    """
    from pipelines.command.report import page_of  # noqa: PLC0415
    from pipelines.command.version_report import make_report  # noqa: PLC0415

    settings = require_home(load_settings(home))
    if run is not None:
        path = page_of(settings, None if run == "last" else run)
    else:
        made = make_report(settings, load_keys(settings))
        path = made.path
        if made.unreadable:
            err.print(
                f"The version could not answer {', '.join(made.unreadable)}; the page says what to do.",
                highlight=False,
                soft_wrap=True,
            )
    out.print(str(path), highlight=False, markup=False, soft_wrap=True)
    if show and typer.launch(str(path)):
        err.print("No browser opened it; open the file above.", highlight=False)
        raise typer.Exit(1)
