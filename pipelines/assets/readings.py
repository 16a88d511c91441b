"""Keeps how a run read each source, for `ucv status`."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.assets.nightly import Nightly
from pipelines.contracts.load import Problem
from pipelines.contracts.model import Contract
from pipelines.ingest.readings import Reading, Trouble, contract_state, watched, write_reading
from pipelines.ingest.report import SourceReport


def keep_reading(
    nightly: Nightly,
    source_id: str,
    contract: Contract | None,
    problems: Sequence[Problem],
    report: SourceReport | None = None,
) -> None:
    """Replace what was kept of the source's last reading; `report` is there once its files were read."""
    file = contract.path if contract else problems[0].file if problems else None
    if file is None:
        return  # its contract is gone: nothing to show
    reading = Reading(
        source_id,
        nightly.started_at.isoformat(),
        nightly.run_id,
        file.name,
        contract_state(file),
        watched(contract) if contract else None,
        _troubles(report) if report else _broken(problems) if contract is None else (),
    )
    write_reading(nightly.settings.home, reading)


def _broken(problems: Sequence[Problem]) -> tuple[Trouble, ...]:
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    return (
        Trouble("", "broken", "contract", f"its contract cannot be used ({count}); `ucv check` tells where"),
    )


def _troubles(report: SourceReport) -> tuple[Trouble, ...]:
    return tuple(
        Trouble(one.file_name, one.status, one.error_code or "", one.error_message or "; ".join(one.warnings))
        for one in report.deliveries
        if one.status in ("refused", "unfinished")
    )
