"""`ucv export`, `ucv terms`: what leaves, by which rules, and what ends when."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.shared import Home, app, out
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys, require_home


@app.command()
def export(  # noqa: PLR0913, PLR0917 - the words of the command
    audience: Annotated[
        str,
        typer.Argument(
            help="A segment; or `ledger` (what was exported), `decoys` (whose decoys came back), `results` (what became of one)"
        ),
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(
            help="With `decoys`: what came back, values or a file of lines; with `results`: the receiver's file",
            show_default=False,
        ),
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="email, sms, phone or post")] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", help="One of seeds/purposes.csv, such as marketing")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="csv, parquet, spreadsheet or hashed")] = "csv",
    campaign: Annotated[
        str, typer.Option("--campaign", help="Whose hold-out it is; default the audience")
    ] = "",
    hold_out: Annotated[
        float, typer.Option("--hold-out", help="Share kept back at random, to measure the effect")
    ] = 0.05,
    cap: Annotated[int | None, typer.Option("--cap", min=1, help="At most so many, drawn at random")] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="Only what changed since that export: new ones, and who shall be removed"
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Who gets it: receivers/NAME.yml of the home; default nobody but us"),
    ] = None,
    contract: Annotated[
        str | None,
        typer.Option("--contract", help="Which columns it has: export_contracts/NAME.yml, or crm_customers"),
    ] = None,
    export_id: Annotated[
        str, typer.Option("--export-id", help="The same id again gives the same file, once")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count only; nothing is written or spent")
    ] = False,
    home: Home = None,
) -> None:
    """Write who of a segment may be contacted, by the rules of consent, opt-outs and terms, and remember it in the ledger."""
    from pipelines.command.access import accessed  # noqa: PLC0415
    from pipelines.command.audience import file_contract  # noqa: PLC0415
    from pipelines.command.export import export as make_export  # noqa: PLC0415
    from pipelines.command.export_results import read_results  # noqa: PLC0415
    from pipelines.command.export_shown import find_decoys, show_ledger, show_outcome, show_results  # noqa: PLC0415
    from pipelines.exports.receivers import find_receiver  # noqa: PLC0415
    from pipelines.exports.request import ExportError, Request  # noqa: PLC0415

    settings = require_home(load_settings(home))
    keys = load_keys(settings)
    if audience == "decoys":
        raise typer.Exit(0 if find_decoys(settings, keys, values or [], out) else 1)
    if audience == "results":
        show_results(read_results(settings, keys, export_id, values or []), out)
        return
    if values:
        raise ExportError(f"Got {values[0]!r} beside the audience; expected one audience.")
    if audience == "ledger":
        show_ledger(settings, keys, out)
        return
    if channel is None or purpose is None:
        raise ExportError("An export needs --channel and --purpose: consent is given for one of each.")
    receiver = find_receiver(settings.home, to) if to else None
    request = Request(
        export_id,
        audience,
        "",
        channel,
        purpose,
        form,
        campaign,
        settings.export_day(),
        hold_out,
        cap,
        since,
        receiver,
        contract=file_contract(settings, contract) if contract else None,
    )
    with accessed(
        settings, keys, "export", purpose=purpose, told={"audience": audience, "channel": channel}
    ) as access:
        outcome = make_export(settings, keys, request, dry_run=dry_run)
        access.rows = int(outcome.entry["rows"]) if outcome.path else 0
    show_outcome(outcome, settings, out)


@app.command()
def terms(
    home: Home = None,
    within: Annotated[
        int | None, typer.Option("--within", min=0, help="Only what ends within so many days")
    ] = None,
) -> None:
    """Under which terms records came: what ends when, how many uses are left, and how many customers each end costs."""
    from pipelines.command.terms import show_terms  # noqa: PLC0415

    show_terms(require_home(load_settings(home)), out, within)
