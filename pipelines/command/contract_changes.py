"""What `ucv check` tells of contracts that changed since the published version, and `ucv accept-contract` records."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from pipelines.contracts.change import BREAKING
from pipelines.contracts.change_log import ACCEPTED, Entry, add_to_change_log, read_change_log
from pipelines.contracts.changes import format_changes
from pipelines.errors import ContractError
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings

_LAST = 10  # lines of the log that are shown


def tell_changes(settings: Settings, out: Console, err: Console) -> bool:
    """What changed since the published version, and the last lines of the log; whether a source is stopped."""
    found = contracts_in_force(settings.home)
    for source in sorted(found.comparisons):
        change = found.comparisons[source]
        _print(err if change.is_stopped else out, change.told, "red" if change.is_stopped else None)
    for source in sorted(found.incomparable):
        _print(
            err,
            f"{source}: its contract in the published version cannot be read; changes are not judged.",
            "yellow",
        )
    for entry in read_change_log(settings.home)[-_LAST:]:
        _print(out, _line(entry), "dim")
    return any(change.is_stopped for change in found.comparisons.values())


def accept_contract(settings: Settings, source: str, name: str, reason: str, console: Console) -> None:
    """Record that `name` accepts the breaking changes that stop `source` now, and why; it holds for these alone.

    Raises ContractError when nothing stops the source, or name or reason is blank.
    """
    if not name.strip() or not reason.strip():
        raise ContractError(
            "Who accepts and why is recorded: give --name and --reason, neither of them blank."
        )
    with home_lock(settings):
        change = contracts_in_force(settings.home).comparisons.get(source)
        if change is None or not change.is_stopped:
            state = change.state if change else "the same as in the published version, or not of a source"
            raise ContractError(
                f"Nothing stops {source!r}: its contract is {state}. Expected a source that `ucv check` shows as stopped."
            )
        at = datetime.now(UTC).isoformat(timespec="seconds")
        add_to_change_log(settings.home, change.entry(ACCEPTED, at, name.strip(), reason.strip()))
    _print(console, f"{source}: accepted by {name.strip()}. The next `ucv run` reads it again.\n", None)
    _print(console, format_changes(change.stopping), None)


def _line(entry: Entry) -> str:
    kinds = [f"{one['place']} {one['kind']}" for one in entry.changes]
    breaking = sum(one["severity"] == BREAKING for one in entry.changes)
    by = f" by {entry.by}: {entry.reason}" if entry.by else ""
    versions = f"{entry.from_version} -> {entry.to_version or 'gone'}"
    count = f"{len(kinds)} changes, {breaking} breaking"
    return (
        f"{entry.at[:16]} {entry.source_system} {versions} {entry.action}{by} ({count}: {', '.join(kinds)})"
    )


def _print(console: Console, text: str, style: str | None) -> None:
    # What contracts say is anybody's text: no markup.
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
