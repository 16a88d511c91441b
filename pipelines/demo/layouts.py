"""How the files of each source are laid out: read from the shipped contracts, so that names stand once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.settings import PROJECT_ROOT

CONTRACTS_HOME = PROJECT_ROOT / "data"

Cells = dict[str, str]
"""Physical column -> text; a missing column is empty."""

UNMAPPED = {"web_registrations": ("utm_source",)}
"""Columns that a source delivers beside those of its contract; ingest keeps them in `extra`."""

EVENT_FIELDS = {
    "registration": "registered_at",
    "transaction": "transacted_at",
    "purchased_list": "collected_at",
    "interaction": "occurred_at",
    "suppression": "effective_at",
    "verification": "verified_at",
    "organisation": "updated_at",
}
_STRFTIME = (
    ("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"), ("'", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """One source's contract and what follows from it."""

    contract: Contract
    formats: dict[str, str | None]  # canonical field -> strftime pattern of a date, or None
    physical: dict[str, str]  # canonical field -> column as delivered
    unmapped: tuple[str, ...]

    @property
    def event_field(self) -> str:
        return EVENT_FIELDS[self.contract.kind]

    @property
    def header(self) -> list[str]:
        """The columns of the file in order."""
        return [*self.physical.values(), *self.unmapped]

    def has(self, field: str) -> bool:
        return field in self.physical


@cache
def layout_of(source: str) -> Layout:
    """The layout of one shipped source. Raises ContractError if its contract is broken."""
    contract = load_contract(CONTRACTS_HOME / "contracts" / f"{source}.yml", CONTRACTS_HOME)
    formats = {column.field: _strftime(column.format) for column in contract.columns}
    physical = {column.field: column.physical_name for column in contract.columns}
    return Layout(contract, formats, physical, UNMAPPED.get(source, ()))


def _strftime(pattern: str | None) -> str | None:
    if pattern is None:
        return None
    for letters, code in _STRFTIME:
        pattern = pattern.replace(letters, code)
    return pattern
