"""How the last run read each source, in a small file per source: what `ucv status` shows without Dagster's store.

They lie in `quality/readings/` of the home and may be removed: the next run writes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Contract, Sla
from pipelines.storage.durable import write_file

ContractState = tuple[int, int, int]
"""Size, time of the last change and of the last change of the entry, of a contract's file."""


@dataclass(frozen=True)
class Watched:
    """What of a contract is needed to judge a source."""

    id: str
    kind: str
    active: bool
    has_events: bool
    sla: Sla


@dataclass(frozen=True)
class Trouble:
    """A file that was not taken, or (without a file) a contract that cannot be used. `told` holds no value."""

    file: str
    status: str  # refused, unfinished or broken
    code: str
    told: str


@dataclass(frozen=True)
class Reading:
    """One source in its last run; `read_at` is ISO 8601 in UTC. `watched` is None for a broken contract."""

    source: str
    read_at: str
    run_id: str
    contract_file: str
    contract_state: ContractState
    watched: Watched | None
    troubles: tuple[Trouble, ...] = ()


def watched(contract: Contract) -> Watched:
    from pipelines.ingest.event_times import event_fields  # noqa: PLC0415 - with it DuckDB, which reading needs not

    return Watched(contract.id, contract.kind, contract.active, bool(event_fields(contract)), contract.sla)


def contract_state(path: Path) -> ContractState:
    """Tells one state of a file from another; of a file that is gone it is three zeros."""
    try:
        facts = path.stat()
    except OSError:
        return 0, 0, 0
    return facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def write_reading(home: Path, reading: Reading) -> None:
    """Keep how a source was read; the one before is replaced in one step."""
    text = json.dumps(asdict(reading), ensure_ascii=False, indent=1)
    write_file(_folder(home) / f"{reading.source}.json", text)


def read_readings(home: Path) -> dict[str, Reading]:
    """The last reading of each source; a file that cannot be read counts as none."""
    found: dict[str, Reading] = {}
    for path in sorted(_folder(home).glob("[!.]*.json")):
        try:
            reading = _reading(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            continue
        found[reading.source] = reading
    return found


def _reading(values: Mapping[str, Any]) -> Reading:
    kept = values["watched"]
    size, changed, entry = values["contract_state"]
    told = Watched(**{**kept, "sla": Sla(**kept["sla"])}) if kept else None
    troubles = tuple(Trouble(**trouble) for trouble in values["troubles"])
    return Reading(
        **{**values, "watched": told, "troubles": troubles, "contract_state": (size, changed, entry)}
    )


def _folder(home: Path) -> Path:
    return home / "quality" / "readings"
