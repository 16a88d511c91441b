"""Landing after a night: what the contracts no longer keep there goes, whether a version was published or none was needed."""

import dagster as dg

from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_key
from pipelines.assets.tidy import tidy_records, why_not_by_age
from pipelines.ingest.landing_retention import clean_landing
from pipelines.publishing.history import publish_moments

REMOVED, KEPT = "landing_removed", "landing_kept"
"""Metadata of the observation of a raw asset: files removed, and by cause those that could not be."""


def tidy_landing(context: dg.AssetExecutionContext, nightly: Nightly) -> None:
    """Obey `landingRetention`, and keep no more docs and runs than asked for.

    Only where readers see a version made from all of raw: after publishing, or without news.
    """
    home = nightly.settings.home
    is_trusted = why_not_by_age(nightly) is None  # told by `changes`, the last of every night's reading
    tidy_records(context, nightly, by_age=is_trusted)
    if not is_trusted:
        return
    found = clean_landing(
        nightly.in_force().read, nightly.settings, nightly.keys, publish_moments(home), nightly.started_at
    )
    for source in sorted({*found.removed, *found.kept}):
        told = {
            REMOVED: found.removed.get(source, 0),
            KEPT: dg.MetadataValue.json(found.kept.get(source, {})),
        }
        context.log_event(dg.AssetObservation(raw_key(source), metadata=told))
