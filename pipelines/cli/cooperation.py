"""`ucv overlap`: how many customers a partner and we share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys, require_home


@app.command()
def overlap(  # noqa: PLR0913, PLR0917 - the words of the command
    step: Annotated[
        str,
        typer.Argument(
            help="begin, answer, end (exact); encode, match (alike); or ledger (who gave and took how much)"
        ),
    ],
    partner: Annotated[
        str | None, typer.Argument(help="receivers/NAME.yml of the home", show_default=False)
    ] = None,
    file: Annotated[Path | None, typer.Argument(help="What the partner sent", show_default=False)] = None,
    by: Annotated[str, typer.Option("--by", help="With begin: email or phone")] = "email",
    secret: Annotated[
        Path | None, typer.Option("--secret", help="With encode and match: a file that the partner has too")
    ] = None,
    home: Home = None,
) -> None:
    """How many customers a partner and we share, without either seeing the other's; and who gave how much so far."""
    from pipelines.command import overlap as made  # noqa: PLC0415
    from pipelines.command.overlap_shown import show_balance  # noqa: PLC0415
    from pipelines.cooperation.session import CooperationError  # noqa: PLC0415

    settings = require_home(load_settings(home))
    keys = load_keys(settings)
    needs = {
        "begin": (),
        "answer": (file,),
        "end": (file,),
        "encode": (secret,),
        "match": (file, secret),
        "ledger": (),
    }
    if step not in needs:
        raise CooperationError(f"The step is {step!r}; expected one of {', '.join(needs)}.")
    if step == "ledger":
        show_balance(settings, keys, out)
        return
    if partner is None or None in needs[step]:
        raise CooperationError(f"`ucv overlap {step}` needs a partner{', their file' if file is None and step in ('answer', 'end', 'match') else ''}"
                               f"{', --secret FILE' if secret is None and step in ('encode', 'match') else ''}.")  # fmt: skip
    path, given = file or Path(), secret or Path()
    if step in ("end", "match"):
        shared = (
            made.end(settings, keys, partner, path)
            if step == "end"
            else made.match_encoded(settings, keys, partner, path, given)
        )
        out.print(f"{shared:,} shared with {partner}.", highlight=False)
        return
    written = (
        made.begin(settings, keys, partner, by)
        if step == "begin"
        else made.answer(settings, keys, partner, path)
        if step == "answer"
        else made.encode_people(settings, keys, partner, given)
    )
    out.print(f"Send {partner} this file: {written}", highlight=False, soft_wrap=True)
