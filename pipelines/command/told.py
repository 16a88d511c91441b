"""What a run did with the deliveries of each source, for the terminal: what is late, refused, rejected or mended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from pipelines.ingest.no_record_rows import counted, no_records_told

_AGAIN = "raw_by_day"  # the first part of the keys of what is taken again
_RAW = ("raw", _AGAIN)
_DELIVERY = "delivery"  # the check of contract and files
_BROKEN = "broken contract"
_CONTRACT = "contract"  # the check that compares contracts
_RETENTION_LOG = "retention.jsonl"
_MOST = 4  # codes named in a line


def tell_deliveries(result: Any, console: Console) -> None:
    """One line per source with something to tell, per finding of its freshness and per file that was not taken."""
    for check in result.get_asset_check_evaluations():
        if check.check_name == _CONTRACT and check.description:
            _tell(console, check.description, "red" if check.severity.name == "ERROR" else "yellow")
        elif check.asset_key.path[0] in _RAW and not check.passed:
            _tell_check(check, console)
        if check.asset_key.path[0] == _AGAIN:
            _tell_files(check.asset_key.path[-1], check.metadata, console)
    told = set()  # what is taken again is materialised once for each day
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key.path[0] in _RAW and event.asset_key not in told:
            told.add(event.asset_key)
            _tell_source(event.asset_key.path[-1], event.materialization.metadata, console)
        elif event.event_type_value == "ASSET_OBSERVATION":
            observed = event.event_specific_data.asset_observation
            if "rows_in" in observed.metadata:  # a source that delivered nothing that could be stored
                _tell_source(observed.asset_key.path[-1], observed.metadata, console)
            if "landing_removed" in observed.metadata:
                _tell_landing(observed.asset_key.path[-1], observed.metadata, console)
            else:
                _tell_retention(observed.asset_key.path[-1], observed.metadata, console)


def _tell_check(check: Any, console: Console) -> None:
    """A broken contract, or a delivery that is not as usual; refused files are told with the others."""
    source = check.asset_key.path[-1]
    if check.check_name != _DELIVERY:
        style = "red" if check.severity.value == "ERROR" else "yellow"
        _tell(console, f"{source}: {check.check_name}: {check.description}", style)
    elif str(check.metadata["told"].value).startswith(_BROKEN):
        _tell(console, f"{source}: its contract is broken; `ucv check` tells where.", "red")


def _tell_landing(source: str, metadata: dict[str, Any], console: Console) -> None:
    removed = int(metadata["landing_removed"].value)
    if removed:
        files = f"{removed:,} file{'' if removed == 1 else 's'}"
        _tell(
            console,
            f"{source}: {files} removed from landing, stored and published longer ago than landingRetention",
            None,
        )
    for why, count in sorted(metadata["landing_kept"].data.items()):
        _tell(console, f"{source}: {count:,} of landing kept beyond landingRetention: {why}", "yellow")


def _tell_retention(source: str, metadata: dict[str, Any], console: Console) -> None:
    told = {name: value.value for name, value in metadata.items()}
    if "retention_waits" in told:
        _tell(console, str(told["retention_waits"]), "yellow")
    if "raw_removed" in told:
        deliveries = "1 delivery" if told["raw_removed"] == 1 else f"{told['raw_removed']:,} deliveries"
        _tell(
            console,
            f"{source}: {deliveries} with {told['rows_removed']:,} rows removed: loaded longer ago than the contract's "
            f"retention (state/{_RETENTION_LOG})",
            None,
        )
    if told.get("reports_removed") or told.get("runs_removed"):
        _tell(
            console,
            f"records of old runs removed: {told['reports_removed']:,} data docs, {told['runs_removed']:,} runs of Dagster",
            None,
        )


def _tell_files(source: str, metadata: dict[str, Any], console: Console) -> None:
    files = [record.data for record in metadata["deliveries"].records] if "deliveries" in metadata else []
    for file in files:
        if file["status"] in ("refused", "unfinished"):
            style = "red" if file["status"] == "refused" else "yellow"
            _tell(console, f"{source}: {file['file']} {file['status']}: {file['told']}", style)


def _tell_source(source: str, metadata: dict[str, Any], console: Console) -> None:
    _tell_files(source, metadata, console)
    parts = []
    if "replaced" in metadata:
        replaced, unchanged = int(metadata["replaced"].value), int(metadata["unchanged"].value)
        parts.append(
            f"{replaced:,} of {replaced + unchanged:,} stored deliveries taken again had other rows and were replaced"
        )
    rejected = int(metadata["quarantined"].value) if "quarantined" in metadata else 0
    reasons = dict(metadata["reasons"].data) if rejected else {}
    spare = no_records_told(reasons)
    if spare:
        parts.append(spare)
        rejected -= sum(reasons.pop(code) for code in counted(reasons))
    if rejected:
        codes = _listed(reasons)
        parts.append(f"{rejected:,} rows rejected ({codes}): `ucv rejects {source}`")
    if "repairs" in metadata and metadata["repairs"].data:
        parts.append(f"values mended or set aside: {_listed(metadata['repairs'].data)}")
    if "absent_columns" in metadata and metadata["absent_columns"].data:
        lacking = ", ".join(_named(metadata["absent_columns"].data))
        parts.append(f"mapped columns that did not come: {lacking}")
    if "added_columns" in metadata and metadata["added_columns"].data:
        added = ", ".join(_named(metadata["added_columns"].data))
        parts.append(f"new columns that the contract does not map, kept in extra: {added}")
    if parts:
        _tell(console, f"{source}: {'; '.join(parts)}", None)


def _listed(counts: dict[str, int]) -> str:
    ordered: Iterable[tuple[str, int]] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{count:,} {code}" for code, count in ordered]
    return ", ".join([*told[:_MOST], *([f"{len(told) - _MOST} more kinds"] if len(told) > _MOST else [])])


def _named(files: dict[str, int]) -> list[str]:
    told = [
        f"{column} ({count:,} file{'' if count == 1 else 's'})" for column, count in sorted(files.items())
    ]
    return [*told[:_MOST], *([f"{len(told) - _MOST} more"] if len(told) > _MOST else [])]


def _tell(console: Console, text: str, style: str | None) -> None:
    # A file's name is anybody's text: no markup.
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
