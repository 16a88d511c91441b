"""The judge of a delivery, as ingest calls it: after its rows were checked one by one, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import duckdb

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.landed import Landed
from pipelines.ingest.outcome import Outcome
from pipelines.ingest.raw_store import Manifest


@dataclass(frozen=True)
class Judged:
    """`profile` is kept in the manifest; `red` names the checks that refuse the delivery."""

    profile: dict[str, Any]
    red: list[str] = field(default_factory=list)


class Judge(Protocol):
    """Looks at the view `keyed` of the connection. `manifests` are the earlier deliveries of the same kind, of all sources."""

    def __call__(
        self,
        conn: duckdb.DuckDBPyConnection,
        contract: Contract,
        landed: Landed,
        outcome: Outcome,
        manifests: list[Manifest],
    ) -> Judged: ...


def refuse_red(judged: Judged, landed: Landed) -> None:
    """Raise DeliveryError for a delivery with a red check, with what its people can do."""
    if judged.red:
        raise DeliveryError(
            "failed_checks",
            f"{landed.path.name} fails {', '.join(judged.red)}, which its contract makes a condition; have it delivered again.",
        )
