"""What a source has delivered so far, as one run needs it for each new file."""

from __future__ import annotations

from pathlib import Path

from pipelines.contracts.model import Contract
from pipelines.ingest.damage import check_rows
from pipelines.ingest.manifests import Manifest
from pipelines.ingest.outcome import Outcome


class SoFar:
    """Deliveries that are known, and from which people were erased; columns beside the contract that have come; and that stored
    rows are what was written."""

    def __init__(self, contract: Contract, home: Path, manifests: list[Manifest]) -> None:
        self._contract, self._home = contract, home
        self._is_checked = False
        self._columns = {name for manifest in manifests for name in manifest.get("extra_columns", ())}
        self._is_first = not manifests
        self.erased_from = {str(manifest["delivery_id"]) for manifest in manifests if manifest.get("erased")}
        self.known = {str(manifest["delivery_id"]) for manifest in manifests}

    def check(self) -> None:
        """Once a run, when the first new file comes: stored rows that it is compared with are read in full. Raises DamageError."""
        if not self._is_checked:
            check_rows(self._home, self._contract)
            self._is_checked = True

    def added(self, outcome: Outcome) -> tuple[str, ...]:
        """The columns beside the contract that come for the first time with this delivery; of a first delivery none are."""
        new = [name for name in outcome.extra_columns if name not in self._columns and not self._is_first]
        self._columns.update(outcome.extra_columns)
        self._is_first = False
        return tuple(new)
