"""The asset that decides whether there is anything to build: it is materialised on a night with news only."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.assets.erasures import erase_on_request
from pipelines.assets.landing import tidy_landing
from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.assets.tidy import expire_sources, tell_wait, why_not_by_age
from pipelines.publishing.fingerprint import rolled_back_from
from pipelines.publishing.version import current_version

CHANGES_KEY = dg.AssetKey(["raw", "changes"])
HELD_CHECK = "not_rolled_back"


def changes_asset(raw_keys: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """Materialised only when raw, state, contracts, code or the as-of date differ from what is published."""

    @dg.asset(
        key=CHANGES_KEY,
        deps=raw_keys,
        group_name=RAW_GROUP,
        output_required=False,
        description="Whether anything changed since the published version; without news nothing is built.",
        check_specs=[
            dg.AssetCheckSpec(
                HELD_CHECK,
                asset=CHANGES_KEY,
                description="These inputs did not give a version that somebody rolled back from",
                metadata={"severity": "warn"},
            )
        ],
    )
    def changes(context: dg.AssetExecutionContext, nightly: Nightly) -> Iterator[Any]:
        erase_on_request(context, nightly)
        inputs = nightly.inputs()
        bad = None if nightly.wants_refresh else rolled_back_from(nightly.settings.home, inputs)
        yield _held_result(nightly, bad)
        if bad is not None:
            return
        waits = why_not_by_age(nightly)
        if waits is not None:
            tell_wait(context, waits)
        elif expire_sources(context, nightly):
            inputs = nightly.inputs_anew()
        if not nightly.has_news():
            context.log.info("Nothing new since the published version; readers keep it.")
            tidy_landing(context, nightly)
            return
        found = {"fingerprint": inputs.fingerprint(nightly.as_of), "as_of_date": nightly.as_of.isoformat()}
        yield dg.Output(None, metadata=found)

    return changes


def _held_result(nightly: Nightly, bad: str | None) -> dg.AssetCheckResult:
    """Whoever rolled back meant it: the same inputs would give the same version again, only with a new date."""
    told = f"readers keep {current_version(nightly.settings.home)}" if bad else "nothing is held back"
    remedy = (
        f"Raw, contracts, state and code are those of {bad}, which was rolled back; {told}. Deliver a correction or "
        "mend the contract; `ucv run --full-refresh` publishes them nonetheless."
    )
    return dg.AssetCheckResult(
        passed=bad is None,
        check_name=HELD_CHECK,
        severity=dg.AssetCheckSeverity.WARN,
        description=remedy if bad else None,
        metadata={"rolled_back_version": bad or "none"},
    )
