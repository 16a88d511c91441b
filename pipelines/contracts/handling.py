"""How deliveries of a source are treated: mode, limits, retention, trust. All of it has defaults."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipelines.contracts.customs import Customs
from pipelines.contracts.durations import landing_days
from pipelines.contracts.problems import Findings
from pipelines.contracts.source_ranks import HIGHEST_RANK, default_rank
from pipelines.contracts.vocabularies import DELIVERY_MODES

HANDLING_PROPERTIES = (
    "defaultCountry",
    "defaultCurrency",
    "deliveryMode",
    "freshnessSeverity",
    "landingRetention",
    "maxQuarantineShare",
    "shrinkLimit",
    "sourceRank",
)

DEFAULT_DELIVERY_MODE = "incremental"
DEFAULT_QUARANTINE_SHARE = Decimal("0.2")
DEFAULT_SHRINK_LIMIT = Decimal("0.5")


@dataclass(frozen=True)
class Handling:
    """Shares are 0-1; the fields mean what they mean in Contract."""

    default_country: str | None
    default_currency: str | None
    delivery_mode: str
    max_quarantine_share: float
    shrink_limit: float
    landing_retention_days: int
    source_rank: int


def read_handling(customs: Customs, channel: str, acquisition_mode: str, findings: Findings) -> Handling:
    """The declared values, checked, or the defaults."""
    quarantine, shrink = customs.share("maxQuarantineShare"), customs.share("shrinkLimit")
    rank = customs.whole("sourceRank", HIGHEST_RANK)
    return Handling(
        default_country=customs.country("defaultCountry"),
        default_currency=customs.currency("defaultCurrency"),
        delivery_mode=customs.choice("deliveryMode", DELIVERY_MODES) or DEFAULT_DELIVERY_MODE,
        max_quarantine_share=float(DEFAULT_QUARANTINE_SHARE if quarantine is None else quarantine),
        shrink_limit=float(DEFAULT_SHRINK_LIMIT if shrink is None else shrink),
        landing_retention_days=landing_days(customs, findings),
        source_rank=default_rank(channel, acquisition_mode) if rank is None else rank,
    )
