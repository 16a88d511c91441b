"""The asset that decides whether there is anything to do: on a night without news nothing after it runs."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.assets.layers import RAW_GROUP
from pipelines.assets.nightly import Nightly
from pipelines.publishing.fingerprint import input_fingerprint, nothing_new
from pipelines.publishing.recovery import recover

CHANGES_KEY = dg.AssetKey(["raw", "changes"])


def changes_asset(raw_keys: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """Materialised only when raw, state, contracts, code or the as-of date differ from what is published."""

    @dg.asset(
        key=CHANGES_KEY,
        deps=raw_keys,
        group_name=RAW_GROUP,
        output_required=False,
        description="Whether anything changed since the published version; without news the run ends here.",
    )
    def changes(context: dg.AssetExecutionContext, nightly: Nightly) -> Iterator[Any]:
        fingerprint = input_fingerprint(nightly.settings, nightly.settings.home / "contracts", nightly.as_of)
        recover(nightly.settings)
        if nothing_new(nightly.settings, fingerprint) and not nightly.full_refresh:
            context.log.info("Nothing new since the published version; readers keep it.")
            return
        nightly.build_dir.mkdir(parents=True, exist_ok=True)
        (nightly.build_dir / "fingerprint").write_text(fingerprint, encoding="utf-8")
        yield dg.Output(None, metadata={"fingerprint": fingerprint, "as_of_date": nightly.as_of.isoformat()})

    return changes
