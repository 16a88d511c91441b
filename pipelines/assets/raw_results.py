"""What the reading of a source says: the result of its delivery check, and the metadata of its asset."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dagster as dg

from pipelines.contracts.load import Problem
from pipelines.contracts.render import format_problems
from pipelines.errors import ContractError
from pipelines.ingest.report import SourceReport
from pipelines.quality.delivery import LAYER
from pipelines.quality.results import CheckResult

DELIVERY_CHECK = "delivery"
BROKEN = "broken contract:"
_DESCRIPTION = "Contract and deliveries of this source"


def delivery_spec(key: dg.AssetKey) -> dg.AssetCheckSpec:
    """Never blocking: a blocking failure on one source would stop everything downstream of all of them."""
    return dg.AssetCheckSpec(
        DELIVERY_CHECK, asset=key, description=_DESCRIPTION, metadata={"severity": "fail"}
    )


def delivery_result(source_id: str, report: SourceReport | None = None) -> CheckResult:
    """Whether every file of the source was taken."""
    refused = [one for one in report.deliveries if one.status == "refused"] if report else []
    return CheckResult(
        asset=f"raw/{source_id}",
        name=DELIVERY_CHECK,
        layer=LAYER,
        severity="fail",
        description="The contract can be used, and every file of the source was taken",
        remedy="Have the refused file delivered again, or mend the contract",
        owner="data steward",
        passed=not refused,
        told="; ".join(
            f"{one.file_name} ({one.delivery_id}): {one.error_code}: {one.error_message}" for one in refused
        ),
    )


def broken(source_id: str, problems: list[Problem]) -> CheckResult:
    """Of a source whose contract cannot be used."""
    told = format_problems(problems) or str(ContractError(f"The contract of {source_id} is no longer there."))
    remedy = "Mend the contract; `ucv check` tells where"
    return replace(delivery_result(source_id), passed=False, told=f"{BROKEN}\n{told}", remedy=remedy)


def unread(source_id: str, *, is_stopped: bool) -> CheckResult:
    """Of a source whose contract stopped it, or is gone for good: nothing is read, so that no delivery is judged."""
    told = "nothing was read; see the check contract"
    return replace(delivery_result(source_id), severity="warn", passed=not is_stopped, told=told)


def check_facts(report: SourceReport | None) -> dict[str, Any]:
    """What the delivery check shows beside its result: refused files and their codes, columns that came or stayed away."""
    refused = [one for one in report.deliveries if one.status == "refused"] if report else []
    return {
        "refused": len(refused),
        "codes": ", ".join(sorted({one.error_code or "" for one in refused})),
        "absent_columns": dg.MetadataValue.json(report.absent if report else {}),
        "added_columns": dg.MetadataValue.json(report.added if report else {}),
    }


def reading_metadata(report: SourceReport) -> dict[str, Any]:
    """Counts, reasons and files of one reading, as the asset shows them."""
    rows = [
        dg.TableRecord(
            {
                "file": delivery.file_name,
                "status": delivery.status,
                "rows_in": delivery.rows_in,
                "accepted": delivery.accepted,
                "quarantined": delivery.quarantined,
                "duplicate": delivery.duplicate,
                "told": delivery.error_message or "; ".join(delivery.warnings),
            }
        )
        for delivery in report.deliveries
    ]
    metadata: dict[str, Any] = {
        "rows_in": report.rows_in,
        "accepted": report.accepted,
        "quarantined": report.quarantined,
        "duplicate": report.duplicate,
        "reasons": dg.MetadataValue.json(report.reasons),
        "repairs": dg.MetadataValue.json(report.repairs),
        "absent_columns": dg.MetadataValue.json(report.absent),
        "added_columns": dg.MetadataValue.json(report.added),
    }
    return metadata | ({"deliveries": dg.MetadataValue.table(rows)} if rows else {})
