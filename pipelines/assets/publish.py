"""The published version: what readers see, switched only when every gate of this very build passed."""

from typing import Any

import dagster as dg

from pipelines.assets.judged_build import judged_of, verdicts_dir
from pipelines.assets.landing import tidy_landing
from pipelines.assets.layers import DBT_SETS, PUBLISH_GROUP, PUBLISHED
from pipelines.assets.nightly import Nightly
from pipelines.assets.run_report import page_link
from pipelines.assets.version_report import page_metadata, report_version
from pipelines.contracts.terms_log import TERM_COLUMNS, remember_terms
from pipelines.identity.state import store_model
from pipelines.privacy.column_classes import raised_by
from pipelines.privacy.role_files import RoleFiles
from pipelines.publishing.kept_build import unchanged_tables
from pipelines.publishing.publish import publish
from pipelines.publishing.version import current_manifest
from pipelines.quality.published import remember_shapes, shapes_of
from pipelines.quality.published_classes import class_frames
from pipelines.quality.verdict import passing_verdicts
from pipelines.storage.connection import PARQUET_WRITE, quote

PUBLISHED_KEY = dg.AssetKey([*PUBLISHED])


def published_asset(upstream: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(key=PUBLISHED_KEY, deps=upstream, group_name=PUBLISH_GROUP, kinds={"duckdb"})
    def published_version(context: dg.AssetExecutionContext, nightly: Nightly) -> dg.MaterializeResult[Any]:
        """The version that readers see (`ucv query`); the one before stays for `ucv rollback`."""
        verdicts = passing_verdicts(
            verdicts_dir(nightly), {part.gate: judged_of(nightly, part) for part in DBT_SETS}
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
            terms = conn.execute(
                f"SELECT {', '.join(TERM_COLUMNS)} FROM warehouse.marts.acquisition_terms_history WHERE known_until IS NULL ORDER BY source_system"
            ).fetchall()
            shapes = shapes_of(conn, class_frames(conn))
            unchanged = unchanged_tables(conn, nightly.build_dir, current_manifest(nightly.settings.home))
        nightly.release_build()
        # Before the switch: after it, a kill would leave readers a version whose weights nobody knows any more.
        store_model(model, nightly.settings.home, f"{nightly.as_of:%Y%m%d}-{nightly.run_id[:8]}")
        remember_terms(nightly.settings.home, (dict(zip(TERM_COLUMNS, row, strict=True)) for row in terms))
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
            unchanged=unchanged,
            beside=RoleFiles(
                nightly.settings, nightly.keys, raised_by(nightly.in_force().build.contracts)
            ).write,
        )
        remember_shapes(nightly.settings.home, manifest.version, nightly.as_of.weekday(), shapes)
        tidy_landing(context, nightly)
        page_run = report_version(nightly, context.log)
        tables = [
            dg.TableRecord({"table": name, "rows": facts.rows, "content": facts.content_hash[:16]})
            for name, facts in manifest.tables.items()
        ]
        return dg.MaterializeResult(
            metadata={
                "version": manifest.version,
                "as_of_date": manifest.as_of_date,
                "tables": dg.MetadataValue.table(tables),
                "page": page_link(nightly),
                **page_metadata(nightly, page_run),
            }
        )

    return published_version
