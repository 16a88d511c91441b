"""`ucv erase`, `ucv subject-access`, `ucv correct`: what people may ask for about themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import Settings, load_settings
from pipelines.storage.keys import load_keys, require_home


@app.command()
def erase(  # noqa: PLR0913, PLR0917 - the words of the command
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
    waiting: Annotated[
        bool, typer.Option("--waiting", help="List rows that resemble an erased person and wait for a word")
    ] = False,
    same: Annotated[
        str | None,
        typer.Option("--same", help="The waiting row at this place is that person's", show_default=False),
    ] = None,
    another: Annotated[
        str | None,
        typer.Option(
            "--another", help="The waiting row at this place is somebody else's", show_default=False
        ),
    ] = None,
    home: Home = None,
) -> None:
    """Take people out of everything that the home keeps, for good, so that no delivery, rebuild or restore brings them back."""
    from pipelines.command.erase import erase as erase_people  # noqa: PLC0415
    from pipelines.command.erase_shown import is_whole, show_receipt  # noqa: PLC0415

    settings = require_home(load_settings(home))
    if waiting or same or another:
        _answer_waiting(settings, same, another, name, reason)
        return
    listed = [*(targets or []), *(_lines(file) if file else [])]
    told = (name, reason) if listed else ("ucv erase", "what was cut short")
    receipts = erase_people(settings, load_keys(settings, to_erase=True), listed, by=told[0], reason=told[1])
    for receipt in receipts:
        show_receipt(receipt, out)
    if not receipts:
        out.print("Nothing was left to do.")
    if not is_whole(receipts):
        raise typer.Exit(1)


def _answer_waiting(
    settings: Settings, same: str | None, another: str | None, name: str, reason: str
) -> None:
    from pipelines.command.erase_shown import show_receipt  # noqa: PLC0415
    from pipelines.command.erase_waiting import judge_another, judge_same, list_waiting  # noqa: PLC0415

    keys = load_keys(settings)
    if same:
        show_receipt(judge_same(settings, keys, same, by=name, reason=reason), out)
    if another:
        judge_another(settings, keys, another)
        out.print("The row is taken; the next `ucv run` shows it.")
    for row in list_waiting(settings, keys):
        out.print(f"{row.place}  {row.file_name}", highlight=False, markup=False, soft_wrap=True)


@app.command("subject-access")
def subject_access(
    target: Annotated[str, typer.Argument(help="A customer, or a record SOURCE:RECORD")],
    name: Annotated[str, typer.Option("--name", help="Who answers, for the log")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, such as the number of the request")] = "",
    folder: Annotated[
        Path | None,
        typer.Option("--output", help="Folder; default below the home's exports", show_default=False),
    ] = None,
    home: Home = None,
) -> None:
    """Write what the home keeps about one person, with where it came from, as JSON and as a page in English and Chinese."""
    from pipelines.command.access import accessed  # noqa: PLC0415
    from pipelines.command.subject_access import subject_access as answer_subject  # noqa: PLC0415

    settings = require_home(load_settings(home))
    keys = load_keys(settings)
    with accessed(settings, keys, "subject-access", purpose=reason, about=target) as access:
        answer = answer_subject(settings, keys, target, by=name, reason=reason, folder=folder)
        access.rows = sum(answer.counts.values())
    counted = ", ".join(f"{count:,} {what}" for what, count in answer.counts.items())
    out.print(f"{counted}: {answer.page}, {answer.data}", highlight=False, markup=False, soft_wrap=True)


@app.command()
def correct(
    customer: Annotated[str, typer.Argument(help="A customer_id")],
    values: Annotated[
        list[str], typer.Argument(help="What is right, as field=value, such as email=a@b.example")
    ],
    name: Annotated[str, typer.Option("--name", help="Who corrects")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why, such as the number of the request")] = "",
    home: Home = None,
) -> None:
    """Record what is right about a customer: from the next run on it wins over every source, after a rebuild too."""
    from pipelines.command.correct import correct as record_correction  # noqa: PLC0415

    settings = require_home(load_settings(home))
    done = record_correction(settings, load_keys(settings), customer, values, by=name, reason=reason)
    out.print(
        f"Recorded as {done.record_id}, tied to {done.tied_to}. The next `ucv run` shows it.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


@app.command()
def audit(
    home: Home = None,
    last: Annotated[int, typer.Option("--last", min=1, help="So many of the newest accesses")] = 20,
) -> None:
    """Who looked at personal data, when, why and at how many rows; exit 1 when the log was changed or cut."""
    from pipelines.command.access import audit as show_audit  # noqa: PLC0415

    settings = require_home(load_settings(home))
    if not show_audit(settings, load_keys(settings), out, last):
        raise typer.Exit(1)


def _lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


@app.command()
def notice(
    house: Annotated[
        str, typer.Option("--house", help="Who answers for the data, as it shall stand on the page")
    ] = "",
    contact: Annotated[str, typer.Option("--contact", help="Where people write to")] = "",
    home: Home = None,
) -> None:
    """Write the privacy notice, the record of processing and the data product file, from contracts, purposes and receivers."""
    from pipelines.command.notice import write_notice  # noqa: PLC0415

    settings = require_home(load_settings(home))
    for path in write_notice(settings, load_keys(settings), house, contact):
        out.print(str(path), highlight=False, soft_wrap=True)
