"""What the terminal shows of exports: counts by reason, where the file lies, the ledger, decoys. No personal value."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines.command.export import Outcome
from pipelines.command.export_judged import places_of
from pipelines.command.export_results import Taken
from pipelines.exports.decoys import find_exports
from pipelines.exports.ledger import read_ledger
from pipelines.exports.request import KIND_OF_CHANNEL, ExportError
from pipelines.exports.rules import REASONS
from pipelines.settings import Settings
from pipelines.storage.keys import Keys


def show_outcome(outcome: Outcome, settings: Settings, console: Console) -> None:
    """The counts of one export, and what was written."""
    entry = outcome.entry
    table = Table(
        title=f"{entry['audience']} by {entry['channel']} for {entry['purpose']}, {entry['day']}",
        title_justify="left",
    )
    for name, justify in (("", "left"), ("people", "right"), ("why", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_row("audience", f"{entry['people']:,}", "")
    for reason, count in entry["drops"].items():
        table.add_row(f"- {reason.replace('_', ' ')}", f"{count:,}", REASONS[reason])
    table.add_row(
        "exported" if outcome.path else "would be exported", f"{entry['rows'] - entry['decoys']:,}", ""
    )
    table.add_row(
        "+ decoys",
        f"{entry['decoys']:,}",
        "" if entry["decoys"] else _no_decoys(str(entry["channel"]), settings),
    )
    if entry["since"]:
        table.add_row("to be removed", f"{entry['left']:,}", f"in {entry['since']}, and not any more")
    console.print(table)
    for source, count in entry["charged"].items():
        console.print(
            f"{count:,} uses of {source} {'spent' if outcome.path else 'would be spent'}.", highlight=False
        )
    if outcome.path is None:
        console.print("Dry run: nothing was written, no use was spent.", highlight=False)
    elif outcome.is_repeated:
        console.print(
            f"Export {entry['export_id']} was made on {entry['day']}; this is that file, and nothing more was spent: {outcome.path}",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
    else:
        console.print(f"Export {entry['export_id']}: {outcome.path}", highlight=False, soft_wrap=True)


def show_ledger(settings: Settings, keys: Keys, console: Console) -> None:
    """Every export of the home, oldest first."""
    lines = read_ledger(settings.home, keys.tokeniser())
    table = Table(title=f"{len(lines)} exports", title_justify="left")
    names = (
        "export_id",
        "day",
        "by",
        "audience",
        "channel",
        "purpose",
        "format",
        "people",
        "rows",
        "uses",
        "version",
    )
    for name in names:
        table.add_column(name, no_wrap=True)
    for line in lines:
        told = {**line, "format": line["form"], "uses": sum(line["charged"].values())}
        table.add_row(*(str(told[name]) for name in names))
    console.print(table)


def show_results(taken: Taken, console: Console) -> None:
    """What was taken of an export's results."""
    console.print(
        f"{taken.sent:,} written to, {taken.held_out:,} held out, {taken.events:,} events told; {taken.stored:,} new records of "
        "`export_results`, which the next run counts.",
        highlight=False,
        soft_wrap=True,
    )
    if taken.unknown:
        console.print(
            f"{taken.unknown:,} events are of recipients that the export has not; decoys among them.",
            highlight=False,
        )
    if taken.gone:
        console.print(
            f"{taken.gone:,} people left since, or have no value of the kind any more.", highlight=False
        )


def find_decoys(settings: Settings, keys: Keys, given: list[str], console: Console) -> int:
    """Tell which exports the given values, or the lines of a given file, are decoys of; return how many exports.

    Raises ExportError for a file that is not text.
    """
    if not given:
        raise ExportError(
            "Give what came back: an e-mail, a number, a name with an address, a hash, or a file of lines."
        )
    exports = [
        (str(line["export_id"]), KIND_OF_CHANNEL[str(line["channel"])])
        for line in read_ledger(settings.home, keys.tokeniser())
    ]
    texts = [text for one in given for text in _texts(one)]
    found = find_exports(texts, exports, places_of(settings), keys.tokeniser())
    for export_id in sorted(found):
        console.print(
            f"{export_id}: {len(found[export_id])} of its decoys came back", highlight=False, soft_wrap=True
        )
    if len(found) > 1:
        console.print(
            "Several exports: they may share a number or address of ours; the invented name beside it tells which it was.",
            highlight=False,
            soft_wrap=True,
        )
    if not found:
        console.print(f"No decoy of the {len(exports)} exports in {len(texts):,} lines.", highlight=False)
    return len(found)


def _texts(given: str) -> list[str]:
    path = Path(given)
    try:
        if not path.is_file():
            return [given]
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ExportError(f"{given} is not text in UTF-8; save it as CSV in UTF-8 first.") from error
    except OSError:
        return [given]  # too long for a path


def _no_decoys(channel: str, settings: Settings) -> str:
    setting = {
        "email": "decoy_domain",
        "sms": "decoy_phones",
        "phone": "decoy_phones",
        "post": "decoy_addresses",
    }[channel]
    return "" if places_of(settings).count == 0 else f"set {setting} in {settings.home / 'ucv.toml'}"
