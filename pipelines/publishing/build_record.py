"""What a build was begun with and how far it is, kept in its directory, so that a later run can go on with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.publishing.fingerprint import Inputs
from pipelines.publishing.switch import ledger_names
from pipelines.storage.durable import write_file

_FILE = "build.json"


@dataclass(frozen=True)
class BuildRecord:
    """One build. `started_at` (with a zone) and `as_of` are those of the run that began it, whoever goes on.

    `inputs` holds a hash for each group of inputs, `ledger` the files of the identity ledger that its ids were given on,
    `parts` the names of the parts that are done.
    """

    run_id: str
    as_of: date
    started_at: datetime
    fingerprint: str
    inputs: Mapping[str, str]
    ledger: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @classmethod
    def begin(cls, home: Path, run_id: str, as_of: date, started_at: datetime, inputs: Inputs) -> BuildRecord:
        """The record of a build that begins now."""
        ledger = tuple(ledger_names(home))
        return cls(run_id, as_of, started_at, inputs.fingerprint(as_of), inputs.by_group(), ledger)

    def changed(self, inputs: Inputs) -> list[str]:
        """The groups of inputs (see `Inputs.by_group`) that are not any more what the build was begun with."""
        now = inputs.by_group()
        return sorted(
            group for group in {*self.inputs, *now} if self.inputs.get(group) != now.get(group)
        )  # fmt: skip

    def is_overtaken(self, home: Path) -> bool:
        """Whether something was published or rolled back since: its customer ids could clash with what that gave."""
        return tuple(ledger_names(home)) != self.ledger


def write_build_record(folder: Path, record: BuildRecord) -> None:
    """Keep the record, durably."""
    facts: dict[str, Any] = asdict(record)
    facts |= {"as_of": record.as_of.isoformat(), "started_at": record.started_at.isoformat()}
    write_file(folder / _FILE, json.dumps(facts, indent=1).encode())


def read_build_record(folder: Path) -> BuildRecord | None:
    """The record of the build in `folder`; None where none was begun, or before December 2026."""
    try:
        facts = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return BuildRecord(
        **{
            **facts,
            "as_of": date.fromisoformat(facts["as_of"]),
            "started_at": datetime.fromisoformat(facts["started_at"]),
            "ledger": tuple(facts["ledger"]),
            "parts": tuple(facts["parts"]),
        }
    )
