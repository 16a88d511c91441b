"""The journal of a publish or rollback under way: what to finish or undo after the process was killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import PublishError
from pipelines.publishing.layout import journal_path
from pipelines.storage.durable import remove_file, write_file


@dataclass(frozen=True)
class Journal:
    """One intended change of the switch. `event` is the line that the history gets when it is done.

    `ledger_source` and `ledger_name` belong to a publish (both None when it adds no ledger entries);
    `ledger_before` and `compensated` to a rollback.
    """

    event: Mapping[str, Any]
    version: str
    ledger_source: str | None = None
    ledger_name: str | None = None
    ledger_before: tuple[str, ...] = ()
    compensated: bool = False

    @property
    def run_id(self) -> str | None:
        """The run that began the change."""
        run_id = self.event.get("run_id")
        return None if run_id is None else str(run_id)


def write_journal(home: Path, journal: Journal) -> None:
    """Announce the change, durably, before its first step."""
    write_file(journal_path(home), json.dumps(asdict(journal), indent=2).encode())


def read_journal(home: Path) -> Journal | None:
    """The change under way, or None. PublishError when the journal cannot be read."""
    path = journal_path(home)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Journal(**{**stored, "ledger_before": tuple(stored["ledger_before"])})
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise PublishError(
            f"{path} is damaged ({type(error).__name__}). It is written whole or not at all, so something "
            "else changed it: compare state/identity_ledger with state/versions.jsonl, then remove it."
        ) from error


def clear_journal(home: Path) -> None:
    """The change is done or undone."""
    remove_file(journal_path(home))
