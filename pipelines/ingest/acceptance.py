"""Deliveries that somebody answers for although they were refused or red: kept in state, each with name and reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.storage.append_log import append_line, read_lines

ACCEPTABLE = frozenset({"failed_checks", "too_many_quarantined", "shrink", "empty_snapshot"})
"""Refusals that a person may overrule: the file can be read, only its content is not what was agreed."""


@dataclass(frozen=True)
class Acceptance:
    """One delivery, named by the hash of its bytes: the same file under another name is accepted, a changed one is not."""

    delivery_id: str
    source_system: str
    file_name: str
    name: str
    reason: str
    accepted_at: str  # ISO 8601, UTC


def acceptances_path(home: Path) -> Path:
    return home / "state" / "accepted_deliveries.jsonl"


def read_acceptances(home: Path) -> dict[tuple[str, str], Acceptance]:
    """source_system and delivery_id -> the last acceptance of it. Half a line that a kill left is no acceptance.

    Raises SettingsError for a whole line of another form.
    """
    path = acceptances_path(home)
    found: dict[tuple[str, str], Acceptance] = {}
    for line in read_lines(path):
        try:
            accepted = Acceptance(**line)
        except TypeError as error:
            raise SettingsError(
                f"{path} holds a line that is no acceptance ({error}); restore the file from backup or remove the line."
            ) from error
        found[accepted.source_system, accepted.delivery_id] = accepted
    return found


def accept(  # noqa: PLR0913, PLR0917 - the facts of one line
    home: Path, delivery_id: str, source: str, file_name: str, name: str, reason: str
) -> Acceptance:
    """Record that `name` answers for a delivery. Raises SettingsError without a name or a reason."""
    for what, given in (("--name", name), ("--reason", reason)):
        if not given.strip():
            raise SettingsError(f"{what} is blank; expected who accepts the delivery and why.")
    made = Acceptance(
        delivery_id,
        source,
        file_name,
        name.strip(),
        reason.strip(),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    append_line(acceptances_path(home), asdict(made))
    return made
