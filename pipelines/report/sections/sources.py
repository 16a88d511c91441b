"""Sources: what they delivered, how good it is, how fresh, and what customers are known by."""

from __future__ import annotations

from pipelines.report.blocks import COUNT, DAY, FLAG, NUMBER, SHARE, TEXT, WORD, Block, Column, Section

_SOURCE = Column("source_system", TEXT)

OVERVIEW = Block(
    "overview",
    """
select
    count(*) as customers,
    count(*) filter (where entity_type = 'person') as persons,
    count(*) filter (where entity_type = 'organisation') as organisations,
    coalesce(sum(record_count), 0) as records,
    count(*) filter (where record_count > 1) as joined_customers
from customers
""",
    ("customers",),
    tuple(
        Column(name, COUNT)
        for name in ("customers", "persons", "organisations", "records", "joined_customers")
    ),
    is_tiles=True,
)

QUALITY = Block(
    "quality",
    """
select
    source_system,
    channel,
    acquisition_mode,
    vendor,
    record_count,
    customer_count,
    quality_score,
    within_one_year_share,
    verified_share,
    failed_share,
    inconsistent_share
from source_quality
order by record_count desc, source_system
""",
    ("source_quality",),
    (
        _SOURCE,
        Column("channel", WORD, "channel"),
        Column("acquisition_mode", WORD, "mode"),
        Column("vendor", TEXT),
        Column("record_count", COUNT, is_bar=True),
        Column("customer_count", COUNT),
        Column("quality_score", SHARE, is_bar=True),
        Column("within_one_year_share", SHARE),
        Column("verified_share", SHARE),
        Column("failed_share", SHARE),
        Column("inconsistent_share", SHARE),
    ),
)

DELIVERIES = Block(
    "deliveries",
    """
select
    source_system,
    file_count,
    delivered_rows,
    accepted_rows,
    quarantined_rows,
    duplicate_rows,
    quarantined_share
from source_deliveries
order by delivered_rows desc, source_system
""",
    ("source_deliveries",),
    (
        _SOURCE,
        Column("file_count", COUNT),
        Column("delivered_rows", COUNT, is_bar=True),
        Column("accepted_rows", COUNT),
        Column("quarantined_rows", COUNT),
        Column("duplicate_rows", COUNT),
        Column("quarantined_share", SHARE),
    ),
)

CONTRADICTIONS = Block(
    "contradictions",
    """
select
    source_system,
    rule,
    judged_count,
    broken_count,
    broken_share,
    warn_share
from source_consistency
where broken_count > 0
order by broken_share desc, source_system, rule
""",
    ("source_consistency",),
    (
        _SOURCE,
        Column("rule", WORD, "rule"),
        Column("judged_count", COUNT),
        Column("broken_count", COUNT),
        Column("broken_share", SHARE, is_bar=True),
        Column("warn_share", SHARE),
    ),
)

COVERAGE = Block(
    "coverage",
    """
select
    goal,
    field,
    observed_customers,
    inferred_customers,
    observed_share
from field_coverage
order by observed_share desc, goal, field
""",
    ("field_coverage",),
    (
        Column("goal", WORD, "need"),
        Column("field", WORD, "field"),
        Column("observed_customers", COUNT),
        Column("inferred_customers", COUNT),
        Column("observed_share", SHARE, is_bar=True),
    ),
)

FRESHNESS = Block(
    "freshness",
    """
select
    source_system,
    latest_delivered_at::date as delivered_on,
    days_since_delivery,
    latest_event_at::date as newest_event_on,
    days_since_event,
    (allowed_hours / 24)::decimal(10, 1) as allowed_days,
    is_overdue
from source_deliveries
order by is_overdue desc nulls last, days_since_delivery desc nulls first, source_system
""",
    ("source_deliveries",),
    (
        _SOURCE,
        Column("delivered_on", DAY),
        Column("days_since_delivery", COUNT),
        Column("newest_event_on", DAY),
        Column("days_since_event", COUNT),
        Column("allowed_days", NUMBER),
        Column("is_overdue", FLAG, "overdue"),
    ),
)

SECTIONS = (
    Section("summary", (OVERVIEW,)),
    Section("sources", (QUALITY, DELIVERIES, CONTRADICTIONS, COVERAGE)),
    Section("fresh", (FRESHNESS,)),
)
