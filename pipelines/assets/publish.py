"""The published version: what readers see, switched only when every gate of this very build passed."""

from typing import Any

import dagster as dg

from pipelines.assets.gates import docs_link
from pipelines.assets.landing import tidy_landing
from pipelines.assets.layers import DBT_SETS, PUBLISH_GROUP, PUBLISHED
from pipelines.assets.nightly import Nightly
from pipelines.errors import GateError
from pipelines.identity.state import store_model
from pipelines.publishing.publish import publish
from pipelines.quality.gate import read_verdicts
from pipelines.storage.connection import PARQUET_WRITE, quote

PUBLISHED_KEY = dg.AssetKey([*PUBLISHED])


def published_asset(upstream: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(key=PUBLISHED_KEY, deps=upstream, group_name=PUBLISH_GROUP, kinds={"duckdb"})
    def published_version(context: dg.AssetExecutionContext, nightly: Nightly) -> dg.MaterializeResult[Any]:
        """The version that readers see (`ucv query`); the one before stays for `ucv rollback`."""
        verdicts = read_verdicts(nightly.build_dir / "verdicts")
        passed = {verdict["layer"] for verdict in verdicts if verdict["passed"]}
        missing = {part.gate for part in DBT_SETS} - passed
        if missing:
            raise GateError(
                f"No passing verdict of {', '.join(sorted(missing))} for this build; readers keep the last good version."
            )
        ledger = nightly.build_dir / "ledger.parquet"
        with nightly.warehouse() as conn:
            conn.execute(
                "COPY (SELECT * FROM warehouse.identity.identity_ledger_entries ORDER BY entry, token, customer_id) "
                f"TO {quote(str(ledger))} ({PARQUET_WRITE})"
            )
            model = conn.execute(
                "SELECT * FROM warehouse.identity.identity_match_model ORDER BY field, level"
            ).df()
        nightly.release_build()
        # Before the switch: after it, a kill would leave readers a version whose weights nobody knows any more.
        store_model(model, nightly.settings.home, f"{nightly.as_of:%Y%m%d}-{nightly.run_id[:8]}")
        manifest = publish(
            nightly.build_path,
            nightly.settings,
            nightly.keys,
            now=nightly.started_at,
            as_of=nightly.as_of,
            run_id=nightly.run_id,
            fingerprint=nightly.build.fingerprint(),
            verdicts=verdicts,
            ledger_entries=ledger,
        )
        tidy_landing(context, nightly)
        tables = [
            dg.TableRecord({"table": name, "rows": facts.rows, "content": facts.content_hash[:16]})
            for name, facts in manifest.tables.items()
        ]
        return dg.MaterializeResult(
            metadata={
                "version": manifest.version,
                "as_of_date": manifest.as_of_date,
                "tables": dg.MetadataValue.table(tables),
                "docs": docs_link(nightly),
            }
        )

    return published_version
