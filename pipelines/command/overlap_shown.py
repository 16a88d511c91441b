"""What the terminal shows of cooperation: by partner, sessions, values given and taken, and what a contract promises in return."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from pipelines.command.segment import print_table
from pipelines.contracts.load import load_contracts
from pipelines.cooperation.ledger import balance, read_ledger
from pipelines.exports.ledger import read_ledger as read_exports
from pipelines.settings import Settings
from pipelines.storage.keys import Keys


def show_balance(settings: Settings, keys: Keys, console: Console) -> None:
    """Counts by partner: values compared, rows of exported files, and the reciprocity that contracts of shared lists tell."""
    token = keys.tokeniser()
    sessions = balance(read_ledger(settings.home, token))
    exported: dict[str, int] = {}
    for line in read_exports(settings.home, token):
        if line.get("receiver"):
            exported[line["receiver"]] = exported.get(line["receiver"], 0) + int(line["rows"])
    table = Table(title="Given and taken", title_justify="left")
    table.add_column("partner")
    for name in ("sessions", "values given", "values taken", "rows exported to them"):
        table.add_column(name, justify="right")
    for partner in sorted({*sessions, *exported}):
        count, given, taken = sessions.get(partner, (0, 0, 0))
        table.add_row(partner, f"{count:,}", f"{given:,}", f"{taken:,}", f"{exported.get(partner, 0):,}")
    print_table(table, console)
    for contract in load_contracts(settings.home).contracts:
        if contract.terms.reciprocity:
            console.print(
                f"{contract.terms.vendor or contract.id} ({contract.id}): {contract.terms.reciprocity}",
                highlight=False,
                soft_wrap=True,
            )
