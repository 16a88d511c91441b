"""The check `contract` of a raw asset: whether its contract still does what the published version was built with."""

from typing import Any

import dagster as dg

from pipelines.assets.nightly import Nightly
from pipelines.contracts.change_log import add_to_change_log, read_change_log
from pipelines.contracts.changes import format_changes
from pipelines.publishing.contract_comparison import BROKEN, COMPATIBLE, DECLARED, Comparison
from pipelines.publishing.contracts_in_force import InForce
from pipelines.quality.results import CheckResult

CONTRACT_CHECK = "contract"
_DESCRIPTION = (
    "The contract breaks nothing that the published version was built with, or says that it means to"
)
_INCOMPARABLE = (
    "The contract in the published version is damaged or of a form that is read no more: changes since then are not judged. "
    "The next version that is published has it again."
)


def contract_spec(key: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        CONTRACT_CHECK,
        asset=key,
        description=_DESCRIPTION,
        metadata={"severity": "fail"},
    )


def check_contract(in_force: InForce, source_id: str) -> dg.AssetCheckResult:
    """Red with an error where breaking changes stop the source; a warning where nothing could be compared."""
    found = in_force.comparisons.get(source_id)
    if found is None:
        known = source_id not in in_force.incomparable
        return _result(None if known else _INCOMPARABLE, dg.AssetCheckSeverity.WARN, {})
    metadata: dict[str, Any] = {
        "state": found.state,
        "contract_before": found.before.version,
        "contract_now": found.after.version if found.after else "none that can be used",
        "changes": dg.MetadataValue.md(format_changes(found.changes) or "none that can be told"),
        "breaking": len(found.stopping),
    }
    is_error = found.is_stopped
    severity = dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN
    return _result(found.told if is_error or found.state == BROKEN else None, severity, metadata)


def _result(
    trouble: str | None, severity: dg.AssetCheckSeverity, metadata: dict[str, Any]
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=trouble is None,
        check_name=CONTRACT_CHECK,
        severity=severity,
        description=trouble,
        metadata=metadata,
    )


def kept_contract(source_id: str, result: dg.AssetCheckResult) -> CheckResult:
    """The result as the run's record holds it."""
    is_error = result.severity == dg.AssetCheckSeverity.ERROR
    return CheckResult(
        asset=f"raw/{source_id}",
        name=CONTRACT_CHECK,
        layer="delivery",
        severity="fail" if is_error else "warn",
        description=_DESCRIPTION,
        remedy="Take the change back, raise the contract's major version, or `ucv accept-contract`",
        owner="data engineer",
        passed=result.passed,
        told=result.description or "",
    )


def log_change(nightly: Nightly, found: Comparison | None) -> dict[str, Any]:
    """Note, once until it changes again, that the source is read under a changed contract; what its asset shows of it."""
    if found is None or found.state not in (COMPATIBLE, DECLARED):
        return {} if found is None else _shown(found)
    entry = found.entry(found.state, nightly.started_at.isoformat())
    home = nightly.settings.home
    earlier = [one for one in read_change_log(home) if one.source_system == found.source_id]
    is_known = bool(earlier) and (earlier[-1].step, earlier[-1].action) == (entry.step, entry.action)
    if entry.changes and not is_known:
        add_to_change_log(home, entry)
    return _shown(found)


def _shown(found: Comparison) -> dict[str, Any]:
    if not found.changes:
        return {}
    return {
        "contract_change": found.state,
        "contract_changes": dg.MetadataValue.md(format_changes(found.changes)),
    }
